"""The cells of a month's grids, as people type and paste them, and how they are read.

`id` is that of the record, or a new one of ours for a new row; `version` the one that was read,
None for a new row. `delete` is meant: emptied cells alone delete nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from zixly_data.errors import InvalidCells, InvalidInput
from zixly_data.records.metric_definitions import validate_value
from zixly_data.values.amounts import parse_money, parse_number
from zixly_data.values.dates import month_end, month_name, parse_date

Value = TypeVar("Value")

_DAY = re.compile(r"[0-9]{1,2}")
_YES_NO = {"yes": Decimal(1), "y": Decimal(1), "no": Decimal(0), "n": Decimal(0)}


@dataclass(frozen=True)
class FinancialCells:
    """A client's revenue and expenses."""

    id: str
    client_kpi_id: str
    record_date: str
    revenue: str
    expenses: str
    note: str = ""
    version: int | None = None
    delete: bool = False


@dataclass(frozen=True)
class LeadCells:
    """A lead that reached a stage; `value` may be empty."""

    id: str
    client_kpi_id: str
    lead_id: str
    stage: str
    event_date: str
    value: str = ""
    note: str = ""
    version: int | None = None
    delete: bool = False


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


class Slips:
    """Reads the cells of a grid and collects what is wrong with them."""

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

    def tell(self) -> None:
        if self.cells:
            raise InvalidCells(tuple(self.cells))


def default_day(month: date, today: date) -> date:
    """The day a new record gets: the last of the month, or today while the month lasts."""
    last = month_end(month)
    return today if month.replace(day=1) <= today < last else last


def parse_day(text: str, month: date, field: str) -> date:
    """A date of the month: as `parse_date` reads it, or its day alone, such as `15`.

    Raises InvalidInput naming `field`, also for a date of another month.
    """
    bare = text.strip()
    if _DAY.fullmatch(bare):
        bare = f"{bare}/{month.month}/{month.year}"
    day = parse_date(bare, field)
    if (day.year, day.month) != (month.year, month.month):
        raise InvalidInput(f"“{bare}” is not in {month_name(month)}.", field=field)
    return day


def parse_amount(text: str, field: str) -> Decimal:
    """The amount in a cell. Nothing is not zero: raises InvalidInput naming `field`."""
    if not text.strip():
        raise InvalidInput("An amount is needed. Write 0 if there was none.", field=field)
    return parse_money(text, field)


def parse_metric(text: str, kind: str, field: str) -> Decimal:
    """The value in a cell, as the kind of its metric is written: `4.8`, `85%`, `yes`.

    Raises InvalidInput naming `field`.
    """
    if kind == "YES_NO":
        said = _YES_NO.get(text.strip().casefold())
        if said is not None:
            return said
    return parse_number(text, field)


def parse_fitting(
    kind: str, out_of: Decimal | None, note: str | None, text: str, field: str
) -> Decimal:
    """The value in a cell, if it makes sense for the metric. Raises InvalidInput naming `field`."""
    value = validate_value(parse_metric(text, kind, field), kind, out_of, field)
    if kind == "PERCENT" and value > 100 and not note:
        raise InvalidInput(
            "This is more than 100%. If it is meant, record it on Custom KPIs, with a note "
            "that says why.",
            field=field,
        )
    return value


def parse_worth(text: str, field: str) -> Decimal | None:
    """What a lead is worth; nothing where the cell is empty. Raises InvalidInput naming `field`."""
    if not text.strip():
        return None
    value = parse_money(text, field)
    if value < 0:
        raise InvalidInput("The value of a lead cannot be negative.", field=field)
    return value
