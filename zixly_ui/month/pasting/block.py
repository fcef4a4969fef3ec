"""A block copied in a spreadsheet: the rows and cells of its text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from zixly_data.errors import InvalidInput

MOST_ROWS, MOST_COLUMNS = 2_000, 60
# A file is the way for more.
_TOO_LARGE = "Paste at most {0:,} rows of {1} columns. Import a file to enter more."


@dataclass(frozen=True)
class PastedRow:
    """A row of the block: its number there, counted from 1, and its cells without outer spaces."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """The rows of a block that have any text, all of `width` cells."""

    rows: tuple[PastedRow, ...]
    width: int

    def column(self, place: int, *, skip_first: bool = False) -> list[str]:
        """Return the texts of a column, counted from 0, without its empty cells."""
        rows = self.rows[1:] if skip_first else self.rows
        return [row.cells[place] for row in rows if row.cells[place]]


def read_block(text: str) -> Block:
    """Read the text that a spreadsheet puts on the clipboard: tabs between cells, and quotes around
    a cell that has a tab, a quote or a line break.

    Raises InvalidInput if there is no text, or too many rows or columns.
    """
    rows, width = [], 0
    for number, cells in enumerate(_split(text), start=1):
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            rows.append(PastedRow(number, stripped))
            width = max(width, len(stripped))
    if not rows:
        raise InvalidInput("There is nothing to paste. Copy some cells of a spreadsheet first.")
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise InvalidInput(_TOO_LARGE.format(MOST_ROWS, MOST_COLUMNS))
    return Block(
        tuple(
            PastedRow(row.number, (*row.cells, *[""] * (width - len(row.cells)))) for row in rows
        ),
        width,
    )


def _split(text: str) -> Iterator[list[str]]:
    lines = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    try:
        yield from list(csv.reader(StringIO(lines), delimiter="\t", strict=True))
    except csv.Error:
        # A quote that nothing closes, such as one for inches, is an ordinary character.
        yield from (line.split("\t") for line in lines.split("\n"))
