"""Both meanings of an ambiguous cell, for a question about its column: dates and figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.dates import (
    DateReader,
    could_be_swapped,
    misread_order,
    swapped,
)
from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.table import Cell
from zixly_data.values.dates import short_date

_SAMPLE_SIZE = 5_000
_FIGURE = re.compile(r"[0-9][0-9.,]*[0-9]")
_ORDERS: tuple[DateOrder, ...] = ("DMY", "MDY")

Meanings = tuple[str, Mapping[str, str]]


def date_meanings(cells: Sequence[Cell]) -> Meanings:
    """Return an ambiguous date and its meanings: `3/4/24`, {DMY: 3 Apr 2024, MDY: 4 Mar 2024}.

    An order in which the cell is not a date has no meaning. Among real dates that a spreadsheet may
    have misread, the example is the first of those: `4 Mar 2024`.
    """
    if order := misread_order(cells):
        day = next(cell for cell in cells if isinstance(cell, date) and could_be_swapped(cell))
        meanings: dict[str, str] = {
            option: short_date(swapped(day) if option == order else day) for option in _ORDERS
        }
        return short_date(day), meanings
    return _first_ambiguous(
        cells, lambda text: {order: _format_day(text, order) for order in _ORDERS}
    )


def figure_meanings(cells: Sequence[Cell]) -> Meanings:
    """Return an ambiguous figure and its meanings by decimal mark: `1,234`, {.: 1234, ,: 1.234}."""
    return _first_ambiguous(
        cells,
        lambda text: {
            ".": _format_figure(text.replace(",", "")),
            ",": _format_figure(text.replace(".", "").replace(",", ".")),
        },
    )


def _first_ambiguous(cells: Sequence[Cell], read: Callable[[str], Mapping[str, str]]) -> Meanings:
    """Return the first cell with two meanings, else the first cell."""
    first: Meanings | None = None
    for text in _distinct_texts(cells):
        meanings = {option: meaning for option, meaning in read(text).items() if meaning}
        if len(set(meanings.values())) > 1:
            return text, meanings
        first = first or (text, meanings)
    return first or ("", {})


def _distinct_texts(cells: Sequence[Cell]) -> Iterator[str]:
    texts = (cell for cell in cells if isinstance(cell, str) and cell.strip())
    return iter(dict.fromkeys(islice(texts, _SAMPLE_SIZE)))


def _format_day(text: str, order: DateOrder) -> str:
    try:
        return short_date(date.fromisoformat(DateReader(order, (), "Date").read_text(text)))
    except InvalidInput:
        return ""


def _format_figure(text: str) -> str:
    match = _FIGURE.search(text)
    if match is None or match[0].count(".") > 1:
        return ""
    return format(Decimal(match[0].replace(",", "")), "f")
