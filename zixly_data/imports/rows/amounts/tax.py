"""Tax in the amounts of a file: what counts is the amount without it.

A column of tax beside the amounts is taken off where the amounts include it. Their heading says so,
or another column with which they add up; otherwise it is asked. Amounts whose heading says that
they include tax, in a file without a column of it, are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from zixly_data.imports.cells.amount_headings import includes_tax, is_of_line
from zixly_data.imports.cells.headings import has_balance, normalise_heading
from zixly_data.imports.cells.mapping import NO_TAX, TAX_COLUMN
from zixly_data.imports.rows.amounts.repeated_totals import Lines, OtherAmounts, other_amounts
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.questions import Question
from zixly_data.imports.rows.staged import Column, cell_text
from zixly_data.imports.rows.staging import RowStager

_CENT = Decimal("0.01")
_SAMPLE_SIZE = 500
# The usual rate by currency, as the first one offered.
_RATES = {"AUD": "10", "NZD": "15", "GBP": "20", "EUR": "19", "CHF": "8.1", "SGD": "9", "CAD": "5"}
_USUAL_RATE = "10"
_QUESTION = "The row cannot be read until the question about tax is answered."


@dataclass
class TaxedAmounts:
    """Amounts without tax, and the tax that was taken off in each row that had some."""

    net: Column
    taxes: dict[int, Decimal] = field(default_factory=dict)


def without_tax(
    stager: RowStager, name: str, amounts: Column, taxes: Column, documents: Sequence[Lines]
) -> TaxedAmounts:
    """Return the amounts of a field without tax; as they are while a question is open.

    `taxes` are those of `document_taxes`. Tax at a rate is rounded half up once for a document, so
    that its lines add up.
    """
    answer = stager.mapping.tax
    heading = stager.table.header[stager.mapping.columns[name]]
    if answer == NO_TAX:
        return TaxedAmounts(amounts)
    if answer not in (None, TAX_COLUMN):
        return _at_rate(amounts, documents, Decimal(answer or 0))
    if any(tax is not None and tax.strip("-0.") for tax in taxes):
        is_gross = True if answer == TAX_COLUMN else includes_tax(heading)
        if is_gross is None:
            is_gross = _adds_up_as_gross(stager, amounts, taxes, documents)
        if is_gross is None:
            tax_heading = stager.table.header[stager.mapping.columns["tax"]]
            _ask(stager, name, amounts, {TAX_COLUMN: tax_heading, NO_TAX: ""})
        return _minus(amounts, taxes, documents) if is_gross else TaxedAmounts(amounts)
    is_bank = stager.table.is_bank or has_balance(stager.table.header)
    if includes_tax(heading) and not stager.has_column("tax") and not is_bank:
        rate = _RATES.get(stager.reference_data.currency, _USUAL_RATE)
        _ask(stager, name, amounts, {rate: "", NO_TAX: ""})
    return TaxedAmounts(amounts)


def document_taxes(
    stager: RowStager,
    amounts: Column,
    taxes: Column,
    documents: Sequence[Lines],
    repeating: set[int],
) -> Column:
    """Return the tax of each row, so that each document has its tax once.

    A tax that is the same on all lines is that of the document, unless its heading is that of a
    line or another column shows that the lines add up. `repeating` rows have no amount and no tax;
    otherwise the tax of a document is shared by its lines.
    """
    if not documents or not stager.has_column("tax"):
        return taxes
    heading = stager.table.header[stager.mapping.columns["tax"]]
    is_total = "total" in normalise_heading(heading)
    is_repeated = not is_of_line(heading) and all(
        len({taxes[row] for row in lines}) == 1 for lines in documents
    )
    if is_repeated and not is_total:
        is_repeated = bool(repeating) and not _lines_add_up(stager, amounts, taxes, documents)
    of_rows = list(taxes)
    for lines in documents:
        tax = Decimal(taxes[lines[0]] or 0) if is_repeated else _sum(taxes, lines)
        if repeating:
            for row in lines:
                of_rows[row] = None if row in repeating else str(tax)
        elif is_repeated:
            gross = [abs(Decimal(amounts[row] or 0)) for row in lines]
            for row, share in zip(lines, _shares(tax, gross), strict=True):
                of_rows[row] = str(share)
    return of_rows


def _ask(stager: RowStager, name: str, amounts: Column, options: dict[str, str]) -> None:
    """Ask about tax, and reject the rows with an amount until it is answered. `options` are the
    answers; TAX_COLUMN has the heading of the column of tax."""
    staged = stager.staged
    open_rows = [
        row for row, amount in enumerate(amounts)
        if amount is not None and Decimal(amount) and row not in staged.left_out
    ]  # fmt: skip
    if not open_rows:
        return
    heading = stager.table.header[stager.mapping.columns[name]]
    example = cell_text(stager.cells(name)[open_rows[0]])
    if not any(question.about == "tax" for question in staged.questions):
        staged.questions.append(Question("tax", heading, example, options))
    for row in open_rows:
        if row not in staged.problems:
            stager.reject(row, name, Cause.OPEN_QUESTION, _QUESTION)


def _at_rate(amounts: Column, documents: Sequence[Lines], rate: Decimal) -> TaxedAmounts:
    taxed = TaxedAmounts(list(amounts))
    factor = 1 + rate / 100
    in_documents = {row for lines in documents for row in lines}
    nets: dict[str, str] = {}
    for row, amount in enumerate(amounts):
        if amount is not None and row not in in_documents:
            if amount not in nets:
                nets[amount] = str(_cents(Decimal(amount) / factor))
            _set(taxed, row, amount, nets[amount])
    for lines in documents:
        counted = [row for row in lines if amounts[row] is not None]
        gross = [Decimal(amounts[row] or 0) for row in counted]
        _spread(taxed, counted, gross, _cents(sum(gross, Decimal(0)) / factor), factor)
    return taxed


def _minus(amounts: Column, taxes: Column, documents: Sequence[Lines]) -> TaxedAmounts:
    taxed = TaxedAmounts(list(amounts))
    for row, (amount, tax) in enumerate(zip(amounts, taxes, strict=True)):
        if amount and tax and amount.strip("-0.") and tax.strip("-0."):
            gross = Decimal(amount)
            net = abs(gross) - abs(Decimal(tax))
            _set(taxed, row, amount, str(-net if gross < 0 else net))
    return taxed


def _spread(
    taxed: TaxedAmounts,
    rows: Sequence[int],
    gross: Sequence[Decimal],
    net: Decimal,
    factor: Decimal,
) -> None:
    """Set the net amounts of the lines of a document; the largest takes the cents that are left, so
    that the order of the lines makes no difference."""
    nets = [_cents(amount / factor) for amount in gross]
    if not nets:
        return
    largest = max(range(len(nets)), key=lambda place: abs(gross[place]))
    nets[largest] += net - sum(nets, Decimal(0))
    for row, amount, line in zip(rows, gross, nets, strict=True):
        _set(taxed, row, str(amount), str(line))


def _set(taxed: TaxedAmounts, row: int, amount: str, net: str) -> None:
    taxed.net[row] = net
    if tax := Decimal(amount) - Decimal(net):
        taxed.taxes[row] = tax


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP) + 0


def _adds_up_as_gross(
    stager: RowStager, amounts: Column, taxes: Column, documents: Sequence[Lines]
) -> bool | None:
    """Return whether the amounts include the tax, as another column shows that has them with or
    without it; None if no column shows it."""
    in_documents = {row for lines in documents for row in lines}
    singles = (
        [row] for row, amount in enumerate(amounts)
        if amount is not None and taxes[row] is not None and row not in in_documents
    )  # fmt: skip
    groups = [*islice(documents, _SAMPLE_SIZE), *islice(singles, _SAMPLE_SIZE)]
    compared = [
        (rows, amount, tax)
        for rows in groups
        if (tax := abs(_sum(taxes, rows))) and (amount := abs(_sum(amounts, rows)))
    ]
    if not compared:
        return None
    for heading, column in other_amounts(stager):
        is_total = includes_tax(heading)
        if is_total is not None and all(
            amount in _readings(column, rows) for rows, amount, _ in compared
        ):
            return is_total
        for is_gross in (True, False):
            if all(
                (amount - tax if is_gross else amount + tax) in _readings(column, rows)
                for rows, amount, tax in compared
            ):
                return is_gross
    return None


def _lines_add_up(
    stager: RowStager, amounts: Column, taxes: Column, documents: Sequence[Lines]
) -> bool:
    """Return whether another column has amounts that make the total of each document with the tax
    of all its lines."""
    totals = [max(abs(Decimal(amounts[row] or 0)) for row in lines) for lines in documents]
    return any(
        all(
            total - abs(_sum(taxes, lines)) in _readings(column, lines)
            for lines, total in islice(zip(documents, totals, strict=True), _SAMPLE_SIZE)
        )
        for _, column in other_amounts(stager)
    )


def _shares(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Return the total in cents, shared by weight; the largest takes the cents that are left."""
    whole = sum(weights, Decimal(0)) or Decimal(1)
    shares = [_cents(total * weight / whole) for weight in weights]
    largest = max(range(len(weights)), key=weights.__getitem__)
    shares[largest] += total - sum(shares, Decimal(0))
    return shares


def _sum(column: Column, rows: Sequence[int]) -> Decimal:
    return sum((Decimal(column[row] or 0) for row in rows), Decimal(0))


def _readings(column: OtherAmounts, rows: Sequence[int]) -> set[Decimal]:
    """Return what the column has for these rows: their sum, or the one amount of all of them."""
    figures = [abs(figure) for row in rows if (figure := column[row]) is not None]
    return {sum(figures, Decimal(0)), *(set(figures) if len(set(figures)) == 1 else ())}
