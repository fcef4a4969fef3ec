"""The scorecard: clients by metrics in one month, against their targets and the month before.

A cell is the value of the metric in the month (`all_values`), with the band of its target
(`targets`). A month that has not ended is compared with the same days of the month before. Which
clients are listed: `judged_values`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, metric_definitions
from zixly_data.figures.delivery import targets
from zixly_data.figures.delivery.all_values import client_values, total_values
from zixly_data.figures.delivery.judged_values import (
    age_days,
    is_one_of,
    judged_values,
    listed_clients,
    own_targets,
    same_series,
)
from zixly_data.figures.delivery.scorecard_frames import (
    Scorecard,
    ScorecardCells,
    ScorecardClients,
    ScorecardMetrics,
    ScorecardTotals,
    Standing,
)
from zixly_data.figures.month_grids.grid_page import GRID_ROWS, GridPage, people_order
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values import calendar_period
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import build, fetch
from zixly_data.values.period import Period

# A page has no more cells than this, and a table no more columns of metrics.
MOST_CELLS, MOST_METRICS = 2_000, 40
_NOW, _BEFORE = "now", "before"
_COUNTS = ("values", "on_target", "near", "off", "without_target")


def scorecard(
    identity: Identity,
    month: date,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
    number: int = 0,
) -> Scorecard:
    """Return a page of the scorecard of the month that begins on `month`, clients by name.

    `metric_ids` are all metrics if None. Pages count from 0, and have at most 200 clients and 2,000
    cells. The totals are of all clients of the filter.
    """
    today = tenants.get(identity).today()
    period = calendar_period.month(month)
    before = period.like_for_like(today)[1]
    spans = {_NOW: period, _BEFORE: before}
    with reporting(identity) as connection:
        judged = judged_values(identity, period, today, client_filter, metric_ids)
        size = _page_size(connection, identity, metric_ids)
        listed = _listed(identity, period, judged, client_filter, metric_ids)
        page = _page(connection, listed, number, size)
        metrics = fetch(connection, _metrics(identity, page.metric_ids), ScorecardMetrics)
        shown_ids = list(metrics["metric_id"])
        client_ids = list(page.clients.frame["client_kpi_id"])
        cells = _cells(identity, spans, today, client_ids, shown_ids)
        totals = _totals(identity, spans, client_filter, shown_ids)
        return Scorecard(
            period,
            before,
            metrics,
            len(page.metric_ids) - len(metrics),
            page.clients,
            fetch(connection, cells, ScorecardCells),
            fetch(connection, totals, ScorecardTotals),
            page.standing,
        )


@dataclass(frozen=True)
class _Page:
    """The clients of a page, and what is counted over all pages."""

    clients: GridPage[ScorecardClients]
    metric_ids: list[str]
    standing: Standing


def _page_size(
    connection: Connection, identity: Identity, metric_ids: Collection[str] | None
) -> int:
    """Return the number of clients of a page, which does not depend on what is recorded."""
    definition = metric_definitions.c
    query = sa.select(sa.func.count()).where(definition.tenant_id == identity.tenant_id)
    if metric_ids is not None:
        query = query.where(is_one_of(definition.id, metric_ids))
    metrics = int(connection.execute(query).scalar_one())
    return min(GRID_ROWS, MOST_CELLS // min(MOST_METRICS, max(1, metrics)))


def _listed(
    identity: Identity,
    period: Period,
    judged: sa.CTE,
    client_filter: ClientFilter | None,
    metric_ids: Collection[str] | None,
) -> sa.Select[Any]:
    """Return the listed clients by name, each row with what is counted over all of them."""
    rows = listed_clients(identity, period, judged, client_filter, metric_ids).subquery("listed")
    own = own_targets(identity, period, metric_ids)
    used = sa.union(sa.select(judged.c.metric_id), sa.select(own.c.metric_id)).subquery("used")
    ids = sa.select(sa.func.array_agg(used.c.metric_id)).scalar_subquery()
    return sa.select(
        rows,
        sa.func.count().over().label("clients"),
        *(sa.func.sum(rows.c[name]).over().label(f"all_{name}") for name in _COUNTS),
        ids.label("metric_ids"),
    ).order_by(*people_order(rows.c.client_name), rows.c.client_kpi_id)


def _page(connection: Connection, listed: sa.Select[Any], number: int, size: int) -> _Page:
    """Return a page of the clients: the last one if the one asked for does not exist."""

    def read(place: int) -> Sequence[sa.Row[Any]]:
        return connection.execute(listed.limit(size).offset(place * size)).all()

    rows = read(number)
    if number and not rows:
        first = read(0)
        number = (first[0].clients - 1) // size if first else 0
        rows = read(number) if number else first
    names = list(ScorecardClients.to_schema().columns)
    frame = build(
        {name: [getattr(row, name) for row in rows] for name in names} if rows else {},
        ScorecardClients,
    )
    if not rows:
        return _Page(GridPage(frame, 0, 0, size), [], Standing(*(0 for _ in _COUNTS)))
    counts = (int(getattr(rows[0], f"all_{name}")) for name in _COUNTS)
    clients = GridPage(frame, rows[0].clients, number, size)
    return _Page(clients, rows[0].metric_ids or [], Standing(*counts))


def _metrics(identity: Identity, metric_ids: Collection[str]) -> sa.Select[Any]:
    definition = metric_definitions.c
    return (
        sa.select(
            definition.id.label("metric_id"),
            *(definition[n] for n in ScorecardMetrics.to_schema().columns if n != "metric_id"),
        )
        .where(definition.tenant_id == identity.tenant_id, is_one_of(definition.id, metric_ids))
        .order_by(*people_order(definition.metric_name), definition.id)
        .limit(MOST_METRICS)
    )


def _cells(
    identity: Identity,
    spans: Mapping[str, Period],
    today: date,
    client_ids: Collection[str],
    metric_ids: Collection[str],
) -> sa.Select[Any]:
    definition = metric_definitions.c
    pairs = (
        sa.select(definition.id.label("metric_id"), client_kpis.c.id.label("client_kpi_id"))
        .select_from(metric_definitions.join(client_kpis, sa.true()))
        .where(
            definition.tenant_id == identity.tenant_id,
            client_kpis.c.tenant_id == identity.tenant_id,
            is_one_of(definition.id, metric_ids),
            is_one_of(client_kpis.c.id, client_ids),
        )
        .cte("pairs")
    )
    values = client_values(identity, spans, ClientFilter(tuple(client_ids)), metric_ids)
    row = _beside_each_other(values, "client_kpi_id", "metric_id").subquery("cell_values")
    target = targets.period_targets(identity, pairs, spans[_NOW], today).subquery("cell_targets")
    own = own_targets(identity, spans[_NOW], metric_ids)
    edges = (target.c[name] for name in targets.TARGET_COLUMNS)
    return (
        sa.select(
            *pairs.c,
            row.c.value,
            row.c.last_date,
            age_days(row.c.last_date, spans[_NOW], today).label("age_days"),
            row.c.records,
            row.c.previous_value,
            *edges,
            targets.band(row.c.value, target, target.c.is_partial).label("band"),
        )
        .select_from(
            pairs.join(target, same_series(pairs, target))
            .outerjoin(row, same_series(pairs, row))
            .outerjoin(own, same_series(pairs, own))
        )
        .where(sa.or_(row.c.metric_id.is_not(None), own.c.metric_id.is_not(None)))
    )


def _totals(
    identity: Identity,
    spans: Mapping[str, Period],
    client_filter: ClientFilter | None,
    metric_ids: Collection[str],
) -> sa.Select[Any]:
    row = _beside_each_other(
        total_values(identity, spans, client_filter, metric_ids), "metric_id", more=("clients",)
    ).subquery("totals")
    return sa.select(row).where(row.c.value.is_not(None))


def _beside_each_other(
    values: sa.Subquery, *keys: str, more: tuple[str, ...] = ()
) -> sa.Select[Any]:
    """Return one row per key: the value of the month, and previous_value."""

    def of(span: str, column: str) -> sa.ColumnElement[Any]:
        return sa.func.max(values.c[column]).filter(values.c.span == span)

    counts = ("records", *more)
    return sa.select(
        *(values.c[key] for key in keys),
        *(of(_NOW, column).label(column) for column in ("value", "last_date")),
        *(sa.cast(of(_NOW, count), sa.BigInteger).label(count) for count in counts),
        of(_BEFORE, "value").label("previous_value"),
    ).group_by(*(values.c[key] for key in keys))
