"""Open leads that do not move. A new event of a lead makes a new finding."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis
from zixly_data.findings.finding import finding_query
from zixly_data.findings.kind import FindingKind, Group, RecordConditions, all_time
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_states import shared_cohort
from zixly_data.values.period import ALL

LEAD_DAYS = 30


def stale_lead(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return open leads without an event for more than 30 days.

    amount: the lead's value, if recorded; since: its latest event; about: the lead.
    """
    leads = shared_cohort(identity, ALL)
    return (
        finding_query(
            amount=leads.c.value,
            subject=sa.func.concat(leads.c.lead_id, " ", leads.c.last_date),
            about=leads.c.lead_id,
            since=leads.c.last_date,
            records=leads.c.events,
        )
        .select_from(client_kpis.join(leads, leads.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            leads.c.status == "OPEN",
            leads.c.last_date < today - timedelta(days=LEAD_DAYS),
        )
    )


KINDS = (
    FindingKind(
        key="STALE_LEAD",
        group=Group.ATTENTION,
        title="Stalled leads",
        meaning="Open leads that have had no event for more than 30 days.",
        sentences=(
            "A lead of {client}, worth {amount}, has not moved for {days} ({about}).",
            "A lead of {client} has not moved for {days} ({about}).",
        ),
        icon="hourglass_empty",
        step="Follow up",
        page="lead_funnel.py",
        period=all_time,
        statement=stale_lead,
        records=RecordConditions.of_lead,
    ),
)
