"""The pipeline: the current state of each lead, computed from its events.

stage of a lead    what its latest event counts as, in the order of `lead_order`
value of a lead    the latest one that was recorded, in the client's currency
leads of a period  those whose first event lies in it, in their state of today
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, lead_events
from zixly_data.database.statement_cache import cached_statement
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.client_conditions import client_conditions
from zixly_data.records.pipeline.lead_order import latest_first
from zixly_data.records.pipeline.lead_stages import effective_stages
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Frame, Money, Text, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period

# The most leads of a client to choose from. The name of an older one can be typed.
MOST_NAMES = 500
_FIRST_PAGE = PageRequest()


class Leads(Frame):
    """One row per lead."""

    client_kpi_id: Text
    client_id: Text
    client_name: Text
    lead_id: Text
    first_date: Date
    last_date: Date
    stage: Text
    status: Text
    value: Money = nullable
    currency: Text
    days_open: Count


def page(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
) -> Page[Leads]:
    """Return the leads whose first event lies in the period, in their current state, newest first.

    `days_open` counts from the first event to the latest one of a won or lost lead, and to today
    in the tenant's time zone for an open one. They may be sorted by any column but the ids.
    """
    with reporting(identity) as connection:
        return fetch_leads(connection, leads_query(identity, period, client_filter), request)


def fetch_leads(connection: Connection, query: sa.Select[Any], request: PageRequest) -> Page[Leads]:
    """Return one page of `leads_query`, which may have more conditions."""
    columns = query.selected_columns
    sorts = {name: columns[name] for name in ("first_date", "last_date", "value", "days_open")}
    sorts["client_name"] = sa.func.lower(columns.client_name)
    return fetch_page(connection, query, Leads, request, _order(columns), sorts)


def names_of_client(identity: Identity, client_kpi_id: str) -> list[str]:
    """Return the names of a client's leads, the newest lead first, at most `MOST_NAMES`."""
    query = (
        sa.select(lead_events.c.lead_id)
        .where(
            lead_events.c.tenant_id == identity.tenant_id,
            lead_events.c.client_kpi_id == client_kpi_id,
        )
        .group_by(lead_events.c.lead_id)
        .order_by(sa.func.min(lead_events.c.event_date).desc(), lead_events.c.lead_id)
        .limit(MOST_NAMES)
    )
    with reporting(identity) as connection:
        return list(connection.execute(query).scalars())


def median(
    whole_numbers: Any, condition: sa.ColumnElement[bool] | None = None
) -> sa.ColumnElement[Any]:
    """Return the median of whole numbers, exact to a half, as an aggregate.

    With a condition, it is that of the rows that meet it.
    """

    # percentile_cont computes in binary floating point. The two middle values are exact, and so
    # is half their sum.
    def middle(ordered: Any) -> Any:
        value = sa.func.percentile_disc(0.5).within_group(ordered)
        return value if condition is None else value.filter(condition)

    total = middle(whole_numbers) + middle(whole_numbers.desc())
    return sa.func.round(sa.cast(total, sa.Numeric) / 2, 1)


def leads_query(
    identity: Identity, period: Period, client_filter: ClientFilter | None
) -> sa.Select[Any]:
    """Return the statement of `page`, without its limit; its columns are those of `Leads`."""
    return states_query(identity, cohort(identity, period, client_filter))


def states_query(identity: Identity, leads: sa.FromClause) -> sa.Select[Any]:
    """Return rows of `cohort` with the columns and in the order of `page`."""
    today = tenants.date_of(identity, sa.func.now())
    until = sa.case((leads.c.status == "OPEN", today), else_=leads.c.last_date)
    return sa.select(
        *(leads.c[name] for name in Leads.to_schema().columns if name != "days_open"),
        sa.func.greatest(until - leads.c.first_date, 0).label("days_open"),
    ).order_by(*_order(leads.c))


def _order(leads: Any) -> list[sa.ColumnElement[Any]]:
    return [
        leads.first_date.desc(),
        sa.func.lower(leads.client_name),
        leads.client_kpi_id,
        leads.lead_id,
    ]


@cached_statement
def shared_cohort(identity: Identity, period: Period) -> sa.CTE:
    """Return the cohort of a period; a statement that uses it several times computes it once."""
    return sa.select(cohort(identity, period, None)).cte("shared_cohort")


def cohort(identity: Identity, period: Period, client_filter: ClientFilter | None) -> sa.Subquery:
    """Return the leads whose first event lies in the period as a subquery: one row per lead.

    In addition to columns of `Leads`: won_date, the date of the first event at a won stage, and
    events, the number of events.
    """
    lead, stages = (client_kpis.c.id, lead_events.c.lead_id), effective_stages(identity)

    def latest(column: Any, kind: sa.types.TypeEngine[Any]) -> Any:
        ordered = aggregate_order_by(column, *latest_first(stages))
        recorded_values = sa.func.array_agg(ordered, type_=sa.ARRAY(kind)).filter(
            column.is_not(None)
        )
        return recorded_values[1].label(column.name)

    return (
        sa.select(
            client_kpis.c.id.label("client_kpi_id"),
            sa.func.min(client_kpis.c.client_id).label("client_id"),
            sa.func.min(client_kpis.c.client_name).label("client_name"),
            sa.func.min(client_kpis.c.currency).label("currency"),
            lead_events.c.lead_id,
            sa.func.min(lead_events.c.event_date, type_=sa.Date()).label("first_date"),
            sa.func.max(lead_events.c.event_date, type_=sa.Date()).label("last_date"),
            latest(stages.c.effective_stage, sa.Text()).label("stage"),
            latest(lead_events.c.status, sa.Text()),
            latest(lead_events.c.value, sa.Numeric(14, 2)),
            sa.func.min(lead_events.c.event_date, type_=sa.Date())
            .filter(lead_events.c.status == "WON")
            .label("won_date"),
            sa.func.count().label("events"),
        )
        .select_from(
            lead_events.join(client_kpis, client_kpis.c.id == lead_events.c.client_kpi_id).join(
                stages, stages.c.stage == lead_events.c.stage
            )
        )
        .where(
            lead_events.c.tenant_id == identity.tenant_id,
            *client_conditions(
                identity, client_filter, lead_events.c.client_kpi_id, prospects=True
            ),
        )
        .group_by(*lead)
        .having(sa.func.min(lead_events.c.event_date).between(period.start, period.end))
        .subquery("leads")
    )
