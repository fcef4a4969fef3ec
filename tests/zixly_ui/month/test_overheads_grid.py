"""The grid of a month's overheads: its rows, what is sent, its totals, and more empty rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import open_page
from zixly_data.errors import Conflict, InvalidCells
from zixly_data.figures.month_grids import overhead_lines
from zixly_data.people import tenants
from zixly_data.records import closed_months, overheads
from zixly_data.values.period import Period
from zixly_ui.month.opening import new_grid
from zixly_ui.month.overheads_grid import EMPTY_ROWS, OverheadGrid

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)
IN_MARCH = Period("2024-03", MARCH, date(2024, 3, 31), "March 2024")
EMPTY = ["31/3/2024", "AUD", "", "", "Overhead", "", "", ""]


def opened(team: Team, search: str = "") -> OverheadGrid:
    grid = new_grid(team.editor, tenants.get(team.editor), "overheads", MARCH)
    assert isinstance(grid, OverheadGrid)
    grid.show_page(team.editor, search, 0)
    return grid


def shown(grid: OverheadGrid) -> list[list[str]]:
    return grid.frame().fillna("").to_numpy().tolist()


def save(team: Team, grid: OverheadGrid, *, delete: bool = False) -> str:
    return grid.save(team.editor, grid.changed_entries(), delete)[1]


def expenses(team: Team) -> list[Decimal]:
    return sorted(overheads.list_records(team.viewer, IN_MARCH)["expenses"])


def test_a_row_for_each_overhead_then_empty_rows(new_team: NewTeam) -> None:
    team = new_team()
    books.overhead(team, "2024-03-20", "5", currency="NZD", kind="UNASSIGNED")
    books.overhead(team, "2024-03-02", "0", account="Rent", counterparty="Offices", note="x")
    books.overhead(team, "2024-03-03", "0", "1,234.5".replace(",", ""), account="Interest")
    for day in ("2024-02-29", "2024-04-01"):
        books.overhead(team, day, "99")
    rows = shown(opened(team))
    assert rows[:3] == [
        ["2/3/2024", "AUD", "Rent", "Offices", "Overhead", "0.00", "0.00", "x"],
        ["3/3/2024", "AUD", "Interest", "", "Overhead", "1,234.50", "", ""],
        ["20/3/2024", "NZD", "", "", "Not yet assigned", "", "5.00", ""],
    ]
    assert rows[3:] == [EMPTY] * EMPTY_ROWS
    assert [row[2] for row in shown(opened(team, "OFFICE"))[:2]] == ["Rent", ""]


def test_only_what_was_typed_is_sent(new_team: NewTeam) -> None:
    team = new_team()
    changed = books.overhead(team, "2024-03-02", "5", account="Rent")
    grid = opened(team)
    grid.apply_edits({
        0: {"expenses": "6"}, 1: {"account": "Wages", "expenses": "$1,000"},
        2: {"record_date": "7"}, 3: {"currency": "nzd", "revenue": "(2)", "kind": "UNASSIGNED"},
    })  # fmt: skip
    assert [grid.label(entry) for entry in grid.changed_entries()] == [
        "Rent", "Wages", "Row 4 (31/3/2024)",
    ]  # fmt: skip
    assert save(team, grid) == (
        "Saved 3 overheads for March 2024: revenue $0.00, expenses $1,006.00; "
        "revenue −NZ$2.00, expenses NZ$0.00."
    )
    assert expenses(team) == [0, 6, 1000]
    assert overheads.get(team.viewer, changed).version == 2


def test_emptied_amounts_delete_and_one_of_two_does_not(new_team: NewTeam) -> None:
    team = new_team()
    books.overhead(team, "2024-03-02", "5", "7", account="Both")
    books.overhead(team, "2024-03-03", "6", account="Gone")
    grid = opened(team)
    grid.apply_edits({0: {"revenue": None}, 1: {"expenses": None}})
    assert [grid.label(entry) for entry in grid.emptied_entries()] == ["Gone"]
    assert save(team, grid, delete=True) == (
        "Saved 1 overhead for March 2024: revenue $0.00, expenses $5.00. Deleted 1 overhead."
    )
    assert expenses(team) == [5]


def test_a_bad_cell_is_named_and_kept(new_team: NewTeam) -> None:
    team = new_team()
    grid = opened(team)
    grid.apply_edits({0: {"account": "Rent", "expenses": "12x", "currency": "AUS"}})
    with pytest.raises(InvalidCells) as refused:
        save(team, grid)
    grid.note_slips(refused.value.cells)
    assert sorted(slip.message for slip in grid.open_slips()) == [
        "Rent, currency: “AUS” is not a currency. Use a three-letter code like AUD or NZD.",
        "Rent, expenses: “12x” is not an amount. Write it like 1,234.50.",
    ]
    grid.start_generation()
    assert shown(grid)[0][6] == "12x"
    assert expenses(team) == []


@pytest.mark.parametrize(("mine", "expected"), [(True, [1, 9]), (False, [9])])
def test_the_same_cost_added_by_somebody_else_is_asked_about(
    new_team: NewTeam, mine: bool, expected: list[int]
) -> None:
    team = new_team()
    grid = opened(team)
    grid.apply_edits({0: {"account": "Rent", "expenses": "1"}})
    books.overhead(team, "2024-03-15", "9", account="Rent")
    with pytest.raises(Conflict) as refused:
        save(team, grid)
    grid.note_conflicts(refused.value.current)  # type: ignore[arg-type]
    (choice,) = grid.choices
    assert choice.others["Expenses"] == "9.00"
    grid.resolve(choice, mine)
    if grid.changed_entries():
        save(team, grid)
    assert expenses(team) == expected


def test_more_empty_rows_keep_what_is_typed(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overhead_lines, "GRID_ROWS", EMPTY_ROWS + 2)
    team = new_team()
    grid = opened(team)
    grid.apply_edits({0: {"expenses": "1"}})
    grid.add_rows()
    grid.show_page(team.editor, "", 0)
    assert len(grid.shown.lines) == EMPTY_ROWS + 2
    assert shown(grid)[0][6] == "1"
    grid.show_page(team.editor, "", 1)
    assert (len(grid.shown.lines), grid.typed_elsewhere) == (EMPTY_ROWS - 2, 1)
    grid.apply_edits({0: {"expenses": "2"}})
    save(team, grid)
    assert expenses(team) == [1, 2]


def test_the_page_has_totals_by_currency_and_warns_of_a_currency_nothing_uses(
    new_team: NewTeam,
) -> None:
    team = new_team()
    books.overhead(team, "2024-03-02", "5", account="Rent")
    books.overhead(team, "2024-02-02", "3", account="Rent")
    page = open_page(team.editor, "enter_month", month="2024-03", what="overheads")
    assert page.metrics == [
        ("Revenue", "$0.00"), ("Expenses", "$5.00"), ("Profit", "−$5.00"),
        ("Change vs Feb 2024", "−$2.00"),
    ]  # fmt: skip
    page.edit({1: {"currency": "chf", "expenses": "7"}, 2: {"currency": "AUS", "expenses": "7"}})
    assert "No client, exchange rate or other overhead is in CHF." in page.alerts
    assert ("Expenses (CHF)", "CHF 7.00") in page.metrics
    assert "The totals leave out 1 row that cannot be read." in page.text
    page.edit({2: {"currency": "AUD"}}).press(f"Add {EMPTY_ROWS} empty rows")
    assert "3 changed cells, not saved yet." in page.text
    page.press("Save")
    assert "Saved 2 overheads for March 2024: revenue $0.00, expenses $7.00; " in page.alerts
    assert expenses(team) == [5, 7, 7]
    closed_months.close(team.admin, MARCH)
    page = open_page(team.editor, "enter_month", month="2024-03", what="overheads")
    assert "March 2024 was closed" in page.alerts
    assert not page.offers("Save")
    assert not page.offers(f"Add {EMPTY_ROWS} empty rows")
