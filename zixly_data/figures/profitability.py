"""Profitability of clients: revenue, expenses, profit and margin.

`month_sums` contains the formulas. Currencies are never added together: totals are one row per
currency, unless all amounts are converted into one, month by month, as `ledger` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import sub
from typing import Any

import pandas as pd
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
from zixly_data.values.frames import (
    Count,
    Frame,
    Money,
    Ratio,
    Text,
    build,
    fetch,
    nullable,
    table_of,
)
from zixly_data.values.period import Period


class ClientProfit(Frame):
    """One row per client with a record in the period, highest profit first."""

    client_kpi_id: Text
    client_id: Text
    client_name: Text
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money
    margin: Ratio = nullable


class CurrencyTotal(Frame):
    """One row per currency."""

    currency: Text
    clients: Count
    revenue: Money
    expenses: Money
    profit: Money
    margin: Ratio = nullable


@dataclass(frozen=True)
class Profitability:
    """Clients and their totals per currency, or one total if `target_currency` is set."""

    period: Period
    clients: DataFrame[ClientProfit]
    totals: DataFrame[CurrencyTotal]
    target_currency: str | None = None


def profitability(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    target_currency: str | None = None,
) -> Profitability:
    """Return revenue, expenses, profit and margin per client over the period.

    `clients` has one row per client with at least one record in the period, ordered by currency,
    then profit, highest first. `totals` has one row per currency, and its margin is that of the
    totals. One statement reads both, so concurrent writes cannot make them differ.

    With `target_currency`, a code such as AUD, all amounts are converted with the rate of their
    month. Raises RatesMissing if a rate is missing.
    """
    query = profitability_query(identity, period, client_filter, target_currency)
    with reporting(identity) as connection:
        if target_currency is not None:
            require_rates(
                connection,
                ledger(identity, period, client_filter, target_currency),
                target_currency,
            )
        clients = fetch(connection, query, ClientProfit)
    return Profitability(period, clients, totals_of(clients), target_currency)


@cached_statement
def profitability_query(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None,
    target_currency: str | None = None,
) -> sa.Select[Any]:
    """Return the statement of `profitability`; its columns are those of `ClientProfit`.

    With `target_currency`, months without a rate are missing from the sums: see `require_rates`.
    """
    months = (
        ledger(identity, period, client_filter, target_currency)
        if target_currency
        else month_sums(identity, period)
    )
    currency = (
        sa.literal(target_currency, sa.Text) if target_currency else client_kpis.c.currency
    ).label("currency")
    per_client = (
        sa.select(
            months.c.client_kpi_id,
            sa.func.sum(months.c.revenue).label("revenue"),
            sa.func.sum(months.c.expenses).label("expenses"),
        )
        .group_by(months.c.client_kpi_id)
        .subquery()
    )
    profit = per_client.c.revenue - per_client.c.expenses
    return (
        sa.select(
            client_kpis.c.id.label("client_kpi_id"),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            currency,
            per_client.c.revenue,
            per_client.c.expenses,
            profit.label("profit"),
            margin(profit, per_client.c.revenue).label("margin"),
        )
        .select_from(per_client.join(client_kpis, client_kpis.c.id == per_client.c.client_kpi_id))
        .where(*client_conditions(identity, client_filter, per_client.c.client_kpi_id))
        .order_by(currency, profit.desc(), client_kpis.c.id)
    )


def totals_of(amounts: pd.DataFrame) -> DataFrame[CurrencyTotal]:
    """Sum a frame with client_kpi_id, currency, revenue and expenses per currency.

    Returns one row per currency, in the order of currency codes; `clients` counts distinct clients.
    Sums are exact. The margin is that of the totals, rounded half away from zero as in PostgreSQL.
    """
    table = table_of(amounts).group_by("currency", use_threads=False)
    sums = table.aggregate(
        [("client_kpi_id", "count_distinct"), ("revenue", "sum"), ("expenses", "sum")]
    ).sort_by("currency")
    revenue, expenses = (sums[f"{name}_sum"].to_pylist() for name in ("revenue", "expenses"))
    profit = list(map(sub, revenue, expenses))
    return build(
        {
            "currency": sums["currency"].to_pylist(),
            "clients": sums["client_kpi_id_count_distinct"].to_pylist(),
            "revenue": revenue,
            "expenses": expenses,
            "profit": profit,
            "margin": list(map(margin_of, profit, revenue)),
        },
        CurrencyTotal,
    )


def margin_of(profit: Decimal, revenue: Decimal) -> Decimal | None:
    """Return profit / revenue to four places, None if revenue is zero or less."""
    if revenue <= 0:
        return None
    return (profit / revenue).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def as_file(amounts: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of amounts as exported to a file: without our id of the client."""
    return amounts.drop(columns="client_kpi_id")
