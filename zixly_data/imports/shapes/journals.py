"""Double-entry journals: tables with both sides of each entry, as Wave and GnuCash export them.

A journal needs an account in each row, a date, and entries whose debits are their credits. Its
columns are then called `Account`, `Account type`, `Debit` and `Credit`, whatever the file calls
them; a signed amount is split into debit and credit.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from zixly_data.imports.cells.headings import normalise_heading, normalise_without_suffix
from zixly_data.imports.cells.numbers import decimal_mark, read_amount
from zixly_data.imports.cells.table import Cell, Table

ACCOUNT, ACCOUNT_TYPE, DEBIT, CREDIT = "Account", "Account type", "Debit", "Credit"
BOTH_SIDES = (
    "The file is a journal: it has both sides of each entry, such as the income account and the "
    "account of what the client owes. Choose the accounts that count, or each amount counts twice."
)
# By preference. GnuCash has the name of an account with and without those above it.
_ACCOUNTS = ("fullaccountname", "accountname", "account", "accnt", "glaccount", "ledgeraccount",
             "nominalcode", "glcode",
             "konto", "accountcode")  # fmt: skip
_TYPES = ("accounttype", "accounttypename", "accountclass", "accountgroup", "accountcategory")
_DEBITS = ("debit", "debitamount", "debits", "dr", "soll")
_CREDITS = ("credit", "creditamount", "credits", "cr", "haben")
# GnuCash has `Amount Num.`, which may be in another currency than the value.
_AMOUNTS = ("valuenum", "amountnum", "amount", "value", "netamount")
_ENTRIES = ("transactionid", "journalid", "journalnumber", "journalno", "entryid", "entrynumber",
            "entryno", "entry", "transactionnumber", "transno", "trnsid", "txnidx", "trans",
            "id")  # fmt: skip
_NUMBERS = ("number", "num", "no", "reference", "ref", "invoicenumber", "docnum", "documentnumber",
            "narration")  # fmt: skip
_DATES = ("date", "transactiondate", "journaldate", "postingdate", "entrydate", "datum")
_MIN_BALANCED = 0.9  # of the entries; a cell may be wrong
_SAMPLE = 200
_ROOTS = frozenset({
    "asset", "assets", "liability", "liabilities", "equity", "income", "revenue", "revenues",
    "expense", "expenses",
})  # fmt: skip
_SIGN = re.compile("[-−–()]")


@dataclass(frozen=True)
class _Columns:
    """The places of a journal's columns; None where it has none."""

    account: int
    date: int
    debit: int | None
    credit: int | None
    amount: int | None
    type: int | None
    entry: int | None
    number: int | None


def mark(table: Table) -> Table:
    """Return the table as a journal if it is one, else unchanged."""
    columns = _find_columns(table)
    if columns is None:
        return table
    table, filled = _fill_entries(table, columns)
    amounts = _signed_amounts(table, columns)
    for entries in _possible_entries(table, columns):
        if _are_balanced(table.columns[columns.account], amounts, entries, columns):
            return _as_journal(_without_entry_totals(table, columns), columns, filled)
    return table


def _find_columns(table: Table) -> _Columns | None:
    keys = [normalise_heading(name) for name in table.header]
    bare_keys = [normalise_without_suffix(name) for name in table.header]

    def place(names: Sequence[str]) -> int | None:
        """Return the place of the first of these names that has a column with cells."""
        for name in names:
            for candidates in (keys, bare_keys):
                for index, key in enumerate(candidates):
                    if key == name and any(cell is not None for cell in table.columns[index]):
                        return index
        return None

    account, day = place(_ACCOUNTS), place(_DATES)
    debit, credit, amount = place(_DEBITS), place(_CREDITS), place(_AMOUNTS)
    has_amounts = (debit is not None and credit is not None) or amount is not None
    if account is None or day is None or not has_amounts:
        return None
    if debit is None or credit is None:
        debit = credit = None
    return _Columns(
        account, day, debit, credit, amount, place(_TYPES), place(_ENTRIES), place(_NUMBERS)
    )


def _fill_entries(table: Table, columns: _Columns) -> tuple[Table, bool]:
    """Repeat the date of an entry, and what else only its first row has, in its other rows."""
    days = table.columns[columns.date]
    if days[0] is None or None not in days:
        return table, False
    later = [row for row, day in enumerate(days) if day is None]
    accounts = table.columns[columns.account]
    later = [row for row in later if accounts[row] is not None]
    if not later:
        return table, False
    only_first = [
        place for place, column in enumerate(table.columns)
        if all(column[row] is None for row in later)
    ]  # fmt: skip
    filled: list[tuple[Cell, ...]] = []
    for place, column in enumerate(table.columns):
        if place in only_first:
            cells = list(column)
            for row in later:
                cells[row] = cells[row - 1]
            column = tuple(cells)
        filled.append(column)
    return replace(table, columns=tuple(filled)), True


