"""Sums of what belongs to no client, per month, currency and kind: rent, wages, interest earned.

PostgreSQL stores the sums of whole months (`overhead_months`, by triggers); other days are summed
from `overheads`. Converted, each month's sum of a currency and kind is multiplied by the rate of
that month and rounded to the cent, as `ledger` does with the months of clients.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import pyarrow.compute as pc
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import overhead_months, overheads
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.ledger import Converted
from zixly_data.figures.month_sums import month_of, sums_of_days
from zixly_data.identity import Identity
from zixly_data.values.frames import (
    Count,
    Date,
    Frame,
    Money,
    Text,
    arrow_types,
    build,
    fetch,
    nullable,
    table_of,
)
from zixly_data.values.period import Period


class OverheadMonths(Frame):
    """One row per month, kind and own currency with a record of no client.

    `kind` is OVERHEAD or UNASSIGNED. Amounts are in `currency`, and null without a rate into it.
    """

    month: Date
    kind: Text
    own_currency: Text
    currency: Text
    records: Count
    revenue: Money = nullable
    expenses: Money = nullable


class _PeriodMonths(OverheadMonths):
    """`place` counts the periods from 0."""

    place: Count


def overheads_in(
    identity: Identity, periods: Iterable[Period], target_currency: str | None = None
) -> dict[Period, DataFrame[OverheadMonths]]:
    """Return the months of each period, in their own currencies or in `target_currency`.

    One statement reads them all. A period without records has an empty frame.
    """
    different = tuple(dict.fromkeys(periods))
    query = _months_query(identity, different, target_currency)
    with reporting(identity) as connection:
        frame = fetch(connection, query, _PeriodMonths)
    table, names = table_of(frame), list(arrow_types(OverheadMonths))
    return {
        period: build(
            table.filter(pc.equal(table["place"], place)).select(names).to_pydict(), OverheadMonths
        )
        for place, period in enumerate(different)
    }


def overhead_ledger(
    identity: Identity,
    period: Period,
    target_currency: str | None = None,
    name: str = "overhead_ledger",
) -> sa.Subquery:
    """Return one row per month, currency and kind with a record of no client in the period.

    Columns: kind, own_currency, currency, month, own_revenue, own_expenses, revenue, expenses,
    rate, records. As in `ledger`, both amounts are null without a rate: see `require_rates`.
    """
    sums = overhead_sums(identity, period, f"{name}_sums")
    amounts = Converted.by_month(identity, sums, sums, sums.c.currency, target_currency, name)
    return (
        sa.select(
            sums.c.kind,
            sums.c.currency.label("own_currency"),
            amounts.currency.label("currency"),
            sums.c.month,
            sums.c.revenue.label("own_revenue"),
            sums.c.expenses.label("own_expenses"),
            amounts.revenue.label("revenue"),
            amounts.expenses.label("expenses"),
            amounts.rate.label("rate"),
            sums.c.records,
        )
        .select_from(amounts.rows)
        .subquery(name)
    )


def overhead_sums(identity: Identity, period: Period, name: str = "overhead_sums") -> sa.Subquery:
    """Return one row per month, currency and kind with a record of no client in the period.

    Columns: month, currency, kind, revenue, expenses, records.
    """
    return sums_of_days(
        period,
        lambda first, last: _stored_sums(identity, first, last),
        lambda start, end: _record_sums(identity, start, end),
        name,
    )


@cached_statement
def _months_query(
    identity: Identity, periods: tuple[Period, ...], target_currency: str | None
) -> Any:
    parts = []
    for place, period in enumerate(periods):
        rows = overhead_ledger(identity, period, target_currency, f"overheads_{place}").c
        columns = (rows[name] for name in arrow_types(OverheadMonths))
        parts.append(sa.select(*columns, sa.cast(place, sa.BigInteger).label("place")))
    return sa.union_all(*parts).order_by("place", "month", "own_currency", "kind")


def _stored_sums(identity: Identity, first: date, last: date) -> sa.Select[Any]:
    sums = overhead_months.c
    return sa.select(
        sums.month, sums.currency, sums.kind, sums.revenue, sums.expenses, sums.records
    ).where(
        sums.tenant_id == identity.tenant_id,
        sums.month.between(first, last),
        sums.records > 0,
    )


def _record_sums(identity: Identity, start: date, end: date) -> sa.Select[Any]:
    record = overheads.c
    month = month_of(record.record_date)
    return (
        sa.select(
            month.label("month"),
            record.currency,
            record.kind,
            sa.func.sum(record.revenue).label("revenue"),
            sa.func.sum(record.expenses).label("expenses"),
            sa.func.count().label("records"),
        )
        .where(
            record.tenant_id == identity.tenant_id,
            record.record_date.between(start, end),
        )
        .group_by(month, record.currency, record.kind)
    )
