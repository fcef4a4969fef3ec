"""Cells of a month's grids, as people type and paste them, and the functions that parse them.

`id` is the id of the record, or a generated one for a new row. `version` is the version that was
read, None for a new row. Only `delete` deletes a record; a row of empty cells does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from zixly_data.errors import InvalidCells, InvalidInput
from zixly_data.records.delivery.valid_values import validate_value
from zixly_data.tables.lead_events import LEAD_EVENTS
from zixly_data.values.amounts import parse_money, parse_number
from zixly_data.values.dates import month_end, month_name, parse_date

Value = TypeVar("Value")

_DAY = re.compile(r"[0-9]{1,2}")
_YES_NO_VALUES = {"yes": Decimal(1), "y": Decimal(1), "no": Decimal(0), "n": Decimal(0)}


@dataclass(frozen=True)
class FinancialCells:
    """A client's revenue and expenses in `currency`, the only one that an amount may name."""

    id: str
    client_kpi_id: str
    record_date: str
    revenue: str
    expenses: str
    note: str = ""
    version: int | None = None
    delete: bool = False
    currency: str | None = None


@dataclass(frozen=True)
class OverheadCells:
    """Revenue and expenses of no client. An empty amount beside another one is 0."""

    id: str
    record_date: str
    currency: str
    account: str
    counterparty: str
    kind: str
    revenue: str
    expenses: str
    note: str = ""
    version: int | None = None
    delete: bool = False


@dataclass(frozen=True)
class LeadCells:
    """An event of a lead: the stage it reached. `reason` is for lost ones.

    `value` may be empty, and may name no other currency than the client's, `currency`.
    """

    id: str
    client_kpi_id: str
    lead_id: str
    stage: str
    event_date: str
    value: str = ""
    note: str = ""
    reason: str = ""
    version: int | None = None
    delete: bool = False
    currency: str | None = None


@dataclass(frozen=True)
class MetricCell:
    """A client's value of one metric. `record_date` and `note` are those that were read."""

    id: str
    client_kpi_id: str
    metric_name: str
    metric_value: str
    record_date: date
    note: str | None = None
    version: int | None = None
    delete: bool = False


class CellErrors:
    """Parses the cells of a grid and collects their errors."""

    def __init__(self) -> None:
        self.cells: list[tuple[str, str, str]] = []

    def read(
        self, row: str, column: str, text: str, parse: Callable[[str, str], Value]
    ) -> Value | None:
        try:
            return parse(text, column)
        except InvalidInput as error:
            self.add(row, error.field or column, str(error))
            return None

    def add(self, row: str, column: str, sentence: str) -> None:
        self.cells.append((row, column, sentence))

    def raise_any(self) -> None:
        if self.cells:
            raise InvalidCells(tuple(self.cells))


def default_day(month: date, today: date) -> date:
    """Return the date of a new record: the last of the month, or today in the current month."""
    month_end_day = month_end(month)
    return today if month.replace(day=1) <= today < month_end_day else month_end_day


def parse_day(text: str, month: date, field: str) -> date:
    """Parse a date of the month: as `parse_date` does, or from its day alone, such as `15`.

    Raises InvalidInput naming `field`, also for a date of another month.
    """
    day_text = text.strip()
    if _DAY.fullmatch(day_text):
        day_text = f"{day_text}/{month.month}/{month.year}"
    day = parse_date(day_text, field)
    if (day.year, day.month) != (month.year, month.month):
        raise InvalidInput(f"“{day_text}” is not in {month_name(month)}.", field=field)
    return day


def parse_amount(text: str, field: str, currency: str | None = None) -> Decimal:
    """Parse an amount that names no other currency than `currency`.

    Raises InvalidInput naming `field`, also for an empty cell.
    """
    if not text.strip():
        raise InvalidInput("Enter an amount, or 0 if there was none.", field=field)
    return parse_money(text, field, currency)


def parse_metric(text: str, kind: str, field: str) -> Decimal:
    """Parse a value of a metric of this kind: `4.8`, `85%`, `yes`.

    Raises InvalidInput naming `field`.
    """
    if kind == "YES_NO":
        number = _YES_NO_VALUES.get(text.strip().casefold())
        if number is not None:
            return number
    return parse_number(text, field)


def parse_metric_value(
    kind: str, out_of: Decimal | None, note: str | None, text: str, field: str
) -> Decimal:
    """Parse and validate a value of a metric. Raises InvalidInput naming `field`."""
    value = validate_value(parse_metric(text, kind, field), kind, out_of, field)
    if kind == "PERCENT" and value > 100 and not note:
        raise InvalidInput(
            "This is more than 100%. If it is correct, record it on Custom metrics and explain "
            "why in a note.",
            field=field,
        )
    return value


def parse_lead_value(text: str, field: str, currency: str | None = None) -> Decimal | None:
    """Parse the value of a lead, None for an empty cell. Raises InvalidInput naming `value`."""
    value: Decimal | None = LEAD_EVENTS.entered["value"].parse(text, currency)
    return value
