"""Profitability by client, industry, status, month, quarter or financial year, with comparisons.

`definitions` defines the figures. Each row is compared with the same row of the previous like
period and of the same period a year before. The current period is compared up to today, 1 to 22
November with 1 to 22 October: the columns `…_so_far` are that part of it, because records may be
dated in the future. Months, quarters and years are each compared with the one before and the same
one a year before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, cast

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.compared_sums import NULL_TEXT, SPAN_NAMES, Key, spans_of, sums_of
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
    """The grouping of a breakdown. The value is used in links."""

    CLIENT = "client"
    INDUSTRY = "industry"
    STATUS = "status"
    MONTH = "month"
    QUARTER = "quarter"
    FINANCIAL_YEAR = "financial-year"

    @property
    def column(self) -> str:
        """Column heading of the key in a file."""
        return self.value.replace("-", "_")

    @property
    def months(self) -> int:
        """Months per row, 0 if rows are not periods."""
        return {By.MONTH: 1, By.QUARTER: 3, By.FINANCIAL_YEAR: 12}.get(self, 0)


class Breakdown(Frame):
    """One row per group and currency with a record in the period.

    `key` is a client's id, an industry (empty if unknown), a status, or the first day of a month,
    quarter or year. `name` is the client's name, otherwise the key. `client_id` is the external id
    if the group is a client. Amounts are in `currency`. The columns of compared periods are null if
    nothing was recorded, or if an exchange rate is missing.
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

    Revenue and expenses are zero and the margin is null if the period itself has no records.
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
    """Groups and totals, read at the same moment.

    `so_far` is the part of the period up to today. `before` and `year_before` are the periods that
    the totals are compared with.
    """

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
    """Return profitability per group, in own currencies or converted into `target_currency`.

    Clients, industries and statuses are ordered by currency, then profit, highest first; months,
    quarters and years by date. Raises RatesMissing if an amount of the period cannot be converted.
    """
    query = breakdown_query(
        identity, period, by, today, client_filter, target_currency, financial_year_start
    )
    with reporting(identity) as connection:
        if target_currency is not None:
            clients = ledger(identity, period, client_filter, target_currency)
            require_rates(connection, clients, target_currency)
        groups, totals = groups_and_totals(connection, query)
    so_far, before = period.like_for_like(today)
    return Profitability(
        by, period, so_far, before, so_far.year_before(), build_rows(groups, Breakdown),
        build_rows(totals, BreakdownTotals),
    )  # fmt: skip


def groups_and_totals(
    connection: Connection, query: sa.Select[Any]
) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """Run `breakdown_query`; return the rows of `Breakdown` and those of `BreakdownTotals`."""
    found = cast("list[Mapping[str, Any]]", connection.execute(query).mappings().all())
    groups = [row for row in found if row["key"] is not None and row["clients"]]
    return groups, [row for row in found if row["key"] is None]


def as_file(report: Profitability) -> pd.DataFrame:
    """Return the groups as exported to a file: clients with their external id, others by key."""
    groups = report.groups
    if report.by is By.CLIENT:
        columns = groups.drop(columns=["key", "clients"])
        return pd.DataFrame(
            {"client_id": columns.pop("client_id"), "client_name": columns.pop("name"), **columns}
        )
    return groups.drop(columns=["name", "client_id"]).rename(columns={"key": report.by.column})


def build_rows(rows: Sequence[Mapping[str, Any]], model: type[Model]) -> DataFrame[Model]:
    """Return a validated frame of `model` from the columns of rows with its names."""
    return build({name: [row[name] for row in rows] for name in arrow_types(model)}, model)


@cached_statement
def breakdown_query(
    identity: Identity,
    period: Period,
    by: By,
    today: date,
    client_filter: ClientFilter | None,
    target_currency: str | None,
    financial_year_start: int,
) -> sa.Select[Any]:
    """Return the statement of `breakdown`, for groups and totals."""
    so_far, before = period.like_for_like(today)
    year_before = so_far.year_before()
    total_spans = spans_of(period, so_far, (before, 0), (year_before, 0))
    key = _key(by, financial_year_start)
    if step := by.months:
        # Each month, quarter or year is compared with the one before it: its sums move forward.
        earlier, year_earlier = ((_period_before(so_far, months), months) for months in (step, 12))
        row_spans = spans_of(period, so_far, earlier, year_earlier)
        sums = sa.union_all(
            sums_of(identity, row_spans, client_filter, target_currency, key).select(),
            sums_of(identity, total_spans, client_filter, target_currency).select(),
        ).subquery("both")
    else:
        sums = sums_of(identity, total_spans, client_filter, target_currency, key, totals=True)
    return _query(sums, by)


def _period_before(period: Period, months: int) -> Period:
    """Return the period moved back by `months`.

    A row that ends with its month is compared with one that does too, even if the first row of the
    period is only part of a month.
    """
    moved = period.shifted(-months)
    last = period.end.replace(day=1)
    if period.start <= last and period.end == month_end(last):
        return custom(moved.start, month_end(moved.end))
    return moved


def _key(by: By, financial_year_start: int) -> Key:
    """Return the function for the key, name and external id of the group of a ledger row."""

    def key(rows: sa.Subquery) -> tuple[Any, Any, Any]:
        if by is By.CLIENT:
            return rows.c.client_kpi_id, rows.c.client_name, rows.c.client_id
        if by is By.INDUSTRY:
            industry = sa.func.coalesce(rows.c.industry, "")
            return industry, industry, NULL_TEXT
        if by is By.STATUS:
            return rows.c.status, rows.c.status, NULL_TEXT
        month = sa.cast(rows.c.month, sa.TIMESTAMP) + sa.func.make_interval(0, rows.c.moved)
        if by is By.FINANCIAL_YEAR:
            offset = sa.func.make_interval(0, financial_year_start - 1)
            first = sa.func.date_trunc("year", month - offset) + offset
        else:
            first = sa.func.date_trunc(by.value, month)
        text = sa.func.to_char(first, "YYYY-MM-DD")
        return text, text, NULL_TEXT

    return key


def _query(sums: sa.Subquery, by: By) -> sa.Select[Any]:
    """Return one statement for groups and totals (without a key), which writes cannot separate."""
    c = sums.c
    zero = sa.cast(0, sa.Numeric(20, 2))
    revenue: Any = sa.func.coalesce(c.revenue_now, zero)
    expenses: Any = sa.func.coalesce(c.expenses_now, zero)
    profit = revenue - expenses
    order = [c.key] if by.months else [profit.desc(), c.key]
    partition = [c.key.is_(None), c.currency]
    total_revenue = sa.func.sum(revenue).over(partition_by=partition)
    compared = []
    for span in SPAN_NAMES[1:]:
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
        sa.case(
            (sa.and_(revenue > 0, total_revenue > 0), sa.func.round(revenue / total_revenue, 4))
        ).label("share"),
        sa.func.sum(profit)
        .over(partition_by=partition, order_by=order, rows=(None, 0))
        .label("cumulative_profit"),
        *compared,
        c.hours,
        sa.func.round(c.worked_revenue / c.hours, 2).label("hourly_rate"),
    ).order_by(c.currency, *order)
