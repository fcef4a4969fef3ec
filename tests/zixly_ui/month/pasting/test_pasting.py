"""A block pasted into the month grid: matched by name in a preview, and no row of it lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.records import clients
from zixly_ui.month import editor

NewTeam = Callable[[], Team]
SEVEN = ["Acme", "Bondi", "Coogee", "Dee Why", "Eastwood", "Freshwater", "Glebe"]
HEADINGS = "Client\tCurrency\tDate\tRevenue\tExpenses\n"


@pytest.fixture
def team(new_team: NewTeam, monkeypatch: pytest.MonkeyPatch) -> Team:
    # No browser reports an edit late here.
    monkeypatch.setattr(editor, "_SETTLED", 0)
    team = new_team()
    for name in SEVEN:
        books.client(team, name)
    return team


def opened(team: Team, what: str = "financials") -> PageRun:
    return open_page(team.editor, "enter_month", month="2024-03", what=what)


def block(*names: str, first: int = 1) -> str:
    lines = [
        f"{name}\tAUD\t31/3/2024\t{number}00.00\t{number}0.00"
        for number, name in enumerate(names, start=first)
    ]
    return "\n".join(lines) + "\n"


def amounts(page: PageRun) -> dict[str, tuple[str, str]]:
    grid = page.app.data_editor[0].value.fillna("")
    return {row.client: (row.revenue, row.expenses) for row in grid.itertuples()}


def test_a_block_on_the_client_column_goes_to_the_clients_it_names(team: Team) -> None:
    page = opened(team).paste(block("Glebe", "acme", " Coogee "), heading="Client")
    assert "3 rows go into the grid." in page.text
    page.press("Put into the grid")
    assert "6 cells of the block are in the grid." in page.text
    assert amounts(page) == {
        **dict.fromkeys(SEVEN, ("", "")),
        "Glebe": ("100.00", "10.00"),
        "Acme": ("200.00", "20.00"),
        "Coogee": ("300.00", "30.00"),
    }
    page.press("Save")
    assert "Saved 3 records for March 2024: revenue $600.00, expenses $60.00." in page.alerts


def test_nine_rows_into_seven_lose_none(team: Team) -> None:
    nine = HEADINGS + block(*SEVEN, "Hornsby", "Ashfeild")
    books.client(team, "Ashfield", status="COMPLETED")
    page = opened(team).paste(nine, heading="Client")
    assert "7 of 9 rows go into the grid. 2 need your choice." in page.text
    assert page.buttons("Put into the grid")[0].disabled
    hornsby = "Row 9: Hornsby, AUD, 31/3/2024"
    page.choose(hornsby, "Add as a new client")
    assert "1 client will be added at once" in page.text
    page.press("Add 1 client")
    assert "8 of 9 rows go into the grid. 1 needs your choice." in page.text
    page.choose("Row 10: Ashfeild", "Leave out this row")
    assert "8 of 9 rows go into the grid. 1 is left out." in page.text
    page.press("Put into the grid")
    assert amounts(page)["Hornsby"] == ("800.00", "80.00")
    assert "Hornsby" in set(clients.names(team.viewer)["client_name"])
