"""Closed months: no record dated in one can be changed until an ADMIN reopens it.

PostgreSQL refuses such a change with ZX006 (`errors.MonthClosed`). Closing waits for all writes in
progress, so a closed month contains everything saved before it was closed, and nothing later.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import (
    client_kpis,
    closed_months,
    custom_metrics,
    financial_months,
    financials,
    lead_events,
    overhead_months,
    overheads,
)
from zixly_data.errors import AlreadyExists, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.tables.overheads import OverheadKind
from zixly_data.values.dates import add_months, month_name, within_range
from zixly_data.values.frames import Count, Date, Frame, Instant, Money, Text, fetch, nullable


class ClosedMonths(Frame):
    """One row per closed month, the latest month first.

    `month` is its first day; `closed_by_name` is null if no person closed it.
    """

    id: Text
    month: Date
    closed_by_name: Text = nullable
    created_at: Instant


class MonthFigures(Frame):
    """One row per calendar month and currency with at least one record, the latest month first.

    `records` counts financial records, lead events and metric values of clients of that currency,
    and overheads in it. `revenue` and `expenses` are those of clients. `overheads` counts the
    records that belong to no client, `unassigned` those of them that nobody has decided about.
    """

    month: Date
    currency: Text
    records: Count
    revenue: Money
    expenses: Money
    overheads: Count
    unassigned: Count
    overhead_revenue: Money
    overhead_expenses: Money


def figures(identity: Identity) -> DataFrame[MonthFigures]:
    """Return the number of records and the exact amounts of every month with records."""
    zero = sa.literal(Decimal("0.00"))
    # Sums of financial records are kept by month; the last row of a month leaves one of nothing.
    sums = financial_months.c
    parts = [
        sa.select(
            sums.month, sums.client_kpi_id, sums.records, sums.revenue, sums.expenses
        ).where(sums.tenant_id == identity.tenant_id, sums.records > 0),
        *(
            sa.select(
                sa.cast(sa.func.date_trunc("month", day), sa.Date), table.c.client_kpi_id,
                sa.func.count(), zero, zero,
            )
            .where(table.c.tenant_id == identity.tenant_id)
            .group_by(sa.literal_column("1"), sa.literal_column("2"))
            for table, day in (
                (lead_events, lead_events.c.event_date),
                (custom_metrics, custom_metrics.c.record_date),
            )
        ),
    ]  # fmt: skip
    records = sa.union_all(*parts).subquery()
    of_clients = (
        sa.select(
            records.c.month,
            client_kpis.c.currency,
            records.c.records,
            records.c.revenue,
            records.c.expenses,
            *(sa.literal(0).label(name) for name in ("overheads", "unassigned")),
            *(zero.label(name) for name in ("overhead_revenue", "overhead_expenses")),
        )
        .select_from(records.join(client_kpis, client_kpis.c.id == records.c.client_kpi_id))
        .where(client_kpis.c.tenant_id == identity.tenant_id)
    )
    rows = sa.union_all(of_clients, _overhead_sums(identity)).subquery("rows_of_months")
    sums_of = MonthFigures.to_schema().columns
    query = (
        sa.select(
            rows.c.month,
            rows.c.currency,
            *(
                sa.cast(sa.func.sum(rows.c[name]), sa.BigInteger).label(name)
                if name in ("records", "overheads", "unassigned")
                else sa.func.sum(rows.c[name]).label(name)
                for name in sums_of
                if name not in ("month", "currency")
            ),
        )
        .group_by(rows.c.month, rows.c.currency)
        .order_by(rows.c.month.desc(), rows.c.currency)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, MonthFigures)


def _overhead_sums(identity: Identity) -> sa.Select[Any]:
    """Select the kept sums of overheads, with the columns of `MonthFigures`."""
    sums, zero = overhead_months.c, sa.literal(Decimal("0.00"))
    unassigned = sa.case((sums.kind == OverheadKind.UNASSIGNED.value, sums.records), else_=0)
    return sa.select(
        sums.month, sums.currency, sums.records, zero, zero, sums.records, unassigned,
        sums.revenue, sums.expenses,
    ).where(sums.tenant_id == identity.tenant_id, sums.records > 0)  # fmt: skip


def list_closed(identity: Identity) -> DataFrame[ClosedMonths]:
    """Return the closed months, with the person who closed each and the time."""
    query = (
        sa.select(
            closed_months.c.id,
            closed_months.c.month,
            closed_months.c.closed_by_name,
            closed_months.c.created_at,
        )
        .where(closed_months.c.tenant_id == identity.tenant_id)
        .order_by(closed_months.c.month.desc())
    )
    with reporting(identity) as connection:
        return fetch(connection, query, ClosedMonths)


def is_closed(identity: Identity, month: date) -> bool:
    """Return whether the month of this day is closed."""
    with scoped(identity) as connection:
        query = sa.select(sa.exists().where(*_month_conditions(identity, month)))
        return bool(connection.execute(query).scalar_one())


def close(identity: Identity, month: date) -> None:
    """Close the month of this day. The current month may be closed, a later one may not.

    Raises AccessDenied unless ADMIN, AlreadyExists if it is closed, InvalidInput for a month that
    has not begun, StillWriting if writes by others take more than 15 seconds.
    """
    first = _first_day_of_begun_month(identity, month)
    with scoped(identity) as connection:
        if not _close_months(connection, [first]):
            raise AlreadyExists(
                f"{month_name(first)} is already closed.",
                field="month",
                advice="There is nothing to do.",
            )


def close_through(identity: Identity, month: date) -> list[date]:
    """Close every open month from the first one with a record up to this one, all or none.

    Returns the first days of the months that were closed, in order, or an empty list if all of them
    were closed before. Raises as `close` does.
    """
    last = _first_day_of_begun_month(identity, month)
    with scoped(identity) as connection:
        # Closing a month waits for writes in progress; only afterwards is the first record certain.
        closed = _close_months(connection, [last])
        open_month = _first_month_with_records(identity, connection)
        earlier = []
        while open_month and open_month < last:
            earlier.append(open_month)
            open_month = add_months(open_month, 1)
        if earlier:
            closed += _close_months(connection, earlier)
    return sorted(closed)


def reopen(identity: Identity, month: date) -> None:
    """Reopen the month of this day. Raises AccessDenied unless ADMIN, NotFound if it is open."""
    with scoped(identity) as connection:
        query = sa.delete(closed_months).where(*_month_conditions(identity, month))
        if not connection.execute(query).rowcount:
            raise NotFound(f"{month_name(month)} is not closed.", advice="There is nothing to do.")


def _month_conditions(identity: Identity, month: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        closed_months.c.tenant_id == identity.tenant_id,
        closed_months.c.month == month.replace(day=1),
    )


def _first_day_of_begun_month(identity: Identity, month: date) -> date:
    """Return the month's first day.

    Raises InvalidInput for a month that has not begun in the tenant's time zone.
    """
    first = within_range(month, "month").replace(day=1)
    if first > tenants.get(identity).today():
        raise InvalidInput(
            f"{month_name(first)} has not started, so it cannot be closed.",
            field="month",
            advice="Close it once its figures are complete.",
        )
    return first


def _close_months(connection: Connection, months: list[date]) -> list[date]:
    """Close the months and return those that were open."""
    return list(
        connection.execute(
            insert(closed_months)
            .values([{"month": month} for month in months])
            .on_conflict_do_nothing(index_elements=["tenant_id", "month"])
            .returning(closed_months.c.month)
        ).scalars()
    )


def _first_month_with_records(identity: Identity, connection: Connection) -> date | None:
    """Return the first day of the first month with a record of any kind."""
    dates = (
        (financials, financials.c.record_date),
        (overheads, overheads.c.record_date),
        (lead_events, lead_events.c.event_date),
        (custom_metrics, custom_metrics.c.record_date),
    )
    earliest_date = sa.func.least(
        *(
            sa.select(sa.func.min(day))
            .where(table.c.tenant_id == identity.tenant_id)
            .scalar_subquery()
            for table, day in dates
        )
    )
    earliest: date | None = connection.execute(sa.select(earliest_date)).scalar_one()
    return earliest and earliest.replace(day=1)
