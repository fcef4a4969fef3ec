"""What to do: everything worth a look, contradictions or not, ranked by the money at stake.

    at_stake   the finding's amount in the tenant's reporting currency: with the latest rate on file
               between the two, whatever its month, and as it is where there is none

`at_stake` is for ranking alone. It is nobody's amount, and none are added.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import scoped
from zixly_data.database.schema import exchange_rates
from zixly_data.findings import attention, contradictions
from zixly_data.findings.finding import Findings, largest_first, with_dismissals
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values.frames import Money, Text, fetch, nullable


class RankedFindings(Findings):
    """One row per finding, the most at stake first; `at_stake` is in `at_stake_currency`."""

    at_stake: Money = nullable
    at_stake_currency: Text


def findings(identity: Identity, today: date) -> DataFrame[RankedFindings]:
    """Every finding on this day, those that were put away among them, the most at stake first.

    Findings without an amount come last. The kinds stand in `contradictions` and `attention`.
    """
    target_currency = tenants.get(identity).reporting_currency
    found = sa.union_all(
        *(of_kind(identity, today) for of_kind in contradictions.KINDS.values()),
        *(of_kind(identity, today, target_currency) for of_kind in attention.KINDS.values()),
    ).subquery()
    rate = (
        sa.select(exchange_rates.c.rate)
        .where(
            exchange_rates.c.tenant_id == identity.tenant_id,
            exchange_rates.c.currency == found.c.currency,
            exchange_rates.c.into_currency == target_currency,
        )
        .order_by(exchange_rates.c.month.desc())
        .limit(1)
        .scalar_subquery()
    )
    at_stake = sa.func.round(found.c.amount * sa.func.coalesce(rate, 1), 2).label("at_stake")
    currency = sa.case((rate.is_(None), found.c.currency), else_=target_currency)
    query = (
        with_dismissals(identity, found)
        .add_columns(at_stake, currency.label("at_stake_currency"))
        .order_by(*largest_first(found, at_stake))
    )
    with scoped(identity) as connection:
        return fetch(connection, query, RankedFindings)
