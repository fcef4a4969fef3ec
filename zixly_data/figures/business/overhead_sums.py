"""Sums of what belongs to no client, per month, currency and kind: rent, wages, interest earned.

PostgreSQL stores the sums of whole months (`overhead_months`, by triggers); other days are summed
from `overheads`. Converted, each month's sum of a currency and kind is multiplied by the rate of
that month and rounded to the cent, as `ledger` does with the months of clients.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database import schema
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.ledger import Converted
from zixly_data.figures.month_sums import month_of, months_and_days, sums_of_days
from zixly_data.identity import Identity
from zixly_data.values.period import Period

_WHOLE = -1  # the part of a row for a whole month
_COLUMNS = ("month", "kind", "own_currency", "currency", "revenue", "expenses")


def overhead_months(
    connection: Connection,
    identity: Identity,
    periods: Iterable[Period],
    target_currency: str | None = None,
) -> dict[Period, list[sa.Row[Any]]]:
    """Return a row per month, kind and own currency with a record of no client in each period.

    Rows have `month, kind, own_currency, currency, revenue, expenses`; `kind` is OVERHEAD or
    UNASSIGNED. Both amounts are None without a rate into `target_currency`.

    One statement reads all periods: every stored month from the first to the last that any of them
    needs, and the days of part months.
    """
    spans = {period: months_and_days(period) for period in periods}
    if not spans:
        return {}
    whole = [months for months, _ in spans.values() if months is not None]
    months = (min(first for first, _ in whole), max(last for _, last in whole)) if whole else None
    days = tuple(dict.fromkeys(part for _, parts in spans.values() for part in parts))
    months_read = connection.execute(_months_query(identity, months, days, target_currency)).all()
    if not months_read:
        return {period: [] for period in spans}
    return {
        period: _rows_of(months_read, own_months, [days.index(part) for part in own_days])
        for period, (own_months, own_days) in spans.items()
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
    return _ledger_of(
        identity, overhead_sums(identity, period, f"{name}_sums"), target_currency, name
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


def _rows_of(
    months_read: Sequence[sa.Row[Any]], months: tuple[date, date] | None, parts: list[int]
) -> list[sa.Row[Any]]:
    first, last = months or (date.max, date.min)
    return [
        row
        for row in months_read
        if (first <= row.month <= last if row.part == _WHOLE else row.part in parts)
    ]


@cached_statement
def _months_query(
    identity: Identity,
    months: tuple[date, date] | None,
    days: tuple[tuple[date, date], ...],
    target_currency: str | None,
) -> sa.Select[Any]:
    """Return the statement of `overhead_months`; `part` is `_WHOLE` or the place of the days."""
    parts = [] if months is None else [(_WHOLE, _stored_sums(identity, *months))]
    parts += [(place, _record_sums(identity, *part)) for place, part in enumerate(days)]
    sums = sa.union_all(
        *(query.add_columns(sa.literal_column(str(place)).label("part")) for place, query in parts)
    ).subquery("overhead_sums")
    rows = _ledger_of(identity, sums, target_currency, "overheads").c
    return sa.select(rows.part, *(rows[name] for name in _COLUMNS))


def _ledger_of(
    identity: Identity, sums: sa.Subquery, target_currency: str | None, name: str
) -> sa.Subquery:
    """Return the ledger of rows with the columns of `overhead_sums`; `part` is kept."""
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
            *(column for column in sums.c if column.name == "part"),
        )
        .select_from(amounts.rows)
        .subquery(name)
    )


def _stored_sums(identity: Identity, first: date, last: date) -> sa.Select[Any]:
    sums = schema.overhead_months.c
    return sa.select(
        sums.month, sums.currency, sums.kind, sums.revenue, sums.expenses, sums.records
    ).where(
        sums.tenant_id == identity.tenant_id,
        sums.month.between(first, last),
        sums.records > 0,
    )


def _record_sums(identity: Identity, start: date, end: date) -> sa.Select[Any]:
    record = schema.overheads.c
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
