"""A file of exchange rates: month, currency, rate and, where it says so, into_currency.

The readers of `imports` make cells of it, CSV or workbook alike. A month may be written as any day
of it, for a central bank writes its last one. Lines that cannot be rates are named, each with its
number, its value and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports import FileRefused, open_file
from zixly_data.imports.cells.dates import Reader, date_order
from zixly_data.imports.cells.headings import normalised
from zixly_data.imports.cells.numbers import decimal_mark, number
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.staging import shown
from zixly_data.imports.targets import FILE
from zixly_data.records.exchange_rate_drafts import (
    Key,
    RateDraft,
    checked_draft,
    parse_month,
    parse_rate,
)
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import month_name

# Which columns mean what, whatever the case of their names and what stands between the letters.
_NAMES: dict[str, tuple[str, ...]] = {
    "month": ("month", "date", "period", "recorddate"),
    "currency": ("currency", "currencycode", "fromcurrency", "from"),
    "rate": ("rate", "exchangerate"),
    "into_currency": ("intocurrency", "into", "tocurrency", "to"),
}
_NEEDED = ("month", "currency", "rate")


@dataclass(frozen=True)
class BadLine:
    """A line that is no rate: its number in the file, the value there, and what is wrong."""

    line: int
    value: str
    reason: str

    def __str__(self) -> str:
        # Most reasons quote the value themselves.
        value = f"“{self.value}”: " if self.value and not self.reason.startswith("“") else ""
        return f"Line {self.line}: {value}{self.reason}"


@dataclass(frozen=True)
class RateFile:
    """What a file holds: rates in its order, and the lines that are none. `notes` are sentences
    about how it was read."""

    rates: tuple[RateDraft, ...]
    bad: tuple[BadLine, ...]
    notes: tuple[str, ...] = ()


def read(name: str, data: bytes, into_currency: str) -> RateFile:
    """The rates in a file; `into_currency` is meant where a line names none.

    Raises FileRefused for what is no table, has several sheets, or lacks a column.
    """
    opened = open_file(name, data)
    if len(opened.tables) > 1:
        raise FileRefused(
            "The workbook has several sheets with a table.",
            advice="Save the sheet with the rates as CSV and import that.",
        )
    (table,) = opened.tables
    places = _places(table)
    columns = {name: table.columns[place] for name, place in places.items()}
    reader = _LineReader(columns, into_currency)
    rates: dict[Key, RateDraft] = {}
    lines: dict[Key, int] = {}
    bad = []
    for row, line in enumerate(table.lines):
        try:
            draft = reader.read(row)
            if draft.key in rates:
                raise InvalidInput(
                    f"{month_name(draft.month)} has a rate of {draft.currency} into "
                    f"{draft.into_currency} on line {lines[draft.key]} already.",
                    field="month",
                )
        except InvalidInput as error:
            cells = columns.get(error.field or "")
            bad.append(BadLine(line, shown(cells[row]) if cells else "", str(error)))
            continue
        rates[draft.key], lines[draft.key] = draft, line
    for line in table.totals:
        bad.append(BadLine(line, "", "This looks like a total, and rates have none."))
    bad.sort(key=lambda each: each.line)
    return RateFile(tuple(rates.values()), tuple(bad), table.notes)


class _LineReader:
    """Reads line by line; how a column writes days and decimals is found out from all its cells."""

    def __init__(self, columns: Mapping[str, Sequence[Cell]], into_currency: str) -> None:
        self._columns = columns
        self._into = into_currency
        months = columns["month"]
        self._days = Reader(date_order(months) or "DMY", months, "month")
        self._mark = decimal_mark(columns["rate"])

    def read(self, row: int) -> RateDraft:
        """The rate on a line. Raises InvalidInput; `field` is the column that is wrong."""
        month = self._month(self._columns["month"][row])
        currency = parse_currency(shown(self._columns["currency"][row]))
        target_currency = (
            shown(self._columns["into_currency"][row]) if "into_currency" in self._columns else ""
        )
        target_currency = (
            parse_currency(target_currency, "into_currency") if target_currency else self._into
        )
        rate = self._rate(self._columns["rate"][row])
        return checked_draft(RateDraft(month, currency, target_currency, rate, FILE))

    def _month(self, cell: Cell) -> date:
        try:
            if isinstance(cell, date):
                return date.fromisoformat(self._days.of_day(cell)).replace(day=1)
            if isinstance(cell, Decimal):
                return date.fromisoformat(self._days.of_number(cell)).replace(day=1)
            if isinstance(cell, str) and cell.strip():
                return date.fromisoformat(self._days.of_text(cell)).replace(day=1)
        except InvalidInput as error:
            if "out of range" in str(error):
                raise
        return parse_month(shown(cell))

    def _rate(self, cell: Cell) -> Decimal:
        if isinstance(cell, Decimal):
            return cell
        text = shown(cell)
        if self._mark == "," and "," in text:
            return number(text, ",", "rate")
        return parse_rate(text)


def _places(table: Table) -> dict[str, int]:
    names = [normalised(each) for each in table.header]
    found = {}
    for field, known in _NAMES.items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is not None:
            found[field] = place
    lacking = [field for field in _NEEDED if field not in found]
    if lacking:
        there = ", ".join(f"“{name}”" for name in table.header[:10])
        raise FileRefused(
            f"The file has no column “{lacking[0]}”. Its columns are {there}.",
            advice="Name the columns month, currency and rate, and where needed into_currency.",
        )
    return found
