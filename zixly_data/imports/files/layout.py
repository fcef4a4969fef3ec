"""Locates the table on a sheet: its header below titles, its columns, its rows, its totals.

`Sheet` takes rows one by one and stores columns, because a file can be long. Every row that is left
out is accounted for: titles and blank lines are above or between the rows, totals are reported by
their lines. A table of another shape, such as one with a column for each month, is reshaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from zixly_data.imports.cells.headings import has_balance, normalise_heading
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.files import header, total_rows
from zixly_data.imports.files.refusal import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, FileRefused
from zixly_data.imports.shapes import journals, months_across
from zixly_data.imports.shapes.raw_table import RawTable
from zixly_data.imports.shapes.reshaping import reshape

_SHARED = 50_000


class Sheet:
    """Collects the rows of a sheet and builds its Table."""

    def __init__(self, name: str, notes: Sequence[str] = ()) -> None:
        self.name = name
        self._notes = list(notes)
        self._first: list[tuple[int, list[Cell]]] = []
        self._titles: list[str] = []
        self._header: list[str] = []
        self._header_row: list[Cell] = []
        self._columns: list[list[Cell]] = []
        self._lines: list[int] = []
        self._repeated: list[int] = []
        self._too_wide: list[int] = []
        self._shared: dict[str, str] = {}
        self._is_bank = False

    def add(self, line: int, cells: Sequence[Cell]) -> None:
        """Add the row that starts on `line`. Raises FileRefused if the table is too large."""
        row = [None if cell == "" or (type(cell) is str and cell.isspace()) else cell
               for cell in cells]  # fmt: skip
        while row and row[-1] is None:
            row.pop()
        if not row:
            return
        if len(row) > MOST_COLUMNS:
            raise FileRefused(
                f"Line {line} has {len(row):,} columns, over the limit of {MOST_COLUMNS}.",
                advice="Remove the columns that Zixly does not need and import the file again.",
            )
        if not self._header:
            self._first.append((line, row))
            if len(self._first) > header.TITLE_ROWS:
                self._find_columns()
        else:
            self._append(line, row)

    def table(self) -> Table:
        """Build the table. Raises FileRefused if there is no header, or no row below it."""
        if not self._header:
            self._find_columns()
        raw = RawTable(
            (*self._titles, self.name), tuple(self._header_row), self._columns, self._lines
        )
        if reshaped := reshape(raw):
            if len(reshaped.lines) > MOST_ROWS:
                self._refuse_size("rows")
            return journals.mark(
                Table(
                    self.name, reshaped.header, tuple(map(tuple, reshaped.columns)),
                    self._check_rows(reshaped.lines), reshaped.totals,
                    (*self._notes, *self._shape_notes(reshaped.header), *reshaped.notes),
                )
            )  # fmt: skip
        return journals.mark(self._plain_table())

    def _plain_table(self) -> Table:
        """Build the table with its rows as they are, without totals."""
        totals = total_rows.find_total_rows(self._columns, len(self._lines))
        total_lines = tuple(self._lines[row] for row in totals)
        for column in (self._lines, *self._columns) if totals else ():
            _remove_rows(column, totals)
        lines = self._check_rows(self._lines)
        places = [
            place
            for place, column in enumerate(self._columns)
            if (place < len(self._header) and self._header[place])
            or any(cell is not None for cell in column)
        ]
        names = tuple(
            (self._header[place] if place < len(self._header) else "") or f"(column {place + 1})"
            for place in places
        )
        columns = []
        for place in places:
            columns.append(tuple(self._columns[place]))
            self._columns[place] = []
        doubt = months_across.doubt(self._header_row)
        is_bank = self._is_bank or has_balance(names)
        return Table(
            self.name, names, tuple(columns), lines, total_lines,
            (*self._notes, *self._shape_notes(names), *([doubt] if doubt else [])), is_bank,
        )  # fmt: skip

    def _check_rows(self, lines: Sequence[int]) -> tuple[int, ...]:
        """Return the lines of the rows. Raises FileRefused if there are none."""
        if not lines:
            raise FileRefused(
                "The file has column names but no rows below them.",
                advice="Export it again with its rows. A filter may have hidden them.",
            )
        return tuple(lines)

    def _find_columns(self) -> None:
        rows = [row for _, row in self._first]
        place = header.find_header(rows)
        if place is not None:
            self._header_row = rows[place]
            self._titles = header.texts_of(rows[:place])
            self._header = [" ".join(str(cell or "").split()) for cell in rows[place]]
        elif bank := header.bank_header(rows):
            place = -1
            self._header = list(bank)
            self._is_bank = True
            self._notes.append(
                "The file has no line with column names. The columns look like those of a bank: "
                f"{', '.join(bank)}."
            )
        else:
            header.refuse(rows)
        self._columns = [[] for _ in self._header]
        first, self._first = self._first[place + 1 :], []
        for line, row in first:
            self._append(line, row)

    def _append(self, line: int, row: list[Cell]) -> None:
        if row == self._header_row and len(row) > 1:
            self._repeated.append(line)
            return
        columns = self._columns
        if len(row) > len(columns):
            self._too_wide.append(line)
            columns.extend([None] * len(self._lines) for _ in range(len(row) - len(columns)))
        self._lines.append(line)
        if len(self._lines) > MOST_ROWS or len(self._lines) * len(columns) > MOST_CELLS:
            self._refuse_size("rows" if len(self._lines) > MOST_ROWS else "cells")
        shared = self._shared
        for column, cell in zip(columns, row, strict=False):
            if type(cell) is str:
                shared_text = shared.get(cell)
                if shared_text is None:
                    if len(shared) < _SHARED:
                        shared[cell] = cell
                    shared_text = cell
                column.append(shared_text)
            else:
                column.append(cell)
        for column in columns[len(row) :]:
            column.append(None)

    def _refuse_size(self, unit: str) -> NoReturn:
        limit = MOST_ROWS if unit == "rows" else MOST_CELLS
        raise FileRefused(
            f"The table has more than {limit:,} {unit}.",
            advice="Split it, for example by year, and import the parts one after the other."
            if unit == "rows"
            else "Remove the columns that Zixly does not need and import the file again.",
        )

    def _shape_notes(self, names: Sequence[str]) -> list[str]:
        notes = []
        keys = [normalise_heading(name) for name in names]
        for name, key in dict(zip(names, keys, strict=True)).items():
            if key and keys.count(key) > 1:
                notes.append(
                    f"{keys.count(key)} columns are called “{name}”. The first one with values "
                    "is suggested."
                )
        if self._too_wide:
            notes.append(f"{_lines_have(self._too_wide)} more cells than the header.")
        if self._repeated:
            notes.append(f"{_lines_have(self._repeated)} the header again, which is left out.")
        return notes


def _remove_rows(column: Any, places: Sequence[int]) -> None:
    removed = set(places)
    column[:] = [cell for place, cell in enumerate(column) if place not in removed]


def _lines_have(lines: Sequence[int]) -> str:
    *first, last = [*map(str, lines[:5]), *(["others"] if len(lines) > 5 else [])]
    return f"Lines {', '.join(first)} and {last} have" if first else f"Line {last} has"
