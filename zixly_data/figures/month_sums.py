"""Sums per client and month: the only module that sums the amounts of a period.

    revenue, expenses   sums over the records of the period, in the client's currency
    profit              revenue - expenses
    margin              profit / revenue, of the totals; null if revenue is zero or less

PostgreSQL stores the sums of whole months (`financial_months`, by triggers, in the transaction of
the record). Only the days of a month that is partly in the period are summed from the records.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import financial_months, financials
from zixly_data.identity import Identity
from zixly_data.values.dates import add_months, month_end
from zixly_data.values.period import Period

# From two days to the statement of sums between them.
SumsOf = Callable[[date, date], sa.Select[Any]]


def month_sums(identity: Identity, period: Period, name: str = "month_sums") -> sa.Subquery:
    """Return one row per client and calendar month with at least one record in the period.

    Columns: client_kpi_id, month (its first day), revenue, expenses, records.
    """
    return sums_of_days(
        period,
        lambda first, last: _stored_sums(identity, first, last),
        lambda start, end: _record_sums(identity, start, end),
        name,
    )


def sums_of_days(period: Period, stored: SumsOf, recorded: SumsOf, name: str) -> sa.Subquery:
    """Return the rows of `stored` for the whole months of the period, `recorded` for other days.

    Both have the same columns. `stored` receives the first days of the first and the last whole
    month, `recorded` the first and the last of some days.
    """
    months, days = months_and_days(period)
    parts = [] if months is None else [stored(*months)]
    parts += [recorded(*part) for part in days]
    if len(parts) == 1:
        return parts[0].subquery(name)
    # A month is either whole or partial, and a period without a whole month is one statement over
    # records, so no month has two rows of the same kind.
    return sa.union_all(*parts).subquery(name)


def month_of(day: Any) -> sa.ColumnElement[date]:
    """Return the first day of a date's month. The cast to timestamp avoids a time zone shift."""
    return sa.cast(sa.func.date_trunc("month", sa.cast(day, sa.TIMESTAMP)), sa.Date)


def margin(profit: Any, revenue: Any) -> Any:
    """Return profit / revenue to four places, for totals, no averages.

    Null if revenue is zero or less: two negative amounts would make a loss look like a margin.
    """
    return sa.case((revenue > 0, sa.func.round(profit / revenue, 4)))


def months_and_days(period: Period) -> tuple[tuple[date, date] | None, list[tuple[date, date]]]:
    """Return the first days of the first and the last whole month, and the other days.

    The months are None if none lies wholly in the period; its days are then one part.
    """
    first = period.start.replace(day=1)
    if period.start.day > 1:
        first = add_months(first, 1)
    last = period.end.replace(day=1)
    if period.end < month_end(period.end):
        last = add_months(last, -1)
    if first > last:
        return None, [(period.start, period.end)]
    before, after = first - timedelta(days=1), month_end(last) + timedelta(days=1)
    days = []
    if period.start <= before:
        days.append((period.start, before))
    if after <= period.end:
        days.append((after, period.end))
    return (first, last), days


def _stored_sums(identity: Identity, first: date, last: date) -> sa.Select[Any]:
    sums = financial_months.c
    return sa.select(
        sums.client_kpi_id, sums.month, sums.revenue, sums.expenses, sums.records
    ).where(
        sums.tenant_id == identity.tenant_id,
        sums.month.between(first, last),
        sums.records > 0,
    )


def _record_sums(identity: Identity, start: date, end: date) -> sa.Select[Any]:
    month = month_of(financials.c.record_date)
    return (
        sa.select(
            financials.c.client_kpi_id,
            month.label("month"),
            sa.func.sum(financials.c.revenue).label("revenue"),
            sa.func.sum(financials.c.expenses).label("expenses"),
            sa.func.count().label("records"),
        )
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.record_date.between(start, end),
        )
        .group_by(financials.c.client_kpi_id, month)
    )
