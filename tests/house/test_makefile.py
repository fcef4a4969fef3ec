"""`make help` lists every target, and `make` without a target starts the app."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()


def targets() -> set[str]:
    """The targets that a person calls. `browser` is a step of others."""
    (phony,) = re.findall(r"^\.PHONY: (\w.*)$", MAKEFILE, re.M)
    return set(phony.split()) - {"browser"}


def printed(*arguments: str) -> str:
    # As from a terminal: a `make` around the tests passes nothing on.
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=ROOT, env={"PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def test_help_has_a_line_for_each_target() -> None:
    lines = printed("help").splitlines()
    assert all(re.fullmatch(r"make [\w-]+ (\w+=\w* )? *\S.*", line) for line in lines), lines
    assert {line.split()[1] for line in lines} == targets()
    assert len(targets()) >= 9


def test_a_bare_make_starts_the_app() -> None:
    assert printed("--dry-run") == printed("--dry-run", "run")
    assert "app.py" in printed("--dry-run")


def test_a_setting_behind_run_reaches_the_app(tmp_path: Path) -> None:
    """`make run DEMO=0`, as the README has it."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "DEMO=$DEMO $*"\n')
    python.chmod(0o755)
    started = printed("run", "DEMO=0", f"BIN={tmp_path}", "--assume-old=.venv/.ready")
    assert started.splitlines() == ["DEMO=0 -m zixly_data prepare", "DEMO=0 app.py"]


def test_only_test_all_runs_the_nightly_tests() -> None:
    assert '-m "not nightly"' in printed("--dry-run", "test")
    assert "nightly" not in printed("--dry-run", "test-all")
    assert "--cov" in printed("--dry-run", "test-all")
    assert "--cov" not in printed("--dry-run", "test")
