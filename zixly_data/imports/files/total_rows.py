"""Finds rows of totals, often the last lines of a table, which are not records.

A row is left out only if it cannot be a record: it has no day in a table with days, or is the last
row and has only figures. It must also be labelled as a total, or its figures must be the sums of
the rows above. A client called Total Tools stays a client.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from zixly_data.imports.cells.dates import is_date
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.cells.numbers import decimal_mark, read_amount
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.cells.total_labels import total_of

_SAMPLE = 500
_MIN_SHARE = 0.6  # of the cells; some may be wrong, one may be the total
_LAST_ROWS = 12
Columns = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class _Shape:
    """The columns of days and of figures, detected from the first rows."""

    days: tuple[int, ...]
    figures: tuple[int, ...]
    mark: dict[int, DecimalMark]

    def amount(self, columns: Columns, place: int, row: int) -> Decimal | None:
        """Return the figure in a cell; None if the column or the cell has none."""
        return read_amount(columns[place][row], self.mark[place]) if place in self.mark else None


def find_total_rows(columns: Columns, rows: int) -> list[int]:
    """Return the indexes of rows that are totals, and of the footer lines below them."""
    labelled = _labelled_totals(columns, rows)
    shape = _detect_shape(columns, rows)
    sums = _Sums(columns, shape)
    totals: list[int] = []
    candidates = sorted(labelled | set(range(max(0, rows - _LAST_ROWS), rows)))
    for row in candidates:
        is_last = all(later in labelled for later in range(row + 1, min(rows, row + _LAST_ROWS)))
        is_last = is_last and row >= rows - _LAST_ROWS
        if _is_total(columns, shape, sums, row, row in labelled, is_last):
            totals.append(row)
            sums.leave_out(row)
    return _add_footers(columns, totals, rows)


def _is_total(
    columns: Columns, shape: _Shape, sums: _Sums, row: int, is_labelled: bool, is_last: bool
) -> bool:
    filled = [place for place, column in enumerate(columns) if column[row] is not None]
    figures = [place for place in filled if shape.amount(columns, place, row) is not None]
    if not figures or any(is_date(columns[place][row]) for place in shape.days):
        return False
    texts = [place for place in filled if place not in figures]
    if not is_labelled:
        return not texts and is_last and sums.match(row, figures, nonzero=True, of_rows=2)
    if texts != filled[:1]:
        return False
    is_bare = total_of(str(columns[texts[0]][row])) == ""
    if shape.days and is_bare:
        return True
    return bool(shape.days or (is_last and is_bare)) and sums.match(row, figures)


class _Sums:
    """Running sums of the figures above a row; each row is read once."""

    def __init__(self, columns: Columns, shape: _Shape) -> None:
        self._columns = columns
        self._shape = shape
        self._next_row = 0
        self._since_start = dict.fromkeys(shape.figures, Decimal(0))
        self._since_total = dict(self._since_start)
        self.rows = 0

    def match(
        self, row: int, figures: Sequence[int], *, nonzero: bool = False, of_rows: int = 1
    ) -> bool:
        """Return whether these figures are the sums of all rows above, or since a total."""
        self._advance(row)
        amounts = {place: self._shape.amount(self._columns, place, row) for place in figures}
        if self.rows < of_rows or (nonzero and not any(amounts.values())):
            return False
        return any(
            all(sums[place] == amount for place, amount in amounts.items())
            for sums in (self._since_start, self._since_total)
        )

    def leave_out(self, row: int) -> None:
        """Exclude a total from the sums, and start the sums since a total below it."""
        self._advance(row)
        self._next_row = row + 1
        self._since_total = dict.fromkeys(self._since_start, Decimal(0))

    def _advance(self, row: int) -> None:
        for place in self._shape.figures:
            part = sum(
                (
                    self._shape.amount(self._columns, place, above) or Decimal(0)
                    for above in range(self._next_row, row)
                ),
                Decimal(0),
            )
            self._since_start[place] += part
            self._since_total[place] += part
        self.rows += row - self._next_row
        self._next_row = row


def _labelled_totals(columns: Columns, rows: int) -> set[int]:
    """Return the rows with the label of a total in their first filled cell."""
    labelled = set()
    empty: Sequence[int] = range(rows)
    for column in columns:
        if not empty:
            break
        still_empty = []
        for row in empty:
            cell = column[row]
            if cell is None:
                still_empty.append(row)
            elif isinstance(cell, str) and total_of(cell) is not None:
                labelled.add(row)
        empty = still_empty
    return labelled


def _detect_shape(columns: Columns, rows: int) -> _Shape:
    days, figures = [], []
    marks: dict[int, DecimalMark] = {}
    for place, column in enumerate(columns):
        sample = [cell for cell in column[: min(rows, _SAMPLE)] if cell is not None]
        if not sample:
            continue
        if sum(map(is_date, sample)) >= len(sample) * _MIN_SHARE:
            days.append(place)
            continue
        mark = decimal_mark(sample) or "."
        if sum(read_amount(cell, mark) is not None for cell in sample) >= len(sample) * _MIN_SHARE:
            figures.append(place)
            marks[place] = mark
    return _Shape(tuple(days), tuple(figures), marks)


def _add_footers(columns: Columns, totals: list[int], rows: int) -> list[int]:
    """Add the lines of a single text below the last total: `Printed on 3 March`."""
    if not totals or len(columns) < 3:
        return totals
    behind = range(totals[-1] + 1, rows)
    for row in behind:
        filled = [column[row] for column in columns if column[row] is not None]
        if len(filled) != 1 or not isinstance(filled[0], str):
            return totals
    return [*totals, *behind]
