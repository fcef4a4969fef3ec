"""Revenue and expenses of each row, without tax, from its amount, its sign and its meaning."""

from __future__ import annotations

from decimal import Decimal

from zixly_data.imports.cells.amount_headings import is_of_document, is_of_line
from zixly_data.imports.cells.mapping import NO_TAX, TAX_COLUMN
from zixly_data.imports.rows.amounts.repeated_totals import (
    documents_of_several_lines,
    repeating_lines,
)
from zixly_data.imports.rows.amounts.row_meanings import RowMeanings, ask_for_meanings
from zixly_data.imports.rows.amounts.signs import NOTHING, by_meaning, by_sides, by_sign, negated
from zixly_data.imports.rows.amounts.tax import document_taxes, without_tax
from zixly_data.imports.rows.amounts.tax_notes import Taxes
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.staged import Column
from zixly_data.imports.rows.staging import RowStager

_FIELDS = ("revenue", "expenses", "amount")


def stage_amounts(stager: RowStager, row_meanings: RowMeanings) -> Taxes:
    """Fill revenue and expenses, and add the questions and notes about amounts. Return the tax that
    was taken off, for `tax_notes`.

    The dates have been read. Rejects rows without an amount.
    """
    names = [name for name in _FIELDS if stager.has_column(name)]
    amounts = {name: stager.money(name) for name in names}
    # A rate that a person gives is used instead of the column.
    is_read = stager.mapping.tax in (None, TAX_COLUMN)
    taxes: Column = stager.money("tax") if is_read else [None] * stager.staged.count
    documents = (
        documents_of_several_lines(stager, row_meanings) if _needs_documents(stager, names) else []
    )
    repeating: set[int] = set()
    if len(names) == 1:
        repeating = repeating_lines(stager, names[0], amounts[names[0]], taxes, documents)
        _leave_out(stager, amounts[names[0]], repeating)
    if row_meanings.columns:
        ask_for_meanings(stager, row_meanings, _in_file(stager.staged.count, amounts))
    if stager.has_column("tax"):
        taxes = document_taxes(stager, amounts[names[0]], taxes, documents, repeating)
    taken_off: dict[str, dict[int, Decimal]] = {}
    for name in names:
        # Documents whose total is repeated have one row each now.
        lines = [] if repeating else documents
        taxed = without_tax(stager, name, amounts[name], taxes, lines)
        amounts[name] = taxed.net
        if taxed.taxes:
            # The tax of a row is part of one of its amounts.
            taxes = [None if row in taxed.taxes else tax for row, tax in enumerate(taxes)]
            taken_off[name] = taxed.taxes
    if names == ["amount"]:
        revenue, expenses = by_sign(stager, amounts["amount"], row_meanings)
    elif len(names) == 1:
        revenue, expenses = by_meaning(stager, names[0], amounts[names[0]], row_meanings)
    else:
        revenue, expenses = by_sides(stager, amounts, row_meanings)
    _require_amounts(stager, names[0], revenue, expenses)
    columns = stager.staged.columns
    if "revenue" in names or any(revenue) or not any(expenses):
        columns["revenue"] = revenue
    if "expenses" in names or any(expenses):
        columns["expenses"] = expenses
    if len(names) == 1 and any(revenue) and any(expenses):
        _fill_other_side(revenue, expenses)
    # One column of amounts holds either side.
    either = taken_off.get("amount", {}) if len(names) > 1 else taken_off.get(names[0], {})
    return {side: {**either, **taken_off.get(side, {})} for side in ("revenue", "expenses")}


def _fill_other_side(revenue: Column, expenses: Column) -> None:
    """Set the side that a row does not have to zero, in a file whose rows are on either side."""
    for row, (earned, spent) in enumerate(zip(revenue, expenses, strict=True)):
        if earned is None and spent is not None:
            revenue[row] = NOTHING
        elif spent is None and earned is not None:
            expenses[row] = NOTHING


def _needs_documents(stager: RowStager, names: list[str]) -> bool:
    """Return whether lines of one document may make a difference to its amounts."""
    header = stager.table.header
    return (
        stager.has_column("tax")
        or stager.mapping.tax not in (None, NO_TAX)
        or any(is_of_document(header[stager.mapping.columns[name]]) for name in names)
        or any(map(is_of_line, header))
    )


def _leave_out(stager: RowStager, amounts: Column, repeating: set[int]) -> None:
    """Leave out the rows that repeat the total of their document, with a note."""
    if not repeating:
        return
    for row in repeating:
        amounts[row] = None
    stager.staged.left_out |= repeating
    count = len(repeating)
    stager.staged.notes.append(
        "1 line repeats the total of its document, which is counted once."
        if count == 1
        else f"{count:,} lines repeat the total of their document, which is counted once."
    )


def _in_file(count: int, amounts: dict[str, Column]) -> Column:
    """Return the amount of each row as the file has it: money in minus money out."""
    if len(amounts) == 1:
        return next(iter(amounts.values()))
    empty: Column = [None] * count
    column: Column = []
    rows = zip(*(amounts.get(name, empty) for name in _FIELDS), strict=True)
    for revenue, expenses, amount in rows:
        if revenue is None and expenses is None:
            column.append(amount)
        elif revenue is None or expenses is None:
            column.append(revenue or (expenses and negated(expenses)))
        else:
            column.append(str(Decimal(revenue) - Decimal(expenses)))
    return column


def _require_amounts(stager: RowStager, name: str, revenue: Column, expenses: Column) -> None:
    staged = stager.staged
    for row, (earned, spent) in enumerate(zip(revenue, expenses, strict=True)):
        if (
            earned is None
            and spent is None
            and row not in staged.problems
            and row not in staged.left_out
        ):
            stager.reject(row, name, Cause.NO_AMOUNT, "The row has no amount.")
