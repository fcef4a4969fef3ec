"""Conversion: the exchange rates that recorded amounts need, and those that are missing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, financial_months, overhead_months
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.business.overhead_sums import overhead_ledger
from zixly_data.figures.ledger import ledger, rate_rows
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
    """Return the missing rates for amounts of the period, by currency and month.

    Amounts are those of clients and those of no client.
    """
    rows = rate_rows(
        ledger(identity, period, target_currency=target_currency),
        overhead_ledger(identity, period, target_currency),
    )
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
    *,
    overheads: bool = False,
) -> DataFrame[UsedRates]:
    """Return the rates that convert figures of clients in the period, by currency and month.

    With `overheads`, those of amounts of no client too. Amounts in `target_currency` need none,
    and a missing rate has no row.
    """
    ledgers = [ledger(identity, period, client_filter, target_currency)]
    if overheads:
        ledgers.append(overhead_ledger(identity, period, target_currency))
    rows = rate_rows(*ledgers)
    query = (
        sa.select(rows.c.own_currency.label("currency"), rows.c.month, rows.c.rate)
        .where(rows.c.rate.is_not(None), rows.c.own_currency != target_currency)
        .distinct()
        .order_by(rows.c.own_currency, rows.c.month)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, UsedRates)


def currencies(identity: Identity) -> list[str]:
    """Return the currencies of all recorded amounts, in the order of their codes."""
    with reporting(identity) as connection:
        return list(connection.execute(_currencies(identity)).scalars())


@cached_statement
def _currencies(identity: Identity) -> sa.Select[Any]:
    of_clients = sa.select(client_kpis.c.currency).where(
        client_kpis.c.tenant_id == identity.tenant_id,
        sa.exists().where(
            financial_months.c.tenant_id == identity.tenant_id,
            financial_months.c.client_kpi_id == client_kpis.c.id,
            financial_months.c.records > 0,
        ),
    )
    of_none = sa.select(overhead_months.c.currency).where(
        overhead_months.c.tenant_id == identity.tenant_id, overhead_months.c.records > 0
    )
    either = sa.union(of_clients, of_none).subquery()
    return sa.select(either.c.currency).order_by(either.c.currency)
