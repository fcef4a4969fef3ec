"""The lead funnel: leads that reach each stage, their times and their values.

    step                a stage that is open or won, in the order of positions
    reached             the lead has an event at the step or at a later one: a contract without a
                        recorded proposal counts as having had one. A lead whose only events are at
                        lost stages reached the first step.
    lost                leads now at a lost stage, counted at the furthest step they reached. A lead
                        can be lost at any step, so being lost is no step of its own.
    conversion          leads / leads of the step before
    conversion_overall  leads / leads of the first step
    median_days         between a lead's first event at a step and its first event at the step it
                        was recorded at before; a lead that moved backwards has no time

The funnel counts the leads whose first event lies in the period, with all their later events.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import lead_events, lead_stages
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_stages import effective_stages
from zixly_data.records.pipeline.lead_states import Leads, cohort, fetch_leads, leads_query, median
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, Days, Frame, Money, Ratio, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest
from zixly_data.values.period import Period

_FIRST_PAGE = PageRequest()


class Funnel(Frame):
    """One row per step, in order, including steps that no lead reached."""

    position: Count
    stage: Text
    status: Text
    leads: Count
    lost: Count
    conversion: Ratio = nullable
    conversion_overall: Ratio = nullable
    median_days: Days = nullable


class FunnelValues(Frame):
    """One row per step and currency with a lead that reached the step."""

    position: Count
    stage: Text
    currency: Text
    leads: Count
    with_value: Count
    value: Money


def funnel(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[Funnel]:
    """Return leads, conversions and times per step.

    `conversion` is null at the first step and if no lead reached the step before,
    `conversion_overall` if there are no leads at all, `median_days` (exact to half a day) if no
    lead has a time.
    """
    steps = _steps(identity)
    reached = _reached_steps(identity, steps, period, client_filter)
    medians = _medians(identity, steps, reached)
    is_furthest_step = reached.c.furthest == steps.c.step
    counts = (
        sa.select(
            *steps.c,
            sa.func.count(reached.c.lead_id).label("leads"),
            sa.func.count().filter(is_furthest_step, reached.c.status == "LOST").label("lost"),
        )
        .select_from(steps.outerjoin(reached, reached.c.furthest >= steps.c.step))
        .group_by(*steps.c)
        .subquery("counts")
    )
    leads_before = sa.func.lag(counts.c.leads).over(order_by=counts.c.step)
    leads_at_first_step = sa.func.first_value(counts.c.leads).over(order_by=counts.c.step)
    query = (
        sa.select(
            *(counts.c[name] for name in ("position", "stage", "status", "leads", "lost")),
            _ratio(counts.c.leads, leads_before).label("conversion"),
            _ratio(counts.c.leads, leads_at_first_step).label("conversion_overall"),
            medians.c.median_days,
        )
        .select_from(counts.outerjoin(medians, medians.c.step == counts.c.step))
        .order_by(counts.c.step)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, Funnel)


def leads_at(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None,
    stage: str,
    request: PageRequest = _FIRST_PAGE,
) -> Page[Leads]:
    """Return the leads that `funnel` counts at this step, or those now at this lost stage.

    The rows are those of `lead_states.page`.
    """
    query = leads_at_query(identity, period, client_filter, stage)
    with reporting(identity) as connection:
        return fetch_leads(connection, query, request)


def leads_at_query(
    identity: Identity, period: Period, client_filter: ClientFilter | None, stage: str
) -> sa.Select[Any]:
    """Return the statement of `leads_at`, without its limit; its columns are those of `Leads`."""
    query = leads_query(identity, period, client_filter)
    leads = query.selected_columns
    steps = _steps(identity)
    reached = _reached_steps(identity, steps, period, client_filter)
    reached_leads = sa.select(reached.c.client_kpi_id, reached.c.lead_id).select_from(
        reached.join(steps, sa.and_(steps.c.stage == stage, reached.c.furthest >= steps.c.step))
    )
    is_lost_here = sa.and_(leads.status == "LOST", leads.stage == stage)
    lead = sa.tuple_(leads.client_kpi_id, leads.lead_id)
    return query.where(sa.or_(lead.in_(reached_leads), is_lost_here))


def funnel_values(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[FunnelValues]:
    """Return the values of the leads that reached each step, per currency of their clients.

    `leads` reached the step, `with_value` of them have a value, and `value` is the sum of those
    values, zero if there are none. Ordered by step, then currency. Lost leads are included, as in
    `funnel`.
    """
    steps = _steps(identity)
    reached = _reached_steps(identity, steps, period, client_filter)
    query = (
        sa.select(
            steps.c.position,
            steps.c.stage,
            reached.c.currency,
            sa.func.count().label("leads"),
            sa.func.count(reached.c.value).label("with_value"),
            sa.func.coalesce(sa.func.sum(reached.c.value), 0).label("value"),
        )
        .select_from(steps.join(reached, reached.c.furthest >= steps.c.step))
        .group_by(*steps.c, reached.c.currency)
        .order_by(steps.c.step, reached.c.currency)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, FunnelValues)


def _steps(identity: Identity) -> sa.CTE:
    """Return the open and won stages, numbered from 1 in the column `step`.

    Merged stages are no steps. Retired ones are as long as they have events.
    """
    has_events = sa.exists().where(
        lead_events.c.tenant_id == identity.tenant_id, lead_events.c.stage == lead_stages.c.stage
    )
    order = (lead_stages.c.position, lead_stages.c.id)
    return (
        sa.select(
            sa.func.row_number().over(order_by=order).label("step"),
            lead_stages.c.position,
            lead_stages.c.stage,
            lead_stages.c.status,
        )
        .where(
            lead_stages.c.tenant_id == identity.tenant_id,
            lead_stages.c.status != "LOST",
            lead_stages.c.merged_into.is_(None),
            sa.or_(lead_stages.c.retired_at.is_(None), has_events),
        )
        .cte("steps")
    )


def _reached_steps(
    identity: Identity, steps: sa.CTE, period: Period, client_filter: ClientFilter | None
) -> sa.CTE:
    """Return one row per lead: its current state and the `furthest` step it reached."""
    leads, stages = cohort(identity, period, client_filter), effective_stages(identity)
    furthest = (
        sa.select(
            lead_events.c.client_kpi_id,
            lead_events.c.lead_id,
            sa.func.max(steps.c.step).label("step"),
        )
        .select_from(
            lead_events.join(stages, stages.c.stage == lead_events.c.stage).join(
                steps, steps.c.stage == stages.c.effective_stage
            )
        )
        .where(lead_events.c.tenant_id == identity.tenant_id)
        .group_by(lead_events.c.client_kpi_id, lead_events.c.lead_id)
        .subquery("furthest")
    )
    is_same_lead = sa.and_(
        furthest.c.client_kpi_id == leads.c.client_kpi_id, furthest.c.lead_id == leads.c.lead_id
    )
    columns = ("client_kpi_id", "lead_id", "status", "value", "currency")
    return (
        sa.select(
            *(leads.c[name] for name in columns),
            sa.func.coalesce(furthest.c.step, 1).label("furthest"),
        )
        .select_from(leads.outerjoin(furthest, is_same_lead))
        .cte("reached")
    )


def _medians(identity: Identity, steps: sa.CTE, reached: sa.CTE) -> sa.Subquery:
    """Return one row per step with a time: the median of days since the previous recorded step."""
    lead, stages = (lead_events.c.client_kpi_id, lead_events.c.lead_id), effective_stages(identity)
    first_date = sa.func.min(lead_events.c.event_date)
    date_before = sa.func.lag(first_date).over(partition_by=lead, order_by=steps.c.step)
    times = (
        sa.select(steps.c.step, (first_date - date_before).label("days"))
        .select_from(
            lead_events.join(stages, stages.c.stage == lead_events.c.stage)
            .join(steps, steps.c.stage == stages.c.effective_stage)
            .join(
                reached,
                sa.and_(
                    reached.c.client_kpi_id == lead_events.c.client_kpi_id,
                    reached.c.lead_id == lead_events.c.lead_id,
                ),
            )
        )
        .where(lead_events.c.tenant_id == identity.tenant_id)
        .group_by(*lead, steps.c.step)
        .subquery("times")
    )
    return (
        sa.select(times.c.step, median(times.c.days).label("median_days"))
        .where(times.c.days >= 0)
        .group_by(times.c.step)
        .subquery("medians")
    )


def _ratio(part: Any, whole: Any) -> Any:
    return sa.func.round(sa.cast(part, sa.Numeric) / sa.func.nullif(whole, 0), 4)
