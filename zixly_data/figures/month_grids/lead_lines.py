"""The rows of the grid of a month's lead events, the clients to choose, and numbers by stage."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, lead_events
from zixly_data.figures.month_grids.grid_page import (
    GRID_ROWS,
    GridPage,
    fetch_page,
    people_order,
    period_of,
)
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions, may_have_deal
from zixly_data.records.pipeline.lead_stages import effective_stages
from zixly_data.records.seen_records import seen_ids_query
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months, month_end
from zixly_data.values.frames import Count, Date, Frame, Money, Text, fetch, nullable

# The most clients to choose from.
MOST_CLIENTS = 2_000


class LeadLines(Frame):
    """One row per lead event of the month, then one per active client or prospect, without an
    event.

    `client_name` ends with the external id if two clients share the name.
    """

    client_kpi_id: Text
    client_name: Text
    currency: Text
    id: Text = nullable
    version: Count = nullable
    lead_id: Text = nullable
    stage: Text = nullable
    event_date: Date = nullable
    value: Money = nullable
    note: Text = nullable
    reason: Text = nullable


class LeadCounts(Frame):
    """One row per stage and currency with an event in the month or in the one before.

    Events of a merged stage count at the one that it was merged into.
    """

    stage: Text
    currency: Text
    events: Count
    value: Money
    last_events: Count


class LeadClients(Frame):
    """One row per active client or prospect to choose."""

    client_kpi_id: Text
    client_name: Text
    currency: Text


def lead_lines(identity: Identity, month: date, search: str, number: int) -> GridPage[LeadLines]:
    """Return a page of the grid of lead events: those of the month by date, then a row per active
    client or prospect in which nothing is recorded."""
    period, client, event = period_of(month), _named_clients(identity, search), lead_events.c
    shared = (client.c.id.label("client_kpi_id"), client.c.client_name, client.c.currency)
    own = ("id", "version", "lead_id", "stage", "event_date", "value", "note", "reason")
    recorded = (
        sa.select(*shared, *(event[name] for name in own), client.c.people_order)
        .select_from(lead_events.join(client, client.c.id == event.client_kpi_id))
        .where(
            event.tenant_id == identity.tenant_id,
            event.event_date.between(period.start, period.end),
        )
    )
    types: dict[str, Any] = {
        "version": sa.Integer, "event_date": sa.Date, "value": sa.Numeric(14, 2)
    }  # fmt: skip
    nothing = (sa.cast(sa.null(), types.get(name, sa.Text)).label(name) for name in own)
    empty = sa.select(*shared, *nothing, client.c.people_order).where(client.c.may_have_deal)
    lines = sa.union_all(recorded, empty).subquery("lines")
    query = sa.select(*(lines.c[name] for name in LeadLines.to_schema().columns)).order_by(
        lines.c.event_date.nulls_last(),
        lines.c.people_order,
        lines.c.client_name,
        lines.c.lead_id,
        lines.c.id,
        lines.c.client_kpi_id,
    )
    with reporting(identity) as connection:
        return fetch_page(connection, query, LeadLines, number, GRID_ROWS)


def lead_counts(identity: Identity, month: date) -> DataFrame[LeadCounts]:
    """Return how many lead events the month and the one before have, and what those of the month
    are worth, by stage."""
    start, event, stages = add_months(month, -1), lead_events.c, effective_stages(identity)
    of_month = event.event_date >= month
    query = (
        sa.select(
            stages.c.effective_stage.label("stage"),
            client_kpis.c.currency,
            sa.func.count().filter(of_month).label("events"),
            sa.func.coalesce(sa.func.sum(event.value).filter(of_month), 0).label("value"),
            sa.func.count().filter(sa.not_(of_month)).label("last_events"),
        )
        .select_from(
            lead_events.join(client_kpis, client_kpis.c.id == event.client_kpi_id).join(
                stages, stages.c.stage == event.stage
            )
        )
        .where(
            event.tenant_id == identity.tenant_id, event.event_date.between(start, month_end(month))
        )
        .group_by(stages.c.effective_stage, client_kpis.c.currency)
        .order_by(stages.c.effective_stage, client_kpis.c.currency)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, LeadCounts)


def lead_ids(identity: Identity, month: date) -> list[str]:
    """Return the ids of the month's lead events, of many the newest ones."""
    query = seen_ids_query(identity, lead_events, "event_date", month)
    with reporting(identity) as connection:
        return list(connection.execute(query).scalars())


def lead_clients(identity: Identity) -> DataFrame[LeadClients]:
    """Return active clients and prospects in the order of people, at most `MOST_CLIENTS`."""
    client = _named_clients(identity, "")
    query = (
        sa.select(client.c.id.label("client_kpi_id"), client.c.client_name, client.c.currency)
        .where(client.c.may_have_deal)
        .order_by(client.c.people_order, client.c.client_name, client.c.id)
        .limit(MOST_CLIENTS)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, LeadClients)


def _named_clients(identity: Identity, search: str) -> sa.Subquery:
    """Return the clients whose name or external id contains `search`; two of one name are told
    apart by it."""
    client = client_kpis.c
    same_name = (
        sa.select(client.id, sa.func.count().over(partition_by=client.client_name).label("count"))
        .where(client.tenant_id == identity.tenant_id)
        .subquery("same_name")
    )
    with_id = client.client_name + " (" + client.client_id + ")"
    return (
        sa.select(
            client.id,
            sa.case((same_name.c.count > 1, with_id), else_=client.client_name).label(
                "client_name"
            ),
            client.currency,
            may_have_deal.label("may_have_deal"),
            people_order(client.client_name)[0].label("people_order"),
        )
        .select_from(client_kpis.join(same_name, same_name.c.id == client.id))
        .where(*client_conditions(identity, ClientFilter(search=search), prospects=True))
        .subquery("clients")
    )
