"""Months in words: which are closed, what is recorded in them, and what closing one means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from zixly_data.values.dates import add_months
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import clock_time, money, month_name, plural
from zixly_ui.components.tables import Column

# What a row of the table opens.
MONTH = "month"
SHOWN = 24
CLOSING = (
    "Nobody can add, change or delete anything dated in a closed month, in a form, a grid or an "
    "import, until an administrator reopens it. What somebody is saving at this moment still gets "
    "in."
)
REOPENING = (
    "Figures that were final can change again, and reports of this month with them. Who changes "
    "what stands on the audit trail; the month stays open until somebody closes it again."
)

Amounts = Mapping[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Month:
    """One calendar month: how many records, revenue and expenses by currency, closed by whom."""

    first: date
    records: int = 0
    amounts: Amounts = field(default_factory=dict)
    is_closed: bool = False
    closed_by: str | None = None
    closed_at: datetime | None = None

    @property
    def id(self) -> str:
        """`2024-03`."""
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        return month_name(self.first)


def months(figures: pd.DataFrame, closed: pd.DataFrame, today: date) -> list[Month]:
    """Every month from the first with a record, or the first that is closed, to the running one.

    The latest comes first. `figures` is a frame of `closed_months.figures`, `closed` one of
    `list_closed`.
    """
    by_month: dict[date, list[dict[str, object]]] = {}
    for row in rows(figures):
        by_month.setdefault(row["month"], []).append(row)
    states = {row["month"]: row for row in rows(closed)}
    first, last = min([*by_month, *states, today]), max([*states, today])
    found, each = [], first.replace(day=1)
    while each <= last:
        recorded, state = by_month.get(each, []), states.get(each, {})
        found.append(
            Month(
                each,
                sum(int(str(row["records"])) for row in recorded),
                _amounts(recorded),
                each in states,
                state.get("closed_by_name"),
                state.get("created_at"),
            )
        )
        each = add_months(each, 1)
    return found[::-1]


def next_to_close(found: Sequence[Month], today: date) -> Month | None:
    """The last month that is over, has records and is open; None where there is none."""
    over = (each for each in found if each.first < today.replace(day=1))
    return next((each for each in over if each.records and not each.is_closed), None)


def open_before(found: Sequence[Month], month: Month) -> list[Month]:
    """The open months before this one, from the first with a record on, which close with it."""
    starts = [each.first for each in found if each.records]
    start = min(starts, default=month.first)
    return [each for each in found if start <= each.first < month.first and not each.is_closed]


def headline_text(found: Sequence[Month]) -> str:
    """Up to where the books are closed: `Everything up to March 2024 is closed.`"""
    closed = [each for each in found if each.is_closed]
    if not closed:
        return "No month is closed: all that was recorded can still change."
    still_open = [each for each in found if not each.is_closed and each.records]
    through = closed[0]
    if not any(each.first < through.first for each in still_open):
        return f"Everything up to {through.name} is closed."
    before = sum(each.first < through.first for each in still_open)
    return (
        f"{plural(len(closed), 'month is', 'months are')} closed, the last of them {through.name}; "
        f"{plural(before, 'month')} before it with records {'is' if before == 1 else 'are'} open."
    )


def columns(currencies: Sequence[str]) -> tuple[Column, ...]:
    """The columns of `table`, amounts in each currency on their own."""
    amounts = [
        Column(f"{what}_{currency}", f"{what.capitalize()} ({currency})", "money")
        for currency in currencies
        for what in ("revenue", "expenses")
    ]
    return (
        Column("month", "Month", "month"),
        Column("state", "State"),
        Column("records", "Records", "count"),
        *amounts,
        Column("closed_by", "Closed by"),
        Column("closed_at", "Closed on"),
    )


def currencies(found: Sequence[Month], reporting_currency: str) -> list[str]:
    """The currencies of these months, the reporting currency first."""
    known = {currency for each in found for currency in each.amounts}
    return sorted(known, key=lambda each: (each != reporting_currency, each))


def table(found: Sequence[Month], known: Sequence[str], time_zone: str) -> pd.DataFrame:
    """The months as a frame for `records_table`, with an `id` that a click answers with."""
    texts = pd.ArrowDtype(pa.string())
    amount = pd.ArrowDtype(pa.decimal128(20, 2))
    frame = pd.DataFrame({
        "id": pd.Series([each.id for each in found], dtype=texts),
        "month": pd.Series([each.first for each in found], dtype=pd.ArrowDtype(pa.date32())),
        "state": pd.Series(
            ["Closed" if each.is_closed else "Open" for each in found], dtype=texts),
        "records": pd.Series([each.records for each in found], dtype=pd.ArrowDtype(pa.int64())),
        "closed_by": pd.Series([each.closed_by for each in found], dtype=texts),
        "closed_at": pd.Series([_when(each, time_zone) for each in found], dtype=texts),
    })  # fmt: skip
    for currency in known:
        for place, what in enumerate(("revenue", "expenses")):
            values = [
                each.amounts[currency][place] if currency in each.amounts else None
                for each in found
            ]
            frame[f"{what}_{currency}"] = pd.Series(values, dtype=amount)
    return frame


def recorded(month: Month) -> str:
    """`12 records, revenue $1,200.00, expenses $400.00.`"""
    if not month.records:
        return "Nothing is recorded in this month."
    amounts = [
        f"revenue {money(revenue, currency)}, expenses {money(expenses, currency)}"
        for currency, (revenue, expenses) in month.amounts.items()
    ]
    return f"{', '.join([plural(month.records, 'record'), *amounts])}."


def closed_words(month: Month, time_zone: str) -> str:
    """`Closed by Cole Morton on 22 Nov 2026, 14:05.`"""
    by = f" by {month.closed_by}" if month.closed_by else ""
    return f"Closed{by} on {_when(month, time_zone)}."


def _when(month: Month, time_zone: str) -> str | None:
    return clock_time(month.closed_at, time_zone) if month.closed_at else None


def _amounts(recorded: Sequence[Mapping[str, object]]) -> dict[str, tuple[Decimal, Decimal]]:
    return {
        str(row["currency"]): (Decimal(str(row["revenue"])), Decimal(str(row["expenses"])))
        for row in recorded
    }
