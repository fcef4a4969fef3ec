"""Contradictions between contracts and bills, as statements; `contradictions` says what each is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zixly_data.database.schema import client_kpis, financial_months, financials, lead_events
from zixly_data.findings.finding import of_clients
from zixly_data.findings.missing_records import end_of_records
from zixly_data.identity import Identity
from zixly_data.records.lead_states import cohort
from zixly_data.values.period import ALL

DAYS_TO_BILL = 30


def revenue_before_contract(identity: Identity, today: date) -> sa.Select[Any]:
    won = (
        sa.select(
            lead_events.c.client_kpi_id, sa.func.min(lead_events.c.event_date).label("first_won")
        )
        .where(lead_events.c.tenant_id == identity.tenant_id, lead_events.c.status == "WON")
        .group_by(lead_events.c.client_kpi_id)
        .subquery("won")
    )
    # A client at a time: there are few bills before a contract, and an index finds them.
    before = (
        sa.select(
            sa.func.sum(financials.c.revenue).label("revenue"),
            sa.func.min(financials.c.record_date).label("since"),
            sa.func.count().label("records"),
        )
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.client_kpi_id == won.c.client_kpi_id,
            financials.c.record_date < won.c.first_won,
            financials.c.revenue != 0,
        )
        .lateral("before")
    )
    return (
        of_clients(
            sa.literal_column("'REVENUE_BEFORE_CONTRACT'"),
            amount=before.c.revenue,
            subject=sa.func.concat(won.c.first_won, " ", before.c.revenue),
            since=before.c.since,
            until=won.c.first_won,
            records=before.c.records,
        )
        .select_from(
            client_kpis.join(won, won.c.client_kpi_id == client_kpis.c.id).join(before, sa.true())
        )
        .where(client_kpis.c.tenant_id == identity.tenant_id, before.c.revenue > 0)
    )


def won_never_billed(identity: Identity, today: date) -> sa.Select[Any]:
    leads = cohort(identity, ALL, None)
    # A limit keeps this a step into an index for each lead.
    billed = (
        sa.select(sa.true())
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.client_kpi_id == leads.c.client_kpi_id,
            financials.c.record_date >= leads.c.won_date,
            financials.c.revenue > 0,
        )
        .limit(1)
        .scalar_subquery()
    )
    return (
        of_clients(
            sa.literal_column("'WON_NEVER_BILLED'"),
            amount=leads.c.value,
            subject=leads.c.lead_id,
            about=leads.c.lead_id,
            since=leads.c.won_date,
            records=leads.c.events,
        )
        .select_from(client_kpis.join(leads, leads.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            leads.c.status == "WON",
            leads.c.won_date <= today - timedelta(days=DAYS_TO_BILL),
            billed.is_(None),
        )
    )


def billed_never_won(identity: Identity, today: date) -> sa.Select[Any]:
    each = cohort(identity, ALL, None)
    newest_first = aggregate_order_by(each.c.lead_id, each.c.first_date.desc(), each.c.lead_id)
    leads = (
        sa.select(
            each.c.client_kpi_id,
            sa.func.sum(each.c.events).label("events"),
            sa.func.array_agg(newest_first, type_=sa.ARRAY(sa.Text()))[1].label("newest"),
        )
        .group_by(each.c.client_kpi_id)
        .having(sa.func.count(each.c.won_date) == 0)
        .subquery("of_client")
    )
    kept = (
        sa.select(
            financial_months.c.client_kpi_id,
            sa.func.sum(financial_months.c.revenue).label("revenue"),
            sa.func.sum(financial_months.c.records).label("records"),
        )
        .where(financial_months.c.tenant_id == identity.tenant_id)
        .group_by(financial_months.c.client_kpi_id)
        .subquery("kept")
    )
    return (
        of_clients(
            sa.literal_column("'BILLED_NEVER_WON'"),
            amount=kept.c.revenue,
            # Another lead that was not won either is another matter; another bill is not.
            subject=leads.c.newest,
            since=end_of_records(identity, sa.func.min),
            until=end_of_records(identity, sa.func.max),
            records=kept.c.records + leads.c.events,
        )
        .select_from(
            client_kpis.join(leads, leads.c.client_kpi_id == client_kpis.c.id).join(
                kept, kept.c.client_kpi_id == client_kpis.c.id
            )
        )
        .where(client_kpis.c.tenant_id == identity.tenant_id, kept.c.revenue > 0)
    )
