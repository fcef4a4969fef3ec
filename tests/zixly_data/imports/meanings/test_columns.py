"""Which columns say what rows are, and what their values suggest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zixly_data.imports.cells.mapping import Mapping
from zixly_data.imports.files.opening import open_file
from zixly_data.imports.meanings.columns import find_columns
from zixly_data.imports.meanings.meaning import Meaning
from zixly_data.imports.meanings.vocabulary import suggest

LETTERS = {
    "R": Meaning.REVENUE, "E": Meaning.EXPENSE, "C": Meaning.CREDIT, "F": Meaning.REFUND,
    "L": Meaning.LEAVE_OUT, "n": Meaning.COUNT, "?": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "letters"),
    [
        ("Sales invoice,Sales credit note,Sales overpayment,Sales prepayment", "RCLL"),
        ("Bill,Bill credit note,Purchase credit note,Bill payment,Supplier credit", "EFFLF"),
        ("BILL,credit note,REFUND", "EFF"),
        ("Invoice,Credit memo,Refund,Payment,Estimate,Bill,Vendor credit", "RCCLLEF"),
        ("ACCREC,ACCPAY,ACCRECCREDIT,ACCPAYCREDIT", "RECF"),
        ("SalesInvoice,CreditNote,sales_credit", "RCC"),
        ("Paid,Awaiting Payment,Voided,Draft,Deleted,Submitted,Overdue", "nnLLLLn"),
        ("Rechnung,Gutschrift,Stornorechnung,Eingangsrechnung,Überweisung", "RCLEL"),
        ("Einnahme,Ausgabe", "RE"),
        ("bezahlt,offen,storniert,Entwurf,Angebot", "nnLLL"),
        ("Income,Expense,Expense refund,Transfer", "REFL"),
        ("Spend money,Receive money,Spend overpayment", "ERL"),
        ("debit,credit", "ER"),
        ("DR,CR", "ER"),
        ("S,H", "ER"),
        ("In,Out,", "REn"),
        ("+,-", "RE"),
        ("Invoice,Credit", "RC"),
        ("charge,refund,payout,stripe_fee", "RCLE"),
        ("Retainer,Project", "??"),
        ("Cost of sales,Sales", "ER"),
    ],
)
def test_values_suggest_meanings(values: str, letters: str) -> None:
    assert suggest(values.split(",")) == [LETTERS[letter] for letter in letters]


@pytest.mark.parametrize(
    ("values", "letters"),
    [
        ("Income,Asset,Liability,Equity,Expense,Cost of Goods Sold,Other Income", "RLLLEER"),
        ("Sales,Accounts Receivable,GST,Bank,Bank Fees,Rent,Consulting fees", "RLLLE?R"),
    ],
)
def test_accounts_of_a_journal_suggest_meanings(values: str, letters: str) -> None:
    names = values.split(",")
    assert suggest(names, is_journal=True) == [LETTERS[letter] for letter in letters]


def test_a_credit_in_a_file_of_overheads_is_of_a_supplier() -> None:
    assert suggest(["Credit note", "Refund"], is_overhead=True) == [Meaning.REFUND] * 2


def asked(header: str, *rows: str, has_signs: bool = False, mapped: int = 2) -> list[str]:
    (table,) = open_file("a.csv", "\n".join([header, *rows, ""]).encode()).tables
    mapping = Mapping({"client_name": 0, "date": 1, "amount": mapped})
    return [
        column.heading
        for column in find_columns(table, mapping, has_signs=has_signs, is_overhead=False)
    ]


BASE = "Client,Date,Amount"


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Type", ["Bill"]),
        ("Type", ["Invoice"]),
        ("Type", ["Income", "Expense"]),
        ("Transaction type", ["Fatura", "Recibo"]),
        ("Status", ["Paid", "Voided"]),
        ("Status", ["Paid", "Written off"]),
        ("Category", ["Income", "Travel"]),
        ("What it is", ["Bill", "Invoice"]),
        ("Billable", ["Yes", "No"]),
        ("Dr/Cr", ["D", "C"]),
        ("Sale Status", ["I", "Q"]),
    ],
)
def test_a_column_that_says_what_rows_are_is_asked_about(heading: str, values: list[str]) -> None:
    rows = [f"Kea,2024-03-01,5,{value}" for value in values]
    assert asked(f"{BASE},{heading}", *rows) == [heading]


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("Type", ["Retainer"]),
        ("Status", ["Paid"]),
        ("Status", ["Paid", "Overdue", "Sent"]),
        ("Sent", ["Sent", ""]),
        ("Sent", ["Yes", "No"]),
        ("Category", ["Travel", "Meals"]),
        ("Class", ["North", "South"]),
        ("Tax type", ["GST on Income", "GST on Expenses"]),
        ("Payment method", ["Bank transfer", "Cash"]),
        ("Item", ["Invoice", "Bill"]),
        ("Currency", ["AUD", "NZD"]),
        ("Billable", ["Yes"]),
        ("Sale Status", ["I"]),
        ("Paid", ["Paid", "Open"]),
        ("Remark", ["Thanks", "Payment late", "Call back", "Bill them"]),
    ],
)
def test_a_column_that_says_nothing_about_counting_is_not(heading: str, values: list[str]) -> None:
    rows = [f"Kea,2024-03-01,5,{value}" for value in values]
    assert asked(f"{BASE},{heading}", *rows) == []


def test_a_column_with_many_values_or_mapped_to_a_field_is_not_asked_about() -> None:
    many = [f"Kea,2024-03-01,5,Bill {row}" for row in range(200)]
    assert asked(f"{BASE},Type", *many) == []
    assert asked("Client,Date,Type,Amount", "Kea,2024-03-01,Bill,5", mapped=2) == []


@pytest.mark.parametrize(
    ("notes", "is_asked"),
    [
        (["Invoice", "Refund"], True),
        (["Invoice", "Refund", "Thanks"], False),
        (["Invoice"], False),
        (["Paid", "Open"], False),
    ],
)
def test_notes_are_asked_about_only_if_each_says_what_a_row_is(
    notes: list[str], is_asked: bool
) -> None:
    rows = [f"Kea,2024-03-01,5,{note}" for note in notes]
    (table,) = open_file("a.csv", "\n".join([f"{BASE},Description", *rows, ""]).encode()).tables
    mapping = Mapping({"client_name": 0, "date": 1, "amount": 2, "note": 3})
    columns = find_columns(table, mapping, has_signs=False, is_overhead=False)
    assert bool(columns) is is_asked


def test_a_journal_is_asked_about_by_the_types_of_accounts_or_by_accounts() -> None:
    header = "Client,Date,Debit,Account type,Account,Type"
    rows = ["Kea,2024-03-01,5,Income,Sales,Invoice", "Kea,2024-03-01,5,Asset,Bank,Invoice"]
    for text, heading in (
        ([header, *rows], "Account type"),
        ([header, *(row.replace("Income", "").replace("Asset", "") for row in rows)], "Account"),
    ):
        (table,) = open_file("a.csv", "\n".join([*text, ""]).encode()).tables
        (column,) = find_columns(
            replace(table, is_journal=True),
            Mapping({"client_name": 0, "date": 1, "expenses": 2}),
            has_signs=False,
            is_overhead=False,
        )
        assert column.heading == heading
        assert list(column.suggestions.values()) == [Meaning.REVENUE, Meaning.LEAVE_OUT]


def test_the_types_of_a_bank_are_not_asked_about_but_payments_that_failed_are() -> None:
    header, rows = f"{BASE},Type,Status", ("Kea,2024-03-01,-5,Payment,Completed",)
    assert asked(header, *rows, has_signs=True) == []
    failed = "Kea,2024-03-01,-5,Payment,Failed"
    assert asked(header, *rows, failed, has_signs=True) == ["Status"]
    assert asked(header, *rows, failed) == ["Type", "Status"]
