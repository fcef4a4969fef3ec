"""Open leads that do not move. A new event of a lead makes a new finding."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.pipeline.stage_limits import limit_days, stage_limits
from zixly_data.figures.pipeline.steps import Steps
from zixly_data.figures.pipeline.visits import visits
from zixly_data.findings.finding import finding_query
from zixly_data.findings.kind import FindingKind, Group, RecordConditions, all_time
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_states import shared_cohort
from zixly_data.values.period import ALL


def stale_lead(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return open leads without an event for longer than the limit of their stage.

    amount: the lead's value, if recorded; since: its latest event; until: the last day within the
    limit; about: the lead.
    """
    leads, limits = shared_cohort(identity, ALL), _limits(identity)
    until = leads.c.last_date + limit_days(limits)
    return (
        finding_query(
            amount=leads.c.value,
            subject=sa.func.concat(leads.c.lead_id, " ", leads.c.last_date),
            about=leads.c.lead_id,
            since=leads.c.last_date,
            until=until,
            records=leads.c.events,
        )
        .select_from(
            client_kpis.join(leads, leads.c.client_kpi_id == client_kpis.c.id).outerjoin(
                limits, limits.c.stage == leads.c.stage
            )
        )
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            leads.c.status == "OPEN",
            until < today,
        )
    )


@cached_statement
def _limits(identity: Identity) -> sa.CTE:
    """Return the limit of each stage as recorded on events: stage, limit_days."""
    steps = Steps.of(identity)
    limits = stage_limits(visits(identity, steps))
    return (
        sa.select(steps.recorded.c.stage, limits.c.limit_days)
        .select_from(steps.recorded.join(limits, limits.c.step == steps.recorded.c.step))
        .cte("limits_of_stages")
    )


KINDS = (
    FindingKind(
        key="STALE_LEAD",
        group=Group.ATTENTION,
        title="Stalled leads",
        meaning="Open leads without an event for longer than twice the median time that leads "
        "spend in their stage, and for more than 14 days; or for more than 30 days if no lead has "
        "moved on from that stage yet.",
        sentences=(
            "A lead of {client}, worth {amount}, has not moved for {days}; the limit of its stage "
            "is {limit} ({about}).",
            "A lead of {client} has not moved for {days}; the limit of its stage is {limit} "
            "({about}).",
        ),
        icon="hourglass_empty",
        step="Follow up",
        page="lead_funnel.py",
        period=all_time,
        statement=stale_lead,
        records=RecordConditions.of_lead,
    ),
)
