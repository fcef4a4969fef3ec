"""Closed months: nothing dated in one changes, by whatever path, until an ADMIN opens it again.

PostgreSQL refuses it with ZX006, which is `errors.MonthClosed`. Closing waits for everything that
is being written just then; so what was saved before is in the closed month, and nothing after.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.schema import (
    client_kpis,
    closed_months,
    custom_metrics,
    financials,
    lead_events,
)
from zixly_data.errors import AlreadyExists, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.dates import add_months, month_name, within_range
from zixly_data.values.frames import Count, Date, Frame, Instant, Money, Text, fetch, nullable


class ClosedMonths(Frame):
    """One row per closed month, the latest month first.

    `month` is its first day; `closed_by_name` is null where no person did it.
    """

    id: Text
    month: Date
    closed_by_name: Text = nullable
    created_at: Instant


class MonthFigures(Frame):
    """One row per calendar month and currency with at least one record, the latest month first.

    `records` counts financial records, lead events and metric values of clients of that currency.
    """

    month: Date
    currency: Text
    records: Count
    revenue: Money
    expenses: Money


def figures(identity: Identity) -> DataFrame[MonthFigures]:
    """What is recorded in each month of all time, and in which amounts, exact."""
    nothing = sa.literal(Decimal("0.00"))
    parts = [
        sa.select(
            sa.cast(sa.func.date_trunc("month", day), sa.Date).label("month"),
            table.c.client_kpi_id,
            revenue.label("revenue"),
            expenses.label("expenses"),
        ).where(table.c.tenant_id == identity.tenant_id)
        for table, day, revenue, expenses in (
            (financials, financials.c.record_date, financials.c.revenue, financials.c.expenses),
            (lead_events, lead_events.c.event_date, nothing, nothing),
            (custom_metrics, custom_metrics.c.record_date, nothing, nothing),
        )
    ]
    each = sa.union_all(*parts).subquery()
    query = (
        sa.select(
            each.c.month,
            client_kpis.c.currency,
            sa.func.count().label("records"),
            sa.func.sum(each.c.revenue).label("revenue"),
            sa.func.sum(each.c.expenses).label("expenses"),
        )
        .select_from(each.join(client_kpis, client_kpis.c.id == each.c.client_kpi_id))
        .where(client_kpis.c.tenant_id == identity.tenant_id)
        .group_by(each.c.month, client_kpis.c.currency)
        .order_by(each.c.month.desc(), client_kpis.c.currency)
    )
    with scoped(identity) as connection:
        return fetch(connection, query, MonthFigures)


def list_closed(identity: Identity) -> DataFrame[ClosedMonths]:
    """The months that are closed, by whom and when."""
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
    with scoped(identity) as connection:
        return fetch(connection, query, ClosedMonths)


def is_closed(identity: Identity, month: date) -> bool:
    """Whether the month that this day lies in is closed."""
    with scoped(identity) as connection:
        query = sa.select(sa.exists().where(*_this(identity, month)))
        return bool(connection.execute(query).scalar_one())


def close(identity: Identity, month: date) -> None:
    """Closes the month that this day lies in. The running month may be closed, a later one not.

    Raises AccessDenied unless ADMIN, AlreadyExists where it is closed, InvalidInput for a month
    that has not begun, StillWriting where others do for more than 15 seconds.
    """
    first = _begun(identity, month)
    with scoped(identity) as connection:
        if not _closing(connection, [first]):
            raise AlreadyExists(
                f"{month_name(first)} is closed already.",
                field="month",
                advice="Nothing needs to be done.",
            )


def close_through(identity: Identity, month: date) -> list[date]:
    """Closes every open month from the first one with a record to this one, all or none.

    Returns the first days of the months it closed, in order; an empty list where all of them were
    closed. Raises as `close` does.
    """
    last = _begun(identity, month)
    with scoped(identity) as connection:
        # Closing one waits for whoever is writing: only then is it known where the records start.
        closed = _closing(connection, [last])
        start = _earliest(identity, connection)
        earlier = []
        while start and start < last:
            earlier.append(start)
            start = add_months(start, 1)
        if earlier:
            closed += _closing(connection, earlier)
    return sorted(closed)


def reopen(identity: Identity, month: date) -> None:
    """Opens the month that this day lies in. Raises AccessDenied unless ADMIN, NotFound if open."""
    with scoped(identity) as connection:
        if not connection.execute(sa.delete(closed_months).where(*_this(identity, month))).rowcount:
            raise NotFound(
                f"{month_name(month)} is not closed.", advice="Nothing needs to be done."
            )


def _this(identity: Identity, month: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        closed_months.c.tenant_id == identity.tenant_id,
        closed_months.c.month == month.replace(day=1),
    )


def _begun(identity: Identity, month: date) -> date:
    """The month's first day, in the tenant's calendar. Raises InvalidInput for a later month."""
    first = within_range(month, "month").replace(day=1)
    if first > tenants.get(identity).today():
        raise InvalidInput(
            f"{month_name(first)} has not begun, so it cannot be closed.",
            field="month",
            advice="Close it once its figures are complete.",
        )
    return first


def _closing(connection: Connection, months: list[date]) -> list[date]:
    """Closes these; the answer is those that were open."""
    return list(
        connection.execute(
            insert(closed_months)
            .values([{"month": month} for month in months])
            .on_conflict_do_nothing(index_elements=["tenant_id", "month"])
            .returning(closed_months.c.month)
        ).scalars()
    )


def _earliest(identity: Identity, connection: Connection) -> date | None:
    """The first day of the first month with a record of any kind."""
    dates = (
        (financials, financials.c.record_date),
        (lead_events, lead_events.c.event_date),
        (custom_metrics, custom_metrics.c.record_date),
    )
    firsts = sa.func.least(
        *(
            sa.select(sa.func.min(day))
            .where(table.c.tenant_id == identity.tenant_id)
            .scalar_subquery()
            for table, day in dates
        )
    )
    found: date | None = connection.execute(sa.select(firsts)).scalar_one()
    return found and found.replace(day=1)
