"""Rows of totals, which a table's last lines often are, and which are nobody's record.

A row is left out only if it could be no record: it says no day where the table has days, or stands
last and says nothing but figures; and either is called a total or its figures are the sums of the
rows above. A client that is called Total Tools stays a client.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells import dates as cell_dates
from zixly_data.imports.cells import numbers as cell_numbers
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.cells.table import Cell

_LABEL = re.compile(
    r"(?:grand|sub|sum|net|overall|report|invoice|page|column|final)?[ -]?totals?"
    r"(?: (?:aud|nzd|usd|gbp|eur|\$|all|amount|overall|due))?|sum|totals? \([^)]*\)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:sub-?)?totals?\b.+|.+\btotals?", re.IGNORECASE)
_SAMPLE = 500
_MOST = 0.6  # of the cells; some may be wrong, one may be the total
_LAST_ROWS = 12
Columns = Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class _Shape:
    """Which columns hold days and which figures, from the first rows."""

    days: tuple[int, ...]
    figures: tuple[int, ...]
    mark: dict[int, DecimalMark]

    def amount(self, columns: Columns, place: int, row: int) -> Decimal | None:
        """The figure in a cell of a column of figures."""
        return _amount(columns[place][row], self.mark[place]) if place in self.mark else None


def of(columns: Columns, rows: int) -> list[int]:
    """The places of rows that are totals, and of lines such as a report's last behind them."""
    called = _called_totals(columns, rows)
    shape = _shape(columns, rows)
    sums = _Sums(columns, shape)
    found: list[int] = []
    looked_at = sorted(called | set(range(max(0, rows - _LAST_ROWS), rows)))
    for row in looked_at:
        is_last = all(later in called for later in range(row + 1, min(rows, row + _LAST_ROWS)))
        is_last = is_last and row >= rows - _LAST_ROWS
        if _is_total(columns, shape, sums, row, row in called, is_last):
            found.append(row)
            sums.leave_out(row)
    return _with_footers(columns, found, rows)


def _is_total(
    columns: Columns, shape: _Shape, sums: _Sums, row: int, is_called: bool, is_last: bool
) -> bool:
    filled = [place for place, column in enumerate(columns) if column[row] is not None]
    figures = [place for place in filled if shape.amount(columns, place, row) is not None]
    if not figures or any(_is_day(columns[place][row]) for place in shape.days):
        return False
    words = [place for place in filled if place not in figures]
    if not is_called:
        return not words and is_last and sums.match(row, figures, nonzero=True, of_rows=2)
    if words != filled[:1]:
        return False
    label = str(columns[words[0]][row]).strip().rstrip(":")
    if shape.days and _LABEL.fullmatch(label):
        return True
    return bool(shape.days or (is_last and _LABEL.fullmatch(label))) and sums.match(row, figures)


class _Sums:
    """What the figures of the rows above a row add up to, each row read once."""

    def __init__(self, columns: Columns, shape: _Shape) -> None:
        self._columns = columns
        self._shape = shape
        self._upto = 0
        self._all = dict.fromkeys(shape.figures, Decimal(0))
        self._since = dict(self._all)
        self.rows = 0

    def match(
        self, row: int, figures: Sequence[int], *, nonzero: bool = False, of_rows: int = 1
    ) -> bool:
        """Whether these figures of `row` are the sums of all rows above, or since a total."""
        self._advance(row)
        amounts = {place: self._shape.amount(self._columns, place, row) for place in figures}
        if self.rows < of_rows or (nonzero and not any(amounts.values())):
            return False
        return any(
            all(sums[place] == amount for place, amount in amounts.items())
            for sums in (self._all, self._since)
        )

    def leave_out(self, row: int) -> None:
        """The row is a total: it counts in no other, and the next part begins below it."""
        self._advance(row)
        self._upto = row + 1
        self._since = dict.fromkeys(self._all, Decimal(0))

    def _advance(self, row: int) -> None:
        for place in self._shape.figures:
            part = sum(
                (
                    self._shape.amount(self._columns, place, above) or Decimal(0)
                    for above in range(self._upto, row)
                ),
                Decimal(0),
            )
            self._all[place] += part
            self._since[place] += part
        self.rows += row - self._upto
        self._upto = row


def _called_totals(columns: Columns, rows: int) -> set[int]:
    """Rows whose first filled cell has the word in it."""
    found = set()
    empty: Sequence[int] = range(rows)
    for column in columns:
        if not empty:
            break
        still_empty = []
        for row in empty:
            cell = column[row]
            if cell is None:
                still_empty.append(row)
            elif cell.__class__ is str and _may_be_total(cell):
                found.add(row)
        empty = still_empty
    return found


def _may_be_total(text: str) -> bool:
    if len(text) > 100:
        return False
    lower = text.lower()
    if "total" not in lower and "sum" not in lower:
        return False
    bare = text.strip().rstrip(":")
    return bool(_LABEL.fullmatch(bare) or _NAMED.fullmatch(bare))


def _shape(columns: Columns, rows: int) -> _Shape:
    days, figures = [], []
    marks: dict[int, DecimalMark] = {}
    for place, column in enumerate(columns):
        seen = [cell for cell in column[: min(rows, _SAMPLE)] if cell is not None]
        if not seen:
            continue
        if sum(map(_is_day, seen)) >= len(seen) * _MOST:
            days.append(place)
            continue
        mark = cell_numbers.decimal_mark(seen) or "."
        if sum(_amount(cell, mark) is not None for cell in seen) >= len(seen) * _MOST:
            figures.append(place)
            marks[place] = mark
    return _Shape(tuple(days), tuple(figures), marks)


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and cell_dates.is_day(cell))


def _amount(cell: Cell, mark: DecimalMark) -> Decimal | None:
    if isinstance(cell, Decimal):
        return cell
    if not isinstance(cell, str):
        return None
    if cell_numbers.PLAIN_CENTS.fullmatch(cell):
        return Decimal(cell)
    try:
        return cell_numbers.money(cell, mark, "")
    except InvalidInput:
        return None


def _with_footers(columns: Columns, found: list[int], rows: int) -> list[int]:
    """Adds the lines of one text alone that stand behind the last total: `Printed on 3 March`."""
    if not found or len(columns) < 3:
        return found
    behind = range(found[-1] + 1, rows)
    for row in behind:
        filled = [column[row] for column in columns if column[row] is not None]
        if len(filled) != 1 or not isinstance(filled[0], str):
            return found
    return [*found, *behind]
