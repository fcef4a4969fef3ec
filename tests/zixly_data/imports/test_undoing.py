"""Taking an import back as a whole: every row as it was, or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import COUNTED_ON, books_of, imported, proposed
from zixly_data.errors import AlreadyExists, Conflict, MonthClosed, NotFound
from zixly_data.findings import dismissals
from zixly_data.imports import (
    ADD,
    ImportTouched,
    Kind,
    confirm,
    find_import,
    list_imports,
    page_of_imports,
    undo,
    undoing,
)
from zixly_data.records import closed_months, date_notes, financials
from zixly_data.tables.date_notes import NoteDraft
from zixly_data.tables.financials import FinancialDraft
from zixly_data.values import paging
from zixly_data.values.ids import new_id
from zixly_data.values.paging import PageRequest

NewTeam = Callable[[], Team]
HEAD = "client_name,record_date,revenue,expenses,note\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """With two records of Harbour."""
    team = new_team()
    harbour = books.client(team, "Harbour", industry="Cafés")
    books.money(team, harbour, "2024-01-01", "1")
    books.money(team, harbour, "2024-01-02", "2")
    return team


def undone(team: Team) -> list[bool]:
    return [moment is not None for moment in _list(team)["undone_at"]]


def _list(team: Team) -> dict[str, list[object]]:
    frame = list_imports(team.editor)
    return {name: frame[name].astype(object).where(frame[name].notna(), None).to_list()
            for name in frame.columns}  # fmt: skip


def test_an_import_is_listed_with_who_when_file_checksum_and_counts(team: Team) -> None:
    text = HEAD + "Harbour,2024-01-01,1,0,\nHarbour,2024-01-02,5,0,\nHarbour,2024-01-03,-3,0,\n"
    text += "Harbour,2024-01-04,x,0,\nKea,2024-01-04,1,0,\n"
    settled = {"clients": {"Kea": "LEAVE_OUT"}, "same_day": "CORRECT"}
    proposal = proposed(team.editor, Kind.FINANCIALS, text, **settled)
    done = confirm(team.editor, proposal, skip_rejected=True)
    imported(team.admin, Kind.FINANCIALS, HEAD + "Harbour,2024-01-09,2,0,\n")
    later, row = list_imports(team.editor).to_dict("records")
    assert (later["imported_by_name"], later["added"]) == (team.admin.full_name, 1)
    assert row["id"] == done.id
    assert (row["imported_by_name"], row["kind"]) == (team.editor.full_name, "FINANCIALS")
    assert (row["file_name"], row["checksum"]) == ("file.csv", proposal.checksum)
    assert [row[name] for name in ("added", "changed", "unchanged", "rejected", "left_out")] == [
        1
    ] * 5
    assert row["created_at"].year >= 2024
    assert undone(team) == [False, False]
    assert json.loads(row["sums"])[0] == {
        "action": "NEW", "currency": "AUD", "rows": 1, "credits": 1, "revenue": "-3.00",
        "expenses": "0.00"}  # fmt: skip


def test_imports_by_page_by_id_and_by_file(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    text = HEAD + "Harbour,2024-01-01,9,0,\n"
    first = imported(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    undo(team.editor, first.id)
    second = imported(team.editor, Kind.FINANCIALS, text)
    third = imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-05,5,5,\n")
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    pages = [page_of_imports(team.editor, PageRequest(number)) for number in (0, 1)]
    assert [page.count for page in pages] == [3, 3]
    assert [row for page in pages for row in page.frame["id"]] == [third.id, second.id, first.id]
    (same,) = find_import(team.editor, import_id=first.id).to_dict("records")
    assert same["id"] == first.id
    # Of one file the latest import counts.
    assert list(find_import(team.editor, checksum=same["checksum"])["id"]) == [second.id]
    assert find_import(team.editor, checksum="0" * 64).empty


def test_undoing_restores_every_column_but_those_that_count_on(team: Team) -> None:
    before = books_of(team.editor)
    text = HEAD + "Harbour,2024-01-01,9,9,new\nHarbour,2024-01-05,5,5,\nKea,2024-01-06,6,6,\n"
    done = imported(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD}, same_day="CORRECT")
    assert len(books_of(team.editor)["financials"]) == 4
    assert len(books_of(team.editor)["client_kpis"]) == 2

    undo(team.admin, done.id)

    after = books_of(team.editor)
    assert books_of(team.editor, *COUNTED_ON) == {
        table: {key: {x: y for x, y in row.items() if x not in COUNTED_ON}
                for key, row in rows.items()} for table, rows in before.items()}  # fmt: skip
    versions = sorted(row["version"] for row in after["financials"].values())
    assert versions == [1, 3]
    assert undone(team) == [True]
    assert _list(team)["undone_by_name"] == [team.admin.full_name]


@pytest.mark.parametrize("kind", [Kind.CLIENTS, Kind.LEAD_EVENTS, Kind.CUSTOM_METRICS])
def test_undoing_restores_the_other_kinds_too(team: Team, kind: Kind) -> None:
    books.metric(team, "Calls", unit="calls")
    books.metric(team, "Doors", unit="doors")
    (harbour,) = books_of(team.editor)["client_kpis"]
    lead = books.event(team, harbour, "L-1", "Inquiry", "2024-01-01", "5")
    value = books.measure(team, harbour, "Calls", "2024-01-01", "5", "note")
    reference = books_of(team.editor)["client_kpis"][harbour]["client_id"]
    text = {
        Kind.CLIENTS: f"id,client_id,client_name,industry,currency,status\n"
        f"{harbour},{reference},Harbour 2,,NZD,COMPLETED\n,X,New,,,\n",
        Kind.LEAD_EVENTS: "id,client_name,lead_id,stage,event_date,value,note\n"
        f"{lead},Harbour,L-2,Contract signed,2024-02-02,,hm\n,Kea,L-9,Inquiry,2024-02-02,1,\n",
        Kind.CUSTOM_METRICS: "id,client_name,metric_name,metric_value,record_date,note\n"
        f"{value},Harbour,Doors,7.1234,2024-02-02,\n,Kea,Doors,1,2024-02-02,\n",
    }[kind]
    before = books_of(team.editor, *COUNTED_ON)
    done = imported(team.editor, kind, text, clients={"Kea": ADD})
    assert dict(done.counts) == dict(done.counts) | {"NEW": 1, "CHANGED": 1}
    assert books_of(team.editor, *COUNTED_ON) != before
    undo(team.editor, done.id)
    assert books_of(team.editor, *COUNTED_ON) == before


def test_nobody_saves_an_imported_row_over_the_restored_one(team: Team) -> None:
    (row, *_) = sorted(books_of(team.editor)["financials"])
    done = imported(
        team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-01,9,9,\n", same_day="CORRECT"
    )
    seen = financials.get(team.editor, row)
    undo(team.editor, done.id)
    draft = FinancialDraft(seen.client_kpi_id, seen.record_date, Decimal(10), Decimal(9))
    with pytest.raises(Conflict):
        financials.change(team.editor, row, seen.version, draft)
    assert financials.get(team.editor, row).revenue == 1


def test_a_row_that_was_touched_is_named_and_nothing_is_undone(team: Team) -> None:
    text = HEAD + "Harbour,2024-01-01,9,9,\nHarbour,2024-01-05,5,5,\nHarbour,2024-01-06,6,6,\n"
    done = imported(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    ids = {row["record_date"]: key for key, row in books_of(team.editor)["financials"].items()}
    seen = financials.get(team.editor, ids["2024-01-05"])
    draft = FinancialDraft(seen.client_kpi_id, seen.record_date, Decimal(7), Decimal(5))
    financials.change(team.editor, seen.id, seen.version, draft)
    financials.delete(team.editor, ids["2024-01-06"], 1)
    before = books_of(team.editor)

    with pytest.raises(ImportTouched) as refused:
        undo(team.editor, done.id)

    assert str(refused.value) == (
        "2 rows of this import have changed since, so nothing was undone: "
        "Harbour, 5 Jan 2024; a deleted record."
    )
    assert [each.row_id for each in refused.value.current] == [
        ids["2024-01-05"], ids["2024-01-06"]]  # fmt: skip
    assert books_of(team.editor) == before
    assert undone(team) == [False]


def test_what_was_changed_back_by_hand_is_undone(team: Team) -> None:
    done = imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-05,5,5,\n")
    ids = {row["record_date"]: key for key, row in books_of(team.editor)["financials"].items()}
    seen = financials.get(team.editor, ids["2024-01-05"])
    for number, revenue in enumerate((7, 5), 1):
        draft = FinancialDraft(seen.client_kpi_id, seen.record_date, Decimal(revenue), Decimal(5))
        financials.change(team.editor, seen.id, number, draft)
    undo(team.editor, done.id)
    assert len(books_of(team.editor)["financials"]) == 2


def test_imports_over_one_another_are_undone_the_latest_first(team: Team) -> None:
    start = books_of(team.editor, *COUNTED_ON)
    first = imported(
        team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-01,9,9,\n", same_day="CORRECT"
    )
    between = books_of(team.editor, *COUNTED_ON)
    second = imported(
        team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-01,8,8,\nHarbour,2024-01-03,1,1,\n"
    )
    with pytest.raises(ImportTouched, match=r"1 row .* Harbour, 1 Jan 2024"):
        undo(team.editor, first.id)
    undo(team.editor, second.id)
    assert books_of(team.editor, *COUNTED_ON) == between
    undo(team.editor, first.id)
    assert books_of(team.editor, *COUNTED_ON) == start
    assert undone(team) == [True, True]


def test_an_import_is_undone_once(team: Team) -> None:
    done = imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-05,5,5,\n")
    undo(team.editor, done.id)
    with pytest.raises(AlreadyExists, match="already been undone"):
        undo(team.editor, done.id)
    with pytest.raises(NotFound):
        undo(team.editor, "imp_0")
    # The same file goes in again.
    imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-05,5,5,\n")


def test_two_who_undo_at_once_undo_it_once(team: Team) -> None:
    done = imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-05,5,5,\n")
    before = books_of(team.editor, *COUNTED_ON)["client_kpis"]

    def attempt(who: object) -> str:
        try:
            undo(who, done.id)  # type: ignore[arg-type]
        except AlreadyExists:
            return "told"
        return "done"

    with ThreadPoolExecutor() as pool:
        said = sorted(pool.map(attempt, [team.editor, team.admin]))
    assert said == ["done", "told"]
    assert len(books_of(team.editor)["financials"]) == 2
    assert books_of(team.editor, *COUNTED_ON)["client_kpis"] == before


def test_an_edit_while_an_import_is_undone_comes_before_or_after_it(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit that arrives after the rows were looked at waits, and is told it came too late."""
    (row, *_) = sorted(books_of(team.editor)["financials"])
    done = imported(
        team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-01,9,9,\n", same_day="CORRECT"
    )
    draft = FinancialDraft(next(iter(books_of(team.editor)["client_kpis"])), date(2024, 1, 1),
                           Decimal(77), Decimal(0))  # fmt: skip
    looked = undoing.require_untouched
    with ThreadPoolExecutor() as pool:

        def look_and_let_another_in(*arguments: object) -> None:
            looked(*arguments)  # type: ignore[arg-type]
            edits.append(pool.submit(financials.change, team.admin, row, 2, draft))
            with pytest.raises(TimeoutError):
                edits[0].result(timeout=0.5)

        edits: list[object] = []
        monkeypatch.setattr(undoing, "require_untouched", look_and_let_another_in)
        undo(team.editor, done.id)
        with pytest.raises(Conflict):
            edits[0].result(timeout=60)  # type: ignore[attr-defined]
    assert financials.get(team.editor, row).revenue == 1


