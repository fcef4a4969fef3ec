"""Finds the header, the row of column names: titles may precede it, and a bank may omit it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn

from zixly_data.imports.cells.dates import is_date
from zixly_data.imports.cells.headings import is_known_heading
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.files.refusal import FileRefused
from zixly_data.imports.shapes import months_across

TITLE_ROWS = 40  # The header is among this many first rows that are not blank.
Row = Sequence[Cell]
# The columns of banks that write no header (ANZ, Commonwealth Bank).
_BANK = ("Date", "Amount", "Description", "Balance")
_LONGEST_NAME = 100
_DATES = 3
_MOST_STRAYS = 0.1  # of the rows of a bank; a cell that is no date or amount is its own problem


def count_known_names(row: Row) -> int:
    """Count the cells of a row that are column names recognised by Zixly."""
    return sum(isinstance(cell, str) and is_known_heading(cell) for cell in row)


def find_header(rows: Sequence[Row]) -> int | None:
    """Return the index of the header in a file's first rows; None if no row is certain.

    A row of months above amounts, else the row with the most recognised names, if it has two.
    Otherwise the first row with a name in every column, if one is recognised or figures or days are
    below it: the first client of a list without a header is not a header.
    """
    for place, row in enumerate(rows):
        if months_across.is_header(row, texts_of(rows[:place]), rows[place + 1 :]):
            return place
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


def texts_of(rows: Sequence[Row]) -> list[str]:
    """Return the texts and numbers in rows above a header: titles, a year."""
    return [str(cell) for row in rows for cell in row if isinstance(cell, str | Decimal)]


def bank_header(rows: Sequence[Row]) -> tuple[str, ...] | None:
    """Return the column names for a bank's file without a header; None for any other file."""
    width = max((len(row) for row in rows), default=0)
    if width not in (3, 4) or not _is_of_bank(rows[0], width):
        return None
    strays = sum(not _is_of_bank(row, width) for row in rows)
    return _BANK[:width] if strays <= len(rows) * _MOST_STRAYS else None


def _is_of_bank(row: Row, width: int) -> bool:
    if len(row) != width:
        return False
    day, amount, description, *balance = row
    return (
        is_date(day)
        and _is_amount(amount)
        and isinstance(description, str)
        and not _is_figure(description)
        and all(map(_is_amount, balance))
    )


def refuse(rows: Sequence[Row]) -> NoReturn:
    """Raise FileRefused for a table without a header."""
    for row in rows[:TITLE_ROWS]:
        if isinstance(row[0], str) and sum(is_date(cell) for cell in row[1:]) >= _DATES:
            raise FileRefused(
                "The names of the columns are dates, but they do not name different months in "
                "order, or could be days as well as months.",
                advice="Name each column by its month, like Jan 2024, or put each month on its own "
                "line: client_name, month, revenue, expenses.",
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
            not any(letter.isalpha() for letter in cell) or is_date(cell)
        )
    return True


def _is_amount(cell: Cell) -> bool:
    return isinstance(cell, Decimal) or (
        isinstance(cell, str) and _is_figure(cell) and not is_date(cell)
    )


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row)
