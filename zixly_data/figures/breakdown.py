"""Profitability by client, industry, status, month, quarter or financial year, and what changed.

The figures are those of `figures`. Each row stands beside the same row of the previous like period
and of the same period a year before. A running period is compared as far as it has come, 1 to 22
November with 1 to 22 October: that part of it is `…_so_far`, for records may be dated ahead.
Months, quarters and years are each compared with the one before and the same one a year before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.compared_sums import NAMES, NONE, Key, spans_of, sums_of
from zixly_data.figures.ledger import ledger, require_rates
from zixly_data.figures.month_sums import margin
from zixly_data.identity import Identity
from zixly_data.values.calendar_period import custom
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import month_end
from zixly_data.values.frames import (
    Count,
    Frame,
    Measure,
    Model,
    Money,
    Ratio,
    Text,
    arrow_types,
    build,
    nullable,
)
from zixly_data.values.period import Period


class By(StrEnum):
    """What the rows of a breakdown are. The value is what stands in a link."""

    CLIENT = "client"
    INDUSTRY = "industry"
    STATUS = "status"
    MONTH = "month"
    QUARTER = "quarter"
    FINANCIAL_YEAR = "financial-year"

    @property
    def column(self) -> str:
        """What the key is called in a file."""
        return self.value.replace("-", "_")

    @property
    def months(self) -> int:
        """How many months one row of time is; 0 for what is no time."""
        return {By.MONTH: 1, By.QUARTER: 3, By.FINANCIAL_YEAR: 12}.get(self, 0)


class Breakdown(Frame):
    """One row per group and currency with a record in the period.

    `key` is a client's id, an industry (empty where none is given), a status, or the first day of a
    month, quarter or year; `name` is the client's name, else the key; `client_id` is the external
    id where the group is a client. Amounts are in `currency`. What is compared with is null where
    nothing was recorded, or where a rate is missing.
    """

    key: Text
    name: Text
    client_id: Text = nullable
    currency: Text
    clients: Count
    revenue: Money
    expenses: Money
    profit: Money
    margin: Ratio = nullable
    share: Ratio = nullable
    cumulative_profit: Money
    revenue_so_far: Money = nullable
    profit_so_far: Money = nullable
    revenue_before: Money = nullable
    profit_before: Money = nullable
    revenue_year_before: Money = nullable
    profit_year_before: Money = nullable
    hours: Measure = nullable
    hourly_rate: Money = nullable


class BreakdownTotals(Frame):
    """One row per currency with a record in the period or in one it is compared with.

    Revenue and expenses are zero, and margins null, where the period itself has none.
    """

    currency: Text
    clients: Count
    revenue: Money
    expenses: Money
    profit: Money
    margin: Ratio = nullable
    revenue_so_far: Money = nullable
    expenses_so_far: Money = nullable
    profit_so_far: Money = nullable
    margin_so_far: Ratio = nullable
    revenue_before: Money = nullable
    expenses_before: Money = nullable
    profit_before: Money = nullable
    margin_before: Ratio = nullable
    revenue_year_before: Money = nullable
    expenses_year_before: Money = nullable
    profit_year_before: Money = nullable
    margin_year_before: Ratio = nullable
    hours: Measure = nullable
    hourly_rate: Money = nullable


@dataclass(frozen=True)
class Profitability:
    """Groups and totals of one moment. `so_far` is the part of the period up to today; `before` and
    `year_before` are what that is compared with as a whole."""

    by: By
    period: Period
    so_far: Period
    before: Period
    year_before: Period
    groups: DataFrame[Breakdown]
    totals: DataFrame[BreakdownTotals]


def breakdown(
    identity: Identity,
    period: Period,
    by: By,
    today: date,
    client_filter: ClientFilter | None = None,
    *,
    target_currency: str | None = None,
    financial_year_start: int = 7,
) -> Profitability:
    """Profitability per group, in own currencies or converted `into` one.

    Clients, industries and statuses come by currency, then profit, highest first; time comes in its
    order. Raises RatesMissing where an amount of the period cannot be converted.
    """
    so_far, before = period.like_for_like(today)
    year_before = so_far.year_before()
    query = _statement(
        identity, period, by, today, client_filter, target_currency, financial_year_start
    )
    with reporting(identity) as connection:
        if target_currency is not None:
            require_rates(
                connection,
                ledger(identity, period, client_filter, target_currency),
                target_currency,
            )
        rows = connection.execute(query).mappings().all()
    groups, totals = ([row for row in rows if (row["key"] is None) == of] for of in (False, True))
    return Profitability(
        by, period, so_far, before, year_before,
        _frame([row for row in groups if row["clients"]], Breakdown),
        _frame(totals, BreakdownTotals),
    )  # fmt: skip


def as_file(report: Profitability) -> pd.DataFrame:
    """The groups as they leave in a file: a client by its external id, all else by its key."""
    groups = report.groups
    if report.by is By.CLIENT:
        named = groups.drop(columns=["key", "clients"])
        return pd.DataFrame(
            {"client_id": named.pop("client_id"), "client_name": named.pop("name"), **named}
        )
    return groups.drop(columns=["name", "client_id"]).rename(columns={"key": report.by.column})


def _frame(rows: list[sa.RowMapping], model: type[Model]) -> DataFrame[Model]:
    return build({name: [row[name] for row in rows] for name in arrow_types(model)}, model)


@cached_statement
def _statement(
    identity: Identity,
    period: Period,
    by: By,
    today: date,
    client_filter: ClientFilter | None,
    target_currency: str | None,
    financial_year_start: int,
) -> sa.Select[Any]:
    so_far, before = period.like_for_like(today)
    year_before = so_far.year_before()
    as_a_whole = spans_of(period, so_far, (before, 0), (year_before, 0))
    key = _key(by, financial_year_start)
    if step := by.months:
        # A row of time is compared with the one before it: so the rows themselves move along.
        earlier, year_earlier = ((_rows_before(so_far, back), back) for back in (step, 12))
        moving = spans_of(period, so_far, earlier, year_earlier)
        sums = sa.union_all(
            sums_of(identity, moving, client_filter, target_currency, key).select(),
            sums_of(identity, as_a_whole, client_filter, target_currency).select(),
        ).subquery("both")
    else:
        sums = sums_of(identity, as_a_whole, client_filter, target_currency, key, totals=True)
    return _query(sums, by)


def _rows_before(period: Period, months: int) -> Period:
    """The days of the rows so many months before those of the period: a row that ends with its
    month is compared with one that does, also where the first row is only a part."""
    moved = period.shifted(-months)
    last = period.end.replace(day=1)
    if period.start <= last and period.end == month_end(last):
        return custom(moved.start, month_end(moved.end))
    return moved


def _key(by: By, financial_year_start: int) -> Key:
    """What a row of the ledger belongs to, so many months on, and what that is called."""

    def key(rows: sa.Subquery) -> tuple[Any, Any, Any]:
        if by is By.CLIENT:
            return rows.c.client_kpi_id, rows.c.client_name, rows.c.client_id
        if by is By.INDUSTRY:
            industry = sa.func.coalesce(rows.c.industry, "")
            return industry, industry, NONE
        if by is By.STATUS:
            return rows.c.status, rows.c.status, NONE
        month = sa.cast(rows.c.month, sa.TIMESTAMP) + sa.func.make_interval(0, rows.c.moved)
        if by is By.FINANCIAL_YEAR:
            offset = sa.func.make_interval(0, financial_year_start - 1)
            first = sa.func.date_trunc("year", month - offset) + offset
        else:
            first = sa.func.date_trunc(by.value, month)
        text = sa.func.to_char(first, "YYYY-MM-DD")
        return text, text, NONE

    return key


def _query(sums: sa.Subquery, by: By) -> sa.Select[Any]:
    """Groups and totals in one statement, so that they agree whatever others are saving. Totals
    have no key."""
    c = sums.c
    nothing = sa.cast(0, sa.Numeric(20, 2))
    revenue: Any = sa.func.coalesce(c.revenue_now, nothing)
    expenses: Any = sa.func.coalesce(c.expenses_now, nothing)
    profit = revenue - expenses
    order = [c.key] if by.months else [profit.desc(), c.key]
    beside = [c.key.is_(None), c.currency]
    everything = sa.func.sum(revenue).over(partition_by=beside)
    compared = []
    for span in NAMES[1:]:
        earned, spent = c[f"revenue_{span}"], c[f"expenses_{span}"]
        compared += [
            earned,
            spent,
            (earned - spent).label(f"profit_{span}"),
            margin(earned - spent, earned).label(f"margin_{span}"),
        ]
    return sa.select(
        c.key,
        c.name,
        c.client_id,
        c.currency,
        c.clients,
        revenue.label("revenue"),
        expenses.label("expenses"),
        profit.label("profit"),
        margin(profit, revenue).label("margin"),
        sa.case((everything > 0, sa.func.round(revenue / everything, 4))).label("share"),
        sa.func.sum(profit)
        .over(partition_by=beside, order_by=order, rows=(None, 0))
        .label("cumulative_profit"),
        *compared,
        c.hours,
        sa.func.round(c.worked_revenue / c.hours, 2).label("hourly_rate"),
    ).order_by(c.currency, *order)
