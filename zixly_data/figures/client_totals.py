"""Clients with their sums over all time, for the page Clients."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, financials
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.month_sums import margin, month_sums
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Frame, Money, Ratio, Text, fetch, nullable
from zixly_data.values.period import ALL


class Clients(Frame):
    """One row per client, with its figures over all time in its own currency."""

    id: Text
    client_id: Text
    client_name: Text
    industry: Text = nullable
    currency: Text
    status: Text
    revenue: Money
    expenses: Money
    profit: Money
    margin: Ratio = nullable
    first_record: Date = nullable
    last_record: Date = nullable
    note: Text = nullable
    version: Count


def list_clients(
    identity: Identity, client_filter: ClientFilter | None = None
) -> DataFrame[Clients]:
    """Return the clients of the tenant: one row each, ordered by name, then by id as text.

    Revenue, expenses and profit are sums over all records, zero if there are none. Margin is
    profit / revenue, null if revenue is zero.
    """
    with reporting(identity) as connection:
        return fetch(connection, list_query(identity, client_filter), Clients)


@cached_statement
def list_query(identity: Identity, client_filter: ClientFilter | None) -> sa.Select[Any]:
    """Return the statement of `list_clients`; its columns are those of `Clients`."""
    months = month_sums(identity, ALL)
    sums = (
        sa.select(
            months.c.client_kpi_id,
            sa.func.sum(months.c.revenue).label("revenue"),
            sa.func.sum(months.c.expenses).label("expenses"),
        )
        .group_by(months.c.client_kpi_id)
        .subquery()
    )
    zero = sa.literal(Decimal("0.00"))
    revenue = sa.func.coalesce(sums.c.revenue, zero)
    expenses = sa.func.coalesce(sums.c.expenses, zero)
    return (
        sa.select(
            client_kpis.c.id,
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            client_kpis.c.industry,
            client_kpis.c.currency,
            client_kpis.c.status,
            revenue.label("revenue"),
            expenses.label("expenses"),
            (revenue - expenses).label("profit"),
            margin(revenue - expenses, revenue).label("margin"),
            _first_or_last_record(identity, sa.func.min).label("first_record"),
            _first_or_last_record(identity, sa.func.max).label("last_record"),
            client_kpis.c.note,
            client_kpis.c.version,
        )
        .select_from(client_kpis.outerjoin(sums, sums.c.client_kpi_id == client_kpis.c.id))
        .where(*client_conditions(identity, client_filter))
        .order_by(sa.func.lower(client_kpis.c.client_name), client_kpis.c.id)
    )


def _first_or_last_record(identity: Identity, aggregate: Any) -> Any:
    """Return the client's first or last record date (`min` or `max`), read from an index."""
    return (
        sa.select(aggregate(financials.c.record_date))
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.client_kpi_id == client_kpis.c.id,
        )
        .correlate(client_kpis)
        .scalar_subquery()
    )
