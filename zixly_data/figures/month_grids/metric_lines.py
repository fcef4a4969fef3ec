"""The rows and cells of the grid of a month's metric values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, custom_metrics, metric_definitions
from zixly_data.figures.delivery.metric_points import added_up
from zixly_data.figures.delivery.metric_values import NEWEST_FIRST
from zixly_data.figures.month_grids.grid_page import (
    GRID_ROWS,
    GridPage,
    fetch_page,
    people_order,
    period_of,
)
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions, is_active, is_client
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months, month_end
from zixly_data.values.frames import Count, Date, Frame, Measure, Text, fetch, nullable

# There is a column for each metric: fewer rows, so that a page has no more cells than this.
GRID_CELLS = 2_000


class MetricLines(Frame):
    """One row per active client, and per completed one with a value in the month."""

    client_kpi_id: Text
    client_name: Text


class MetricCells(Frame):
    """One row per client and metric with a value in the month or in the one before.

    `records` is the number of values in the month, and `value` what they add up to, or the last
    one; `last_value` is that of the month before. The other columns are those of the latest value
    in the month.
    """

    client_kpi_id: Text
    metric_name: Text
    records: Count
    id: Text = nullable
    version: Count = nullable
    record_date: Date = nullable
    metric_value: Measure = nullable
    note: Text = nullable
    value: Measure = nullable
    last_value: Measure = nullable


@dataclass(frozen=True)
class MetricPage:
    """The clients of a page, and the values of all metrics in their rows."""

    lines: GridPage[MetricLines]
    cells: DataFrame[MetricCells]


@dataclass(frozen=True)
class MetricCounts:
    """The numbers of clients in the grid, of cells of client and metric with a value in the month,
    and of those with one in the month before."""

    clients: int
    filled: int
    last_filled: int


def metric_lines(
    identity: Identity, month: date, search: str, number: int, columns: int
) -> MetricPage:
    """Return a page of the grid of metric values, which has this number of columns of metrics."""
    size = min(GRID_ROWS, max(1, GRID_CELLS // max(1, columns)))
    with reporting(identity) as connection:
        lines = fetch_page(connection, _lines(identity, month, search), MetricLines, number, size)
        ids = list(lines.frame["client_kpi_id"])
        return MetricPage(lines, fetch(connection, _cells(identity, month, ids), MetricCells))


def metric_counts(identity: Identity, month: date) -> MetricCounts:
    """Return the numbers of rows and of cells with a value, on all pages."""
    value = custom_metrics.c
    of_month = value.record_date >= month
    cells = (
        sa.select(
            sa.func.bool_or(of_month).label("this"),
            sa.func.bool_or(sa.not_(of_month)).label("last"),
        )
        .select_from(custom_metrics.join(client_kpis, client_kpis.c.id == value.client_kpi_id))
        .where(
            value.tenant_id == identity.tenant_id,
            client_kpis.c.tenant_id == identity.tenant_id,
            is_client,
            value.record_date.between(add_months(month, -1), month_end(month)),
        )
        .group_by(value.client_kpi_id, value.metric_name)
        .subquery("cells")
    )
    lines = _lines(identity, month, "").subquery("lines")
    with reporting(identity) as connection:
        count = connection.execute(sa.select(sa.func.count()).select_from(lines)).scalar_one()
        filled, last_filled = connection.execute(
            sa.select(sa.func.count().filter(cells.c.this), sa.func.count().filter(cells.c.last))
        ).one()
    return MetricCounts(count, filled, last_filled)


def _lines(identity: Identity, month: date, search: str) -> sa.Select[Any]:
    period, client, value = period_of(month), client_kpis.c, custom_metrics.c
    measured = sa.select(value.client_kpi_id).where(
        value.tenant_id == identity.tenant_id,
        value.record_date.between(period.start, period.end),
    )
    return (
        sa.select(client.id.label("client_kpi_id"), client.client_name)
        .where(
            *client_conditions(identity, ClientFilter(search=search)),
            sa.or_(is_active, client.id.in_(measured)),
        )
        .order_by(*people_order(client.client_name), client.id)
    )


def _cells(identity: Identity, month: date, client_ids: Sequence[str]) -> sa.Select[Any]:
    value = custom_metrics.c
    of_month = value.record_date >= month

    def latest(name: str, kind: Any, condition: Any) -> Any:
        newest_first = aggregate_order_by(value[name], *NEWEST_FIRST)
        values = sa.func.array_agg(newest_first, type_=ARRAY(kind))
        return values.filter(condition)[1]

    adds_up = metric_definitions.c.adds_up
    columns = {"id": sa.Text, "version": sa.Integer, "record_date": sa.Date,
               "metric_value": sa.Numeric, "note": sa.Text}  # fmt: skip
    return (
        sa.select(
            value.client_kpi_id,
            value.metric_name,
            sa.func.count().filter(of_month).label("records"),
            *(latest(name, kind, of_month).label(name) for name, kind in columns.items()),
            added_up(adds_up, of_month).label("value"),
            added_up(adds_up, sa.not_(of_month)).label("last_value"),
        )
        .select_from(
            custom_metrics.join(
                metric_definitions, metric_definitions.c.metric_name == value.metric_name
            )
        )
        .where(
            metric_definitions.c.tenant_id == identity.tenant_id,
            value.tenant_id == identity.tenant_id,
            value.client_kpi_id == sa.any_(sa.cast(list(client_ids), ARRAY(sa.Text))),
            value.record_date.between(add_months(month, -1), month_end(month)),
        )
        .group_by(value.client_kpi_id, value.metric_name, adds_up)
    )
