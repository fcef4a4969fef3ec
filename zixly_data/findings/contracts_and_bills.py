"""Contradictions between contracts and bills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zixly_data.database.schema import client_kpis, financial_months, financials, lead_events
from zixly_data.findings.finding import Finding, finding_query
from zixly_data.findings.kind import (
    FindingKind,
    Group,
    RecordConditions,
    all_time,
)
from zixly_data.findings.missing_records import first_or_last_record
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_states import shared_cohort
from zixly_data.values.period import ALL, Period, between

DAYS_TO_BILL = 30


def revenue_before_contract(
    identity: Identity, today: date, target_currency: str
) -> sa.Select[Any]:
    """Return revenue dated before the client's first event at a won stage.

    There is no finding if bills and credits before it cancel out. amount: that revenue; since: its
    first day; until: the contract's day.
    """
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


def won_never_billed(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return leads now at a won stage without recorded revenue above zero since.

    They were won 30 days ago or longer. amount: the lead's value, if recorded; since: the date it
    was won; about: the lead.
    """
    leads = shared_cohort(identity, ALL)
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


def billed_never_won(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return clients with total revenue above zero, and leads of which none was ever won.

    There is no finding for a client without lead events. amount: that revenue; since, until: the
    first and the last financial record.
    """
    states = shared_cohort(identity, ALL)
    newest_first = aggregate_order_by(
        states.c.lead_id, states.c.first_date.desc(), states.c.lead_id
    )
    leads = (
        sa.select(
            states.c.client_kpi_id,
            sa.func.sum(states.c.events).label("events"),
            sa.func.array_agg(newest_first, type_=sa.ARRAY(sa.Text()))[1].label("newest"),
        )
        .group_by(states.c.client_kpi_id)
        .having(sa.func.count(states.c.won_date) == 0)
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


def _days_before_contract(finding: Finding) -> Period:
    return between(finding["since"], finding["until"] - timedelta(days=1))


def _bills_and_contract(finding: Finding) -> RecordConditions:
    contract_day = finding["until"]
    return RecordConditions(
        financials=sa.and_(financials.c.record_date < contract_day, financials.c.revenue != 0),
        lead_events=sa.and_(
            lead_events.c.status == "WON", lead_events.c.event_date == contract_day
        ),
    )


def _all_bills_and_events(finding: Finding) -> RecordConditions:
    return RecordConditions(financials=sa.true(), lead_events=sa.true())


KINDS = (
    FindingKind(
        key="REVENUE_BEFORE_CONTRACT",
        group=Group.CONTRADICTION,
        title="Billed before the contract was signed",
        meaning="Revenue is dated before the client's first lead was won. Either a date is wrong, "
        "or work began without a contract.",
        sentences=(
            "{client} was billed {amount} before its contract was signed on {until}: {records} "
            "since {since}.",
        ),
        icon="contract",
        step="Check the dates",
        page="financials.py",
        period=_days_before_contract,
        statement=revenue_before_contract,
        records=_bills_and_contract,
    ),
    FindingKind(
        key="WON_NEVER_BILLED",
        group=Group.CONTRADICTION,
        title="Won, but never billed",
        meaning="A lead was won at least 30 days ago, and no revenue has been recorded since. "
        "Either an invoice is missing, or the lead was not won.",
        sentences=(
            "{client} signed {about}, worth {amount}, {days} ago on {since}, but has not been "
            "billed since.",
            "{client} signed {about}, {days} ago on {since}, but has not been billed since.",
        ),
        icon="request_quote",
        step="Check the lead",
        page="lead_funnel.py",
        period=all_time,
        statement=won_never_billed,
        records=RecordConditions.of_lead,
    ),
    FindingKind(
        key="BILLED_NEVER_WON",
        group=Group.CONTRADICTION,
        title="Billed, but never won",
        meaning="The client has revenue and leads, but no lead was ever won. Either the contract "
        "is missing, or the revenue belongs to another client.",
        sentences=(
            "{client} was billed {amount} from {since} to {until}, but none of its leads was ever "
            "won.",
        ),
        icon="receipt_long",
        step="Check the leads",
        page="client.py",
        period=all_time,
        statement=billed_never_won,
        records=_all_bills_and_events,
    ),
)
