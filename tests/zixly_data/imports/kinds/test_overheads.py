"""Files of overheads: what their columns mean, what is asked, what is refused, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import COUNTED_ON, books_of, did, imported, proposed, reasons, rows_of
from zixly_data.errors import InvalidInput
from zixly_data.imports import (
    Action,
    ImportTouched,
    Kind,
    confirm,
    guess_kind,
    open_file,
    suggest,
    undo,
)
from zixly_data.imports.previews import rejected_file, totals, unused_currencies
from zixly_data.imports.recognition import recognise
from zixly_data.records import closed_months, overheads
from zixly_data.values import ids

NewTeam = Callable[[], Team]
BILLS = (
    "Date,Account,Supplier,Amount,Note\n"
    "1/03/2024,Rent,Brisbane Offices,900.00,March\n"
    "13/03/2024,Software,Desk Tools,89.90,\n"
)


def recorded(team: Team) -> list[tuple[object, ...]]:
    frame = overheads.list_records(team.viewer, books.ALWAYS).sort_values("record_date")
    return [
        (str(row.record_date), row.currency, str(row.revenue), str(row.expenses), row.kind)
        for row in frame.itertuples()
    ]


@pytest.mark.parametrize(
    ("header", "line", "fields"),
    [
        ("Date,Account,Supplier,Amount", "1/3/2024,Rent,Offices,900",
         {"date": 0, "account": 1, "counterparty": 2, "amount": 3}),
        ("Bill Date,Date,Vendor,Category,Total,Currency", "x,1/3/2024,Offices,Rent,900,AUD",
         {"date": 1, "counterparty": 2, "account": 3, "amount": 4, "currency": 5}),
        ("Date,Payee,Supplier,Debit,Credit", "1/3/2024,x,Offices,900,",
         {"date": 0, "counterparty": 2, "expenses": 3, "revenue": 4}),
        ("Date,Supplier,Client,Amount", "1/3/2024,Offices,,900",
         {"date": 0, "counterparty": 1, "client": 2, "amount": 3}),
        ("Date,Type,Expenses", "1/3/2024,Not yet assigned,900",
         {"date": 0, "kind": 1, "expenses": 2}),
    ],
    ids=["bills", "other names", "two sides", "a client column", "our types"],
)  # fmt: skip
def test_columns_are_recognised(header: str, line: str, fields: dict[str, int]) -> None:
    (table,) = open_file("a.csv", f"{header}\n{line}\n".encode()).tables
    assert dict(recognise(table, Kind.OVERHEADS).columns) == fields


@pytest.mark.parametrize(
    ("header", "line", "kind"),
    [
        ("Date,Account,Supplier,Amount", "1/3/2024,Rent,Offices,900", Kind.OVERHEADS),
        ("Date,Type,Expenses", "1/3/2024,Overhead,900", Kind.OVERHEADS),
        ("id,date,revenue", "ovh_01,1/3/2024,900", Kind.OVERHEADS),
        # As before: a client, or a bank's file, in which clients pay too.
        ("Date,Type,Expenses", "1/3/2024,Invoice,900", Kind.FINANCIALS),
        ("Date,Account,Amount", "1/3/2024,Acme,900", Kind.FINANCIALS),
        ("Date,Client,Supplier,Amount", "1/3/2024,Acme,Offices,900", Kind.FINANCIALS),
        ("Date,Supplier,Amount,Balance", "1/3/2024,Offices,900,1000", Kind.FINANCIALS),
        ("Date,Contact,Amount", "1/3/2024,Offices,900", Kind.FINANCIALS),
        ("ContactName,InvoiceNumber,InvoiceDate,Expenses", "Acme,7,1/3/2024,900", Kind.FINANCIALS),
        (
            "Date,Account,Account Type,Client,Debit,Credit",
            "1/3/2024,Fees,INCOME,Acme,,900",
            Kind.FINANCIALS,
        ),
        (
            "!TRNS,TRNSID,TRNSTYPE,DATE,ACCNT,NAME,AMOUNT",
            "TRNS,1,INVOICE,1/3/2024,Fees,Acme,900",
            Kind.FINANCIALS,
        ),
    ],
)
def test_the_kind_is_guessed_where_names_tell(header: str, line: str, kind: Kind) -> None:
    (table,) = open_file("a.csv", f"{header}\n{line}\n".encode()).tables
    assert guess_kind(table) is kind


def test_amounts_that_go_both_ways_are_in_and_out(new_team: NewTeam) -> None:
    team = new_team()
    text = "Date,Supplier,Amount\n1/3/2024,Offices,-900\n13/3/2024,Bank,12.40\n"
    assert [q.about for q in proposed(team.editor, Kind.OVERHEADS, text).staged.questions] == [
        "negative"
    ]
    imported(team.editor, Kind.OVERHEADS, text, negative="EXPENSE")
    assert recorded(team) == [
        ("2024-03-01", "AUD", "0.00", "900.00", "OVERHEAD"),
        ("2024-03-13", "AUD", "12.40", "0.00", "OVERHEAD"),
    ]


def test_a_file_is_added_once_corrected_and_undone(new_team: NewTeam) -> None:
    team = new_team()
    before = books_of(team.editor, *COUNTED_ON)
    done = imported(team.editor, Kind.OVERHEADS, BILLS)
    assert did(proposed(team.editor, Kind.OVERHEADS, BILLS)) == "UU"
    corrected = BILLS.replace("900.00", "950.00")
    assert did(proposed(team.editor, Kind.OVERHEADS, corrected, same_day="CORRECT")) == "CU"
    assert did(proposed(team.editor, Kind.OVERHEADS, corrected, same_day="ADD")) == "NU"
    # Another account or supplier of that day is another overhead, not a correction.
    for other in (BILLS.replace("Rent", "Rates"), BILLS.replace("Brisbane Offices", "Council")):
        assert did(proposed(team.editor, Kind.OVERHEADS, other)) == "NU"
    without_names = "Date,Expenses\n2024-03-01,7\n"
    assert did(proposed(team.editor, Kind.OVERHEADS, without_names)) == "N"
    undo(team.editor, done.id)
    assert books_of(team.editor, *COUNTED_ON) == before


def test_documents_and_our_ids_find_their_row_again(new_team: NewTeam) -> None:
    team = new_team()
    numbered = "Date,Supplier,Invoice No,Expenses\n2024-03-01,Offices,R-7,900\n"
    imported(team.editor, Kind.OVERHEADS, numbered)
    moved = numbered.replace("03-01", "03-02")
    imported(team.editor, Kind.OVERHEADS, moved)
    (row_id,) = rows_of(team.editor, Kind.OVERHEADS)
    text = f"id,date,expenses,currency,account\n{row_id},2024-03-02,5,NZD,Rent\n"
    imported(team.editor, Kind.OVERHEADS, text)
    # The currency of a record stays where a file with our ids names none.
    imported(team.editor, Kind.OVERHEADS, f"id,date,expenses\n{row_id},2024-03-02,6\n")
    assert recorded(team) == [("2024-03-02", "NZD", "0.00", "6.00", "OVERHEAD")]
    assert overheads.get(team.viewer, row_id).account == "Rent"
    unknown = proposed(team.editor, Kind.OVERHEADS, "id,date,expenses\novh_9,2024-03-02,6\n")
    assert reasons(unknown) == [
        "There is no such record, and the row has too little information for a new one."
    ]


def test_a_document_that_was_assigned_to_a_client_is_not_added_again(new_team: NewTeam) -> None:
    team = new_team()
    harbour = books.client(team, "Harbour")
    header = "Date,Supplier,Invoice No,Expenses"
    bills = f"{header}\n2024-03-01,Offices,R-7,900\n2024-03-02,Offices,R-8,900\n"
    imported(team.editor, Kind.OVERHEADS, bills)
    frame = overheads.list_records(team.viewer, books.ALWAYS)
    (row_id,) = frame.loc[frame["record_date"].astype(str) == "2024-03-01", "id"]
    overheads.assign(team.editor, row_id, 1, harbour, row_id=ids.new_id("fin"))
    again = proposed(team.editor, Kind.OVERHEADS, bills)
    assert did(again) == "RU"
    assert reasons(again) == [
        "This document is on record as a financial record of Harbour. Change it there, or give "
        "another document another number."
    ]
    # With another date, currency or amount it is another document that has the same number.
    others = f"{header}\n2024-03-05,Printers,R-7,900\n"
    assert did(proposed(team.editor, Kind.OVERHEADS, others)) == "N"
    assert did(proposed(team.editor, Kind.OVERHEADS, bills.replace("R-7,900", "R-7,901"))) == "NU"
    abroad = f"{header},Currency\n2024-03-01,Offices,R-7,900,NZD\n"
    assert did(proposed(team.editor, Kind.OVERHEADS, abroad)) == "N"


def test_a_document_on_record_as_an_overhead_is_no_financial_record(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    header = "Date,Client,Invoice No,Expenses"
    imported(team.editor, Kind.OVERHEADS, "Date,Invoice No,Expenses\n2024-03-01,R-7,900\n")
    bill = proposed(team.editor, Kind.FINANCIALS, f"{header}\n2024-03-01,Harbour,R-7,900\n")
    assert did(bill) == "R"
    assert reasons(bill) == [
        "This document is on record as an overhead. Assign it to the client there, or give another "
        "document another number."
    ]
    books.client(team, "Kauri", currency="NZD")
    abroad = f"{header}\n2024-03-01,Kauri,R-7,900\n"
    assert did(proposed(team.editor, Kind.FINANCIALS, abroad)) == "N"
    # Without a number nothing tells that it is the same document.
    plain = "Date,Client,Expenses\n2024-03-01,Harbour,900\n"
    assert did(proposed(team.editor, Kind.FINANCIALS, plain)) == "N"


@pytest.mark.parametrize("named", ["Harbour Café", "EXT-77", "Somebody else"])
def test_a_row_that_names_a_client_is_refused(new_team: NewTeam, named: str) -> None:
    team = new_team()
    books.client(team, "Harbour Café", client_id="EXT-77")
    text = f"Date,Supplier,Client,Amount\n1/3/2024,Offices,,900\n13/3/2024,Offices,{named},50\n"
    proposal = proposed(team.editor, Kind.OVERHEADS, text)
    assert did(proposal) == "NR"
    assert reasons(proposal) == [
        f"This row names a client, {named}. Import it as a financial record, or remove the client."
    ]
    assert named in rejected_file(proposal).decode()
    confirm(team.editor, proposal, skip_rejected=True)
    assert len(recorded(team)) == 1


def test_a_closed_month_is_refused(new_team: NewTeam) -> None:
    team = new_team()
    closed_months.close(team.admin, date(2024, 3, 1))
    text = BILLS + "1/04/2024,Rent,Brisbane Offices,900.00,April\n"
    proposal = proposed(team.editor, Kind.OVERHEADS, text)
    assert did(proposal) == "RRN"
    assert set(reasons(proposal)) == {"March 2024 is closed."}


def test_bad_cells_are_refused_row_by_row(new_team: NewTeam) -> None:
    team = new_team()
    text = (
        "Date,Type,Currency,Expenses\n"
        "2024-03-01,Overhead,AUS,900\n2024-03-02,Overhead,AUD,lots\n2024-03-03,Overhead,AUD,\n"
        "2024-03-04,Overhead,AUD,NZD 5\n,Overhead,AUD,5\n2024-03-06,unassigned,nzd,5\n"
    )
    proposal = proposed(team.editor, Kind.OVERHEADS, text)
    assert did(proposal) == "RRRRRN"
    assert reasons(proposal)[0].startswith("“AUS” is not a currency.")
    assert "The row states two currencies, AUD and NZD." in reasons(proposal)
    confirm(team.editor, proposal, skip_rejected=True)
    assert recorded(team) == [("2024-03-06", "NZD", "0.00", "5.00", "UNASSIGNED")]


# ── currencies ──────────────────────────────────────────────────────────────────────────────


def test_the_only_currency_is_taken_and_one_of_several_is_asked(new_team: NewTeam) -> None:
    team = new_team()
    assert set(totals(proposed(team.editor, Kind.OVERHEADS, BILLS))["currency"]) == {"AUD"}
    books.client(team, currency="NZD")
    asked = proposed(team.editor, Kind.OVERHEADS, BILLS)
    (question,) = asked.staged.questions
    assert (question.about, question.column, question.meanings) == (
        "currency", "Amount", {"AUD": "AUD 900.00", "NZD": "NZD 900.00"},
    )  # fmt: skip
    assert did(asked) == "RR"
    with pytest.raises(InvalidInput, match="question about the file"):
        confirm(team.editor, asked)
    imported(team.editor, Kind.OVERHEADS, BILLS, currency="NZD")
    assert {row[1] for row in recorded(team)} == {"NZD"}
    # The next file of this kind is in the same currency.
    mapping = suggest(team.editor, Kind.OVERHEADS, open_file("a.csv", BILLS.encode()).tables[0])
    assert mapping.currency == "NZD"
    assert did(proposed(team.editor, Kind.OVERHEADS, BILLS)) == "UU"


def test_a_currency_that_nothing_uses_is_warned_about(new_team: NewTeam) -> None:
    team = new_team()
    text = "Date,Supplier,Amount\n1/3/2024,Offices,900\n13/3/2024,Tools,CHF 5\n"
    proposal = proposed(team.editor, Kind.OVERHEADS, text)
    assert unused_currencies(proposal) == ["CHF"]
    confirm(team.editor, proposal)
    more = proposed(team.editor, Kind.OVERHEADS, text.replace("13/3", "14/3"))
    assert unused_currencies(more) == []


def test_sums_are_by_currency(new_team: NewTeam) -> None:
    team = new_team()
    text = (
        "Date,Supplier,Currency,Amount\n1/3/2024,A,AUD,900\n1/3/2024,B,NZD,5\n13/3/2024,C,AUD,1\n"
    )
    frame = totals(proposed(team.editor, Kind.OVERHEADS, text))
    assert [tuple(map(str, row)) for row in frame[["currency", "rows", "expenses"]].values] == [
        ("AUD", "2", "901.00"), ("NZD", "1", "5.00"),
    ]  # fmt: skip


# ── undoing ─────────────────────────────────────────────────────────────────────────────────


def test_an_overhead_that_was_assigned_or_changed_keeps_the_import(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team)
    done = imported(team.editor, Kind.OVERHEADS, BILLS)
    first, second = sorted(rows_of(team.editor, Kind.OVERHEADS))
    overheads.assign(team.editor, first, 1, client, row_id=ids.new_id("fin"))
    with pytest.raises(ImportTouched, match="a deleted record"):
        undo(team.editor, done.id)
    record = overheads.get(team.viewer, second)
    overheads.change(team.editor, second, 1, record.__class__(**{**vars(record), "note": "x"}))
    with pytest.raises(ImportTouched, match="Software, 13 Mar 2024"):
        undo(team.editor, done.id)


def test_every_action_is_reached(new_team: NewTeam) -> None:
    """The control of the actions above: the same file without its faults is all new."""
    proposal = proposed(new_team().editor, Kind.OVERHEADS, BILLS)
    assert proposal.counts[Action.NEW] == 2