def _signed_amounts(table: Table, columns: _Columns) -> list[Decimal]:
    """Return the amount of each row, positive for a debit; 0 for a cell that is no amount."""

    def read(place: int) -> list[Decimal]:
        cells = table.columns[place]
        mark = decimal_mark(cells[:_SAMPLE], cents=True) or "."
        return [read_amount(cell, mark) or Decimal(0) for cell in cells]

    if columns.debit is not None and columns.credit is not None:
        pairs = zip(read(columns.debit), read(columns.credit), strict=True)
        return [debit - credit for debit, credit in pairs]
    return read(columns.amount or 0)


def _possible_entries(table: Table, columns: _Columns) -> list[list[Hashable]]:
    """Return the ways to tell entries apart: for each, the entry of each row."""
    days = table.columns[columns.date]
    ways: list[list[Hashable]] = []
    if columns.entry is not None:
        ways.append(list(table.columns[columns.entry]))
    if columns.number is not None:
        ways.append(list(zip(days, table.columns[columns.number], strict=True)))
    if columns.debit is not None:
        ways.append(list(days))
    return ways


def _are_balanced(
    accounts: Sequence[Cell],
    amounts: Sequence[Decimal],
    entries: Sequence[Hashable],
    columns: _Columns,
) -> bool:
    """Return whether nearly all entries have several accounts and a sum of zero."""
    sums: dict[Hashable, Decimal] = {}
    sides: dict[Hashable, set[Cell]] = {}
    for account, amount, entry in zip(accounts, amounts, entries, strict=True):
        if account is not None and entry is not None and amount:
            sums[entry] = sums.get(entry, Decimal(0)) + amount
            sides.setdefault(entry, set()).add(account)
    balanced = sum(not sums[entry] and len(sides[entry]) > 1 for entry in sums)
    # Two invoices of a day that cancel each other are no journal: a number or debits tell.
    is_enough = columns.debit is not None or balanced > 1 or columns.entry is not None
    return bool(sums) and is_enough and balanced >= len(sums) * _MIN_BALANCED


def _without_entry_totals(table: Table, columns: _Columns) -> Table:
    """Leave out rows without an account whose debit is their credit: the totals of entries."""
    if columns.debit is None or columns.credit is None:
        return table
    accounts, debits, credits = (
        table.columns[place] for place in (columns.account, columns.debit, columns.credit)
    )
    totals = {
        row for row, account in enumerate(accounts)
        if account is None and debits[row] is not None and debits[row] == credits[row]
    }  # fmt: skip
    if not totals:
        return table
    rows = [row for row in range(len(table)) if row not in totals]
    return replace(
        table,
        columns=tuple(tuple(column[row] for row in rows) for column in table.columns),
        lines=tuple(table.lines[row] for row in rows),
        totals=tuple(sorted([*table.totals, *(table.lines[row] for row in totals)])),
    )


def _as_journal(table: Table, columns: _Columns, is_filled: bool) -> Table:
    header, cells = list(table.header), list(table.columns)
    types = cells[columns.type] if columns.type is not None else _types_in_names(table, columns)
    header[columns.account] = ACCOUNT
    if columns.debit is not None and columns.credit is not None:
        header[columns.debit], header[columns.credit] = DEBIT, CREDIT
    elif columns.amount is not None:
        place = columns.amount
        header[place : place + 1] = [DEBIT, CREDIT]
        cells[place : place + 1] = split_sides(cells[place])
    if columns.type is not None:
        header[header.index(table.header[columns.type])] = ACCOUNT_TYPE
    else:
        place = header.index(ACCOUNT) + 1
        header.insert(place, ACCOUNT_TYPE)
        cells.insert(place, types)
    notes = [BOTH_SIDES]
    if is_filled:
        notes.append(
            "The date and the other cells that only the first line of an entry has were added to "
            "its other lines."
        )
    return replace(
        table, header=tuple(header), columns=tuple(cells), notes=(*table.notes, *notes),
        is_bank=False, is_journal=True,
    )  # fmt: skip


def split_sides(amounts: Sequence[Cell]) -> list[tuple[Cell, ...]]:
    """Return the debits, which are positive in signed amounts, and the credits, without a sign."""
    mark = decimal_mark(amounts, cents=True) or "."
    debits: list[Cell] = []
    credits: list[Cell] = []
    for cell in amounts:
        amount = read_amount(cell, mark)
        is_credit = amount is not None and amount < 0
        debits.append(None if is_credit else cell)
        credits.append(_unsigned(cell, amount) if amount is not None and is_credit else None)
    return [tuple(debits), tuple(credits)]


def _unsigned(cell: Cell, amount: Decimal) -> Cell:
    """Return a negative amount without its sign, in the notation of the file."""
    return _SIGN.sub("", cell) if isinstance(cell, str) else -amount


def _types_in_names(table: Table, columns: _Columns) -> tuple[Cell, ...]:
    """Return the first part of each account's full name, `Income` of `Income:Sales`.

    Nothing if the names do not begin with types of accounts, as those of GnuCash and hledger do.
    """
    accounts = table.columns[columns.account]
    roots = [account.partition(":")[0] if isinstance(account, str) else None
             for account in accounts]  # fmt: skip
    is_gnucash = normalise_heading(table.header[columns.account]) == "fullaccountname"
    if is_gnucash or all(root is None or root.casefold() in _ROOTS for root in roots):
        return tuple(roots)
    return (None,) * len(accounts)
