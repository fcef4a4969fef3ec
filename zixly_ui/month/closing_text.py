"""Texts and tables about months: the closed ones, their records, and the effect of closing."""

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
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column

# The kind of record that a row of the table opens.
MONTH = "month"
SORTS = (Sort("Latest first"),)
SHOWN = 24
CLOSING = (
    "Nothing dated in a closed month can be added, changed or deleted until an administrator "
    "reopens it. This applies to forms, grids and imports. A change that is being saved right now "
    "is still included."
)
REOPENING = (
    "Figures that were final can change again, and so can reports of this month. The audit trail "
    "records every change. The month stays open until an administrator closes it again."
)

Amounts = Mapping[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Month:
    """A calendar month: its records, revenue and expenses by currency, and its closing.

    `overheads` counts the records of no client, `unassigned` those of them to decide about;
    `overhead_amounts` are their revenue and expenses by currency.
    """

    first: date
    records: int = 0
    amounts: Amounts = field(default_factory=dict)
    is_closed: bool = False
    closed_by: str | None = None
    closed_at: datetime | None = None
    overheads: int = 0
    unassigned: int = 0
    overhead_amounts: Amounts = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The month as `2024-03`."""
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        return month_name(self.first)


def months(figures: pd.DataFrame, closed: pd.DataFrame, today: date) -> list[Month]:
    """Return every month from the first recorded or closed one to the current one.

    The latest comes first. `figures` is a frame of `closed_months.figures`, `closed` one of
    `list_closed`.
    """
    by_month: dict[date, list[dict[str, object]]] = {}
    for row in rows(figures):
        by_month.setdefault(row["month"], []).append(row)
    states = {row["month"]: row for row in rows(closed)}
    first, last = min([*by_month, *states, today]), max([*states, today])
    result, month = [], first.replace(day=1)
    while month <= last:
        recorded, state = by_month.get(month, []), states.get(month, {})
        result.append(
            Month(
                month,
                _sum(recorded, "records"),
                _amounts(
                    [row for row in recorded if _sum([row], "records") > _sum([row], "overheads")]
                ),
                month in states,
                state.get("closed_by_name"),
                state.get("created_at"),
                _sum(recorded, "overheads"),
                _sum(recorded, "unassigned"),
                _amounts([row for row in recorded if row["overheads"]], "overhead_"),
            )
        )
        month = add_months(month, 1)
    return result[::-1]


def next_to_close(months: Sequence[Month], today: date) -> Month | None:
    """Return the last past month that has records and is open; None if there is none."""
    past = (month for month in months if month.first < today.replace(day=1))
    return next((month for month in past if month.records and not month.is_closed), None)


def open_before(months: Sequence[Month], month: Month) -> list[Month]:
    """Return the open months before this one, from the first with a record, that close with it."""
    recorded = [earlier.first for earlier in months if earlier.records]
    start = min(recorded, default=month.first)
    return [
        earlier
        for earlier in months
        if start <= earlier.first < month.first and not earlier.is_closed
    ]


def headline_text(months: Sequence[Month]) -> str:
    """Describe the closed months: `Everything up to March 2024 is closed.`"""
    closed = [month for month in months if month.is_closed]
    if not closed:
        return "No month is closed. Every record can still change."
    still_open = [month for month in months if not month.is_closed and month.records]
    last_closed = closed[0]
    if not any(month.first < last_closed.first for month in still_open):
        return f"Everything up to {last_closed.name} is closed."
    before = sum(month.first < last_closed.first for month in still_open)
    return (
        f"{plural(len(closed), 'month is', 'months are')} closed, most recently "
        f"{last_closed.name}; {plural(before, 'earlier month')} with records "
        f"{'is' if before == 1 else 'are'} still open."
    )


def columns(
    currencies: Sequence[str], overhead_currencies: Sequence[str] = ()
) -> tuple[Column, ...]:
    """Return the columns of `table`: a pair of amounts for each currency, and costs of no client.

    `overhead_currencies` are those of overheads; without any, there is no column for them.
    """
    amounts = [
        Column(f"{measure}_{currency}", f"{measure.capitalize()} ({currency})", "money")
        for currency in currencies
        for measure in ("revenue", "expenses")
    ]
    return (
        Column("month", "Month", "month"),
        Column("state", "Status"),
        Column("records", "Records", "count"),
        *amounts,
        *(
            Column(f"overheads_{currency}", f"Overheads ({currency})", "money")
            for currency in overhead_currencies
        ),
        Column("closed_by", "Closed by"),
        Column("closed_at", "Closed on"),
    )


def currencies(months: Sequence[Month], reporting_currency: str) -> list[str]:
    """Return the currencies of these months, the reporting currency first."""
    codes = {currency for month in months for currency in month.amounts}
    return sorted(codes, key=lambda code: (code != reporting_currency, code))


def overhead_currencies(months: Sequence[Month], reporting_currency: str) -> list[str]:
    """Return the currencies of overheads of these months, the reporting currency first."""
    codes = {currency for month in months for currency in month.overhead_amounts}
    return sorted(codes, key=lambda code: (code != reporting_currency, code))


def table(
    months: Sequence[Month],
    currencies: Sequence[str],
    time_zone: str,
    overhead_currencies: Sequence[str] = (),
) -> pd.DataFrame:
    """Return the months as a frame for `records_table`; `id` identifies a clicked row.

    Overheads are expenses less revenue of no client.
    """
    texts = pd.ArrowDtype(pa.string())
    amount = pd.ArrowDtype(pa.decimal128(20, 2))
    frame = pd.DataFrame({
        "id": pd.Series([month.id for month in months], dtype=texts),
        "month": pd.Series([month.first for month in months], dtype=pd.ArrowDtype(pa.date32())),
        "state": pd.Series(
            ["Closed" if month.is_closed else "Open" for month in months], dtype=texts),
        "records": pd.Series([month.records for month in months], dtype=pd.ArrowDtype(pa.int64())),
        "closed_by": pd.Series([month.closed_by for month in months], dtype=texts),
        "closed_at": pd.Series([_closing_time(month, time_zone) for month in months], dtype=texts),
    })  # fmt: skip
    for currency in currencies:
        for place, measure in enumerate(("revenue", "expenses")):
            values = [
                month.amounts[currency][place] if currency in month.amounts else None
                for month in months
            ]
            frame[f"{measure}_{currency}"] = pd.Series(values, dtype=amount)
    for currency in overhead_currencies:
        costs = [
            pair[1] - pair[0] if (pair := month.overhead_amounts.get(currency)) else None
            for month in months
        ]
        frame[f"overheads_{currency}"] = pd.Series(costs, dtype=amount)
    return frame


def as_file(months: Sequence[Month], reporting_currency: str) -> pd.DataFrame:
    """Return all months as exported to a file, the latest first, as `table` shows them.

    A month is its first day; `closed_at` is an instant.
    """
    codes = currencies(months, reporting_currency)
    of_overheads = overhead_currencies(months, reporting_currency)
    frame = table(months, codes, "UTC", of_overheads)
    instants = pd.ArrowDtype(pa.timestamp("us", tz="UTC"))
    frame["closed_at"] = pd.Series([month.closed_at for month in months], dtype=instants)
    return frame[[column.name for column in columns(codes, of_overheads)]]


def recorded_text(month: Month) -> str:
    """Describe the records: `12 records, revenue $1,200.00, expenses $400.00.`"""
    if not month.records:
        return "Nothing is recorded in this month."
    amounts = [
        f"revenue {money(revenue, currency)}, expenses {money(expenses, currency)}"
        for currency, (revenue, expenses) in month.amounts.items()
    ]
    text = f"{', '.join([plural(month.records, 'record'), *amounts])}."
    if not month.overheads:
        return text
    of_overheads = "; ".join(
        f"revenue {money(revenue, currency)}, expenses {money(expenses, currency)}"
        for currency, (revenue, expenses) in month.overhead_amounts.items()
    )
    return f"{text} {plural(month.overheads, 'overhead')} among them: {of_overheads}."


def unassigned_text(month: Month, earlier: Sequence[Month], names: Sequence[str]) -> str:
    """Return the warning about records to decide about before the month closes; empty if none.

    `names` are those of this month, the first few of them. `earlier` months may close with it.
    """
    before = sum(other.unassigned for other in earlier)
    if not month.unassigned and not before:
        return ""
    parts = []
    if month.unassigned:
        verb = "is" if month.unassigned == 1 else "are"
        more = month.unassigned - len(names)
        listing = "; ".join([*names, *([f"{more:,} more"] if more > 0 else [])])
        parts.append(f"{plural(month.unassigned, 'record')} {verb} not yet assigned: {listing}.")
    if before:
        verb = "is" if before == 1 else "are"
        parts.append(f"{plural(before, 'record')} of earlier open months {verb} not yet assigned.")
    return f"{' '.join(parts)} Decide on Overheads first: afterwards nothing can be assigned."


def closed_text(month: Month, time_zone: str) -> str:
    """Describe the closing: `Closed by Cole Morton on 22 Nov 2026, 14:05.`"""
    by = f" by {month.closed_by}" if month.closed_by else ""
    return f"Closed{by} on {_closing_time(month, time_zone)}."


def _closing_time(month: Month, time_zone: str) -> str | None:
    return clock_time(month.closed_at, time_zone) if month.closed_at else None


def _amounts(
    figures: Sequence[Mapping[str, object]], prefix: str = ""
) -> dict[str, tuple[Decimal, Decimal]]:
    return {
        str(row["currency"]): (
            Decimal(str(row[f"{prefix}revenue"])),
            Decimal(str(row[f"{prefix}expenses"])),
        )
        for row in figures
    }


def _sum(figures: Sequence[Mapping[str, object]], name: str) -> int:
    return sum(int(str(row[name])) for row in figures)
