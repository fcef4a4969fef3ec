"""Revenue, expenses and profit by client and calendar month."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.ledger import ledger, require_rates
from zixly_data.figures.month_sums import margin, month_sums
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Date, Frame, Money, Ratio, Text, fetch, nullable
from zixly_data.values.period import Period


class MonthlyFinancials(Frame):
    """One row per client and calendar month with at least one record."""

    month: Date
    client_kpi_id: Text
    client_id: Text
    client_name: Text
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money
    margin: Ratio = nullable


class MonthTotals(Frame):
    """One row per calendar month and currency with at least one record, by month."""

    month: Date
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money


def by_month(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[MonthTotals]:
    """Return the sums of `monthly` over all clients, per month and currency: PostgreSQL adds."""
    with reporting(identity) as connection:
        return fetch(connection, _by_month_query(identity, period, client_filter), MonthTotals)


@cached_statement
def _by_month_query(
    identity: Identity, period: Period, client_filter: ClientFilter | None
) -> sa.Select[Any]:
    sums = month_sums(identity, period)
    revenue, expenses = sa.func.sum(sums.c.revenue), sa.func.sum(sums.c.expenses)
    return (
        sa.select(
            sums.c.month,
            client_kpis.c.currency,
            revenue.label("revenue"),
            expenses.label("expenses"),
            (revenue - expenses).label("profit"),
        )
        .select_from(sums.join(client_kpis, client_kpis.c.id == sums.c.client_kpi_id))
        .where(*client_conditions(identity, client_filter, sums.c.client_kpi_id))
        .group_by(sums.c.month, client_kpis.c.currency)
        .order_by(sums.c.month, client_kpis.c.currency)
    )


def monthly(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    target_currency: str | None = None,
) -> DataFrame[MonthlyFinancials]:
    """Return revenue, expenses and profit per client and calendar month.

    One row per client and month with at least one record, ordered by month and client name.
    Amounts are exact, in the client's currency. A month without records is absent, not zero. Margin
    is profit / revenue of the month, null if its revenue is zero or
    less.

    With `target_currency`, a code such as AUD, each month's amounts are converted with that month's
    rate. Raises RatesMissing if a rate is missing.
    """
    sums = (
        ledger(identity, period, client_filter, target_currency)
        if target_currency
        else month_sums(identity, period)
    )
    query = (
        sa.select(
            sums.c.month,
            client_kpis.c.id.label("client_kpi_id"),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            (
                sa.literal(target_currency, sa.Text) if target_currency else client_kpis.c.currency
            ).label("currency"),
            sums.c.revenue,
            sums.c.expenses,
            (sums.c.revenue - sums.c.expenses).label("profit"),
            margin(sums.c.revenue - sums.c.expenses, sums.c.revenue).label("margin"),
        )
        .select_from(sums.join(client_kpis, client_kpis.c.id == sums.c.client_kpi_id))
        .where(*client_conditions(identity, client_filter, sums.c.client_kpi_id))
        .order_by(sums.c.month, sa.func.lower(client_kpis.c.client_name), client_kpis.c.id)
    )
    with reporting(identity) as connection:
        require_rates(
            connection, ledger(identity, period, client_filter, target_currency), target_currency
        )
        return fetch(connection, query, MonthlyFinancials)
