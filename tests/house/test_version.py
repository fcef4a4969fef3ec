"""One version: pyproject.toml states it, the command prints it, the changelog lists it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) — (\d{4}-\d\d-\d\d)$", re.M)
DUMPS = ROOT / "tests" / "zixly_data" / "database" / "dumps"


def test_the_command_prints_the_version(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "zixly_data", "--version"],
        cwd=ROOT, env={"ZIXLY_HOME": str(tmp_path / "home")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout == f"zixly {VERSION}\n"
    assert not (tmp_path / "home").exists(), "asking for the version sets nothing up"


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    releases = RELEASE.findall(CHANGELOG)
    assert releases[0][0] == VERSION
    assert all(date.fromisoformat(day) for _, day in releases)
    headings = re.findall(r"^## (.*)$", CHANGELOG, re.M)
    assert headings[0] == "Unreleased"
    assert len(headings) == len(releases) + 1, "a heading is Unreleased, or a version and its date"


def test_no_other_file_states_the_version() -> None:
    stated = [
        path.relative_to(ROOT).as_posix()
        for folder in ("zixly_data", "zixly_ui", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if VERSION in path.read_text()
    ]
    assert stated == []


def test_the_image_carries_the_version() -> None:
    assert "pyproject.toml" in (ROOT / "Dockerfile").read_text()
    assert "!pyproject.toml" in (ROOT / ".dockerignore").read_text().splitlines()


def test_every_release_has_a_dump_of_its_database() -> None:
    """`python -m tests.support.database.version_dump` creates it."""
    releases = {version for version, _ in RELEASE.findall(CHANGELOG)}
    assert {path.stem for path in DUMPS.glob("*.sql")} == releases
