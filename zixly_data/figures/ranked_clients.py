"""The clients at the ends of the ranking by profit: the 12 best and the 8 worst.

A chart shows no more: with two thousand clients it would be 80,000 pixels high.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.profitability import ClientProfit, profitability_query
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Count, fetch
from zixly_data.values.period import Period

BEST, WORST = 12, 8


class RankedClient(ClientProfit):
    """A row of `profitability`; `ranked` counts the clients with a record in that currency."""

    ranked: Count


def ranked_clients(
    identity: Identity, period: Period, client_filter: ClientFilter | None = None
) -> DataFrame[RankedClient]:
    """Return the best and the worst clients per currency, in the order of `profitability`.

    With 20 clients or fewer in a currency these are all of them.
    """
    with reporting(identity) as connection:
        return fetch(connection, _query(identity, period, client_filter), RankedClient)


@cached_statement
def _query(
    identity: Identity, period: Period, client_filter: ClientFilter | None
) -> sa.Select[Any]:
    clients = (
        profitability_query(identity, period, client_filter).order_by(None).subquery("clients")
    )
    order = [clients.c.profit.desc(), clients.c.client_kpi_id]
    placed = sa.select(
        clients,
        sa.func.row_number().over(partition_by=clients.c.currency, order_by=order).label("place"),
        sa.func.count().over(partition_by=clients.c.currency).label("ranked"),
    ).subquery("placed")
    return (
        sa.select(*(column for column in placed.c if column.name != "place"))
        .where(sa.or_(placed.c.place <= BEST, placed.c.place > placed.c.ranked - WORST))
        .order_by(placed.c.currency, placed.c.place)
    )
