"""The contents of a file: a header, columns of cells, and the line of each row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# CSV has texts only; a workbook also has numbers, dates and yes/no. None is an empty cell.
# A number of a workbook is exact to the 15 digits that a spreadsheet stores.
Cell = str | Decimal | date | bool | None


@dataclass(frozen=True)
class Table:
    """The rows of a file below its header, without titles, blank lines and totals.

    `columns[place][row]` is a cell, `lines[row]` the line of the file (from 1) where the row
    starts. `totals` are the lines of rows recognised as totals. A number that a workbook shows as a
    percentage has the value shown: 12.5 where 0.125 is stored. `notes` are sentences for the
    person: formulas, merged cells, another encoding.

    `is_bank` is whether the rows are those of a bank account, with a running balance or in the
    layout of a bank. `is_journal` is whether they hold both sides of each entry; the columns
    `Account`, `Account type`, `Debit` and `Credit` then exist, the type empty if the file has none.
    """

    sheet: str
    header: tuple[str, ...]
    columns: tuple[tuple[Cell, ...], ...]
    lines: tuple[int, ...]
    totals: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    is_bank: bool = False
    is_journal: bool = False

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class OpenedFile:
    """A file that was read. `tables` has one for each sheet with rows; a CSV has one sheet."""

    name: str
    checksum: str
    size: int
    tables: tuple[Table, ...]
