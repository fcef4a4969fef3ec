"""What is in a file: a header, columns of cells, and where each row stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# CSV holds texts alone; a workbook numbers, dates and yes/no too. None is an empty cell.
# A number of a workbook is exact to the 15 digits that a spreadsheet keeps.
Cell = str | Decimal | date | bool | None


@dataclass(frozen=True)
class Table:
    """The rows of a file below its header; titles above it, blank lines and totals are left out.

    `columns[place][row]` is a cell, `lines[row]` the line of the file (from 1) where the row
    starts. `totals` are the lines of rows recognised as totals. A number that a workbook shows as a
    percentage is what it shows: 12.5 where 0.125 is stored. `notes` are sentences about what was
    noticed: formulas, merged cells, another encoding.
    """

    sheet: str
    header: tuple[str, ...]
    columns: tuple[tuple[Cell, ...], ...]
    lines: tuple[int, ...]
    totals: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class OpenedFile:
    """A file that could be read. `tables` has one for each sheet with rows; a CSV has one sheet."""

    name: str
    checksum: str
    size: int
    tables: tuple[Table, ...]
