"""A month's overheads from the grid: all or nothing, every bad cell named, and who wins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import imported
from zixly_data.errors import AccessDenied, Conflict, InvalidCells, MonthClosed
from zixly_data.figures.month_grids import overhead_lines
from zixly_data.identity import Identity
from zixly_data.imports import Kind
from zixly_data.records import closed_months, overheads, seen_records
from zixly_data.records.bulk_saving import Saved, StoredRow
from zixly_data.records.month_cells import OverheadCells
from zixly_data.records.month_entry import save_overheads
from zixly_data.values import ids
from zixly_data.values.period import Period

NewTeam = Callable[[], Team]
MARCH = date(2024, 3, 1)
IN_MARCH = Period("2024-03", MARCH, date(2024, 3, 31), "March 2024")


def cells(expenses: str, revenue: str = "", account: str = "Rent", **more: object) -> OverheadCells:
    texts = {"record_date": "31", "currency": "AUD", "counterparty": "", "kind": "Overhead"} | more
    return OverheadCells(
        ids.new_id("ovh"),
        account=account,
        revenue=revenue,
        expenses=expenses,
        **texts,  # type: ignore[arg-type]
    )


def on_record(team: Team) -> list[tuple[str, ...]]:
    records = overheads.list_records(team.viewer, IN_MARCH).sort_values("expenses")
    return [
        (str(row.record_date), row.currency, str(row.revenue), str(row.expenses), row.kind)
        for row in records.itertuples()
    ]


def test_a_grid_adds_changes_and_deletes_at_once(new_team: NewTeam) -> None:
    team = new_team()
    changed, gone = (books.overhead(team, "2024-03-05", amount) for amount in ("5", "6"))
    rows = [
        cells("$1,234.50", currency="nzd", kind=" not yet ASSIGNED "),
        cells("", "7", account="Interest", record_date="2/3/2024", kind="OVERHEAD"),
        replace(cells("50"), id=changed, version=1),
        replace(cells(""), id=gone, version=1, delete=True),
    ]
    assert save_overheads(team.editor, MARCH, rows, {changed, gone}) == Saved(2, 1, 1)
    assert on_record(team) == [
        ("2024-03-02", "AUD", "7.00", "0.00", "OVERHEAD"),
        ("2024-03-31", "AUD", "0.00", "50.00", "OVERHEAD"),
        ("2024-03-31", "NZD", "0.00", "1234.50", "UNASSIGNED"),
    ]
    assert save_overheads(team.editor, MARCH, rows, {changed, gone}) == Saved()


def test_only_the_newest_are_remembered_and_older_ones_are_nobody_s_addition(
    new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen_records, "MOST_SEEN", 3)
    team = new_team()
    # Of one import, recorded in the same moment.
    lines = "".join(f"2024-03-0{n},Rent {n},{n}\n" for n in range(1, 7))
    imported(team.editor, Kind.OVERHEADS, f"Date,Account,Expenses\n{lines}")
    seen = overhead_lines.overhead_ids(team.editor, MARCH)
    records = overheads.list_records(team.viewer, IN_MARCH)
    (oldest,) = records.loc[records["account"] == "Rent 1", "id"]
    assert len(seen) == 3
    assert oldest not in seen
    assert save_overheads(team.editor, MARCH, [cells("9", account="Rent 1")], seen).added == 1

    by_other = books.overhead(team, "2024-03-20", "7", account="Council")
    with pytest.raises(Conflict) as refused:
        save_overheads(team.editor, MARCH, [cells("8", account="Council")], seen)
    assert isinstance(refused.value.current, tuple)
    assert [stored.id for stored in refused.value.current] == [by_other]


def test_every_bad_cell_is_named_and_nothing_is_saved(new_team: NewTeam) -> None:
    team = new_team()
    good = cells("10")
    bad = cells("", "12x", account="a" * 201, record_date="1/4/2024", currency="AUS", kind="Maybe",
                note="n" * 2001)  # fmt: skip
    empty = cells("", "")
    with pytest.raises(InvalidCells) as refused:
        save_overheads(team.editor, MARCH, [good, bad, empty], ())
    assert set(refused.value.cells) == {
        (bad.id, "record_date", "“1/4/2024” is not in March 2024."),
        (bad.id, "currency",
         "“AUS” is not a currency. Use a three-letter code like AUD or NZD."),
        (bad.id, "revenue", "“12x” is not an amount. Write it like 1,234.50."),
        (bad.id, "account", "This is too long: 201 characters. The limit is 200."),
        (bad.id, "kind", "The type must be Overhead or Not yet assigned."),
        (bad.id, "note", "This is too long: 2,001 characters. The limit is 2,000."),
        (empty.id, "revenue", "Enter an amount, or 0 if there was none."),
        (empty.id, "expenses", "Enter an amount, or 0 if there was none."),
    }  # fmt: skip
    assert on_record(team) == []


def test_a_closed_month_and_a_viewer_save_nothing(new_team: NewTeam) -> None:
    team = new_team()
    with pytest.raises(AccessDenied):
        save_overheads(team.viewer, MARCH, [cells("10")], ())
    closed_months.close(team.admin, MARCH)
    with pytest.raises(MonthClosed):
        save_overheads(team.editor, MARCH, [cells("10")], ())
    assert on_record(team) == []
    closed_months.reopen(team.admin, MARCH)
    assert save_overheads(team.editor, MARCH, [cells("10")], ()).added == 1


def test_the_same_cost_added_by_somebody_else_is_a_conflict_and_another_is_not(
    new_team: NewTeam,
) -> None:
    team = new_team()
    theirs = books.overhead(team, "2024-03-05", "9", account="Rent", currency="AUD")
    books.overhead(team, "2024-03-05", "10", currency="AUD")
    mine, other = cells("10"), cells("11", account="Wages")
    with pytest.raises(Conflict) as refused:
        save_overheads(team.editor, MARCH, [mine, other], ())
    (stored,) = refused.value.current  # type: ignore[misc]
    assert isinstance(stored, StoredRow)
    assert (stored.row, stored.id) == (mine.id, theirs)
    assert len(on_record(team)) == 2
    assert save_overheads(team.editor, MARCH, [mine, other], {theirs}).added == 2


def test_what_was_changed_or_deleted_meanwhile_is_a_conflict(new_team: NewTeam) -> None:
    team = new_team()
    changed, gone = (books.overhead(team, "2024-03-05", amount) for amount in ("5", "6"))
    current = overheads.get(team.viewer, changed)
    overheads.change(team.admin, changed, 1, replace(current, note="theirs"))
    overheads.delete(team.admin, gone, 1)
    rows = [replace(cells("50"), id=row_id, version=1) for row_id in (changed, gone)]
    with pytest.raises(Conflict) as refused:
        save_overheads(team.editor, MARCH, rows, {changed, gone})
    assert [(row.row, row.id) for row in refused.value.current] == [  # type: ignore[attr-defined]
        (changed, changed), (gone, None),
    ]  # fmt: skip


def test_of_two_who_save_the_same_cost_at_once_the_second_is_asked(new_team: NewTeam) -> None:
    team = new_team()
    start, refused = Barrier(2), list[Conflict]()

    def save(who: Identity) -> None:
        start.wait(timeout=60)
        try:
            save_overheads(who, MARCH, [cells("10")], ())
        except Conflict as error:
            refused.append(error)

    threads = [Thread(target=save, args=(who,)) for who in (team.admin, team.editor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(refused) == 1
    assert len(on_record(team)) == 1
