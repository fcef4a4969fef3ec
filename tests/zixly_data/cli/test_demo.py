"""The demo at the command line, in the order of the README: run, run without it, remove it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import prepared
from tests.support.servers.command_line import CommandLineHere
from tests.support.servers.prepared import COLE, Stage
from zixly_data.database import logins
from zixly_data.settings import Settings

LINK = "http://localhost:8501/link#set-up="
REMOVE = "python -m zixly_data demo remove"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[CommandLineHere]:
    """A data folder as on a new machine, whose server runs for as long as the test."""
    yield from _line(tmp_path / "home", Stage.EMPTY)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[CommandLineHere]:
    """A data folder with the demo."""
    yield from _line(tmp_path / "home", Stage.SCENARIO)


def _line(home: Path, stage: Stage) -> Iterator[CommandLineHere]:
    prepared.copy(stage, home)
    held = logins.open_logins(Settings(home=home))
    try:
        yield CommandLineHere(home)
    finally:
        held.close()


def test_the_readme_s_order_ends_with_the_link_of_one_s_own_organisation(
    empty: CommandLineHere,
) -> None:
    first = empty("prepare")
    assert "The demo is loaded." in first.stderr

    without = empty("prepare", DEMO="0")
    assert (without.returncode, without.stdout) == (0, f"{REMOVE}\n")
    assert "This installation has the demo. To begin your own organisation, run:" in without.stderr
    assert "To keep the demo, start without DEMO=0." in without.stderr

    removed = empty("demo", "remove", "--yes")
    assert removed.returncode == 0, removed.stderr
    assert "The demo was removed." in removed.stderr
    assert removed.stdout.startswith(LINK)

    # As in an empty installation: each start prints a new link, and the demo does not come back.
    for environment in ({"DEMO": "0"}, {}):
        again = empty("prepare", **environment)
        assert again.stdout.startswith(LINK), again.stderr
        assert again.stdout != removed.stdout
    assert "Zixly" not in empty("tenant", "list").stdout

    # It is still there for people who ask for it.
    assert "The demo is loaded." in empty("demo").stderr
    assert "already loaded" in empty("demo").stderr


def test_it_says_what_goes_and_asks_for_the_name(
    line: CommandLineHere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    unanswered = line("demo", "remove")
    assert (unanswered.returncode, unanswered.stdout) == (2, "")
    assert "This deletes what came with the demo: 9 clients and prospects" in unanswered.stderr
    assert "type the name of the organisation" in unanswered.stderr
    assert "nothing was removed" in unanswered.stderr

    monkeypatch.setattr("sys.stdin", io.StringIO("zixly\n"))
    mistyped = line("demo", "remove")
    assert (mistyped.returncode, mistyped.stdout) == (2, "")
    assert "Zixly" in line("tenant", "list").stdout

    monkeypatch.setattr("sys.stdin", io.StringIO("Zixly\n"))
    assert line("demo", "remove").stdout.startswith(LINK)


def test_what_people_added_goes_only_on_their_word(line: CommandLineHere, tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("client_id,client_name\nK,Kea\n")
    assert line("import", "clients", str(file), "--as", COLE).returncode == 0
    refused = line("demo", "remove", "--yes")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Your team added 1 client. They are deleted too." in refused.stderr
    assert refused.stderr.splitlines()[-1] == (
        "Add --with-own, or first invite an administrator of your own."
    )
    assert "Kea" in line("export", "clients", "--as", COLE).stdout
    assert line("demo", "remove", "--yes", "--with-own").stdout.startswith(LINK)


def test_an_organisation_with_an_administrator_of_its_own_stays(line: CommandLineHere) -> None:
    added = line("user", "add", "ada@own.example", "--name", "Ada", "--role", "ADMIN",
                 "--tenant", "zixly-org-001")  # fmt: skip
    assert added.returncode == 0, added.stderr
    removed = line("demo", "remove", "--yes")
    assert (removed.returncode, removed.stdout) == (0, ""), removed.stderr
    assert "What your team added stays: 1 person." in removed.stderr
    assert line("user", "list").stdout.count("@") == 1
    again = line("demo", "remove", "--yes")
    assert (again.returncode, again.stdout) == (0, "")
    assert "There is no demo in this installation." in again.stderr
    without = line("prepare", DEMO="0")
    assert (without.returncode, without.stdout) == (0, "")
