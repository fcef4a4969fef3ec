"""Statements of contradictions between contracts and bills, defined in `contradictions`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zixly_data.database.schema import client_kpis, financial_months, financials, lead_events
from zixly_data.findings.finding import finding_query
from zixly_data.findings.missing_records import first_or_last_record
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
    # One client at a time: an index finds the few bills before a contract.
    billed_before = (
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
        finding_query(
            sa.literal_column("'REVENUE_BEFORE_CONTRACT'"),
            amount=billed_before.c.revenue,
            subject=sa.func.concat(won.c.first_won, " ", billed_before.c.revenue),
            since=billed_before.c.since,
            until=won.c.first_won,
            records=billed_before.c.records,
        )
        .select_from(
            client_kpis.join(won, won.c.client_kpi_id == client_kpis.c.id).join(
                billed_before, sa.true()
            )
        )
        .where(client_kpis.c.tenant_id == identity.tenant_id, billed_before.c.revenue > 0)
    )


def won_never_billed(identity: Identity, today: date) -> sa.Select[Any]:
    leads = cohort(identity, ALL, None)
    # The limit makes PostgreSQL look up one index entry per lead.
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
        finding_query(
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
    all_leads = cohort(identity, ALL, None)
    newest_first = aggregate_order_by(
        all_leads.c.lead_id, all_leads.c.first_date.desc(), all_leads.c.lead_id
    )
    leads = (
        sa.select(
            all_leads.c.client_kpi_id,
            sa.func.sum(all_leads.c.events).label("events"),
            sa.func.array_agg(newest_first, type_=sa.ARRAY(sa.Text()))[1].label("newest"),
        )
        .group_by(all_leads.c.client_kpi_id)
        .having(sa.func.count(all_leads.c.won_date) == 0)
        .subquery("of_client")
    )
    client_sums = (
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
        finding_query(
            sa.literal_column("'BILLED_NEVER_WON'"),
            amount=client_sums.c.revenue,
            # A newer lead that was not won makes a new finding, a new bill does not.
            subject=leads.c.newest,
            since=first_or_last_record(identity, sa.func.min),
            until=first_or_last_record(identity, sa.func.max),
            records=client_sums.c.records + leads.c.events,
        )
        .select_from(
            client_kpis.join(leads, leads.c.client_kpi_id == client_kpis.c.id).join(
                client_sums, client_sums.c.client_kpi_id == client_kpis.c.id
            )
        )
        .where(client_kpis.c.tenant_id == identity.tenant_id, client_sums.c.revenue > 0)
    )
