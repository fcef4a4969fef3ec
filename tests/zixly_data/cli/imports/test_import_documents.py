"""Documents, further records of a day and amounts of no client, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of
from tests.support.servers.command_line import Ended
from zixly_data.imports import list_imports

Zixly = Callable[..., Ended]
File = Callable[[str], str]
HEAD = "client,invoice number,date,revenue\n"
SESSIONS = HEAD + "Kea,INV-1,2024-03-01,250\n" * 3


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Kea", client_id="KEA")
    return team


@pytest.fixture
def file(tmp_path: Path) -> File:
    def written(text: str) -> str:
        (tmp_path / "march.csv").write_text(text)
        return str(tmp_path / "march.csv")

    return written


def revenue(team: Team) -> list[float]:
    return sorted(row["revenue"] for row in books_of(team.editor)["financials"].values())


def test_lines_that_a_document_lost_are_printed_removed_and_brought_back(
    zixly: Zixly, team: Team, file: File
) -> None:
    as_editor = ("--as", team.editor.email)
    assert zixly("import", "financials", file(SESSIONS), *as_editor).returncode == 0
    assert revenue(team) == [250.0] * 3
    shortened = file(HEAD + "Kea,INV-1,2024-03-01,260\n")
    shown = zixly("import", "financials", shortened, *as_editor, "--propose")
    assert "Recorded lines that are removed" in shown.stdout
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert ["REMOVED", "AUD", "2", "500.00", "0.00"] in lines
    assert lines.count(["2024-03-01", "Kea", "INV-1", "AUD", "250.00", "0.00"]) == 2
    assert zixly("import", "financials", shortened, *as_editor).returncode == 0
    assert revenue(team) == [260.0]
    again = zixly("import", "financials", shortened, *as_editor)
    assert (again.returncode, "The file changes nothing." in again.stderr) == (0, True)
    (latest, _) = list_imports(team.editor)["id"]
    assert zixly("imports", "undo", latest, *as_editor).returncode == 0
    assert revenue(team) == [250.0] * 3


@pytest.mark.parametrize(("answer", "after"), [("add", [3.0, 4.0]), ("correct", [4.0])])
def test_a_further_entry_of_a_day_is_refused_until_it_is_said_what_it_is(
    zixly: Zixly, team: Team, file: File, answer: str, after: list[float]
) -> None:
    books.metric(team, "Billable Hours", unit="hours", adds_up="SUM")
    head = "client,metric_name,metric_value,date\n"
    command = ("import", "custom-metrics", file(head + "Kea,Billable Hours,3,2024-05-06\n"))
    as_editor = ("--as", team.editor.email)
    assert zixly(*command, *as_editor).returncode == 0
    file(head + "Kea,Billable Hours,4,2024-05-06\n")
    refused = zixly(*command, *as_editor)
    assert refused.returncode != 0
    assert "Some rows are on a day that has a record already. Use --same-day add" in refused.stdout
    assert "  add: Billable Hours of Kea, 6 May 2024: 3 and 4, 7 in all" in refused.stdout
    assert "  correct: Billable Hours of Kea, 6 May 2024: 4 instead of 3" in refused.stdout
    assert zixly(*command, *as_editor, "--same-day", answer).returncode == 0
    values = books_of(team.editor)["custom_metrics"].values()
    assert sorted(row["metric_value"] for row in values) == after


def test_a_number_far_away_is_refused_until_it_is_said_what_it_is(
    zixly: Zixly, team: Team, file: File
) -> None:
    as_editor = ("--as", team.editor.email)
    command = ("import", "financials", file(HEAD + "Kea,1,2024-01-15,100\n"), *as_editor)
    assert zixly(*command).returncode == 0
    file(HEAD + "Kea,1,2025-01-15,110\n")
    refused = zixly(*command)
    assert refused.returncode != 0
    assert "--reused-numbers same or --reused-numbers new" in refused.stdout
    assert "  new: 1: a document of 15 Jan 2025, beside the one of 15 Jan 2024" in refused.stdout
    assert zixly(*command, "--reused-numbers", "new").returncode == 0
    assert revenue(team) == [100.0, 110.0]


def test_an_amount_of_no_client_becomes_an_overhead(zixly: Zixly, team: Team, file: File) -> None:
    text = "client,date,revenue,expenses\nKea,2024-03-04,300,\nAdobe,2024-03-05,,240\n"
    command = ("import", "financials", file(text), "--as", team.editor.email)
    assert zixly(*command).returncode != 0
    assert zixly(*command, "--client", "Adobe=overhead").returncode == 0
    (overhead,) = books_of(team.editor)["overheads"].values()
    assert (overhead["counterparty"], overhead["expenses"]) == ("Adobe", 240.0)
    assert revenue(team) == [300.0]
