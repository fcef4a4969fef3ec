"""Lead events: enquiries on their way to a contract, recorded as events.

A lead is one `lead_id` of one client. Each event records that the lead reached a stage on a date.
The status of an event is that of its stage (`lead_stages`) and is never entered. `lead_states`
computes the current state of each lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, lead_events, lead_stages
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.records.pipeline.lead_order import earliest_of_day_first, latest_of_day_first
from zixly_data.records.pipeline.lead_stages import effective_stages
from zixly_data.tables.lead_events import LEAD_EVENTS, ONLY_LOST, LeadEventDraft
from zixly_data.tables.lead_stages import LOST, takes_no_events
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Date, Frame, Instant, Money, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period
from zixly_data.values.sources import MANUAL

_FIRST_PAGE = PageRequest()
_BY_LEAD = (sa.func.lower(client_kpis.c.client_name), client_kpis.c.id, lead_events.c.lead_id)
_SORTS = {
    "event_date": lead_events.c.event_date,
    "client_name": sa.func.lower(client_kpis.c.client_name),
    "value": lead_events.c.value,
}


class LeadEvents(Frame):
    """One row per event. `value` is the lead's value at that date, in `currency`.

    `stage` is the stage as it was recorded, also where that was merged into another one.
    """

    id: Text
    event_date: Date
    client_kpi_id: Text
    client_id: Text
    client_name: Text
    lead_id: Text
    stage: Text
    status: Text
    value: Money = nullable
    currency: Text
    source_system: Text
    note: Text = nullable
    event_at: Instant = nullable
    reason: Text = nullable
    version: Count


@dataclass(frozen=True)
class LeadEvent(LeadEventDraft):
    """A stored event. `version` counts its changes."""

    status: str = ""
    id: str = ""
    source_system: str = MANUAL
    version: int = 0


def events(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[LeadEvents]:
    """Return the events dated in the period: one row each.

    The latest day comes first; within a day, events are ordered by client name and lead, those of a
    lead by `lead_order`.
    """
    with reporting(identity) as connection:
        return fetch(connection, events_query(identity, period, client_filter), LeadEvents)


def page(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
    *,
    stage: str | None = None,
    lead_id: str | None = None,
) -> Page[LeadEvents]:
    """Return one page of `events`, or of those that count at one stage or of leads of one name.

    They may be sorted by date, client name or value.
    """
    stages = effective_stages(identity)
    query = _events_query(identity, stages, period, client_filter, stage, lead_id)
    is_oldest_first = request.sort == "event_date" and not request.descending
    order = (*_BY_LEAD, *earliest_of_day_first(stages)) if is_oldest_first else _order(stages)
    with reporting(identity) as connection:
        return fetch_page(connection, query, LeadEvents, request, order, _SORTS)


def events_query(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None,
    *,
    stage: str | None = None,
    lead_id: str | None = None,
) -> sa.Select[Any]:
    """Return the statement of `events`; its columns are those of `LeadEvents`."""
    stages = effective_stages(identity)
    return _events_query(identity, stages, period, client_filter, stage, lead_id)


def _events_query(
    identity: Identity,
    stages: sa.Subquery,
    period: Period,
    client_filter: ClientFilter | None,
    stage: str | None,
    lead_id: str | None,
) -> sa.Select[Any]:
    event_columns = ("id", "event_date", "client_kpi_id", "lead_id", "stage", "status", "value",
           "source_system", "note", "event_at", "reason", "version")  # fmt: skip
    return (
        sa.select(
            *(lead_events.c[name] for name in event_columns),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            client_kpis.c.currency,
        )
        .select_from(
            lead_events.join(client_kpis, client_kpis.c.id == lead_events.c.client_kpi_id).join(
                stages, stages.c.stage == lead_events.c.stage
            )
        )
        .where(
            lead_events.c.tenant_id == identity.tenant_id,
            lead_events.c.event_date.between(period.start, period.end),
            *client_conditions(
                identity, client_filter, lead_events.c.client_kpi_id, prospects=True
            ),
            *_equal({stages.c.effective_stage: stage, lead_events.c.lead_id: lead_id}),
        )
        .order_by(*_order(stages))
    )


def _order(stages: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    return (lead_events.c.event_date.desc(), *_BY_LEAD, *latest_of_day_first(stages))


def _equal(values: Mapping[Any, str | None]) -> list[sa.ColumnElement[bool]]:
    return [column == value for column, value in values.items() if value is not None]


def get(identity: Identity, event_id: str) -> LeadEvent:
    """Return one event. Raises NotFound, also for an event of another tenant."""
    return versioned_rows.get(identity, *_current(identity, event_id))


def add(identity: Identity, draft: LeadEventDraft, *, row_id: str) -> None:
    """Add an event with the id `row_id` (`ids.new_id("lev")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput naming the field to change (`stage` if there is no such
    stage or it is retired, `reason` if the stage is not a lost one), NotFound (no such client).
    """
    versioned_rows.add(
        identity,
        lead_events,
        row_id,
        lambda connection: _values(identity, draft, connection, row_id),
    )


def change(identity: Identity, event_id: str, version: int, draft: LeadEventDraft) -> None:
    """Change an event that is still at `version`.

    Raises Conflict with the current event if someone else changed it first, FromSource if a source
    such as HubSpot writes it, and as `add` does.
    """
    versioned_rows.change(
        identity, lead_events, event_id, version,
        lambda connection: _values(identity, draft, connection, event_id),
        _current(identity, event_id),
    )  # fmt: skip


def delete(identity: Identity, event_id: str, version: int) -> None:
    """Delete an event that is still at `version`.

    Raises Conflict, NotFound, FromSource, AccessDenied.
    """
    versioned_rows.delete(identity, lead_events, event_id, version, _current(identity, event_id))


def _values(
    identity: Identity, draft: LeadEventDraft, connection: Connection, event_id: str
) -> dict[str, Any]:
    values = LEAD_EVENTS.values(draft)
    target = lead_stages.alias("target")
    stage, recorded = lead_stages.c, lead_events.c
    is_at_stage = sa.exists().where(
        recorded.tenant_id == identity.tenant_id,
        recorded.id == event_id,
        recorded.stage == stage.stage,
    )
    query = (
        sa.select(
            stage.status,
            sa.and_(stage.retired_at.is_not(None), sa.not_(is_at_stage)).label("is_refused"),
            target.c.stage.label("merged_into"),
        )
        .select_from(
            lead_stages.outerjoin(
                target,
                sa.and_(target.c.tenant_id == stage.tenant_id, target.c.id == stage.merged_into),
            )
        )
        .where(stage.tenant_id == identity.tenant_id, stage.stage == values["stage"])
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise InvalidInput("There is no such stage. Choose one from the list.", field="stage")
    if row.is_refused:
        raise InvalidInput(takes_no_events(values["stage"], row.merged_into), field="stage")
    if values["reason"] is not None and row.status != LOST:
        raise InvalidInput(ONLY_LOST, field="reason")
    return {**values, "status": row.status}


def _current(identity: Identity, event_id: str) -> versioned_rows.Current[LeadEvent]:
    columns = (*LEAD_EVENTS.record, "status")
    query = sa.select(*(lead_events.c[name] for name in columns)).where(
        lead_events.c.tenant_id == identity.tenant_id, lead_events.c.id == event_id
    )
    return query, "event", lambda row: LeadEvent(**row._mapping)
