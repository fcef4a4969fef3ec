"""Evidence of failing tests in `.pytest-evidence/`, one folder per test.

evidence.keep(page.screenshot(), "page.png")            now, with the running test
with evidence.following(home / "app.log", "app.log"):   its end, with each test that fails then
                                                        and during which something was logged

The summary names the folders of the tests that failed. A run starts by emptying the folder.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / ".pytest-evidence"
_LOG_END = 200_000  # bytes at the end of a log to keep

_followed: dict[Path, str] = {}
_began = 0.0


def keep(content: Path | str | bytes, name: str) -> Path:
    """Write a file's content, a text or bytes as `name` into the folder of the running test."""
    place = _folder(os.environ["PYTEST_CURRENT_TEST"].rpartition(" ")[0]) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        content = content.read_bytes()
    elif isinstance(content, str):
        content = content.encode()
    place.write_bytes(content)
    return place


@contextmanager
def following(log: Path, name: str) -> Iterator[None]:
    """Keep the end of `log` as `name` with each test that fails before the block ends."""
    _followed[log] = name
    try:
        yield
    finally:
        del _followed[log]


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        shutil.rmtree(FOLDER, ignore_errors=True)


def pytest_runtest_logstart() -> None:
    global _began
    _began = time.time()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.failed:
        for log, name in _followed.items():
            if log.exists() and log.stat().st_mtime >= _began:
                keep(log.read_bytes()[-_LOG_END:], name)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    failed = terminalreporter.stats.get("failed", []) + terminalreporter.stats.get("error", [])
    folders = {_folder(report.nodeid): report.nodeid for report in failed}
    existing = {folder: test for folder, test in folders.items() if folder.exists()}
    if existing:
        terminalreporter.section("evidence")
    for folder, test in existing.items():
        names = ", ".join(sorted(path.name for path in folder.iterdir()))
        terminalreporter.write_line(f"{test}\n  {folder}: {names}")


def _folder(test: str) -> Path:
    return FOLDER / re.sub(r"[^\w.-]+", "-", test.removeprefix("tests/"))[:150].strip("-")
