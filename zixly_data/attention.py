"""What needs attention: facts worth a look, ranked by the money at stake. Nothing is invented.

LOSS        expenses above revenue over the last three whole months; amount: the loss
SHRINKING   revenue of the last three whole months at least a quarter below that of the same
            three a year before; amount: the difference
STALE_LEAD  an open lead without an event for 30 days; amount: its value, where one is known
NO_RECORD   an active client without a financial record for 60 days, or without any
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import distinct_on

from zixly_data.connection import scoped
from zixly_data.dates import add_months
from zixly_data.frames import Date, Frame, Money, Text, fetch, nullable
from zixly_data.identity import Identity
from zixly_data.schema import client_kpis, financials, lead_events

SHRUNK_TO: sa.ColumnElement[Any] = sa.literal_column("0.75")
LEAD_DAYS = 30
RECORD_DAYS = 60


class Findings(Frame):
    """One row per finding. `since` is the last event or record, null where there is none;
    `lead_id` is set for leads."""

    kind: Text
    client_kpi_id: Text
    client_name: Text
    currency: Text
    amount: Money = nullable
    before: Money = nullable
    since: Date = nullable
    lead_id: Text = nullable


def findings(identity: Identity, today: date) -> DataFrame[Findings]:
    """Everything worth a look on this day, largest amount first, findings without an amount last.

    Amounts of several currencies are ranked by their number; they are never added.
    """
    found = sa.union_all(
        _losing_and_shrinking(identity, today),
        _stale_leads(identity, today),
        _without_records(identity, today),
    ).subquery()
    query = sa.select(found).order_by(
        found.c.amount.desc().nulls_last(), found.c.since.nulls_first(), found.c.client_kpi_id
    )
    with scoped(identity) as connection:
        return fetch(connection, query, Findings)


def _losing_and_shrinking(identity: Identity, today: date) -> sa.Select[Any]:
    this_month = today.replace(day=1)
    recent, year_before = add_months(this_month, -3), add_months(this_month, -15)
    is_recent = financials.c.record_date >= recent
    revenue = sa.func.coalesce(sa.func.sum(financials.c.revenue).filter(is_recent), 0)
    before = sa.func.coalesce(sa.func.sum(financials.c.revenue).filter(~is_recent), 0)
    profit = sa.func.coalesce(sa.func.sum(financials.c.profit).filter(is_recent), 0)
    sums = (
        sa.select(
            financials.c.client_kpi_id,
            revenue.label("revenue"),
            before.label("before"),
            profit.label("profit"),
            sa.func.max(financials.c.record_date).label("since"),
        )
        .where(
            financials.c.tenant_id == identity.tenant_id,
            sa.or_(
                financials.c.record_date.between(recent, this_month - timedelta(days=1)),
                financials.c.record_date.between(
                    year_before, add_months(this_month, -12) - timedelta(days=1)
                ),
            ),
        )
        .group_by(financials.c.client_kpi_id)
        .subquery()
    )
    is_loss = sums.c.profit < 0
    return (
        _of_clients(
            sa.case((is_loss, "LOSS"), else_="SHRINKING"),
            amount=sa.case((is_loss, -sums.c.profit), else_=sums.c.before - sums.c.revenue),
            before=sums.c.before,
            since=sums.c.since,
        )
        .select_from(client_kpis.join(sums, sums.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            client_kpis.c.status == "ACTIVE",
            sa.or_(is_loss, sums.c.revenue <= sums.c.before * SHRUNK_TO),
            sa.or_(is_loss, sums.c.before > 0),
        )
    )


def _stale_leads(identity: Identity, today: date) -> sa.Select[Any]:
    lead = (lead_events.c.client_kpi_id, lead_events.c.lead_id)
    latest = (
        sa.select(*lead, lead_events.c.status, lead_events.c.event_date, lead_events.c.value)
        .ext(distinct_on(*lead))
        .where(lead_events.c.tenant_id == identity.tenant_id)
        .order_by(*lead, lead_events.c.event_date.desc(), lead_events.c.id.desc())
        .subquery()
    )
    return (
        _of_clients(
            sa.literal_column("'STALE_LEAD'"),
            amount=latest.c.value,
            since=latest.c.event_date,
            lead_id=latest.c.lead_id,
        )
        .select_from(client_kpis.join(latest, latest.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            latest.c.status == "OPEN",
            latest.c.event_date < today - timedelta(days=LEAD_DAYS),
        )
    )


def _without_records(identity: Identity, today: date) -> sa.Select[Any]:
    last = (
        sa.select(financials.c.client_kpi_id, sa.func.max(financials.c.record_date).label("since"))
        .where(financials.c.tenant_id == identity.tenant_id)
        .group_by(financials.c.client_kpi_id)
        .subquery()
    )
    return (
        _of_clients(sa.literal_column("'NO_RECORD'"), since=last.c.since)
        .select_from(client_kpis.outerjoin(last, last.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            client_kpis.c.status == "ACTIVE",
            sa.or_(last.c.since.is_(None), last.c.since < today - timedelta(days=RECORD_DAYS)),
        )
    )


def _of_clients(kind: Any, **facts: Any) -> sa.Select[Any]:
    """The columns of `Findings`, in order; facts not given are null."""
    kinds: dict[str, Any] = {
        "amount": sa.Numeric(20, 2), "before": sa.Numeric(20, 2), "since": sa.Date,
        "lead_id": sa.Text,
    }  # fmt: skip
    return sa.select(
        sa.cast(kind, sa.Text).label("kind"),
        client_kpis.c.id.label("client_kpi_id"),
        client_kpis.c.client_name,
        client_kpis.c.currency,
        *(sa.cast(facts.get(name, sa.null()), kind).label(name) for name, kind in kinds.items()),
    )
