"""The rows of a table with months across: records, totals, headings and lines without amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from zixly_data.imports.cells.numbers import decimal_mark, read_amount
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.cells.total_labels import total_of
from zixly_data.imports.shapes import directions
from zixly_data.imports.shapes.raw_table import RawTable, filled_places

# What a line with a label alone names: the type of the rows below it, or their client.
Headings = Literal["types", "clients"]
_SAMPLE = 500


@dataclass
class MonthRows:
    """Indexes of the rows, by what they are. `clients` and `types` are those of `records`.

    `types` holds None for a row without one, and is empty unless lines of their own name the types.
    """

    headings_name: Headings | None
    records: list[int] = field(default_factory=list)
    clients: list[Cell] = field(default_factory=list)
    types: list[Cell] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)


def classify(raw: RawTable, months: Sequence[int], texts: Sequence[int], client: int) -> MonthRows:
    """Sort the rows of a table. `months` and `texts` are the places of its months and its texts,
    `client` is that of the labels."""
    return _Classifier(raw, months, texts, client).classify()


def has_directions(raw: RawTable, texts: Sequence[int]) -> bool:
    """Return whether cells in these columns say whether amounts came in or went out."""
    return any(
        isinstance(cell, str) and directions.direction_of(cell)
        for place in texts
        for cell in raw.columns[place]
    )


class _Classifier:
    def __init__(
        self, raw: RawTable, months: Sequence[int], texts: Sequence[int], client: int
    ) -> None:
        self._raw = raw
        self._months = [raw.columns[place] for place in months]
        self._texts = texts
        self._client = client
        cells = [cell for column in self._months for cell in column[:_SAMPLE]]
        self._mark = decimal_mark(cells, cents=True) or "."
        self._seen: set[str] = set()
        self._sums = _Sums(len(months))

    def classify(self) -> MonthRows:
        rows = MonthRows(self._meaning_of_headings())
        types = [place for place in self._texts if place != self._client]
        is_computable = rows.headings_name is not None or has_directions(self._raw, types)
        heading: str | None = None
        for row in range(len(self._raw.lines)):
            label = self._label(row)
            if not self._has_amounts(row):
                if label and self._is_heading(label, rows.headings_name):
                    heading = label
                    rows.headings.append(row)
                    self._seen.add(label.casefold())
                    self._sums.start_group()
                else:
                    rows.blank.append(row)
                    self._seen.add((label or "").casefold())
                continue
            amounts = [read_amount(column[row], self._mark) or Decimal(0)
                       for column in self._months]  # fmt: skip
            if self._is_total(row, label, amounts) or (is_computable and self._is_computed(row)):
                rows.totals.append(row)
                self._sums.start_group()
                continue
            self._sums.add(amounts)
            self._seen.add((label or "").casefold())
            cell = self._raw.columns[self._client][row]
            rows.records.append(row)
            rows.clients.append(heading if rows.headings_name == "clients" else cell)
            if rows.headings_name:
                rows.types.append(cell if rows.headings_name == "clients" else heading)
        return rows

    def _meaning_of_headings(self) -> Headings | None:
        """Return what lines with a label alone are; None if they are rows without amounts."""
        labels: list[str] = []
        alone: list[str] = []
        for row in range(len(self._raw.lines)):
            label = self._label(row)
            if label is None or total_of(label) is not None or directions.is_computed(label):
                continue
            (labels if self._has_amounts(row) else alone).append(label)
        if any(map(directions.direction_of, alone)):
            return "types"
        if alone and labels and all(map(directions.direction_of, labels)):
            return "clients"
        return None

    def _is_heading(self, label: str, headings_name: Headings | None) -> bool:
        return headings_name == "clients" or (
            headings_name == "types" and directions.direction_of(label) is not None
        )

    def _is_total(self, row: int, label: str | None, amounts: list[Decimal]) -> bool:
        if label is None:
            others = [self._raw.columns[place][row] for place in self._texts]
            return not filled_places(others) and self._sums.match(amounts, of_rows=2)
        name = total_of(label)
        if name is None:
            return False
        if not name or name.casefold() in self._seen or directions.direction_of(name):
            return True
        return self._sums.match(amounts)

    def _is_computed(self, row: int) -> bool:
        texts = [self._raw.columns[place][row] for place in self._texts]
        return any(isinstance(text, str) and directions.is_computed(text) for text in texts)

    def _label(self, row: int) -> str | None:
        """Return the first text of a row."""
        for place in self._texts:
            if isinstance(cell := self._raw.columns[place][row], str):
                return cell.strip()
        return None

    def _has_amounts(self, row: int) -> bool:
        return any(column[row] is not None for column in self._months)


class _Sums:
    """Sums of the amounts of each month, since the start and since the last total or heading."""

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
        """Return whether the amounts are sums of at least `of_rows` rows, and not all zero."""
        return (
            self._rows >= of_rows
            and any(amounts)
            and list(amounts) in (self._since_start, self._since_group)
        )
