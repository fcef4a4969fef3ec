"""What a file would do, row by row, before it does anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, counts, did, imported, mapped, proposed, reasons
from zixly_data.errors import InvalidInput
from zixly_data.imports import Action, Kind, confirm, propose
from zixly_data.imports.files.opening import open_file
from zixly_data.imports.previews import changes, rejected_file, rejections, rows, sums, totals
from zixly_data.records import closed_months

NewTeam = Callable[[], Team]
HEAD = "client_name,record_date,revenue,expenses,note\n"


def test_rows_are_new_changed_unchanged_or_rejected_and_nothing_is_written(
    new_team: NewTeam,
) -> None:
    team = new_team()
    harbour = books.client(team, "Harbour")
    books.money(team, harbour, "2024-01-01", "10", "4")
    books.money(team, harbour, "2024-01-02", "20", "5")
    before = books_of(team.editor)

    proposal = proposed(
        team.editor,
        Kind.FINANCIALS,
        HEAD + "Harbour,2024-01-01,10.00,4.00,\nHarbour,2024-01-02,25,5,agreed\n"
        "Harbour,2024-01-03,30,6,\nHarbour,2024-01-04,thirty,6,\n",
        same_day="CORRECT",
    )

    assert did(proposal) == "UCNR"
    assert counts(proposal) == {"UNCHANGED": 1, "CHANGED": 1, "NEW": 1, "REJECTED": 1}
    old_and_new = changes(proposal)[["line", "client_name", "what", "column", "now", "file"]]
    assert old_and_new.astype(object).where(old_and_new.notna(), None).to_numpy().tolist() == [
        [3, "Harbour", "Harbour, 2024-01-02", "Revenue", "20.00", "25.00"],
        [3, "Harbour", "Harbour, 2024-01-02", "Note", None, "agreed"],
    ]
    (wrong,) = rejections(proposal).to_dict("records")
    assert (wrong["line"], wrong["column"], wrong["value"]) == (5, "revenue", "thirty")
    assert "not an amount" in wrong["reason"]
    assert books_of(team.editor) == before


def test_counts_and_sums_are_per_action_and_currency_and_credits_are_marked(
    new_team: NewTeam,
) -> None:
    team = new_team()
    books.client(team, "Harbour")
    books.client(team, "Kea", currency="NZD")
    proposal = proposed(
        team.editor,
        Kind.FINANCIALS,
        HEAD + "Harbour,2024-01-01,0.10,1,\nHarbour,2024-01-02,0.20,1,\n"
        'Harbour,2024-01-03,"(1,000.50)",0,refund\nKea,2024-01-03,5,-2,\n',
    )

    assert did(proposal) == "NNNN"
    assert sums(proposal) == [
        {"action": "NEW", "currency": "AUD", "rows": 3, "credits": 1,
         "revenue": Decimal("-1000.20"), "expenses": Decimal("2.00")},
        {"action": "NEW", "currency": "NZD", "rows": 1, "credits": 1,
         "revenue": Decimal("5.00"), "expenses": Decimal("-2.00")},
    ]  # fmt: skip
    assert list(totals(proposal)["credits"]) == [1, 1]
    assert rows(proposal, Action.NEW)["credit"].fillna("").tolist() == ["", "", "Credit", "Credit"]
    confirm(team.editor, proposal)
    assert books.revenue_on_record(team.viewer) == Decimal("-995.20")


def test_the_same_file_twice_changes_nothing(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    text = HEAD + "Harbour,2024-01-01,1,2,\nHarbour,2024-01-01,1,2,\nHarbour,2024-01-01,3,4,x\n"
    imported(team.editor, Kind.FINANCIALS, text, duplicates="KEEP")
    before = books_of(team.editor)

    again = proposed(team.editor, Kind.FINANCIALS, text)

    assert did(again) == "UUU"
    assert not again.changes_anything
    with pytest.raises(InvalidInput, match="changes nothing"):
        confirm(team.editor, again)
    assert books_of(team.editor) == before


def test_several_records_of_a_day_are_paired_in_order(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    first = HEAD + "Harbour,2024-01-01,1,0,\nHarbour,2024-01-01,2,0,\nHarbour,2024-01-01,3,0,\n"
    imported(team.editor, Kind.FINANCIALS, first)

    # The one in the middle is corrected: the two others are recognised by all they say.
    text = first.replace(",2,0", ",20,0")
    mended = proposed(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    assert did(mended) == "UCU"
    assert [mended.matches[1].current] == [{"revenue": "2.00"}]
    # One more on that day is another record.
    assert did(proposed(team.editor, Kind.FINANCIALS, first + "Harbour,2024-01-01,4,0,\n")) == (
        "UUUN"
    )


def test_another_row_of_a_day_may_be_another_record(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-01,1,0,\n")
    other = HEAD + "Harbour,2024-01-01,1,0,\nHarbour,2024-01-01,5,0,\n"
    second = HEAD + "Harbour,2024-01-01,5,0,\n"

    assert did(proposed(team.editor, Kind.FINANCIALS, second, same_day="CORRECT")) == "C"
    new = proposed(team.editor, Kind.FINANCIALS, second, same_day="ADD")
    assert did(new) == "N"
    confirm(team.editor, new)
    # It is remembered for files with this header, and both are known.
    again = proposed(team.editor, Kind.FINANCIALS, other)
    assert again.mapping.same_day == "ADD"
    assert did(again) == "UU"


def test_a_row_with_our_id_is_that_record_whatever_else_it_says(new_team: NewTeam) -> None:
    team, other = new_team(), new_team()
    harbour, kea = books.client(team, "Harbour"), books.client(team, "Kea")
    row = books.money(team, harbour, "2024-01-01", "1")
    text = f"id,client_name,record_date,revenue\n{row},Kea,2024-02-02,2\n"

    proposal = proposed(team.editor, Kind.FINANCIALS, text)
    assert did(proposal) == "C"
    assert proposal.matches[0].current == {
        "client_kpi_id": harbour, "record_date": "2024-01-01", "revenue": "1.00"}  # fmt: skip
    confirm(team.editor, proposal)
    (after,) = books_of(team.editor)["financials"].values()
    assert (after["id"], after["client_kpi_id"], after["revenue"]) == (row, kea, 2.0)

    # What the row does not say stays as it is; an id that is not ours says nothing.
    assert did(proposed(team.editor, Kind.FINANCIALS, f"id,date,revenue\n{row},,3\n")) == "R"
    alone = mapped(team.editor, Kind.FINANCIALS, text, {"id": 0, "date": 2, "revenue": 3})
    assert did(alone) == "U"
    books.client(other, "Kea")
    theirs = proposed(other.editor, Kind.FINANCIALS, text)
    assert did(theirs) == "N"
    assert theirs.matches == {}
    twice = proposed(team.editor, Kind.FINANCIALS, text + f"{row},Kea,2024-02-03,2\n")
    assert did(twice) == "UR"


def test_a_row_that_says_too_little_for_a_new_record_is_rejected(new_team: NewTeam) -> None:
    team = new_team()
    text = "id,record_date,revenue\nfin_00000000000000000000000000000000,2024-01-01,1\n"
    proposal = mapped(team.editor, Kind.FINANCIALS, text, {"id": 0, "date": 1, "revenue": 2})
    assert did(proposal) == "R"
    assert reasons(proposal) == [
        "There is no such record, and the row has too little information for a new one."
    ]


def test_a_question_blocks_confirming_until_it_is_answered(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    text = HEAD + "Harbour,1/3/2024,1,0,\nHarbour,2/3/2024,2,0,\n"
    open_ = proposed(team.editor, Kind.FINANCIALS, text)
    (question,) = open_.staged.questions
    assert (question.about, question.column) == ("date_order", "record_date")
    assert (
        reasons(open_)
        == ["The row cannot be read until the question about the file is answered."] * 2
    )
    with pytest.raises(InvalidInput, match="is not answered"):
        confirm(team.editor, open_, skip_rejected=True)
    assert books_of(team.editor)["financials"] == {}

    settled = proposed(team.editor, Kind.FINANCIALS, text, date_order="DMY")
    confirm(team.editor, settled)
    days = {row["record_date"] for row in books_of(team.editor)["financials"].values()}
    assert days == {"2024-03-01", "2024-03-02"}
    # The answer is remembered.
    assert did(proposed(team.editor, Kind.FINANCIALS, text)) == "UU"


def test_rows_of_closed_months_are_rejected_where_they_would_change_something(
    new_team: NewTeam,
) -> None:
    team = new_team()
    harbour = books.client(team, "Harbour")
    books.money(team, harbour, "2024-03-01", "1")
    moved = books.money(team, harbour, "2024-03-02", "2")
    closed_months.close(team.admin, date(2024, 3, 1))
    text = (
        "id,client_name,record_date,revenue,expenses\n,Harbour,2024-03-01,1,0\n"
        ",Harbour,2024-03-01,3,0\n,Harbour,2024-04-01,1,0\n"
        f"{moved},Harbour,2024-05-01,2,0\n"
    )
    proposal = proposed(team.editor, Kind.FINANCIALS, text)
    assert did(proposal) == "URNR"
    assert reasons(proposal) == ["March 2024 is closed."] * 2
    closed_months.reopen(team.admin, date(2024, 3, 1))
    assert did(proposed(team.editor, Kind.FINANCIALS, text)) == "UNNC"


def test_rejected_rows_are_corrected_and_imported_again(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    text = (
        "client_name,record_date,revenue,expenses,note,note\n"
        "Harbour,2024-01-01,1,0,=SUM(A1),\nHarbour,2024-01-02,-5x,0,=SUM(A2),a\n"
    )
    columns = {"client_name": 0, "date": 1, "revenue": 3, "expenses": 2, "note": 4}
    proposal = mapped(team.editor, Kind.FINANCIALS, text, columns)
    assert did(proposal) == "NR"
    file = rejected_file(proposal).decode("utf-8-sig")
    assert file == (
        "client_name,record_date,revenue,expenses,note,note,Line,Reason\r\n"
        "Harbour,2024-01-02,'-5x,0,'=SUM(A2),a,3,"
        "“-5x” is not an amount. Write it like 1,234.50.\r\n"
    ).replace(
        "“-5x” is not an amount. Write it like 1,234.50.",
        '"“-5x” is not an amount. Write it like 1,234.50."',
    )
    confirm(team.editor, proposal, skip_rejected=True)

    mended = proposed(team.editor, Kind.FINANCIALS, file.replace("-5x", "-5"))
    assert mended.mapping.columns == columns
    assert did(mended) == "N"
    confirm(team.editor, mended)
    records = books_of(team.editor)["financials"].values()
    assert sorted((row["expenses"], row["revenue"], row["note"]) for row in records) == [
        (-5.0, 0.0, "=SUM(A2)"), (1.0, 0.0, "=SUM(A1)")]  # fmt: skip
    still_wrong = rejected_file(proposed(team.editor, Kind.FINANCIALS, file))
    assert still_wrong.decode().splitlines()[0].count("Reason") == 1


def test_columns_are_chosen_once_and_are_there(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    text = HEAD + "Harbour,2024-01-01,1,0,\n"
    columns = {"client_name": 0, "date": 1, "revenue": 2}
    for wrong, sentence in (
        ({"client_name": 0, "date": 1}, "No column is chosen for the amount"),
        (columns | {"expenses": 2}, "“revenue” is used twice: for “Revenue” and for “Expenses”"),
        (columns | {"expenses": 7}, "no column for “Expenses”"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            mapped(team.editor, Kind.FINANCIALS, text, wrong)
    assert did(mapped(team.editor, Kind.FINANCIALS, text, columns)) == "N"


def test_texts_that_cannot_be_stored_reject_their_row_or_are_cleaned(new_team: NewTeam) -> None:
    """A workbook can hold what a CSV cannot: half a surrogate pair, a zero byte."""
    team = new_team()
    books.client(team, "Harbour")
    opened = open_file("x.csv", (HEAD + "Harbour,2024-01-01,1,0,a\n" * 3).encode())
    (table,) = opened.tables
    notes = ("half \ud800 a pair", "nul \x00", "whole 🎉")
    bad = replace(opened, tables=(replace(table, columns=(*table.columns[:4], notes)),))
    mapping = proposed(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-01-01,1,0,a\n").mapping
    mapping = replace(mapping, duplicates="KEEP")
    proposal = propose(team.editor, Kind.FINANCIALS, bad, mapping)
    assert did(proposal) == "NRN"
    confirm(team.editor, proposal, skip_rejected=True)
    notes = {row["note"] for row in books_of(team.editor)["financials"].values()}
    assert notes == {"half  a pair", "whole 🎉"}


def test_leads_bring_the_status_of_their_stage_and_metrics_their_unit(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    books.metric(team, "Calls", unit="calls")
    leads = "client_name,lead_id,stage,event_date,value\nHarbour,L-1,inquiry,2024-01-01,5\n"
    imported(team.editor, Kind.LEAD_EVENTS, leads)
    imported(
        team.editor, Kind.CUSTOM_METRICS,
        "client_name,metric_name,metric_value,record_date\nHarbour,CALLS,4.5,2024-01-01\n",
    )  # fmt: skip
    tables = books_of(team.editor)
    (event,), (value,) = tables["lead_events"].values(), tables["custom_metrics"].values()
    assert (event["stage"], event["status"], event["source_system"]) == ("Inquiry", "OPEN", "file")
    assert (value["metric_name"], value["unit"], value["metric_value"]) == ("Calls", "calls", 4.5)
    wrong = proposed(
        team.editor, Kind.LEAD_EVENTS,
        leads + "Harbour,L-1,Nowhere,2024-01-01,5\nHarbour,L-2,Inquiry,2024-01-01,-1\n",
    )  # fmt: skip
    assert did(wrong) == "URR"
