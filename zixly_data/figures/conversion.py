"""Conversion: the exchange rates that recorded amounts need, and those that are missing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, financial_months
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.ledger import ledger
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Date, Frame, Rate, Text, fetch
from zixly_data.values.period import Period


class MissingRates(Frame):
    """One row per currency and month with amounts and without a rate into the other currency."""

    currency: Text
    month: Date


class UsedRates(Frame):
    """One row per currency and month that was converted, with the rate that was applied."""

    currency: Text
    month: Date
    rate: Rate


def missing_rates(
    identity: Identity, period: Period, target_currency: str
) -> DataFrame[MissingRates]:
    """Return the missing rates for amounts of the period, by currency and month."""
    rows = ledger(identity, period, target_currency=target_currency)
    query = (
        sa.select(rows.c.own_currency.label("currency"), rows.c.month)
        .where(rows.c.rate.is_(None))
        .distinct()
        .order_by(rows.c.own_currency, rows.c.month)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, MissingRates)


def used_rates(
    identity: Identity,
    period: Period,
    target_currency: str,
    client_filter: ClientFilter | None = None,
) -> DataFrame[UsedRates]:
    """Return the rates that convert figures of the period, by currency and month.

    Amounts in `target_currency` need none, and a missing rate has no row.
    """
    rows = ledger(identity, period, client_filter, target_currency)
    query = (
        sa.select(rows.c.own_currency.label("currency"), rows.c.month, rows.c.rate)
        .where(rows.c.rate.is_not(None), rows.c.own_currency != target_currency)
        .distinct()
        .order_by(rows.c.own_currency, rows.c.month)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, UsedRates)


def currencies(identity: Identity) -> list[str]:
    """Return the currencies of recorded amounts, in the order of their codes."""
    with reporting(identity) as connection:
        return list(connection.execute(_currencies(identity)).scalars())


@cached_statement
def _currencies(identity: Identity) -> sa.Select[Any]:
    return (
        sa.select(client_kpis.c.currency)
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            sa.exists().where(
                financial_months.c.tenant_id == identity.tenant_id,
                financial_months.c.client_kpi_id == client_kpis.c.id,
                financial_months.c.records > 0,
            ),
        )
        .distinct()
        .order_by(client_kpis.c.currency)
    )
