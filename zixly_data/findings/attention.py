"""What needs attention though no record contradicts another. Nothing is invented.

LOSS           expenses above revenue over the last three whole months
               amount: the loss; since, until: those months
SHRINKING      revenue of the last three whole months at least a quarter below that of the same
               three a year before
               amount: the difference; against: the revenue a year before; since: the first day of
               the months a year before; until: the last day of these
STALE_LEAD     an open lead without an event for more than 30 days
               amount: its value, where one is known; since: its latest event; about: the lead
CONCENTRATION  more than half of all revenue of the last twelve whole months is one client's, and
               another one has records in them too
               amount: its revenue; against: that of all clients; since, until: those months; about:
               `converted` where clients are paid in several currencies and all of it was converted
               into the reporting currency; where a rate is missing for that, nothing is said

LOSS and SHRINKING are about active clients. All but the lead are another matter in another month,
CONCENTRATION in another year.
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
from zixly_data.findings.finding import Findings, largest_first, of_clients, with_dismissals
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.lead_states import cohort
from zixly_data.values.dates import add_months
from zixly_data.values.frames import fetch
from zixly_data.values.period import ALL, between

SHRUNK_TO: sa.ColumnElement[Any] = sa.literal_column("0.75")
MONTHS = 3
LEAD_DAYS = 30


def findings(identity: Identity, today: date) -> DataFrame[Findings]:
    """Everything of these kinds on this day, those that were put away among them.

    Ordered by amount, largest first, whatever the currency; findings without an amount come last.
    """
    target_currency = tenants.get(identity).reporting_currency
    found = sa.union_all(*(of_kind(identity, today, target_currency) for of_kind in KINDS.values()))
    each = found.subquery()
    query = with_dismissals(identity, each).order_by(*largest_first(each, each.c.amount))
    with scoped(identity) as connection:
        return fetch(connection, query, Findings)


def losing(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """The LOSS findings."""
    first, last = _recent(today)
    sums = _sums(identity, first, last, "recent")
    return (
        of_clients(
            sa.literal_column("'LOSS'"),
            amount=sums.c.expenses - sums.c.revenue,
            subject=f"{last:%Y-%m}",
            since=first,
            until=last,
            records=sums.c.records,
        )
        .select_from(client_kpis.join(sums, sums.c.client_kpi_id == client_kpis.c.id))
        .where(*_active(identity), sums.c.expenses > sums.c.revenue)
    )


def shrinking(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """The SHRINKING findings; a client that makes a loss is not among them."""
    first, last = _recent(today)
    earlier = add_months(first, -12)
    now = _sums(identity, first, last, "recent")
    before = _sums(identity, earlier, add_months(earlier, MONTHS) - timedelta(days=1), "earlier")
    revenue = sa.func.coalesce(now.c.revenue, 0)
    expenses = sa.func.coalesce(now.c.expenses, 0)
    return (
        of_clients(
            sa.literal_column("'SHRINKING'"),
            amount=before.c.revenue - revenue,
            against=before.c.revenue,
            subject=f"{last:%Y-%m}",
            since=earlier,
            until=last,
            records=before.c.records + sa.func.coalesce(now.c.records, 0),
        )
        .select_from(
            client_kpis.join(before, before.c.client_kpi_id == client_kpis.c.id).outerjoin(
                now, now.c.client_kpi_id == client_kpis.c.id
            )
        )
        .where(
            *_active(identity),
            before.c.revenue > 0,
            revenue <= before.c.revenue * SHRUNK_TO,
            expenses <= revenue,
        )
    )


def stale_leads(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """The STALE_LEAD findings."""
    leads = cohort(identity, ALL, None)
    return (
        of_clients(
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


def concentration(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """The CONCENTRATION finding, or none; amounts in `into` where there are several currencies."""
    this_month = today.replace(day=1)
    year = between(add_months(this_month, -12), this_month - timedelta(days=1))
    rows = ledger(identity, year, target_currency=target_currency, name="last_year")
    each = (
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
    is_one = sa.func.min(each.c.currency).over() == sa.func.max(each.c.currency).over()
    revenue = sa.select(
        each.c.client_kpi_id,
        each.c.records,
        is_one.label("is_one"),
        sa.func.bool_and(each.c.has_rates).over().label("has_rates"),
        sa.case((is_one, each.c.currency), else_=target_currency).label("currency"),
        sa.case((is_one, each.c.own_revenue), else_=each.c.converted).label("revenue"),
    ).subquery("revenue")
    shares = sa.select(
        *revenue.c,
        sa.func.sum(revenue.c.revenue).over().label("of_all"),
        sa.func.count().over().label("clients"),
    ).subquery("shares")
    return (
        of_clients(
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


def _recent(today: date) -> tuple[date, date]:
    """The first and the last day of the last three whole months."""
    this_month = today.replace(day=1)
    return add_months(this_month, -MONTHS), this_month - timedelta(days=1)


def _sums(identity: Identity, start: date, end: date, name: str) -> sa.Subquery:
    """What each client's records of whole months add up to."""
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


def _active(identity: Identity) -> tuple[sa.ColumnElement[bool], ...]:
    return (client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.status == "ACTIVE")


KINDS: dict[str, Callable[[Identity, date, str], sa.Select[Any]]] = {
    "LOSS": losing,
    "SHRINKING": shrinking,
    "STALE_LEAD": stale_leads,
    "CONCENTRATION": concentration,
}
