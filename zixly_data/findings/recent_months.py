"""Losses and falling revenue of active clients, over the last three whole months.

The subjects of these findings change every month.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis, financials
from zixly_data.figures.month_sums import month_sums
from zixly_data.findings.finding import Finding, finding_query
from zixly_data.findings.kind import FindingKind, Group, RecordConditions, since_to_until
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import is_active
from zixly_data.values.dates import add_months
from zixly_data.values.period import between

SHRINKING_RATIO: sa.ColumnElement[Any] = sa.literal_column("0.75")
MONTHS = 3


def loss(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return active clients with expenses above revenue over the last three whole months.

    amount: the loss; since, until: those months.
    """
    first, last = _recent_months(today)
    sums = _client_sums(identity, first, last, "recent")
    return (
        finding_query(
            amount=sums.c.expenses - sums.c.revenue,
            subject=f"{last:%Y-%m}",
            since=first,
            until=last,
            records=sums.c.records,
        )
        .select_from(client_kpis.join(sums, sums.c.client_kpi_id == client_kpis.c.id))
        .where(*_active_conditions(identity), sums.c.expenses > sums.c.revenue)
    )


def shrinking(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return active clients whose revenue of the last three whole months shrank by a quarter.

    It is at least a quarter below that of the same three months a year before; clients that make a
    loss are left out. amount: the difference; against: the revenue a year before; since: the first
    day of the months a year before; until: the last day of the recent months.
    """
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
    return (client_kpis.c.tenant_id == identity.tenant_id, is_active)


def _records_of_both_years(finding: Finding) -> RecordConditions:
    since, until, day = finding["since"], finding["until"], financials.c.record_date
    is_year_before = day.between(since, add_months(since, MONTHS) - timedelta(days=1))
    return RecordConditions(
        financials=sa.or_(is_year_before, day.between(add_months(since, 12), until))
    )


KINDS = (
    FindingKind(
        key="LOSS",
        group=Group.ATTENTION,
        title="Clients making a loss",
        meaning="Active clients whose expenses exceeded their revenue over the last three "
        "full months.",
        sentences=(
            "Expenses for {client} exceeded revenue by {amount} over the last three full months.",
        ),
        icon="trending_down",
        step="Check the costs",
        page="financials.py",
        period=since_to_until,
        statement=loss,
        records=RecordConditions.of_days,
    ),
    FindingKind(
        key="SHRINKING",
        group=Group.ATTENTION,
        title="Clients with falling revenue",
        meaning="Active clients whose revenue over the last three full months was at least a "
        "quarter lower than in the same months a year earlier.",
        sentences=(
            "Revenue from {client} was {amount} lower over the last three full months than in the "
            "same months a year earlier ({against}).",
        ),
        icon="south_east",
        step="Check the revenue",
        page="financials.py",
        period=since_to_until,
        statement=shrinking,
        records=_records_of_both_years,
    ),
)