def test_a_client_that_the_import_brought_keeps_what_others_recorded(team: Team) -> None:
    text = HEAD + "Kea,2024-01-06,6,6,\n"
    done = imported(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD})
    kea = next(key for key, row in books_of(team.editor)["client_kpis"].items()
               if row["client_name"] == "Kea")  # fmt: skip
    event = books.event(team, kea, "L-1", "Inquiry", "2024-01-01")
    before = books_of(team.editor)
    with pytest.raises(ImportTouched, match="a later entry for Kea") as refused:
        undo(team.editor, done.id)
    assert [each.row_id for each in refused.value.current] == [event]
    assert books_of(team.editor) == before


def test_a_client_that_the_import_brought_keeps_what_others_wrote_about_it(team: Team) -> None:
    text = HEAD + "Kea,2024-01-06,6,6,\n"
    done = imported(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD})
    kea = next(key for key, row in books_of(team.editor)["client_kpis"].items()
               if row["client_name"] == "Kea")  # fmt: skip
    note, answer = new_id("note"), new_id("dis")
    draft = NoteDraft(date(2024, 1, 9), "Prices raised", kea)
    date_notes.add(team.admin, draft, row_id=note)
    dismissals.dismiss(team.admin, "BILLED_NEVER_WON", kea, "", "Walked in", row_id=answer)
    with pytest.raises(ImportTouched, match="a later entry for Kea") as refused:
        undo(team.editor, done.id)
    assert {each.row_id for each in refused.value.current} == {note, answer}
    assert date_notes.get(team.editor, note).words == "Prices raised"


def test_rows_in_a_month_closed_meanwhile_stay(team: Team) -> None:
    done = imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-03-05,5,5,\n")
    closed_months.close(team.admin, date(2024, 3, 1))
    before = books_of(team.editor)
    with pytest.raises(MonthClosed, match="March 2024 is closed"):
        undo(team.editor, done.id)
    assert books_of(team.editor) == before
    closed_months.reopen(team.admin, date(2024, 3, 1))
    undo(team.editor, done.id)
    assert len(books_of(team.editor)["financials"]) == 2
