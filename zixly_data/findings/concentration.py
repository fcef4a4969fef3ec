"""Dependence on one client. The subject of the finding changes every year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis
from zixly_data.figures.ledger import ledger
from zixly_data.findings.finding import finding_query
from zixly_data.findings.kind import FindingKind, Group, RecordConditions, since_to_until
from zixly_data.identity import Identity
from zixly_data.values.dates import add_months
from zixly_data.values.period import between


def concentration(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return the client with more than half of all revenue of the last twelve whole months.

    At least one other client has records in these months. amount: its revenue; against: that of all
    clients; since, until: those months; about: `converted` if clients are paid in several
    currencies and all amounts were converted into `target_currency`. There is no finding if a rate
    is missing for that.
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


KINDS = (
    FindingKind(
        key="CONCENTRATION",
        group=Group.ATTENTION,
        title="Dependence on one client",
        meaning="One client accounts for more than half of the revenue of the last twelve full "
        "months.",
        sentences=(
            "{client} accounted for {share} of the revenue over the last twelve full months: "
            "{amount} of {against}, converted into {converted_into}.",
            "{client} accounted for {share} of the revenue over the last twelve full months: "
            "{amount} of {against}.",
        ),
        icon="pie_chart",
        step="See the shares",
        page="profitability.py",
        period=since_to_until,
        statement=concentration,
        records=RecordConditions.of_days,
    ),
)
