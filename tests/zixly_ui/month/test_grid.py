"""A month's grid behind the page: what stands in it, what is sent, and what a choice leads to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import Conflict
from zixly_data.figures.month_grids import financial_lines, lead_lines, metric_lines
from zixly_data.people import tenants
from zixly_data.records import financials
from zixly_data.records.delivery import metrics
from zixly_data.records.pipeline import leads
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period
from zixly_ui.month.grid import Grid
from zixly_ui.month.opening import new_grid
from zixly_ui.shell.markdown import plain

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)
IN_MARCH = Period("2024-03", MARCH, date(2024, 3, 31), "March 2024")


def opened(team: Team, what: str = "financials", search: str = "", number: int = 0) -> Grid:
    grid = new_grid(team.editor, tenants.get(team.editor), what, MARCH)
    grid.show_page(team.editor, search, number)
    return grid


def shown(grid: Grid) -> list[list[str]]:
    return grid.frame().fillna("").to_numpy().tolist()


def save(team: Team, grid: Grid, *, delete: bool = False) -> str:
    return grid.save(team.editor, grid.changed_entries(), delete)[1]


def revenues(team: Team) -> list[Decimal]:
    return sorted(financials.list_records(team.viewer, IN_MARCH)["revenue"])


def test_a_row_for_each_active_client_and_for_each_record(new_team: NewTeam) -> None:
    team = new_team()
    two = books.client(team, "Two")
    books.client(team, "An empty one", currency="NZD")
    gone = books.client(team, "Gone", status="COMPLETED")
    books.client(team, "Gone and silent", status="COMPLETED")
    books.money(team, two, "2024-03-20", "5")
    books.money(team, two, "2024-03-02", "7", "1")
    books.money(team, two, "2024-02-29", "4")
    books.money(team, two, "2024-04-01", "99")
    books.money(team, gone, "2024-03-31", "3")
    assert shown(opened(team)) == [
        ["An empty one", "NZD", "31/3/2024", "", "", "", "", "", ""],
        ["Gone", "AUD", "31/3/2024", "3.00", "0.00", "3.00", "", "", ""],
        ["Two", "AUD", "2/3/2024", "7.00", "1.00", "6.00", "4.00", "+7.00", ""],
        ["Two", "AUD", "20/3/2024", "5.00", "0.00", "5.00", "", "", ""],
    ]


def test_only_what_was_typed_is_sent_and_a_date_alone_is_no_record(new_team: NewTeam) -> None:
    team = new_team()
    for name in ("One", "Three", "Two"):
        books.client(team, name)
    grid = opened(team)
    grid.apply_edits(
        {0: {"revenue": "5", "expenses": "2"}, 1: {"record_date": "7"}, 2: {"note": None}}
    )
    assert [grid.label(entry) for entry in grid.changed_entries()] == ["One"]
    assert shown(grid)[0][3:6] == ["", "", "3.00"]
    assert save(team, grid) == "Saved 1 record for March 2024: revenue $5.00, expenses $2.00."
    assert revenues(team) == [5]
    grid.start_generation()
    grid.apply_edits({})
    assert shown(grid)[0][3:6] == ["5", "2", "3.00"]


def test_what_is_typed_back_is_unchanged(new_team: NewTeam) -> None:
    team = new_team()
    books.money(team, books.client(team, "One"), "2024-03-31", "5")
    grid = opened(team)
    grid.apply_edits({0: {"revenue": "6"}})
    assert len(grid.changed_entries()) == 1
    grid.apply_edits({0: {"revenue": "5.00"}})
    assert grid.changed_entries() == []


@pytest.mark.parametrize(("mine", "expected"), [(True, ["1.00", "9.00"]), (False, ["9.00"])])
def test_added_by_somebody_else_meanwhile_both_stay_or_theirs(
    new_team: NewTeam, mine: bool, expected: list[str]
) -> None:
    team = new_team()
    client = books.client(team, "One")
    grid = opened(team)
    grid.apply_edits({0: {"revenue": "1", "expenses": "0"}})
    books.money(team, client, "2024-03-15", "9")
    _conflict(team, grid, mine)
    if grid.changed_entries():
        save(team, grid)
    assert [str(each) for each in revenues(team)] == expected


@pytest.mark.parametrize(("mine", "expected"), [(True, ["6.00"]), (False, [])])
def test_deleted_by_somebody_else_meanwhile_mine_comes_back_or_not(
    new_team: NewTeam, mine: bool, expected: list[str]
) -> None:
    team = new_team()
    record = books.money(team, books.client(team, "One"), "2024-03-15", "5")
    grid = opened(team)
    grid.apply_edits({0: {"revenue": "6"}})
    financials.delete(team.admin, record, 1)
    _conflict(team, grid, mine)
    if grid.changed_entries():
        save(team, grid)
    assert [str(each) for each in revenues(team)] == expected


def test_a_value_measured_by_somebody_else_meanwhile_is_changed_or_kept(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    books.metric(team, "Velocity")
    grid = opened(team, "metrics")
    grid.apply_edits({0: {"m0": "5"}})
    theirs = books.measure(team, client, "Velocity", "2024-03-07", "4", "counted twice")
    _conflict(team, grid, True)
    save(team, grid)
    (record,) = metrics.list_records(team.viewer, IN_MARCH).to_dict("records")
    assert (record["id"], record["metric_value"], record["note"]) == (theirs, 5, "counted twice")
    assert record["record_date"] == date(2024, 3, 7)


def test_several_values_of_a_month_are_shown_and_not_typed_over(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "One")
    books.metric(team, "Velocity")
    books.measure(team, client, "Velocity", "2024-02-07", "3.5")
    for day, value in (("2024-03-07", "4"), ("2024-03-08", "4.5")):
        books.measure(team, client, "Velocity", day, value)
    grid = opened(team, "metrics")
    assert shown(grid) == [["One", "4.5 (latest of 2)", "3.5"]]
    assert grid.edited_locks() == []
    grid.apply_edits({0: {"m0": "9"}})
    assert grid.changed_entries() == []
    assert [slip.message for slip in grid.edited_locks()] == [
        "One, Velocity: 2 values are recorded in March 2024. Undo the change here and change them "
        "on Custom metrics."
    ]


def test_several_hours_of_a_month_are_shown_as_what_they_add_up_to(new_team: NewTeam) -> None:
    team = new_team()
    one, two = books.client(team, "One"), books.client(team, "Two")
    books.metric(team, "Hours", unit="hours", adds_up="SUM")
    books.metric(team, "Score", adds_up="AVERAGE")
    for value in ("2.5", "3", "1.25"):
        books.measure(team, one, "Hours", "2024-03-07", value)
    for day in ("2024-02-01", "2024-02-08"):
        books.measure(team, one, "Hours", day, "30")
    books.measure(team, two, "Hours", "2024-03-07", "8")
    for value in ("4", "5"):
        books.measure(team, two, "Score", "2024-03-07", value)
    grid = opened(team, "metrics")
    assert shown(grid) == [
        ["One", "6.75 (sum of 3)", "60", "", ""],
        ["Two", "8", "", "4.5 (average of 2)", ""],
    ]
    # One value stays editable.
    grid.apply_edits({1: {"m0": "9"}})
    save(team, grid)
    values = metrics.list_records(team.viewer, IN_MARCH, ClientFilter((two,)))["metric_value"]
    assert sorted(values) == [4, 5, 9]


def test_what_was_typed_of_a_metric_is_shown_as_typed_beside_its_column(new_team: NewTeam) -> None:
    team = new_team()
    books.metric(team, "*Speed*", unit="[km](https://evil.example)")
    columns = opened(team, "metrics").column_config()
    assert columns["m0"]["help"] == plain("Any number, in [km](https://evil.example).")
    assert columns["b0"]["help"] == plain("*Speed* in Feb")


def test_an_emptied_value_is_deleted_and_never_zero(new_team: NewTeam) -> None:
    team = new_team()
    books.metric(team, "Velocity")
    books.measure(team, books.client(team, "One"), "Velocity", "2024-03-07", "4")
    grid = opened(team, "metrics")
    grid.apply_edits({0: {"m0": None}})
    assert grid.emptied_entries() == grid.changed_entries()
    assert save(team, grid, delete=True) == "Deleted 1 value for March 2024."
    assert metrics.list_records(team.viewer, IN_MARCH).empty


def test_two_clients_of_one_name_are_told_apart_among_the_leads(new_team: NewTeam) -> None:
    team = new_team()
    first = books.client(team, "Twins", client_id="T-1")
    books.client(team, "Twins", client_id="T-2")
    books.event(team, first, "L-1", "Inquiry", "2024-03-05", "100")
    grid = opened(team, "leads")
    assert [row[:3] for row in shown(grid)] == [
        ["Twins (T-1)", "L-1", "Inquiry"], ["Twins (T-1)", "", ""], ["Twins (T-2)", "", ""],
    ]  # fmt: skip
    grid.apply_edits({2: {"lead_id": "L-2", "stage": "Inquiry"}})
    assert save(team, grid) == "Saved 1 lead event for March 2024."
    events = leads.events(team.viewer, IN_MARCH)
    assert set(zip(events["client_id"], events["lead_id"], strict=True)) == {
        ("T-1", "L-1"), ("T-2", "L-2"),
    }  # fmt: skip


def test_what_is_typed_on_one_page_is_kept_on_another_and_saved_with_it(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(financial_lines, "GRID_ROWS", 2)
    team = new_team()
    ours = [books.client(team, name) for name in ("Ada", "Bob", "Cy")]
    for day, revenue in (("2024-03-01", "1"), ("2024-03-02", "2"), ("2024-03-03", "4")):
        books.money(team, ours[2], day, revenue)
    books.money(team, ours[2], "2024-02-01", "10")
    grid = opened(team)
    grid.apply_edits({0: {"revenue": "5", "expenses": "0"}})
    before = grid.key
    grid.show_page(team.editor, "", 1)
    assert grid.key != before
    assert [row[0] for row in shown(grid)] == ["Cy", "Cy"]
    # Its third record is on the last page.
    assert shown(grid)[0][7] == "−3.00"
    grid.apply_edits({1: {"revenue": "3"}})
    assert shown(grid)[0][7] == "−2.00"
    assert grid.typed_elsewhere == 2
    grid.show_page(team.editor, "", 0)
    assert shown(grid)[0][3:5] == ["5", "0"]
    grid.show_page(team.editor, "cy", 0)
    assert [row[3] for row in shown(grid)] == ["1.00", "3"]
    grid.apply_edits({})
    assert [grid.label(entry) for entry in grid.changed_entries()] == ["Ada", "Cy (2/3/2024)"]
    assert save(team, grid).startswith("Saved 2 records for March 2024: revenue $8.00")
    assert revenues(team) == [1, 3, 4, 5]


def test_a_record_seen_later_is_still_news_to_one_typed_before(
    new_team: NewTeam,
) -> None:
    """Searching shows a record added meanwhile beside what was typed; saving asks."""
    team = new_team()
    client = books.client(team, "One")
    grid = opened(team)
    grid.apply_edits({0: {"revenue": "1", "expenses": "0"}})
    books.money(team, client, "2024-03-15", "9")
    grid.show_page(team.editor, "one", 0)
    assert [row[3] for row in shown(grid)] == ["1", "9.00"]
    _conflict(team, grid, False)
    assert grid.changed_entries() == []
    assert revenues(team) == [9]


@pytest.mark.parametrize("what", ["leads", "metrics"])
def test_the_other_grids_keep_what_is_typed_on_each_page_as_well(
    new_team: NewTeam, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lead_lines, "GRID_ROWS", 1)
    monkeypatch.setattr(metric_lines, "GRID_ROWS", 1)
    team = new_team()
    for name in ("Ada", "Bob"):
        books.client(team, name)
    books.metric(team, "Velocity")
    typed = {
        "leads": {"lead_id": "L-1", "stage": "Inquiry"}, "metrics": {"m0": "4"}
    }[what]  # fmt: skip
    grid = opened(team, what)
    grid.apply_edits({0: typed})
    grid.show_page(team.editor, "", 1)
    grid.apply_edits({0: typed})
    assert len(grid.changed_entries()) == 2
    grid.show_page(team.editor, "ada", 0)
    assert set(typed.values()) <= set(shown(grid)[0])
    assert save(team, grid).startswith("Saved 2")


def _conflict(team: Team, grid: Grid, mine: bool) -> None:
    """Saving is refused; the one conflict is resolved as `mine` says."""
    with pytest.raises(Conflict) as refused:
        save(team, grid)
    grid.note_conflicts(refused.value.current)  # type: ignore[arg-type]
    (choice,) = grid.choices
    grid.resolve(choice, mine)
