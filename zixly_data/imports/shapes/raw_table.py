"""The rows of a sheet before it is known what shape its table has, and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zixly_data.imports.cells.table import Cell


@dataclass(frozen=True)
class RawTable:
    """The rows below a header, totals included.

    `titles` are the texts above the header, and the name of the sheet. `header` has the cells of
    the header, of which some may be dates. `columns[place][row]` is a cell, `lines[row]` its line.
    """

    titles: tuple[str, ...]
    header: tuple[Cell, ...]
    columns: Sequence[Sequence[Cell]]
    lines: Sequence[int]

    def row(self, row: int) -> list[Cell]:
        """Return the cells of a row."""
        return [column[row] for column in self.columns]

    def name(self, place: int) -> str:
        """Return the name of a column; empty if it has none."""
        cell = self.header[place] if place < len(self.header) else None
        return " ".join(str(cell or "").split())


@dataclass(frozen=True)
class ReshapedTable:
    """A table with a record in each row. `totals` are the lines left out, `notes` say why."""

    header: tuple[str, ...]
    columns: tuple[list[Cell], ...]
    lines: list[int]
    totals: tuple[int, ...]
    notes: tuple[str, ...]


def filled_places(cells: Iterable[Cell]) -> list[int]:
    """Return the indexes of the cells that are not empty."""
    return [place for place, cell in enumerate(cells) if cell is not None]


def name_lines(lines: Sequence[int]) -> str:
    """Name lines in a sentence: `line 4`, `lines 4, 6 and 9`, `lines 1, 2, 3, 4, 5 and others`."""
    *first, last = [*map(str, lines[:5]), *(["others"] if len(lines) > 5 else [])]
    return f"lines {', '.join(first)} and {last}" if first else f"line {last}"
