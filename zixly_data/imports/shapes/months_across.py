"""Tables with a column for each month: each amount becomes a row with its month.

A line with a total, a computed line such as a profit and a column of totals are left out. `Revenue`
or `Expenses` in a line of its own is the type of the rows below it, and so is the client whose rows
are called so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from zixly_data.imports.cells.month_headings import Months, bare_months, months_of
from zixly_data.imports.cells.numbers import decimal_mark, read_amount
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.cells.total_labels import total_of
from zixly_data.imports.shapes import directions
from zixly_data.imports.shapes.raw_table import (
    RawTable,
    ReshapedTable,
    filled_places,
    name_lines,
)
from zixly_data.values.dates import short_month

CLIENT, TYPE, GROUP, MONTH, AMOUNT = "Client", "Type", "Group", "Month", "Amount"
_MIN_AMOUNTS = 0.6  # of the cells below the months; some may be wrong
_TOTAL_HEADING = re.compile(
    r"ytd|year to date|full year|fy ?(?:20)?[0-9]{2}|average|avg\.?|mean|durchschnitt"
    r"|(?:q[1-4]|h[12]|[1-4]q|[12]h)(?:[ /'’-]*(?:20)?[0-9]{2})?",
    re.IGNORECASE,
)
_ZERO = re.compile(r"[^1-9A-Za-z]*0[^1-9A-Za-z]*|[-–—−]|[A-Z]{0,3}[$€£]? ?0*\.?0+|\$ ?-")


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


@dataclass
class _Labels:
    """What the label of each row of amounts is, and the lines that are not records."""

    client: list[Cell] = field(default_factory=list)
    group: list[Cell] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)


class _MonthsAcross:
    def __init__(self, raw: RawTable, months: Months) -> None:
        self._raw = raw
        self._months = months
        rows = range(len(raw.lines))
        others = [
            place for place, column in enumerate(raw.columns)
            if place not in months
            and (raw.name(place) or any(column[row] is not None for row in rows))
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
        cells = [cell for place in months for cell in raw.columns[place][:500]]
        self._mark = decimal_mark(cells, cents=True) or "."

    def reshape(self) -> ReshapedTable:
        mode = self._mode()
        labels = self._label_rows(mode)
        label_place = self.texts[0]
        header = [self._raw.name(place) for place in self._kept]
        header[self._kept.index(label_place)] = header[self._kept.index(label_place)] or CLIENT
        columns: list[list[Cell]] = [[] for _ in self._kept]
        month_cells: list[Cell] = []
        amounts: list[Cell] = []
        group: list[Cell] = []
        lines: list[int] = []
        zeros = 0
        for row, client, group_name in zip(labels.rows, labels.client, labels.group, strict=True):
            cells = self._raw.row(row)
            for place, month in self._months.items():
                amount = cells[place]
                if amount is None:
                    continue
                if _is_zero(amount):
                    zeros += 1
                    continue
                for column, kept in zip(columns, self._kept, strict=True):
                    column.append(client if kept == label_place else cells[kept])
                month_cells.append(month)
                amounts.append(amount)
                group.append(group_name)
                lines.append(self._raw.lines[row])
        header = self._name_unnamed(header)
        place = self._kept.index(label_place) + 1
        if mode:
            header.insert(place, TYPE if TYPE not in header else GROUP)
            columns.insert(place, group)
        elif direction := self._direction_of_titles(header):
            header.insert(place, TYPE)
            columns.insert(place, [direction] * len(lines))
        return ReshapedTable(
            (*header, MONTH, AMOUNT), (*columns, month_cells, amounts), lines,
            tuple(self._raw.lines[row] for row in labels.totals),
            tuple(self._notes(labels, len(lines), zeros)),
        )  # fmt: skip

    def _mode(self) -> str:
        """Return what lines with a label alone are: the types of the rows below, or their clients.

        Empty if they are neither: then they are rows without amounts.
        """
        labels, alone = [], []
        for row in range(len(self._raw.lines)):
            label = self._label(row)
            if label is None or total_of(label) is not None or directions.is_computed(label):
                continue
            (labels if self._has_amounts(row) else alone).append(label)
        if any(map(directions.direction_of, alone)):
            return "types"
        if alone and labels and all(map(directions.direction_of, labels)):
            return "clients"
        return ""

    def _label_rows(self, mode: str) -> _Labels:
        labels = _Labels()
        sums = _Sums(len(self._months))
        seen: set[str] = set()
        has_types = bool(mode) or self._has_directions()
        heading: str | None = None
        for row in range(len(self._raw.lines)):
            label = self._label(row)
            if not self._has_amounts(row):
                if mode and label and (mode == "clients" or directions.direction_of(label)):
                    heading = label
                    labels.groups.append(row)
                    seen.add(label.casefold())
                    sums.start_group()
                else:
                    labels.blank.append(row)
                continue
            amounts = [
                read_amount(self._raw.columns[place][row], self._mark) or Decimal(0)
                for place in self._months
            ]
            if self._is_total(row, label, seen, sums, amounts) or (
                has_types and self._is_computed(row)
            ):
                labels.totals.append(row)
                sums.start_group()
                continue
            sums.add(amounts)
            if label:
                seen.add(label.casefold())
            cell = self._raw.columns[self.texts[0]][row]
            labels.rows.append(row)
            labels.client.append(heading if mode == "clients" else cell)
            labels.group.append(cell if mode == "clients" else heading)
        return labels

    def _is_total(
        self, row: int, label: str | None, seen: set[str], sums: _Sums, amounts: list[Decimal]
    ) -> bool:
        if label is None:
            texts = [self._raw.columns[place][row] for place in self._kept]
            return not filled_places(texts) and sums.match(amounts, of_rows=2)
        name = total_of(label)
        if name is None:
            return False
        if not name or name.casefold() in seen or directions.direction_of(name):
            return True
        return sums.match(amounts)

    def _is_computed(self, row: int) -> bool:
        texts = [self._raw.columns[place][row] for place in self.texts]
        return any(isinstance(text, str) and directions.is_computed(text) for text in texts)

    def _has_directions(self) -> bool:
        return any(
            isinstance(cell, str) and directions.direction_of(cell)
            for place in self.texts[1:]
            for cell in self._raw.columns[place]
        )

    def _label(self, row: int) -> str | None:
        """Return the first text of a row."""
        for place in self.texts:
            if isinstance(cell := self._raw.columns[place][row], str):
                return cell.strip()
        return None

    def _has_amounts(self, row: int) -> bool:
        return any(self._raw.columns[place][row] is not None for place in self._months)

    def _name_unnamed(self, header: list[str]) -> list[str]:
        """Name an unnamed column of few values `Type`, others by their place."""
        names = list(header)
        for index, place in enumerate(self._kept):
            if names[index]:
                continue
            values = {cell for cell in self._raw.columns[place] if cell is not None}
            is_type = place in self.texts and len(values) <= 6 and TYPE not in names
            names[index] = TYPE if is_type else f"(column {place + 1})"
        return names

    def _direction_of_titles(self, header: Sequence[str]) -> str | None:
        if TYPE in header or self._has_directions():
            return None
        return directions.direction_of_titles(self._raw.titles)

    def _notes(self, labels: _Labels, count: int, zeros: int) -> list[str]:
        first, last = min(self._months.values()), max(self._months.values())
        period = short_month(first) if first == last else (
            f"{short_month(first)} to {short_month(last)}"
        )  # fmt: skip
        notes = [
            f"The table has a column for each month ({period}). Each amount was read as a row of "
            f"its own, dated on the first day of its month: {count:,} in all."
        ]
        if zeros == 1:
            notes.append("1 amount is zero and is left out.")
        elif zeros:
            notes.append(f"{zeros:,} amounts are zero and are left out.")
        for place in self._total_columns:
            notes.append(f"The column “{self._raw.name(place)}” has totals and is left out.")
        if labels.groups:
            text = name_lines([self._raw.lines[row] for row in labels.groups])
            notes.append(
                f"{text.capitalize()} name{'s' if len(labels.groups) == 1 else ''} the rows below, "
                "so the name was added to each of those rows."
            )
        if labels.blank:
            text = name_lines([self._raw.lines[row] for row in labels.blank])
            is_one = len(labels.blank) == 1
            notes.append(
                f"{text.capitalize()} {'has' if is_one else 'have'} no amounts and "
                f"{'is' if is_one else 'are'} left out."
            )
        return notes


class _Sums:
    """Sums of the amounts of each month, since the start and since the last total or group."""

    def __init__(self, months: int) -> None:
        self._since_start = [Decimal(0)] * months
        self._since_group = [Decimal(0)] * months
        self._rows = 0

    def add(self, amounts: Sequence[Decimal]) -> None:
        for sums in (self._since_start, self._since_group):
            sums[:] = [total + amount for total, amount in zip(sums, amounts, strict=True)]
        self._rows += 1

    def start_group(self) -> None:
        self._since_group = [Decimal(0)] * len(self._since_group)

    def match(self, amounts: Sequence[Decimal], *, of_rows: int = 1) -> bool:
        """Return whether the amounts are sums, not all zero."""
        return (
            self._rows >= of_rows
            and any(amounts)
            and list(amounts) in (self._since_start, self._since_group)
        )


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


def _is_zero(cell: Cell) -> bool:
    if isinstance(cell, Decimal):
        return not cell
    return isinstance(cell, str) and _ZERO.fullmatch(cell.strip()) is not None
