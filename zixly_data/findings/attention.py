"""Attention findings: facts that need attention although no records contradict each other.

LOSS           expenses above revenue over the last three whole months
               amount: the loss; since, until: those months
SHRINKING      revenue of the last three whole months at least a quarter below that of the same
               three months a year before
               amount: the difference; against: the revenue a year before; since: the first day of
               the months a year before; until: the last day of the recent months
STALE_LEAD     an open lead without an event for more than 30 days
               amount: its value, if recorded; since: its latest event; about: the lead
CONCENTRATION  more than half of all revenue of the last twelve whole months comes from one client,
               and at least one other client has records in these months
               amount: its revenue; against: that of all clients; since, until: those months; about:
               `converted` if clients are paid in several currencies and all amounts were converted
               into the reporting currency; there is no finding if a rate is missing for that

LOSS and SHRINKING concern active clients. Their subjects change every month, that of CONCENTRATION
every year.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import scoped
from zixly_data.database.schema import client_kpis
from zixly_data.figures.ledger import ledger
from zixly_data.figures.month_sums import month_sums
from zixly_data.findings.finding import Findings, finding_query, largest_first, with_dismissals
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.lead_states import cohort
from zixly_data.values.dates import add_months
from zixly_data.values.frames import fetch
from zixly_data.values.period import ALL, between

SHRINKING_RATIO: sa.ColumnElement[Any] = sa.literal_column("0.75")
MONTHS = 3
LEAD_DAYS = 30


def findings(identity: Identity, today: date) -> DataFrame[Findings]:
    """Return all findings of these kinds on this day, including dismissed ones.

    Ordered by amount, largest first, in any currency; findings without an amount come last.
    """
    target_currency = tenants.get(identity).reporting_currency
    queries = (build_query(identity, today, target_currency) for build_query in KINDS.values())
    rows = sa.union_all(*queries).subquery()
    query = with_dismissals(identity, rows).order_by(*largest_first(rows, rows.c.amount))
    with scoped(identity) as connection:
        return fetch(connection, query, Findings)


def loss_findings(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the statement of the LOSS findings."""
    first, last = _recent_months(today)
    sums = _client_sums(identity, first, last, "recent")
    return (
        finding_query(
            sa.literal_column("'LOSS'"),
            amount=sums.c.expenses - sums.c.revenue,
            subject=f"{last:%Y-%m}",
            since=first,
            until=last,
            records=sums.c.records,
        )
        .select_from(client_kpis.join(sums, sums.c.client_kpi_id == client_kpis.c.id))
        .where(*_active_conditions(identity), sums.c.expenses > sums.c.revenue)
    )


def shrinking_findings(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the statement of the SHRINKING findings, without clients that make a loss."""
    first, last = _recent_months(today)
    earlier = add_months(first, -12)
    recent = _client_sums(identity, first, last, "recent")
    year_before = _client_sums(
        identity, earlier, add_months(earlier, MONTHS) - timedelta(days=1), "earlier"
    )
    revenue = sa.func.coalesce(recent.c.revenue, 0)
    expenses = sa.func.coalesce(recent.c.expenses, 0)
    return (
        finding_query(
            sa.literal_column("'SHRINKING'"),
            amount=year_before.c.revenue - revenue,
            against=year_before.c.revenue,
            subject=f"{last:%Y-%m}",
            since=earlier,
            until=last,
            records=year_before.c.records + sa.func.coalesce(recent.c.records, 0),
        )
        .select_from(
            client_kpis.join(
                year_before, year_before.c.client_kpi_id == client_kpis.c.id
            ).outerjoin(recent, recent.c.client_kpi_id == client_kpis.c.id)
        )
        .where(
            *_active_conditions(identity),
            year_before.c.revenue > 0,
            revenue <= year_before.c.revenue * SHRINKING_RATIO,
            expenses <= revenue,
        )
    )


def stale_lead_findings(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the statement of the STALE_LEAD findings."""
    leads = cohort(identity, ALL, None)
    return (
        finding_query(
            sa.literal_column("'STALE_LEAD'"),
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


def concentration_findings(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the statement of the CONCENTRATION finding, of which there is at most one.

    Amounts are in `target_currency` if there are several currencies.
    """
    this_month = today.replace(day=1)
    year = between(add_months(this_month, -12), this_month - timedelta(days=1))
    rows = ledger(identity, year, target_currency=target_currency, name="last_year")
    client_sums = (
        sa.select(
            rows.c.client_kpi_id,
            sa.func.min(rows.c.own_currency).label("currency"),
            sa.func.sum(rows.c.own_revenue).label("own_revenue"),
            sa.func.sum(rows.c.revenue).label("converted"),
            sa.func.bool_and(rows.c.rate.is_not(None)).label("has_rates"),
            sa.func.sum(rows.c.records).label("records"),
        )
        .group_by(rows.c.client_kpi_id)
        .subquery("each")
    )
    has_one_currency = (
        sa.func.min(client_sums.c.currency).over() == sa.func.max(client_sums.c.currency).over()
    )
    revenue = sa.select(
        client_sums.c.client_kpi_id,
        client_sums.c.records,
        has_one_currency.label("is_one"),
        sa.func.bool_and(client_sums.c.has_rates).over().label("has_rates"),
        sa.case((has_one_currency, client_sums.c.currency), else_=target_currency).label(
            "currency"
        ),
        sa.case((has_one_currency, client_sums.c.own_revenue), else_=client_sums.c.converted).label(
            "revenue"
        ),
    ).subquery("revenue")
    shares = sa.select(
        *revenue.c,
        sa.func.sum(revenue.c.revenue).over().label("of_all"),
        sa.func.count().over().label("clients"),
    ).subquery("shares")
    return (
        finding_query(
            sa.literal_column("'CONCENTRATION'"),
            currency=shares.c.currency,
            amount=shares.c.revenue,
            against=shares.c.of_all,
            subject=f"{year.end:%Y}",
            about=sa.case((shares.c.is_one, ""), else_="converted"),
            since=year.start,
            until=year.end,
            records=shares.c.records,
        )
        .select_from(client_kpis.join(shares, shares.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            sa.or_(shares.c.is_one, shares.c.has_rates),
            shares.c.clients > 1,
            shares.c.of_all > 0,
            shares.c.revenue * 2 > shares.c.of_all,
        )
    )


def _recent_months(today: date) -> tuple[date, date]:
    """Return the first and the last day of the last three whole months."""
    this_month = today.replace(day=1)
    return add_months(this_month, -MONTHS), this_month - timedelta(days=1)


def _client_sums(identity: Identity, start: date, end: date, name: str) -> sa.Subquery:
    """Return the sums of each client's records of whole months."""
    months = month_sums(identity, between(start, end), f"{name}_months")
    return (
        sa.select(
            months.c.client_kpi_id,
            sa.func.sum(months.c.revenue).label("revenue"),
            sa.func.sum(months.c.expenses).label("expenses"),
            sa.func.sum(months.c.records).label("records"),
        )
        .group_by(months.c.client_kpi_id)
        .subquery(name)
    )


def _active_conditions(identity: Identity) -> tuple[sa.ColumnElement[bool], ...]:
    return (client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.status == "ACTIVE")


KINDS: dict[str, Callable[[Identity, date, str], sa.Select[Any]]] = {
    "LOSS": loss_findings,
    "SHRINKING": shrinking_findings,
    "STALE_LEAD": stale_lead_findings,
    "CONCENTRATION": concentration_findings,
}
