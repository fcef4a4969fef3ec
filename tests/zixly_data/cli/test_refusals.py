"""Whatever is wrong is one sentence with advice, never a traceback."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.servers.command_line import CommandLineHere, Ended, here
from zixly_data.database import connection, logins


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "2024-03-31", "--to", "2024-01-01"], "The period ends before it starts"),
        (["--from", "2024-01-01", "--to", "20245-01-01"], "Write the year with four digits"),
        (["--from", "yesterday-ish", "--to", "2024-01-01"], "yesterday-ish"),
        ([], "Enter the first day of the period."),
        (["--period", "2024-Q9"], "There is no period"),
        (["--period", "2024-Q1", "--from", "2024-01-01"], "The period is given twice."),
    ],
)
def test_a_bad_period_is_one_sentence(
    zixly: Callable[..., Ended], arguments: list[str], sentence: str
) -> None:
    refused = zixly("report", "profitability", "--as", "cole@zixly.com.au", *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    refused = CommandLineHere(tmp_path)("user", "list", PORT="many")

    assert refused.returncode == 2
    assert "The setting PORT is not valid" in refused.stderr


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    refused = CommandLineHere(tmp_path)(
        "migrate", DATABASE_URL="postgresql://postgres:secret@127.0.0.1:1/x"
    )

    assert refused.returncode == 2
    assert "The database is unavailable at the moment." in refused.stderr
    assert "secret" not in refused.stderr


def test_an_address_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    refused = CommandLineHere(tmp_path)("migrate", DATABASE_URL="secret, and no address")

    assert refused.returncode == 2
    assert "DATABASE_URL is not a database address." in refused.stderr
    assert "secret" not in refused.stderr


def test_an_unexpected_error_is_written_down_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(logins, "open_logins", fail)
    monkeypatch.setattr(connection, "open_logins", fail)
    line = CommandLineHere(tmp_path / "home")

    refused = line("migrate", DATABASE_URL="postgresql://postgres:secret@127.0.0.1:1/x")

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    (incident,) = (line.home / "incidents").iterdir()
    assert str(incident) in refused.stderr
    assert "ZeroDivisionError" in incident.read_text()
    assert "secret" not in incident.read_text()
    assert stat.S_IMODE(incident.stat().st_mode) == 0o600


@pytest.mark.parametrize("arguments", [[], ["report"], ["user"], ["tenant"]])
def test_help_lists_what_there_is(arguments: list[str]) -> None:
    shown = here(*arguments, "--help")
    assert shown.returncode == 0
    assert "Commands" in shown.stdout
