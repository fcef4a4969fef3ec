"""Ranking of all findings by the amount at stake.

    at_stake   the finding's amount in the tenant's reporting currency, converted with the latest
               rate of any month, or unconverted if there is no rate

`at_stake` serves ranking alone. It is no recorded amount and is never added.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import exchange_rates
from zixly_data.findings.definitions import KINDS, union_of
from zixly_data.findings.finding import Findings, largest_first, with_dismissals
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.frames import Money, Text, fetch, nullable


class RankedFindings(Findings):
    """One row per finding, the most at stake first; `at_stake` is in `at_stake_currency`."""

    at_stake: Money = nullable
    at_stake_currency: Text


def findings(identity: Identity, today: date) -> DataFrame[RankedFindings]:
    """Return all findings on this day, including dismissed ones, the most at stake first.

    Findings without an amount come last. `definitions` lists the kinds.
    """
    target_currency = tenants.get(identity).reporting_currency
    rows = union_of(identity, today, target_currency, KINDS.values())
    rate = (
        sa.select(exchange_rates.c.rate)
        .where(
            exchange_rates.c.tenant_id == identity.tenant_id,
            exchange_rates.c.currency == rows.c.currency,
            exchange_rates.c.into_currency == target_currency,
        )
        .order_by(exchange_rates.c.month.desc())
        .limit(1)
        .scalar_subquery()
    )
    at_stake = sa.func.round(rows.c.amount * sa.func.coalesce(rate, 1), 2).label("at_stake")
    currency = sa.case((rate.is_(None), rows.c.currency), else_=target_currency)
    query = (
        with_dismissals(identity, rows)
        .add_columns(at_stake, currency.label("at_stake_currency"))
        .order_by(*largest_first(rows, at_stake))
    )
    with reporting(identity) as connection:
        return fetch(connection, query, RankedFindings)
