"""The rows of the grid of a month's overheads, and the totals of the month."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import overhead_months, overheads
from zixly_data.figures.month_grids.grid_page import (
    GRID_ROWS,
    GridPage,
    fetch_page,
    period_of,
)
from zixly_data.identity import Identity
from zixly_data.records.overheads import conditions
from zixly_data.records.seen_records import seen_ids_query
from zixly_data.tables.overheads import OVERHEADS
from zixly_data.values.dates import add_months
from zixly_data.values.frames import Count, Date, Frame, Money, Text, fetch, nullable
from zixly_data.values.overhead_filter import OverheadFilter


class OverheadLines(Frame):
    """One row per overhead of the month, then rows without one; `id` is then null.

    `place` numbers the rows without an overhead from 1; it is 0 for the others.
    """

    id: Text = nullable
    version: Count = nullable
    record_date: Date = nullable
    currency: Text = nullable
    revenue: Money = nullable
    expenses: Money = nullable
    kind: Text = nullable
    account: Text = nullable
    counterparty: Text = nullable
    note: Text = nullable
    place: Count


class OverheadTotals(Frame):
    """One row per currency with overheads in the month or in the one before."""

    currency: Text
    revenue: Money
    expenses: Money
    last_profit: Money = nullable


def overhead_lines(
    identity: Identity, month: date, search: str, number: int, empty_rows: int
) -> GridPage[OverheadLines]:
    """Return a page of the grid of overheads of the month that begins on `month`: those whose
    account, counterparty or note contains `search`, by date, then `empty_rows` empty rows."""
    c, columns = overheads.c, ("id", "version", *OVERHEADS.entered)
    recorded = sa.select(*(c[name] for name in columns), sa.literal(0).label("place")).where(
        *conditions(identity, period_of(month), OverheadFilter(search=search))
    )
    types: dict[str, Any] = {
        "version": sa.Integer, "record_date": sa.Date, "revenue": sa.Numeric(14, 2),
        "expenses": sa.Numeric(14, 2),
    }  # fmt: skip
    place = sa.func.generate_series(1, empty_rows).column_valued("place")
    empty = sa.select(
        *(sa.cast(sa.null(), types.get(name, sa.Text)).label(name) for name in columns), place
    )
    lines = sa.union_all(recorded, empty).subquery("lines")
    query = sa.select(*(lines.c[name] for name in OverheadLines.to_schema().columns)).order_by(
        lines.c.record_date.nulls_last(), lines.c.id, lines.c.place
    )
    with reporting(identity) as connection:
        return fetch_page(connection, query, OverheadLines, number, GRID_ROWS)


def overhead_totals(identity: Identity, month: date) -> DataFrame[OverheadTotals]:
    """Return the totals of the month that begins on `month`, ordered by currency."""
    sums, last = overhead_months.c, add_months(month, -1)
    of_month, of_last = sums.month == month, sums.month == last
    query = (
        sa.select(
            sums.currency,
            sa.func.coalesce(sa.func.sum(sums.revenue).filter(of_month), 0).label("revenue"),
            sa.func.coalesce(sa.func.sum(sums.expenses).filter(of_month), 0).label("expenses"),
            sa.func.sum(sums.revenue - sums.expenses).filter(of_last).label("last_profit"),
        )
        .where(
            sums.tenant_id == identity.tenant_id, sums.month.in_((month, last)), sums.records > 0
        )
        .group_by(sums.currency)
        .order_by(sums.currency)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, OverheadTotals)


def overhead_ids(identity: Identity, month: date) -> list[str]:
    """Return the ids of the month's overheads, of many the newest ones."""
    query = seen_ids_query(identity, overheads, "record_date", month)
    with reporting(identity) as connection:
        return list(connection.execute(query).scalars())
