"""Finds the header, the row of column names: titles may precede it, and a bank may omit it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NoReturn

from zixly_data.imports.cells import dates as cell_dates
from zixly_data.imports.cells.headings import is_known_heading
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.files.refusal import FileRefused

TITLE_ROWS = 40  # The header is among this many first rows that are not blank.
Row = Sequence[Cell]
# The columns of banks that write no header (ANZ, Commonwealth Bank).
_BANK = ("Date", "Amount", "Description", "Balance")
_LONGEST_NAME = 100
_MONTHS = 3


def count_known_names(row: Row) -> int:
    """Count the cells of a row that are column names recognised by Zixly."""
    return sum(isinstance(cell, str) and is_known_heading(cell) for cell in row)


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the index of the header in a file's first rows; None if no row is certain.

    The row with the most recognised names, if it has two. Otherwise the first row with a name in
    every column, if one is recognised or figures or days are below it: the first client of a list
    without a header is not a header.
    """
    counts = [count_known_names(row) if _are_names(row) else 0 for row in rows]
    if max(counts, default=0) >= 2:
        return counts.index(max(counts))
    widest = max((_filled(row) for row in rows), default=0)
    for place, row in enumerate(rows):
        if _are_names(row) and _filled(row) >= max(min(widest, 2), widest - 1):
            below = [cell for later in rows[place + 1 :] for cell in later if cell is not None]
            if counts[place] or any(map(_is_figure, below)):
                return place
    return None


def bank_header(rows: Sequence[Row]) -> tuple[str, ...] | None:
    """Return the column names for a bank's file without a header; None for any other file."""
    widths = {len(row) for row in rows}
    if not rows or len(widths) != 1 or widths - {3, 4}:
        return None
    for row in rows:
        day, amount, description, *balance = row
        if not (_is_day(day) and _is_amount(amount) and isinstance(description, str)):
            return None
        if _is_figure(description) or not all(map(_is_amount, balance)):
            return None
    return _BANK[: widths.pop()]


def refuse(rows: Sequence[Row]) -> NoReturn:
    """Raise FileRefused for a table without a header."""
    for row in rows[:TITLE_ROWS]:
        if isinstance(row[0], str) and sum(_is_day(cell) for cell in row[1:]) >= _MONTHS:
            raise FileRefused(
                "The table has a column for each month. Zixly reads tables with a row for each "
                "client and month.",
                advice="Put each month on its own line: client_name, month, revenue, expenses.",
            )
    raise FileRefused(
        "The file has no line with column names.",
        advice="Add a first line such as: client_name, record_date, revenue, expenses.",
    )


def _are_names(row: Row) -> bool:
    filled = [cell for cell in row if cell is not None]
    return bool(filled) and not any(
        not isinstance(cell, str) or len(cell) > _LONGEST_NAME or _is_figure(cell)
        for cell in filled
    )


def _is_figure(cell: Cell) -> bool:
    """Return whether a cell is an amount, a number or a day, and not a name."""
    if isinstance(cell, str):
        return any(letter.isdigit() for letter in cell) and (
            not any(letter.isalpha() for letter in cell) or _is_day(cell)
        )
    return True


def _is_amount(cell: Cell) -> bool:
    return isinstance(cell, Decimal) or (
        isinstance(cell, str) and _is_figure(cell) and not _is_day(cell)
    )


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and cell_dates.is_day(cell))


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row)
