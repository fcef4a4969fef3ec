"""Clients with their sums over all time, for the page Clients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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
from zixly_data.tables.clients import PROSPECT
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Frame, Money, Ratio, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import ALL

_ORDER = (sa.func.lower(client_kpis.c.client_name), client_kpis.c.id)


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


@dataclass(frozen=True)
class Summary:
    """What a list of clients has in total: how many, how many active, and how many with records.

    `prospects` are counted apart; a list has none unless its filter names them. `currencies` counts
    those of clients with records. `best_…` are the client with the highest profit, of those paid in
    the reporting currency if there are any with records; None without any.
    """

    clients: int
    active: int
    recorded: int
    currencies: int
    best_name: str | None = None
    best_currency: str | None = None
    best_profit: Decimal | None = None
    prospects: int = 0


@dataclass(frozen=True)
class Recorded:
    """The number of clients, prospects not counted, and the days of their first and last record."""

    clients: int
    first_record: date | None
    last_record: date | None


def list_clients(
    identity: Identity, client_filter: ClientFilter | None = None
) -> DataFrame[Clients]:
    """Return the clients of the tenant: one row each, ordered by name, then by id as text.

    Prospects are among them only if the filter names them.

    Revenue, expenses and profit are sums over all records, zero if there are none. Margin is
    profit / revenue, null if revenue is zero or less.
    """
    with reporting(identity) as connection:
        return fetch(connection, list_query(identity, client_filter), Clients)


def page(
    identity: Identity, client_filter: ClientFilter | None, request: PageRequest
) -> Page[Clients]:
    """Return one page of `list_clients`, which may be sorted by an amount or the last record."""
    query = list_query(identity, client_filter)
    columns = query.selected_columns
    sorts = {name: columns[name] for name in ("revenue", "expenses", "profit", "last_record")}
    with reporting(identity) as connection:
        return fetch_page(connection, query, Clients, request, _ORDER, sorts)


def summary(
    identity: Identity, client_filter: ClientFilter | None, reporting_currency: str
) -> Summary:
    """Return the totals of `list_clients`, without its rows."""
    listed = list_query(identity, client_filter).order_by(None).subquery().c
    is_recorded = listed.last_record.is_not(None)
    counts = sa.select(
        sa.func.count().filter(listed.status != PROSPECT).label("clients"),
        sa.func.count().filter(listed.status == "ACTIVE").label("active"),
        sa.func.count().filter(listed.status == PROSPECT).label("prospects"),
        sa.func.count().filter(is_recorded).label("recorded"),
        sa.func.count(listed.currency.distinct()).filter(is_recorded).label("currencies"),
    )
    best = (
        sa.select(
            listed.client_name.label("best_name"),
            listed.currency.label("best_currency"),
            listed.profit.label("best_profit"),
        )
        .where(is_recorded)
        .order_by(
            (listed.currency == reporting_currency).desc(),
            listed.profit.desc(),
            sa.func.lower(listed.client_name),
            listed.id,
        )
        .limit(1)
    )
    with reporting(identity) as connection:
        counted = connection.execute(counts).mappings().one()
        first = connection.execute(best).mappings().one_or_none()
    return Summary(**counted, **(first or {}))


def recorded(identity: Identity, client_filter: ClientFilter | None = None) -> Recorded:
    """Return the number of clients and the days of their first and last record, without rows."""
    dates: list[Any] = [
        sa.select(aggregate(financials.c.record_date))
        .where(financials.c.tenant_id == identity.tenant_id, *_of_clients(identity, client_filter))
        .scalar_subquery()
        for aggregate in (sa.func.min, sa.func.max)
    ]
    query = sa.select(
        sa.func.count().label("clients"),
        dates[0].label("first_record"),
        dates[1].label("last_record"),
    ).where(*client_conditions(identity, client_filter))
    with reporting(identity) as connection:
        return Recorded(**connection.execute(query).mappings().one())


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
        .order_by(*_ORDER)
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


def _of_clients(
    identity: Identity, client_filter: ClientFilter | None
) -> list[sa.ColumnElement[bool]]:
    """Return the filter as a condition on records; none for all clients."""
    if client_filter is None or client_filter == ClientFilter():
        return []
    return [
        financials.c.client_kpi_id.in_(
            sa.select(client_kpis.c.id).where(*client_conditions(identity, client_filter))
        )
    ]
