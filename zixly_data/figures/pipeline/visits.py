"""Visits of leads to stages, and the time they spend there.

visit    from an event of a lead at a stage until its next event at another stage, in the order
         of `lead_order`; the visit to its current stage is open
days     of a lead at a stage: the days of its ended visits there, added up. An open visit has an
         age and no time, so a lead on its first visit has none yet.
return   a lead with more than one visit to a stage
"""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.database.schema import lead_events
from zixly_data.figures.pipeline.steps import Steps
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_order import earliest_of_day_first


def visits(identity: Identity, steps: Steps) -> sa.CTE:
    """Return one row per visit: client_kpi_id, lead_id, effective_id, step, started, ended.

    `step` is null at a lost stage, `ended` if it is open.
    """
    lead = (lead_events.c.client_kpi_id, lead_events.c.lead_id)
    order = (lead_events.c.event_date, *earliest_of_day_first(steps.recorded))
    walk = (
        sa.select(
            *lead,
            steps.recorded.c.effective_id,
            steps.recorded.c.step,
            lead_events.c.event_date.label("started"),
            sa.func.row_number().over(partition_by=lead, order_by=order).label("number"),
            sa.func.lag(steps.recorded.c.effective_id)
            .over(partition_by=lead, order_by=order)
            .label("last"),
        )
        .select_from(
            lead_events.join(steps.recorded, steps.recorded.c.stage == lead_events.c.stage)
        )
        .where(lead_events.c.tenant_id == identity.tenant_id)
        .subquery("walk")
    )
    of_lead = (walk.c.client_kpi_id, walk.c.lead_id)
    ended = sa.func.lead(walk.c.started, type_=sa.Date()).over(
        partition_by=of_lead, order_by=walk.c.number
    )
    columns = (*of_lead, walk.c.effective_id, walk.c.step, walk.c.started)
    return (
        sa.select(*columns, ended.label("ended"))
        .where(walk.c.last.is_distinct_from(walk.c.effective_id))
        .cte("visits")
    )


def times(all_visits: sa.CTE) -> sa.Subquery:
    """Return one row per lead and step it visited: its `days`, null if none ended, and `visits`."""
    columns = (all_visits.c.client_kpi_id, all_visits.c.lead_id, all_visits.c.step)
    return (
        sa.select(
            *columns,
            sa.func.sum(all_visits.c.ended - all_visits.c.started).label("days"),
            sa.func.count().label("visits"),
        )
        .where(all_visits.c.step.is_not(None))
        .group_by(*columns)
        .subquery("times")
    )
