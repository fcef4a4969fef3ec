"""An empty data folder, and one with the demo whose server stays up between the commands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.cli.command_line import CommandLine
from zixly_data import logins, migration
from zixly_data.settings import Settings


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("empty") / "home")


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A data folder with the demo, its server kept up between the commands."""
    line = CommandLine(tmp_path_factory.mktemp("loaded") / "home")
    first = line("demo")
    assert first.returncode == 0, first.stderr
    (line.home / "first-output").write_text(first.stdout)
    held = logins.logins(Settings(home=line.home))
    yield line
    held.close()


@pytest.fixture(scope="session")
def operator(loaded: CommandLine) -> Iterator[sa.Engine]:
    held = logins.logins(Settings(home=loaded.home))
    engine = migration.admin_engine(held.admin_url)
    yield engine
    engine.dispose()
    held.close()
