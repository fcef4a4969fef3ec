"""Parses the amounts and numbers of cells, in the formats that people and programs write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.cells.table import Cell
from zixly_data.values import amounts
from zixly_data.values.amount_formats import (
    could_be_figure,
    detect_mark,
    is_thousands_comma,
    parse_with_mark,
    single_spaces,
    without_currency,
)

# An amount that needs no parsing. Not -0.00: no amount is written so.
PLAIN_CENTS = re.compile(r"(?:-(?!0\.00))?(?:0|[1-9][0-9]{0,11})\.[0-9]{2}")
_QUICK = re.compile(
    r"(-?)\$?([1-9][0-9]{0,2}(?:,[0-9]{3}){0,3}|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?"
)

_YES_NO = {"yes": 1, "y": 1, "true": 1, "no": 0, "n": 0, "false": 0}


def decimal_mark(cells: Sequence[Cell], *, cents: bool = False) -> DecimalMark | None:
    """Detect the decimal mark of a column; None if its cells could be read in both ways.

    Only cells that could be figures count: `see 13.02.2024` says nothing about the others.
    A point unless a cell needs a comma. `1,234` and `1.234` alone are ambiguous; `1,234.50`, `12.5`
    and `1,234,567` are not. If some cells need a point and some a comma, the mark is None. Amounts
    have `cents` and no third decimal: there the comma of `1,234` separates thousands.
    """
    marks = set()
    texts = set()
    for cell in cells:
        if cell.__class__ is str:
            if cell[-3:-2] == "." and PLAIN_CENTS.fullmatch(cell):
                marks.add(".")
            else:
                texts.add(cell)
    marks |= {
        "." if cents and is_thousands_comma(text) else detect_mark(text)
        for text in texts
        if could_be_figure(text)
    } - {""}
    if "," in marks:
        return None if "." in marks else ","
    return "." if "." in marks or not marks else None


def quick_cents(text: str) -> str | None:
    """Return the text of a common amount with a decimal point; None if it needs full parsing."""
    if match := _QUICK.fullmatch(text):
        return f"{match[1]}{match[2].replace(',', '')}.{match[3] or '':0<2}"
    return None


def parse_money(text: str, mark: DecimalMark | None, field: str) -> Decimal:
    """Parse the amount of a cell, to the cent.

    Raises InvalidInput with `field` if it is not an amount, or `mark` is None and it is ambiguous.
    """
    return amounts.read_amount(text, mark, field)


def parse_number(text: str, mark: DecimalMark | None, field: str) -> Decimal:
    """Parse the number of a cell, without its per cent sign. Raises InvalidInput with `field`."""
    stripped = single_spaces(text)
    if (yes_no := _YES_NO.get(stripped.lower())) is not None:
        return Decimal(yes_no)
    return parse_with_mark(amounts.parse_number, stripped, stripped, mark, field)


def named_currencies(cells: Sequence[Cell]) -> dict[int, str]:
    """Return the currencies in amounts (`USD 5`, `€5`), by row. `$` alone is no currency."""
    codes = {}
    for cell in {cell for cell in cells if cell.__class__ is str}:
        # Most amounts are plain, and name none.
        if PLAIN_CENTS.fullmatch(cell):
            continue
        if code := without_currency(single_spaces(cell))[1]:
            codes[cell] = code
    if not codes:
        return {}
    return {
        row: codes[cell]
        for row, cell in enumerate(cells)
        if isinstance(cell, str) and cell in codes
    }


def read_amount(cell: Cell, mark: DecimalMark) -> Decimal | None:
    """Return the amount in a cell, None if it has none."""
    if isinstance(cell, Decimal):
        return cell
    if not isinstance(cell, str):
        return None
    if PLAIN_CENTS.fullmatch(cell):
        return Decimal(cell)
    try:
        return parse_money(cell, mark, "")
    except InvalidInput:
        return None
