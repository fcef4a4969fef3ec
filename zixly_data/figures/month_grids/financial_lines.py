"""The rows of the grid of a month's financials, and the totals of the month."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, financials
from zixly_data.figures.month_grids.grid_page import (
    GRID_ROWS,
    GridPage,
    fetch_page,
    people_order,
    period_of,
)
from zixly_data.figures.month_sums import month_sums
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions, is_active
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.frames import Count, Date, Flag, Frame, Money, Text, fetch, nullable


class FinancialLines(Frame):
    """One row per record of the month, and one per active client without; `id` is then null.

    `client_records` and `client_profit` are those of the client in the whole month, `last_profit`
    is its profit of the month before. `is_first` marks the first row of a client.
    """

    client_kpi_id: Text
    client_name: Text
    currency: Text
    id: Text = nullable
    version: Count = nullable
    record_date: Date = nullable
    revenue: Money = nullable
    expenses: Money = nullable
    note: Text = nullable
    is_first: Flag
    client_records: Count
    client_profit: Money = nullable
    last_profit: Money = nullable


class MonthTotals(Frame):
    """One row per currency of active clients and of records of the month; the last month's profit
    is null without records in it."""

    currency: Text
    revenue: Money
    expenses: Money
    last_profit: Money = nullable


def financial_lines(
    identity: Identity, month: date, search: str, number: int
) -> GridPage[FinancialLines]:
    """Return a page of the grid of financials of the month that begins on `month`."""
    client, record = client_kpis.c, financials.c
    period, last = period_of(month), month_sums(identity, period_of(add_months(month, -1)), "last")
    of_client: dict[str, Any] = {"partition_by": client.id}
    order = (*people_order(client.client_name), client.id, record.record_date, record.id)
    place = sa.func.row_number().over(order_by=order[-2:], **of_client)
    query = (
        sa.select(
            client.id.label("client_kpi_id"),
            client.client_name,
            client.currency,
            *(record[name] for name in ("id", "version", "record_date", "revenue", "expenses")),
            record.note,
            (place == 1).label("is_first"),
            sa.func.count(record.id).over(**of_client).label("client_records"),
            sa.func.sum(record.profit).over(**of_client).label("client_profit"),
            (last.c.revenue - last.c.expenses).label("last_profit"),
        )
        .select_from(
            client_kpis.outerjoin(
                financials,
                sa.and_(
                    record.client_kpi_id == client.id,
                    record.tenant_id == identity.tenant_id,
                    record.record_date.between(period.start, period.end),
                ),
            ).outerjoin(last, last.c.client_kpi_id == client.id)
        )
        .where(
            *client_conditions(identity, ClientFilter(search=search)),
            sa.or_(is_active, record.id.is_not(None)),
        )
        .order_by(*order)
    )
    with reporting(identity) as connection:
        return fetch_page(connection, query, FinancialLines, number, GRID_ROWS)


def month_totals(identity: Identity, month: date) -> DataFrame[MonthTotals]:
    """Return the totals of the month that begins on `month`, ordered by currency."""
    this = month_sums(identity, period_of(month), "this")
    last = month_sums(identity, period_of(add_months(month, -1)), "last")
    in_grid = sa.or_(is_active, this.c.client_kpi_id.is_not(None))
    query = (
        sa.select(
            client_kpis.c.currency,
            sa.func.coalesce(sa.func.sum(this.c.revenue), 0).label("revenue"),
            sa.func.coalesce(sa.func.sum(this.c.expenses), 0).label("expenses"),
            sa.func.sum(last.c.revenue - last.c.expenses).label("last_profit"),
        )
        .select_from(
            client_kpis.outerjoin(this, this.c.client_kpi_id == client_kpis.c.id).outerjoin(
                last, last.c.client_kpi_id == client_kpis.c.id
            )
        )
        .where(client_kpis.c.tenant_id == identity.tenant_id)
        .group_by(client_kpis.c.currency)
        .having(sa.func.bool_or(in_grid))
        .order_by(client_kpis.c.currency)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, MonthTotals)
