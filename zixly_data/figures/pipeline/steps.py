"""Which leads a view of the funnel counts, and at which steps.

    step      a stage that is open or won, numbered from 1 in the order of positions
    furthest  the furthest step that a lead has an event at, whenever; the first step for a lead
              with lost events only
    COHORT    leads whose first event lies in the period, at every step up to the furthest
    ACTIVITY  leads with an event in the period, whenever they began, at every step they entered in
              it

A lead enters a step with each event at it, and steps that it skips with the event that first passes
them. Its first event also enters the first step and all steps before its own. For all time both
views count the same leads at the same steps.

Events dated after today count as recorded: they may be entered ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from zixly_data.database.schema import lead_events, lead_stages
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_stages import effective_stages
from zixly_data.records.pipeline.lead_states import cohort
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import ALL, Period


class View(StrEnum):
    """The two ways to count the leads of a period."""

    COHORT = "cohort"
    ACTIVITY = "activity"


@dataclass(frozen=True)
class Steps:
    """The steps of a tenant, once in a statement.

    `recorded` has one row per stage as recorded on events, with the columns of `effective_stages`
    and its `step`, null for a lost stage. `ordered` has one row per step: step, position, stage,
    status.
    """

    recorded: sa.CTE
    ordered: sa.CTE

    @classmethod
    def of(cls, identity: Identity) -> Steps:
        """Return the steps of the tenant, of retired stages those that events count at."""
        stages, target = effective_stages(identity), lead_stages.alias("target")
        source = lead_stages.alias("source")
        has_events = sa.exists().where(
            source.c.tenant_id == identity.tenant_id,
            sa.func.coalesce(source.c.merged_into, source.c.id) == stages.c.effective_id,
            lead_events.c.tenant_id == identity.tenant_id,
            lead_events.c.stage == source.c.stage,
        )
        is_lost = stages.c.status == "LOST"
        number = sa.func.dense_rank().over(
            partition_by=is_lost, order_by=(stages.c.position, stages.c.effective_id)
        )
        recorded = (
            sa.select(*stages.c, sa.case((~is_lost, number)).label("step"))
            .select_from(stages.join(target, target.c.id == stages.c.effective_id))
            .where(
                target.c.tenant_id == identity.tenant_id,
                sa.or_(target.c.retired_at.is_(None), has_events),
            )
            .cte("stage_steps")
        )
        columns = (
            recorded.c.step,
            recorded.c.position,
            recorded.c.effective_stage.label("stage"),
            recorded.c.status,
        )
        ordered = sa.select(*columns).where(recorded.c.step.is_not(None)).distinct().cte("steps")
        return cls(recorded, ordered)


def leads_of(
    identity: Identity, period: Period, client_filter: ClientFilter | None, view: View
) -> sa.Subquery:
    """Return the leads that the view counts, with the columns of `cohort`."""
    if view is View.COHORT:
        return cohort(identity, period, client_filter)
    leads = cohort(identity, ALL, client_filter)
    if period == ALL:
        return leads
    in_period = sa.select(lead_events.c.client_kpi_id, lead_events.c.lead_id).where(
        lead_events.c.tenant_id == identity.tenant_id,
        lead_events.c.event_date.between(period.start, period.end),
    )
    lead = sa.tuple_(leads.c.client_kpi_id, leads.c.lead_id)
    return sa.select(*leads.c).where(lead.in_(in_period)).subquery("leads_of_view")


def reached(identity: Identity, steps: Steps, leads: sa.FromClause) -> sa.CTE:
    """Return one row per lead: its current state and the `furthest` step it reached."""
    furthest = (
        sa.select(
            lead_events.c.client_kpi_id,
            lead_events.c.lead_id,
            sa.func.max(steps.recorded.c.step).label("step"),
        )
        .select_from(
            lead_events.join(steps.recorded, steps.recorded.c.stage == lead_events.c.stage)
        )
        .where(lead_events.c.tenant_id == identity.tenant_id)
        .group_by(lead_events.c.client_kpi_id, lead_events.c.lead_id)
        .subquery("furthest")
    )
    columns = ("client_kpi_id", "lead_id", "first_date", "status", "value", "currency")
    return (
        sa.select(
            *(leads.c[name] for name in columns),
            sa.func.coalesce(furthest.c.step, 1).label("furthest"),
        )
        .select_from(leads.join(furthest, is_same_lead(furthest, leads)))
        .cte("reached")
    )


def counted(identity: Identity, steps: Steps, leads: sa.CTE, period: Period, view: View) -> sa.CTE:
    """Return one row per step and lead that the view counts there: `step` and those of `reached`.

    `leads` are those of `reached`.
    """
    step = steps.ordered.c.step
    at_or_before = leads.join(steps.ordered, step <= leads.c.furthest)
    if view is View.COHORT or period == ALL:
        return sa.select(step, *leads.c).select_from(at_or_before).cte("counted")
    dates = _dates_of_steps(identity, steps, period)
    first_passed = sa.case((step == 1, leads.c.first_date), else_=sa.func.min(dates.c.first_date))
    has_event = sa.func.bool_or(sa.and_(dates.c.step == step, dates.c.is_in_period))
    is_at_or_after = sa.and_(is_same_lead(dates, leads), dates.c.step >= step)
    return (
        sa.select(step, *leads.c)
        .select_from(at_or_before.outerjoin(dates, is_at_or_after))
        .group_by(step, *leads.c)
        .having(sa.or_(has_event, first_passed.between(period.start, period.end)))
        .cte("counted")
    )


def is_same_lead(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return the condition that two rows are of one lead."""
    return sa.and_(one.c.client_kpi_id == other.c.client_kpi_id, one.c.lead_id == other.c.lead_id)


def _dates_of_steps(identity: Identity, steps: Steps, period: Period) -> sa.Subquery:
    """Return one row per lead and step with an event: its first date, and whether any is in the
    period."""
    in_period = lead_events.c.event_date.between(period.start, period.end)
    lead = (lead_events.c.client_kpi_id, lead_events.c.lead_id)
    return (
        sa.select(
            *lead,
            steps.recorded.c.step,
            sa.func.min(lead_events.c.event_date, type_=sa.Date()).label("first_date"),
            sa.func.bool_or(in_period).label("is_in_period"),
        )
        .select_from(
            lead_events.join(steps.recorded, steps.recorded.c.stage == lead_events.c.stage)
        )
        .where(lead_events.c.tenant_id == identity.tenant_id, steps.recorded.c.step.is_not(None))
        .group_by(*lead, steps.recorded.c.step)
        .subquery("dates_of_steps")
    )
