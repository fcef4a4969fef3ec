"""What a cell means either way, for a question about a column that could be read in two ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.dates import Reader
from zixly_data.imports.cells.mapping import DateOrder
from zixly_data.imports.cells.table import Cell
from zixly_data.values.dates import short_date

_LOOKED_AT = 5_000
_FIGURE = re.compile(r"[0-9][0-9.,]*[0-9]")
_ORDERS: tuple[DateOrder, ...] = ("DMY", "MDY")

Readings = tuple[str, Mapping[str, str]]


def of_dates(cells: Sequence[Cell]) -> Readings:
    """A cell that is two days, and which they are: `3/4/24`, {DMY: 3 Apr 2024, MDY: 4 Mar 2024}.

    Nothing is said of a reading that makes it no date.
    """
    return _telling(cells, lambda text: {order: _day(text, order) for order in _ORDERS})


def of_figures(cells: Sequence[Cell]) -> Readings:
    """A cell that is two figures, by decimal mark: `1,234`, {.: 1234, ,: 1.234}."""
    return _telling(
        cells,
        lambda text: {
            ".": _figure(text.replace(",", "")),
            ",": _figure(text.replace(".", "").replace(",", ".")),
        },
    )


def _telling(cells: Sequence[Cell], read: Callable[[str], Mapping[str, str]]) -> Readings:
    """The first cell that reads in two ways, else the first there is."""
    first: Readings | None = None
    for text in _texts(cells):
        found = {way: words for way, words in read(text).items() if words}
        if len(set(found.values())) > 1:
            return text, found
        first = first or (text, found)
    return first or ("", {})


def _texts(cells: Sequence[Cell]) -> Iterator[str]:
    texts = (cell for cell in cells if isinstance(cell, str) and cell.strip())
    return iter(dict.fromkeys(islice(texts, _LOOKED_AT)))


def _day(text: str, order: DateOrder) -> str:
    try:
        return short_date(date.fromisoformat(Reader(order, (), "Date").of_text(text)))
    except InvalidInput:
        return ""


def _figure(text: str) -> str:
    found = _FIGURE.search(text)
    if found is None or found[0].count(".") > 1:
        return ""
    return format(Decimal(found[0].replace(",", "")), "f")
