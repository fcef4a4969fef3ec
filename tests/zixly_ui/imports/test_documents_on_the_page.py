"""Documents that lose lines, and amounts of no client, on the page of imports."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, imported
from tests.support.page_runs import PageRun, open_page
from zixly_data.imports import Kind
from zixly_data.imports.cells.mapping import OVERHEAD

HEAD = "Client,Invoice Number,Date,Revenue,Expenses,Note\n"
SESSIONS = HEAD + "".join(f"Kea,INV-1,2024-03-01,250,,Session {number}\n" for number in (1, 2, 3))


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Kea")
    return team


def given(team: Team, text: str) -> PageRun:
    return open_page(team.editor, "import_file").give("march.csv", text)


def revenue(team: Team) -> list[float]:
    return sorted(row["revenue"] for row in books_of(team.editor)["financials"].values())


def test_lines_that_go_are_shown_counted_removed_and_brought_back(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    page = given(team, SESSIONS.replace("Kea,INV-1,2024-03-01,250,,Session 2\n", ""))
    assert "2 rows are already recorded and 1 recorded line is removed." in page.headings
    assert "Removed (1)" in page.text
    assert "its document in the file no longer has it" in page.text
    assert ("Removed", "1") in page.metrics
    page.press("Remove 1 recorded line")
    assert "Imported march.csv. Removed 1 recorded line." in page.alerts
    assert revenue(team) == [250.0] * 2
    page.press("Undo")
    assert "restores 1 line that it removed" in page.dialog
    page.press("Undo this import")
    assert revenue(team) == [250.0] * 3


def test_amounts_of_no_client_stand_beside_those_of_clients(team: Team) -> None:
    text = HEAD + "Kea,INV-1,2024-03-01,250,,\nAdobe,A-1,2024-03-05,,240,Licences\n"
    imported(team.editor, Kind.FINANCIALS, text, clients={"Adobe": OVERHEAD})
    page = given(team, text.replace("240", "241"))
    assert "1 row will change and 1 is already recorded." in page.headings
    page.press("Import 1 changed row")
    (overhead,) = books_of(team.editor)["overheads"].values()
    assert (overhead["counterparty"], overhead["expenses"]) == ("Adobe", 241.0)
