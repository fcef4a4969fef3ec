"""Amounts beside the fees or the discounts that reduce them, as the cells of a file show it.

A provider's fees are expenses, and its `Net` is what is left of a payment, not an amount without
tax. An amount before its discount was never earned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from zixly_data.imports.cells import headings
from zixly_data.imports.cells.kinds import Kind, field_of
from zixly_data.imports.cells.numbers import decimal_mark, read_amount
from zixly_data.imports.cells.table import Cell, Table

_AFTER_FEES = frozenset({"net", "netamount", "nettotal"})
_BEFORE_FEES = ("gross", "grossamount", "amount", "totalcollected", "total")
_SIDES = ("amount", "revenue", "expenses")
_SAMPLE_SIZE = 500
_CENT = Decimal("0.01")

Amounts = list[Decimal | None]


def settle(table: Table, columns: dict[str, int], kind: Kind) -> dict[str, int]:
    """Return the columns of a file with its payments as revenue and their fees as expenses, and
    with the amounts after discounts."""
    if kind is Kind.FINANCIALS and (places := _payments_and_fees(table)):
        others = {name: place for name, place in columns.items()
                  if name not in _SIDES and place not in places}  # fmt: skip
        return {**others, "revenue": places[0], "expenses": places[1]}
    if "amount" in columns and (place := _after_discount(table, columns, kind)) is not None:
        return {**columns, "amount": place}
    return columns


def _payments_and_fees(table: Table) -> tuple[int, int] | None:
    """Return the columns of payments and of their fees, if another one has what is left of each.

    None in a bank's file, and where only a person can tell refunds from payouts.
    """
    if table.is_bank or headings.has_balance(table.header):
        return None
    keys = [headings.normalise_heading(name) for name in table.header]
    fees = [place for place, name in enumerate(table.header) if headings.is_fee(name)]
    left = [place for place, key in enumerate(keys) if key in _AFTER_FEES]
    has_types = any(key.endswith("type") for key in keys)
    for key in _BEFORE_FEES:
        for place in (place for place, other in enumerate(keys) if other == key):
            for fee in fees:
                for net in left:
                    rows = list(_rows(table, place, fee, net))
                    is_plain = has_types or all(gross >= 0 for gross, _, _ in rows)
                    if is_plain and _are_reduced(rows):
                        return place, fee
    return None


def _are_reduced(rows: Sequence[tuple[Decimal, Decimal, Decimal]]) -> bool:
    return any(fee for _, fee, _ in rows) and any(
        all(gross + sign * fee == net for gross, fee, net in rows) for sign in (1, -1)
    )


def _after_discount(table: Table, columns: dict[str, int], kind: Kind) -> int | None:
    """Return the column that has the amounts after their discount, if the one chosen has those
    before it."""
    names = field_of(kind, "amount").names
    used = set(columns.values())
    for discount, heading in enumerate(table.header):
        if "discount" not in headings.normalise_heading(heading):
            continue
        for place, name in enumerate(table.header):
            if place in used or headings.normalise_heading(name) not in names:
                continue
            rows = list(_rows(table, columns["amount"], discount, place))
            taxes = _amounts(table.columns[columns["tax"]]) if "tax" in columns else None
            if any(reduction for _, reduction, _ in rows) and (
                all(net == gross - abs(reduction) for gross, reduction, net in rows)
                or all(net == _less(gross, reduction) for gross, reduction, net in rows)
                or (taxes is not None and _add_up_with_tax(rows, taxes))
            ):
                return place
    return None


def _less(gross: Decimal, percentage: Decimal) -> Decimal:
    return (gross * (100 - percentage) / 100).quantize(_CENT)


def _add_up_with_tax(rows: Sequence[tuple[Decimal, Decimal, Decimal]], taxes: Amounts) -> bool:
    return all(
        net == gross - abs(reduction) + (tax or 0)
        for (gross, reduction, net), tax in zip(rows, taxes, strict=False)
    )


def _rows(table: Table, *places: int) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
    """Yield the amounts of the rows in three columns; those of an empty cell are zero."""
    columns = [_amounts(table.columns[place]) for place in places]
    for first, second, third in zip(*columns, strict=True):
        yield first or Decimal(0), second or Decimal(0), third or Decimal(0)


def _amounts(cells: Sequence[Cell]) -> Amounts:
    sample = list(islice(cells, _SAMPLE_SIZE))
    mark = decimal_mark(sample) or "."
    return [read_amount(cell, mark) for cell in sample]
