"""A data folder with the demo for commands in separate processes, and the tests' database
for commands in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.servers.command_line import CommandLine, Ended, here
from zixly_data.database.connection import Database
from zixly_data.settings import settings


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A data folder after `demo`, with its output in `first-output`.

    Each command starts its embedded server and, as its last user, stops it.
    """
    line = CommandLine(tmp_path_factory.mktemp("loaded") / "home")
    first = line("demo")
    assert first.returncode == 0, first.stderr
    (line.home / "first-output").write_text(first.stdout)
    return line


@pytest.fixture
def zixly(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Ended]]:
    """Runs a command in this process, on the database of the scenario."""
    for name in ("DATABASE_URL", "DATABASE_APP_URL", "DATABASE_AUTH_URL", "DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ZIXLY_HOME", str(tmp_path))
    settings.cache_clear()
    yield here
    settings.cache_clear()
