"""The requirements: pinned once, with the hashes of their files, from no index but pip's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = ["requirements.txt", "requirements-dev.txt"]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def pins(file: str) -> dict[str, str]:
    """Each requirement with its version, marker and hashes."""
    text = re.sub(r"^ *#.*\n", "", (ROOT / file).read_text(), flags=re.M).replace("\\\n", " ")
    return {line.partition("==")[0]: line for line in text.splitlines()}


def versions(file: str) -> dict[str, str]:
    return {name: line.split()[0] for name, line in pins(file).items()}


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_has_one_version_and_hashes(file: str) -> None:
    assert len(pins(file)) >= 50
    loose = [
        line for name, line in pins(file).items()
        if not re.match(rf"{re.escape(name)}==\S+ ", line) or len(HASH.findall(line)) < 1
    ]  # fmt: skip
    assert loose == []


@pytest.mark.parametrize("file", FILES)
def test_no_index_and_no_address_is_named(file: str) -> None:
    assert re.findall(r"index|find-links|trusted-host|://", (ROOT / file).read_text()) == []


@pytest.mark.parametrize("file", FILES)
def test_every_name_that_was_asked_for_is_pinned(file: str) -> None:
    lines = (ROOT / file.replace(".txt", ".in")).read_text().splitlines()
    required = {re.split(r"[\[;]", line)[0].strip() for line in lines if line[0] not in "#-"}
    assert len(required) >= 10
    assert required - set(pins(file)) == set()


def test_tests_and_app_agree_on_versions() -> None:
    app, tests = (versions(file) for file in FILES)
    shared = app.keys() & tests.keys()
    assert "pandas-stubs" in tests
    assert "numpy" in shared
    assert {name: tests[name] for name in shared} == {name: app[name] for name in shared}


def test_pip_refuses_a_file_with_another_hash() -> None:
    """Wherever requirements are installed, their hashes are required."""
    makefile, image = (ROOT / "Makefile").read_text(), (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^INSTALL := .* pip install .*--require-hashes$", makefile, re.M)
    assert re.findall(r"^\t.*pip install.*", makefile, re.M) == []
    assert makefile.count("@$(INSTALL) -r requirements") == 2
    assert re.findall(r"pip install .*", image) == [
        "pip install --no-cache-dir --require-hashes -r requirements.txt"
    ]


def test_pre_commit_runs_make_check_and_pins_nothing() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    (hook,) = repository["hooks"]
    assert repository["repo"] == "local"
    assert (hook["entry"], hook["language"]) == ("make check", "system")
    assert not hook["pass_filenames"]
