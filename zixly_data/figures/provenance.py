"""Provenance of a figure: the months and records behind it, and when they last changed.

`months` are the rows of the ledger that the figure is computed from. Its formula applied to them
gives exactly the figure, and the records of a client's month add up to its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, financials
from zixly_data.figures.definitions import FIGURES, Figure
from zixly_data.figures.delivery.billable_hours import hours as billable_hours
from zixly_data.figures.ledger import ledger, require_rates
from zixly_data.figures.month_sums import margin
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import (
    Count,
    Date,
    Frame,
    Measure,
    Money,
    Rate,
    Text,
    arrow_types,
    fetch,
    nullable,
)
from zixly_data.values.paging import Page, PageRequest, fetch_page
from zixly_data.values.period import Period

_FIRST_PAGE = PageRequest()
# The figures that have a provenance.
HEADLINES = ("revenue", "expenses", "profit", "margin", "hourly_rate")


class ProvenanceMonths(Frame):
    """One row per client and month with a record in the period, by client name, then month.

    `own_…` are in the client's currency. `rate` is that of the month, 1 if nothing is converted.
    `hours` is null if none are recorded.
    """

    client_id: Text
    client_name: Text
    month: Date
    records: Count
    own_currency: Text
    own_revenue: Money
    own_expenses: Money
    rate: Rate
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money
    hours: Measure = nullable


@dataclass(frozen=True)
class Provenance:
    """A figure with the months behind it.

    `value` is in `currency`, or a fraction if the unit is percent; None if the figure has no value.
    `months` is one page of them, `records` and `clients` count those of all. `latest` is the date
    of the newest record, `changed_at` the time of the last change to one.
    """

    figure: Figure
    period: Period
    currency: str
    value: Decimal | None
    months: Page[ProvenanceMonths]
    records: int
    clients: int
    latest: date | None
    changed_at: datetime | None


def provenance(
    identity: Identity,
    figure: str,
    period: Period,
    currency: str,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
    *,
    converted: bool = False,
) -> Provenance:
    """Return a figure of the period with its months: of clients paid in `currency`, or `converted`.

    Everything is read at the same moment. The months may be sorted by month, revenue, expenses or
    profit. Raises RatesMissing if an amount cannot be converted, KeyError for a figure without a
    provenance.
    """
    target_currency = currency if converted else None
    ledger_rows = ledger(identity, period, client_filter, target_currency)
    rows = _months(identity, ledger_rows, period, currency)
    sums = sa.select(
        _value(figure, rows).label("value"),
        sa.func.coalesce(sa.func.sum(rows.c.records), 0).label("records"),
        sa.func.count(rows.c.client_kpi_id.distinct()).label("clients"),
    )
    sorts = {name: rows.c[name] for name in ("month", "revenue", "expenses", "profit")}
    with reporting(identity) as connection:
        require_rates(connection, ledger_rows, target_currency)
        total = connection.execute(sums).one()
        page = fetch_page(
            connection, _columns(rows), ProvenanceMonths, request, _order(rows), sorts
        )
        freshness = connection.execute(
            freshness_query(identity, period, client_filter, None if converted else currency)
        ).one()
    return Provenance(
        figure=FIGURES[figure],
        period=period,
        currency=currency,
        value=total.value,
        months=page,
        records=int(total.records),
        clients=total.clients,
        latest=freshness.latest,
        changed_at=freshness.changed_at,
    )


def months(
    identity: Identity,
    period: Period,
    currency: str,
    client_filter: ClientFilter | None = None,
    *,
    converted: bool = False,
) -> DataFrame[ProvenanceMonths]:
    """Return all months of `provenance`, for a file. Raises RatesMissing."""
    target_currency = currency if converted else None
    ledger_rows = ledger(identity, period, client_filter, target_currency)
    rows = _months(identity, ledger_rows, period, currency)
    with reporting(identity) as connection:
        require_rates(connection, ledger_rows, target_currency)
        return fetch(connection, _columns(rows).order_by(*_order(rows)), ProvenanceMonths)


def _months(identity: Identity, rows: sa.Subquery, period: Period, currency: str) -> sa.Subquery:
    """Return the rows of a ledger in one currency, with their profit and their hours."""
    worked = billable_hours(identity, period)
    is_same_month = sa.and_(
        worked.c.client_kpi_id == rows.c.client_kpi_id, worked.c.month == rows.c.month
    )
    return (
        sa.select(rows, (rows.c.revenue - rows.c.expenses).label("profit"), worked.c.hours)
        .select_from(rows.outerjoin(worked, is_same_month))
        .where(rows.c.currency == currency)
        .subquery("months")
    )


def _columns(rows: sa.Subquery) -> sa.Select[Any]:
    return sa.select(*(rows.c[name] for name in arrow_types(ProvenanceMonths)))


def _order(rows: sa.Subquery) -> tuple[sa.ColumnElement[Any], ...]:
    return sa.func.lower(rows.c.client_name), rows.c.client_kpi_id, rows.c.month


def _value(figure: str, rows: sa.Subquery) -> Any:
    """Return the figure over all rows."""
    revenue, expenses = sa.func.sum(rows.c.revenue), sa.func.sum(rows.c.expenses)
    has_hours = rows.c.hours > 0
    billed = sa.func.sum(rows.c.revenue).filter(has_hours)
    hours = sa.func.sum(rows.c.hours).filter(has_hours)
    formulas = {
        "revenue": revenue,
        "expenses": expenses,
        "profit": revenue - expenses,
        "margin": margin(revenue - expenses, revenue),
        "hourly_rate": sa.func.round(billed / hours, 2),
    }
    return formulas[figure]


def freshness_query(
    identity: Identity, period: Period, client_filter: ClientFilter | None, currency: str | None
) -> sa.Select[Any]:
    """Return the statement for the newest record, `latest`, and the last change, `changed_at`."""
    conditions = client_conditions(identity, client_filter)
    if currency is not None:
        conditions.append(client_kpis.c.currency == currency)
    return (
        sa.select(
            sa.func.max(financials.c.record_date).label("latest"),
            sa.func.max(financials.c.updated_at).label("changed_at"),
        )
        .select_from(
            financials.join(
                client_kpis,
                (client_kpis.c.tenant_id == financials.c.tenant_id)
                & (client_kpis.c.id == financials.c.client_kpi_id),
            )
        )
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.record_date.between(period.start, period.end),
            *conditions,
        )
    )
