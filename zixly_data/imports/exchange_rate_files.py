"""Reads files of exchange rates: month, currency, rate and optionally into_currency.

`imports.files` reads the cells, from CSV or a workbook. A month may be written as any of its days,
because a central bank writes the last one. Lines that are not rates are reported with number, value
and reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports import FileRefused, open_file
from zixly_data.imports.cells.dates import DateReader, date_order
from zixly_data.imports.cells.headings import normalise_heading
from zixly_data.imports.cells.numbers import decimal_mark, parse_number
from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.rows.staged import cell_text
from zixly_data.records.exchange_rate_drafts import checked_draft, parse_month, parse_rate
from zixly_data.tables.exchange_rates import EXCHANGE_RATES, Key, RateDraft
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import month_name
from zixly_data.values.sources import FILE

# The headings of each field, letters and digits alone, without case.
HEADINGS = {
    field.name: field.headings for field in EXCHANGE_RATES.entered.values() if field.headings
}
_NEEDED = ("month", "currency", "rate")


@dataclass(frozen=True)
class BadLine:
    """A line that is not a rate: its number in the file, the value, and the reason."""

    line: int
    value: str
    reason: str

    def __str__(self) -> str:
        # Most reasons already quote the value.
        value = f"“{self.value}”: " if self.value and not self.reason.startswith("“") else ""
        return f"Line {self.line}: {value}{self.reason}"


@dataclass(frozen=True)
class RateFile:
    """The contents of a file: its rates in their order, and its bad lines. `notes` are sentences
    about how it was read."""

    rates: tuple[RateDraft, ...]
    bad: tuple[BadLine, ...]
    notes: tuple[str, ...] = ()


def read(name: str, data: bytes, into_currency: str) -> RateFile:
    """Read the rates in a file; `into_currency` is the default for lines that name none.

    Raises FileRefused if the file is not a table, has several sheets, or lacks a column.
    """
    opened = open_file(name, data)
    if len(opened.tables) > 1:
        raise FileRefused(
            "The workbook has several sheets with a table.",
            advice="Save the sheet with the rates as CSV and import that.",
        )
    (table,) = opened.tables
    places = _find_columns(table)
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
                    f"Line {lines[draft.key]} already has a rate from {draft.currency} to "
                    f"{draft.into_currency} for {month_name(draft.month)}.",
                    field="month",
                )
        except InvalidInput as error:
            cells = columns.get(error.field or "")
            bad.append(BadLine(line, cell_text(cells[row]) if cells else "", str(error)))
            continue
        rates[draft.key], lines[draft.key] = draft, line
    for line in table.totals:
        bad.append(BadLine(line, "", "This looks like a total, not a rate."))
    bad.sort(key=lambda bad_line: bad_line.line)
    return RateFile(tuple(rates.values()), tuple(bad), table.notes)


class _LineReader:
    """Reads line by line, with the date order and decimal mark of the whole column."""

    def __init__(self, columns: Mapping[str, Sequence[Cell]], into_currency: str) -> None:
        self._columns = columns
        self._default_target = into_currency
        months = columns["month"]
        self._days = DateReader(date_order(months) or "DMY", months, "month")
        self._mark = decimal_mark(columns["rate"])

    def read(self, row: int) -> RateDraft:
        """Read the rate on a line. Raises InvalidInput with the column as its `field`."""
        month = self._read_month(self._columns["month"][row])
        currency = parse_currency(cell_text(self._columns["currency"][row]))
        target_currency = (
            cell_text(self._columns["into_currency"][row])
            if "into_currency" in self._columns
            else ""
        )
        target_currency = (
            parse_currency(target_currency, "into_currency")
            if target_currency
            else self._default_target
        )
        rate = self._read_rate(self._columns["rate"][row])
        return checked_draft(RateDraft(month, currency, target_currency, rate, FILE))

    def _read_month(self, cell: Cell) -> date:
        try:
            if isinstance(cell, date):
                return date.fromisoformat(self._days.read_day(cell)).replace(day=1)
            if isinstance(cell, Decimal):
                return date.fromisoformat(self._days.read_number(cell)).replace(day=1)
            if isinstance(cell, str) and cell.strip():
                return date.fromisoformat(self._days.read_text(cell)).replace(day=1)
        except InvalidInput as error:
            if "out of range" in str(error):
                raise
        return parse_month(cell_text(cell))

    def _read_rate(self, cell: Cell) -> Decimal:
        if isinstance(cell, Decimal):
            return cell
        text = cell_text(cell)
        if self._mark == "," and "," in text:
            return parse_number(text, ",", "rate")
        return parse_rate(text)


def _find_columns(table: Table) -> dict[str, int]:
    headings = [normalise_heading(heading) for heading in table.header]
    places = {}
    for field, names in HEADINGS.items():
        place = next((headings.index(name) for name in names if name in headings), None)
        if place is not None:
            places[field] = place
    lacking = [field for field in _NEEDED if field not in places]
    if lacking:
        columns = ", ".join(f"“{name}”" for name in table.header[:10])
        raise FileRefused(
            f"The file has no column “{lacking[0]}”. Its columns are {columns}.",
            advice="Name the columns month, currency and rate, and into_currency if needed.",
        )
    return places
