"""GitHub runs each change on Debian and macOS, and all tests every night."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / ".github/workflows/ci.yml"
WORKFLOW: dict[Any, Any] = yaml.safe_load(FILE.read_text())
STEPS = {name: job["steps"] for name, job in WORKFLOW["jobs"].items()}
MAKEFILE = (ROOT / "Makefile").read_text()


def commands(job: str) -> list[str]:
    return [step["run"] for step in STEPS[job] if "run" in step]


def test_pull_requests_and_main_are_tried_and_every_night() -> None:
    # YAML reads a bare `on` as true.
    events = WORKFLOW[True]
    assert "pull_request" in events
    assert events["push"] == {"branches": ["main"]}
    assert len(events["schedule"]) == 1


def test_debian_runs_ci_run_and_macos_make_test() -> None:
    assert commands("debian")[-1] == ".ci/run"
    assert commands("macos")[-2:] == [".venv/bin/playwright install chromium", "make test"]
    assert commands("nightly")[-1] == ".ci/run test-all"
    assert 'make "${1:-test}"' in (ROOT / ".ci/run").read_text()
    assert WORKFLOW["jobs"]["debian"]["container"] == "debian:12"
    assert WORKFLOW["jobs"]["macos"]["runs-on"].startswith("macos")


def test_each_event_has_its_jobs() -> None:
    scheduled = {
        name: job["if"] == "github.event_name == 'schedule'"
        for name, job in WORKFLOW["jobs"].items()
    }
    assert scheduled == {"debian": False, "macos": False, "nightly": True}


def test_every_target_exists_and_every_action_is_pinned_by_its_commit() -> None:
    called = [line for job in STEPS for line in commands(job) if line.startswith("make ")]
    assert called
    assert [line for line in called if not re.search(rf"^{line.split()[1]}:", MAKEFILE, re.M)] == []
    # A tag can be moved to other code. Dependabot renews the commit and the comment.
    actions = re.findall(r"uses: (.*)", FILE.read_text())
    assert len(actions) == sum("uses" in step for steps in STEPS.values() for step in steps) > 0
    pinned = r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+"
    assert [action for action in actions if not re.fullmatch(pinned, action)] == []


def test_it_may_read_the_repository_and_no_more() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
