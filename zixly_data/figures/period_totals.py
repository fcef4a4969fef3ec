"""Totals of several periods at the same moment, without the clients they come from.

The formulas and the columns are those of `profitability`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow.compute as pc
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.month_sums import margin, month_sums
from zixly_data.figures.profitability import CurrencyTotal
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, arrow_types, build, fetch, table_of
from zixly_data.values.period import Period


class PeriodTotal(CurrencyTotal):
    """One row per period and currency with a record; `place` counts the periods from 0."""

    place: Count


def period_totals(
    identity: Identity, periods: Iterable[Period], client_filter: ClientFilter | None = None
) -> dict[Period, DataFrame[CurrencyTotal]]:
    """Return the totals of each period per currency, as `profitability(…).totals` does.

    One statement reads them all, and PostgreSQL adds: a row per currency is what leaves it. A
    period without records has an empty frame.
    """
    different = tuple(dict.fromkeys(periods))
    with reporting(identity) as connection:
        frame = fetch(connection, _totals_query(identity, different, client_filter), PeriodTotal)
    table, names = table_of(frame), list(arrow_types(CurrencyTotal))
    return {
        period: build(
            table.filter(pc.equal(table["place"], place)).select(names).to_pydict(), CurrencyTotal
        )
        for place, period in enumerate(different)
    }


@cached_statement
def _totals_query(
    identity: Identity, periods: tuple[Period, ...], client_filter: ClientFilter | None
) -> Any:
    parts = [
        _totals_of(identity, place, period, client_filter) for place, period in enumerate(periods)
    ]
    return sa.union_all(*parts).order_by("place", "currency")


def _totals_of(
    identity: Identity, place: int, period: Period, client_filter: ClientFilter | None
) -> sa.Select[Any]:
    months = month_sums(identity, period, f"months_{place}")
    revenue, expenses = sa.func.sum(months.c.revenue), sa.func.sum(months.c.expenses)
    return (
        sa.select(
            sa.cast(place, sa.BigInteger).label("place"),
            client_kpis.c.currency.label("currency"),
            sa.func.count(months.c.client_kpi_id.distinct()).label("clients"),
            revenue.label("revenue"),
            expenses.label("expenses"),
            (revenue - expenses).label("profit"),
            margin(revenue - expenses, revenue).label("margin"),
        )
        .select_from(months.join(client_kpis, client_kpis.c.id == months.c.client_kpi_id))
        .where(*client_conditions(identity, client_filter, months.c.client_kpi_id))
        .group_by(client_kpis.c.currency)
    )
