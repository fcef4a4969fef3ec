"""Tables with a column for each month: each amount becomes a row with its month.

A line with a total, a computed line such as a profit and a column of totals are left out. `Revenue`
or `Expenses` in a line of its own is the type of the rows below it, and so is the client whose rows
are called so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.month_headings import Months, bare_months, months_of
from zixly_data.imports.cells.numbers import read_amount
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.cells.total_labels import total_of
from zixly_data.imports.shapes import directions, month_rows
from zixly_data.imports.shapes.raw_table import (
    RawTable,
    ReshapedTable,
    filled_places,
    name_lines,
)
from zixly_data.values.dates import short_month

CLIENT, TYPE, GROUP, MONTH, AMOUNT = "Client", "Type", "Group", "Month", "Amount"
# What the corner of such a table may say about its months instead of about its rows.
_CORNERS = frozenset({"month", "months", "date", "period", "clientmonth", "monat", "monate"})
_MOST_TYPES = 6  # values of a column that is named Type
_LONGEST_ZERO = 30
_MIN_AMOUNTS = 0.6  # of the cells below the months; some may be wrong
_TOTAL_HEADING = re.compile(
    r"ytd|year to date|full year|fy ?(?:20)?[0-9]{2}|average|avg\.?|mean|durchschnitt"
    r"|(?:%|percent(?:age)?)(?: of (?:grand total|total|income|sales))?|(?:total|income|sales) ?%"
    r"|(?:q[1-4]|h[12]|[1-4]q|[12]h)(?:[ /'’-]*(?:20)?[0-9]{2})?",
    re.IGNORECASE,
)
_ZERO = re.compile(r"(?:[A-Z]{3} ?)?[^1-9A-Za-z]*0[^1-9A-Za-z]*(?: ?[A-Z]{3})?|\$? ?[-–—−]")


def is_header(row: Sequence[Cell], titles: Sequence[str], below: Sequence[Sequence[Cell]]) -> bool:
    """Return whether a row is the header of a table with months across, by the rows below it."""
    months = months_of(row, titles)
    if not months:
        return False
    for place in filled_places(row):
        cell = row[place]
        if place not in months and not _is_total_heading(cell, months):
            is_name = isinstance(cell, str) and any(map(str.isalpha, cell))
            if not is_name or read_amount(cell, ".") is not None:
                return False
    amounts = [
        [cell for place in months if place < len(later) and (cell := later[place]) is not None]
        for later in below
    ]
    first = next((cells for cells in amounts if cells), [])
    return bool(first) and _share_of_amounts(first) >= _MIN_AMOUNTS <= _share_of_amounts(
        [cell for cells in amounts for cell in cells]
    )


def doubt(header: Sequence[Cell]) -> str | None:
    """Return a sentence about months without a year, which are read as ordinary columns."""
    names = bare_months(header)
    if len(names) < 3:
        return None
    return (
        f"The columns {', '.join(names[:-1])} and {names[-1]} have no year. If they are months, "
        f"write the year in their names, like {names[0]} 2024, and import the file again."
    )


def reshape(raw: RawTable) -> ReshapedTable | None:
    """Return a table with `Month` and `Amount` columns; None if no months are across."""
    months = months_of(raw.header, raw.titles)
    if not months or not is_header(raw.header, raw.titles, _first_rows(raw)):
        return None
    table = _MonthsAcross(raw, months)
    return table.reshape() if table.texts else None


class _MonthsAcross:
    """A table with months across, and the places of its columns."""

    def __init__(self, raw: RawTable, months: Months) -> None:
        self._raw = raw
        self._months = months
        others = [
            place for place, column in enumerate(raw.columns)
            if place not in months
            and (raw.name(place) or any(cell is not None for cell in column))
        ]  # fmt: skip
        self._total_columns = [
            place for place in others
            if place < len(raw.header) and _is_total_heading(raw.header[place], months)
        ]  # fmt: skip
        self._kept = [place for place in others if place not in self._total_columns]
        self.texts = [
            place for place in self._kept
            if any(isinstance(cell, str) for cell in raw.columns[place])
        ]  # fmt: skip

    def reshape(self) -> ReshapedTable:
        """Return the table with a row for each amount that is not zero."""
        client = self._place_of_clients()
        rows = month_rows.classify(self._raw, list(self._months), self.texts, client)
        header = self._header(client)
        columns: list[list[Cell]] = [[] for _ in (*self._kept, MONTH, AMOUNT)]
        types: list[Cell] = []
        lines: list[int] = []
        zeros = 0
        row_types = rows.types or [None] * len(rows.records)
        for row, name, row_type in zip(rows.records, rows.clients, row_types, strict=True):
            kept = [
                name if place == client else self._raw.columns[place][row] for place in self._kept
            ]
            for place, month in self._months.items():
                amount = self._raw.columns[place][row]
                if amount is None:
                    continue
                if _is_zero(amount):
                    zeros += 1
                    continue
                for column, cell in zip(columns, (*kept, month, amount), strict=True):
                    column.append(cell)
                types.append(row_type)
                lines.append(self._raw.lines[row])
        notes = self._notes(rows, len(lines), zeros)
        direction = self._direction_of_titles(header, rows)
        if direction:
            notes.append(f"The title names the amounts, so each row has the type {direction}.")
            types = [direction] * len(lines)
        if direction or rows.headings_name:
            place = self._kept.index(client) + 1
            header.insert(place, TYPE if TYPE not in header else GROUP)
            columns.insert(place, types)
        return ReshapedTable(
            (*header, MONTH, AMOUNT), tuple(columns), lines, self._lines(rows.totals), tuple(notes)
        )

    def _place_of_clients(self) -> int:
        """Return the first column with texts other than numbers, `Revenue` and `Expenses`."""
        for place in self.texts:
            texts = [cell for cell in self._raw.columns[place] if isinstance(cell, str)]
            if not all(directions.direction_of(text) or _is_number(text) for text in texts):
                return place
        return self.texts[0]

    def _header(self, client: int) -> list[str]:
        """Name an unnamed column `Client`, one of few values `Type`, and others by their place."""
        names = {place: self._raw.name(place) for place in self._kept}
        if not names[client] or normalise_heading(names[client]) in _CORNERS:
            names[client] = CLIENT
        for place, name in names.items():
            if not name:
                values = {cell for cell in self._raw.columns[place] if cell is not None}
                is_type = len(values) <= _MOST_TYPES and TYPE not in names.values()
                is_type = is_type and not all(map(_is_number, map(str, values)))
                names[place] = TYPE if is_type else f"(column {place + 1})"
        return list(names.values())

    def _direction_of_titles(self, header: Sequence[str], rows: month_rows.MonthRows) -> str | None:
        if TYPE in header or rows.headings_name or month_rows.has_directions(self._raw, self.texts):
            return None
        return directions.direction_of_titles(self._raw.titles)

    def _lines(self, rows: Sequence[int]) -> tuple[int, ...]:
        return tuple(self._raw.lines[row] for row in rows)

    def _notes(self, rows: month_rows.MonthRows, count: int, zeros: int) -> list[str]:
        first, last = min(self._months.values()), max(self._months.values())
        period = short_month(first) if first == last else (
            f"{short_month(first)} to {short_month(last)}"
        )  # fmt: skip
        notes = [
            f"The table has a column for each month ({period}). Each amount was read as a row of "
            f"its own, dated on the first day of its month: {count:,} in all."
        ]
        if zeros:
            verb = "amount is zero and is" if zeros == 1 else "amounts are zero and are"
            notes.append(f"{zeros:,} {verb} left out.")
        for place in self._total_columns:
            notes.append(f"The column “{self._raw.name(place)}” has totals and is left out.")
        if rows.headings:
            verb = "names" if len(rows.headings) == 1 else "name"
            notes.append(
                f"{name_lines(self._lines(rows.headings)).capitalize()} {verb} the rows below. "
                "The name was added to each of those rows."
            )
        if rows.blank:
            verb = "has no amounts and is" if len(rows.blank) == 1 else "have no amounts and are"
            notes.append(f"{name_lines(self._lines(rows.blank)).capitalize()} {verb} left out.")
        return notes


def _first_rows(raw: RawTable) -> list[list[Cell]]:
    return [raw.row(row) for row in range(min(40, len(raw.lines)))]


def _share_of_amounts(cells: Sequence[Cell]) -> float:
    amounts = sum(
        _is_zero(cell) or any(read_amount(cell, mark) is not None for mark in (".", ","))
        for cell in cells
    )
    return amounts / len(cells)


def _is_total_heading(cell: Cell, months: Months) -> bool:
    """Return whether a heading is that of sums of the months: `Total`, `Q1 2024`, `2024`."""
    text = format(cell, "f") if isinstance(cell, Decimal) else cell
    if not isinstance(text, str):
        return False
    if text.strip().isdigit():
        return any(str(month.year) == text.strip() for month in months.values())
    return total_of(text) == "" or _TOTAL_HEADING.fullmatch(text.strip()) is not None


def _is_number(text: str) -> bool:
    return not any(map(str.isalpha, text))


def _is_zero(cell: Cell) -> bool:
    if isinstance(cell, Decimal):
        return not cell
    if not isinstance(cell, str) or len(cell) > _LONGEST_ZERO:
        return False
    return _ZERO.fullmatch(cell.strip()) is not None
