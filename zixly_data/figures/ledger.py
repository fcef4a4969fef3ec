"""The ledger of a period: revenue and expenses of each client in each month.

All profitability figures are computed from these rows. They are either in each client's own
currency or converted into one: the amounts of a client's month times that month's exchange rate,
each rounded to the cent. A converted figure is therefore always the sum of converted months, and
the parts of a total add up to it. Nothing is converted if a rate is missing: `RatesMissing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import client_kpis, exchange_rates
from zixly_data.errors import ZixlyError
from zixly_data.figures.month_sums import month_sums
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import short_month
from zixly_data.values.names import listed
from zixly_data.values.period import Period

_MOST_LISTED = 3


class RatesMissing(ZixlyError):
    """Amounts cannot be converted. `months` lists the currencies and months without a rate."""

    advice = "Enter the missing rates under Exchange rates, or view each currency separately."

    def __init__(self, target_currency: str, months: list[tuple[str, date]]) -> None:
        missing = [f"{code} in {short_month(month)}" for code, month in months[:_MOST_LISTED]]
        if len(months) > _MOST_LISTED:
            missing.append(f"{len(months) - _MOST_LISTED:,} more")
        super().__init__(f"There is no exchange rate into {target_currency} for {listed(missing)}.")
        self.target_currency = target_currency
        self.months = months


def ledger(
    identity: Identity,
    period: Period,
    client_filter: ClientFilter | None = None,
    target_currency: str | None = None,
    name: str = "ledger",
) -> sa.Subquery:
    """Return one row per client and month with a record in the period.

    Columns: client_kpi_id, client_id, client_name, industry, status, own_currency, currency, month,
    own_revenue, own_expenses, revenue, expenses, rate, records. `currency` is the currency of
    revenue and expenses: the client's own, or `target_currency`. Both amounts are null without an
    exchange rate, and a sum would ignore them silently: call `require_rates` first, in the same
    `connection.reporting(identity)`, so that no rate can be deleted between the two.
    """
    return ledger_of(
        identity, month_sums(identity, period, f"{name}_sums"), client_filter, target_currency, name
    )


def ledger_of(
    identity: Identity,
    sums: sa.Subquery,
    client_filter: ClientFilter | None = None,
    target_currency: str | None = None,
    name: str = "ledger",
) -> sa.Subquery:
    """Return the ledger of rows with the columns of `month_sums`; other columns are kept."""
    base_columns = ("client_kpi_id", "month", "revenue", "expenses", "records")
    rows = sums.join(client_kpis, client_kpis.c.id == sums.c.client_kpi_id)
    amounts = Converted.by_month(
        identity, rows, sums, client_kpis.c.currency, target_currency, name
    )
    return (
        sa.select(
            sums.c.client_kpi_id,
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            client_kpis.c.industry,
            client_kpis.c.status,
            client_kpis.c.currency.label("own_currency"),
            amounts.currency.label("currency"),
            sums.c.month,
            sums.c.revenue.label("own_revenue"),
            sums.c.expenses.label("own_expenses"),
            amounts.revenue.label("revenue"),
            amounts.expenses.label("expenses"),
            amounts.rate.label("rate"),
            sums.c.records,
            *(column for column in sums.c if column.name not in base_columns),
        )
        .select_from(amounts.rows)
        .where(*client_conditions(identity, client_filter, sums.c.client_kpi_id))
        .subquery(name)
    )


@dataclass(frozen=True)
class Converted:
    """Columns of amounts in one currency; `rows` are what they are selected from."""

    rows: sa.FromClause
    currency: sa.ColumnElement[Any]
    rate: sa.ColumnElement[Any]
    revenue: sa.ColumnElement[Any]
    expenses: sa.ColumnElement[Any]

    @classmethod
    def by_month(
        cls,
        identity: Identity,
        rows: sa.FromClause,
        sums: sa.Subquery,
        own_currency: sa.ColumnElement[Any],
        target_currency: str | None,
        name: str,
    ) -> Converted:
        """Return the amounts of `sums` (`month, revenue, expenses`) at the rate of their month.

        Both amounts are rounded to the cent, and null without a rate; without `target_currency`
        they stay as they are, at a rate of 1.
        """
        if target_currency is None:
            one = sa.cast(sa.literal(1), sa.Numeric(18, 8))
            return cls(rows, own_currency, one, sums.c.revenue, sums.c.expenses)
        rates = exchange_rates.alias(f"{name}_rates")
        is_rate = sa.and_(
            rates.c.tenant_id == identity.tenant_id,
            rates.c.month == sums.c.month,
            rates.c.currency == own_currency,
            rates.c.into_currency == target_currency,
        )
        rate = sa.case(
            (own_currency == target_currency, sa.literal_column("1")), else_=rates.c.rate
        )
        return cls(
            rows.outerjoin(rates, is_rate),
            sa.literal(target_currency, sa.Text),
            rate,
            sa.func.round(sums.c.revenue * rate, 2),
            sa.func.round(sums.c.expenses * rate, 2),
        )


def rate_rows(*ledgers: sa.Subquery) -> sa.Subquery:
    """Return the rates of several ledgers, so that all missing ones are reported together."""
    names = ("own_currency", "month", "rate")
    selects = (sa.select(*(rows.c[name] for name in names)) for rows in ledgers)
    return sa.union(*selects).subquery("rate_rows")


def require_rates(connection: Connection, rows: sa.Subquery, target_currency: str | None) -> None:
    """Check that all rows of a ledger can be converted. Raises RatesMissing."""
    if target_currency is None:
        return
    query = (
        sa.select(rows.c.own_currency, rows.c.month)
        .where(rows.c.rate.is_(None))
        .distinct()
        .order_by(rows.c.own_currency, rows.c.month)
    )
    missing = [(row.own_currency, row.month) for row in connection.execute(query)]
    if missing:
        raise RatesMissing(target_currency, missing)
