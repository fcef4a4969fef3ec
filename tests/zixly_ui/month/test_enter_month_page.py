"""Entering a month in a grid: slips, two people, a closed month, and three kinds of records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.figures.month_grids import financial_lines
from zixly_ui.month import editor

ONE, TWO = "Aardvark & Co", "Abacus Test"


@dataclass(frozen=True)
class Grid:
    """A team with two clients."""

    team: Team
    clients: tuple[str, str]
    admin: sa.Engine

    def open(self, month: str, **query: str) -> PageRun:
        return open_page(self.team.editor, "enter_month", month=month, **query)

    def on_record(self) -> list[tuple[str, ...]]:
        return statements.run(
            self.admin,
            "select f.record_date::text, f.revenue::text, f.expenses::text"
            " from zixly.financials as f join zixly.client_kpis as c on c.id = f.client_kpi_id"
            " where f.tenant_id = :tenant order by c.client_name, f.record_date",
            tenant=self.team.tenant_id,
        )


@pytest.fixture
def grid(new_team: Callable[[], Team], admin: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Grid:
    # No browser tells of an edit late here.
    monkeypatch.setattr(editor, "_SETTLED", 0)
    team = new_team()
    return Grid(team, (books.client(team, ONE), books.client(team, TWO)), admin)


def test_figures_are_totalled_while_they_are_typed_and_saved_together(grid: Grid) -> None:
    page = grid.open("2023-03")
    assert [row["client"] for row in rows(page)] == [ONE, TWO]
    page.edit({0: {"revenue": "$1,234.50", "expenses": "(500)"}})
    assert rows(page)[0]["profit"] == "1,734.50"
    assert page.metrics[:2] == [("Revenue", "$1,234.50"), ("Expenses", "−$500.00")]
    assert f"recorded as credits: {ONE}, expenses −$500.00" in page.text
    page.edit({1: {"revenue": "300", "expenses": "200"}}).press("Save")
    assert "Saved 2 records for March 2023: revenue $1,534.50, expenses −$300.00." in page.alerts
    assert grid.on_record() == [
        ("2023-03-31", "1234.50", "-500.00"), ("2023-03-31", "300.00", "200.00"),
    ]  # fmt: skip


def test_pages_of_rows_are_turned_searched_and_saved_together(
    grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not grid.open("2023-03").offers("Next rows")
    monkeypatch.setattr(financial_lines, "GRID_ROWS", 1)
    page = grid.open("2023-03")
    assert "Showing rows 1–1 of 2. The totals are those of the whole month." in page.text
    page.edit({0: {"revenue": "100", "expenses": "40"}}).press("Next rows")
    assert [row["client"] for row in rows(page)] == [TWO]
    assert page.metrics[:2] == [("Revenue", "$100.00"), ("Expenses", "$40.00")]
    page.edit({0: {"revenue": "1", "expenses": "2"}})
    assert "4 changed cells, 2 on other pages, not saved yet." in page.text
    assert page.metrics[:2] == [("Revenue", "$101.00"), ("Expenses", "$42.00")]
    page.enter("Find a client", "aard")
    assert [row["revenue"] for row in rows(page)] == ["100"]
    page.enter("Find a client", "nobody")
    assert "No rows for “nobody”" in page.text
    assert "4 changed cells, 4 on other pages" in page.text
    page.press("Save")
    assert "Saved 2 records for March 2023: revenue $101.00, expenses $42.00." in page.alerts
    assert len(grid.on_record()) == 2
    page.enter("Find a client", "")
    page.press("Next rows").press("Previous rows")
    assert [row["revenue"] for row in rows(page)] == ["100.00"]


def test_a_slip_saves_nothing_and_loses_nothing(grid: Grid) -> None:
    page = grid.open("2023-05")
    page.edit({0: {"revenue": "$2,000.00", "expenses": "1 000"},
               1: {"revenue": "12x", "expenses": "1,500.25"}})  # fmt: skip
    assert "The totals leave out 1 cell" in page.text
    page.press("Save")
    assert "Nothing was saved. One cell needs to be corrected" in page.alerts
    assert f"{TWO}, revenue: “12x” is not an amount." in page.alerts
    assert grid.on_record() == []
    page.press("Previous month")
    assert "Unsaved changes: Financials for May 2023" in page.text
    page.go("clients")
    page.go("enter_month", month="2023-05")
    assert rows(page)[1]["revenue"] == "12x"
    page.edit({1: {"revenue": "1200"}})
    assert "4 changed cells, not saved yet." in page.text
    page.press("Save")
    assert "Saved 2 records for May 2023: revenue $3,200.00" in page.alerts


def test_emptied_cells_are_deleted_after_a_question(grid: Grid) -> None:
    books.money(grid.team, grid.clients[0], "2023-06-15", "900")
    page = grid.open("2023-06").edit({0: {"revenue": "", "expenses": ""}})
    assert "2 changed cells," in page.text
    question = f"Delete 1 record whose amounts you cleared: {ONE}."
    assert question in page.text
    page.press("Save")
    assert "Tick the box above" in page.alerts
    assert len(grid.on_record()) == 1
    page.tick(question).press("Save")
    assert "Deleted 1 record for June 2023." in page.alerts
    assert grid.on_record() == []


def test_two_people_at_one_month_choose_row_by_row(grid: Grid) -> None:
    for client in grid.clients:
        books.money(grid.team, client, "2023-07-15", "900")
    page = grid.open("2023-07").edit({0: {"revenue": "111"}, 1: {"revenue": "222"}})
    statements.run(
        grid.admin, "update zixly.financials set revenue = 950 where tenant_id = :t",
        t=grid.team.tenant_id,
    )  # fmt: skip
    page.press("Save")
    assert "Someone else saved 2 of these records" in page.alerts
    assert page.text.count("950.00") == 2
    assert "222" in page.text
    (choose,) = page.buttons("Save my choices")
    assert choose.proto.disabled
    mine, theirs = (field for field in page.app.button_group if field.label == "Version to keep")
    mine.set_value("mine")
    theirs.set_value("theirs")
    page.reload()
    (choose,) = page.buttons("Save my choices")
    assert not choose.proto.disabled
    page.press("Save my choices")
    assert "Saved 1 record for July 2023: revenue $111.00" in page.alerts
    assert [row[1] for row in grid.on_record()] == ["111.00", "950.00"]


def test_records_with_the_amounts_of_others_are_saved_after_a_question(grid: Grid) -> None:
    one, _ = grid.clients
    books.money(grid.team, one, "2023-07-01", "15000", "8000")
    books.money(grid.team, one, "2023-07-29", "1", "1")
    page = grid.open("2023-07")
    assert [(row["client"], row["record_date"]) for row in rows(page)][:2] == [
        (ONE, "1/7/2023"), (ONE, "29/7/2023"),
    ]  # fmt: skip
    page.edit({1: {"revenue": "15,000", "expenses": "8000"}, 2: {"revenue": "5", "expenses": "2"}})
    page.press("Save")
    said = f"{ONE}: 2 records of $15,000.00 revenue and $8,000.00 expenses, dated 1 and 29 July"
    assert said in page.text
    assert "Nothing is saved yet." in page.text
    assert not page.offers("Save")
    assert [row[1] for row in grid.on_record()] == ["15000.00", "1.00"]
    assert rows(page)[2]["revenue"] == "5"

    page.press("Cancel")
    assert said not in page.text
    assert "4 changed cells, not saved yet." in page.text
    page.press("Save")
    # Another cell ends the question, and saving asks it again.
    page.edit({2: {"revenue": "6"}})
    assert said not in page.text
    page.press("Save").press("Save these too")
    assert "Saved 2 records for July 2023: revenue $15,006.00, expenses $8,002.00." in page.alerts
    assert [row[1] for row in grid.on_record()] == ["15000.00", "15000.00", "6.00"]


def test_a_closed_month_is_shown_and_says_who_closed_it(grid: Grid) -> None:
    page = grid.open("2023-08").edit({0: {"revenue": "500", "expenses": "100"}})
    assert rows(page)[0]["profit"] == "400.00"
    statements.run(
        grid.admin,
        "insert into zixly.closed_months (tenant_id, month, closed_by_name)"
        " values (:tenant, '2023-08-01', 'Cole')",
        tenant=grid.team.tenant_id,
    )
    page.press("Save")
    assert "August 2023 is closed." in page.alerts
    assert rows(page)[0]["revenue"] == "500"
    assert grid.on_record() == []
    fresh = grid.open("2023-08")
    assert "August 2023 was closed by Cole on" in fresh.text
    assert not fresh.offers("Save")
    (editor_of,) = fresh.app.data_editor
    assert editor_of.proto.disabled


def test_lead_events_in_the_same_grid(grid: Grid) -> None:
    page = grid.open("2023-09", what="leads")
    lead, stage, day, value = list(page.app.data_editor[0].value)[1:5]
    page.edit({
        0: {lead: "L-901", stage: "Inquiry", day: "15", value: "$6,500"},
        1: {lead: "L-902", stage: "Nowhere", day: "16"},
    })  # fmt: skip
    page.press("Save")
    assert f"{TWO}, L-902, stage: Choose a stage from the list." in page.alerts
    page.edit({1: {stage: "Contract signed"}})
    assert ("Contract signed", "1") in page.metrics
    assert ("Lead events", "2") in page.metrics
    page.press("Save")
    assert "Saved 2 lead events for September 2023." in page.alerts
    assert statements.run(
        grid.admin,
        "select lead_id, stage, event_date::text, value::text from zixly.lead_events"
        " where tenant_id = :t order by lead_id",
        t=grid.team.tenant_id,
    ) == [
        ("L-901", "Inquiry", "2023-09-15", "6500.00"),
        ("L-902", "Contract signed", "2023-09-16", None),
    ]


def test_metrics_in_the_same_grid(grid: Grid) -> None:
    statements.run(
        grid.admin, "delete from zixly.metric_definitions where tenant_id = :t",
        t=grid.team.tenant_id,
    )  # fmt: skip
    books.metric(grid.team, "Tickets", "COUNT", unit="tickets")
    page = grid.open("2023-10", what="metrics")
    assert "0 of 2" in page.text
    value = list(page.app.data_editor[0].value)[1]
    page.edit({0: {value: "12.5"}, 1: {value: "7"}})
    assert "2 of 2" in page.text
    page.press("Save")
    assert "A count must be a whole number" in page.alerts
    page.edit({0: {value: "12"}}).press("Save")
    assert "Saved 2 values for October 2023." in page.alerts
    page.press("Next month")
    assert list(rows(page)[0].values())[1:3] == ["", "12"]


def test_a_viewer_is_told_that_the_page_is_for_another_role(grid: Grid) -> None:
    page = open_page(grid.team.viewer, "enter_month", month="2023-03")
    assert "You do not have access to this page" in page.text
    assert "It requires the role Editor" in page.text
    assert not page.app.dataframe
    assert "Financials" in page.menu
    assert "Enter a month" not in page.menu
    assert "Enter a month" in grid.open("2023-03").menu


def rows(page: PageRun) -> list[dict[str, str]]:
    """What stands in the grid, with what was typed since it was drawn."""
    (grid,) = page.app.data_editor
    drawn: list[dict[str, str]] = grid.value.to_dict("records")
    state = page.app.session_state
    typed = state[grid.key]["edited_rows"] if grid.key in state else {}
    return [
        {name: text or "" for name, text in {**row, **typed.get(place, {})}.items()}
        for place, row in enumerate(drawn)
    ]
