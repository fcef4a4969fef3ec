"""Metric history: the latest value with the previous one and the target, and all values.

Of several values on one date the one recorded last counts, so that a correction replaces the value
it corrects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, distinct_on

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, custom_metrics, metric_definitions
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import (
    Count,
    Date,
    Flag,
    Frame,
    Measure,
    Measures,
    Text,
    fetch,
    nullable,
)
from zixly_data.values.paging import Page, PageRequest, cut_page, fetch_cut, sorted_by
from zixly_data.values.period import Period

TREND_POINTS = 24
# A chart shows no more.
HISTORY_DATES = 1_000
_FIRST_PAGE = PageRequest()


class LatestMetrics(Frame):
    """One row per client and metric with a value."""

    client_kpi_id: Text
    client_id: Text
    client_name: Text
    metric_name: Text
    unit: Text
    kind: Text
    direction: Text
    metric_value: Measure
    record_date: Date
    previous_value: Measure = nullable
    previous_date: Date = nullable
    target: Measure = nullable
    out_of: Measure = nullable
    on_target: Flag = nullable
    trend: Measures


class _Furthest(LatestMetrics):
    metrics: Count
    with_target: Count
    reached: Count


class MetricHistory(Frame):
    """One row per date with a value of one client's metric."""

    record_date: Date
    metric_value: Measure


@dataclass(frozen=True)
class AgainstTargets:
    """How many rows `latest` has, with a target and on it; and those off it, the furthest first."""

    metrics: int
    with_target: int
    on_target: int
    furthest_off: DataFrame[LatestMetrics]


def latest(
    identity: Identity, period: Period | None = None, client_filter: ClientFilter | None = None
) -> DataFrame[LatestMetrics]:
    """Return the latest value per client and metric, ordered by client name, then metric name.

    With a period, the latest value within it; without a value in it there is no row. The previous
    value is that of the last earlier date with one, also before the period. `on_target` is true if
    the value reaches the target or is better, null if there is no target. `trend` has the last
    24 values up to the latest one.
    """
    series = _series(identity, period, client_filter)
    query = _latest(identity, series).order_by(*_order(series))
    with reporting(identity) as connection:
        return fetch(connection, query, LatestMetrics)


def page(
    identity: Identity,
    period: Period | None = None,
    client_filter: ClientFilter | None = None,
    request: PageRequest = _FIRST_PAGE,
) -> Page[LatestMetrics]:
    """Return one page of `latest`.

    It may be sorted by `distance` from the target as a share of it, by date or by metric name.
    """
    series = _series(identity, period, client_filter)

    def cut(part: PageRequest) -> sa.Select[Any]:
        # Trends are read for the rows of the page only.
        rows = cut_page(sa.select(series), part, _order(series), _sorts(series)).subquery("part")
        return _latest(identity, rows).order_by(*sorted_by(part, _order(rows), _sorts(rows)))

    with reporting(identity) as connection:
        return fetch_cut(
            connection, cut, LatestMetrics, request, sa.select(sa.func.count()).select_from(series)
        )


def of_series(
    identity: Identity,
    period: Period | None,
    client_filter: ClientFilter | None,
    client_kpi_id: str,
    metric_name: str,
) -> DataFrame[LatestMetrics]:
    """Return the row of `latest` for one client's metric, or none."""
    series = _series(identity, period, client_filter)
    query = _latest(identity, series).where(
        series.c.client_kpi_id == client_kpi_id, series.c.metric_name == metric_name
    )
    with reporting(identity) as connection:
        return fetch(connection, query, LatestMetrics)


def against_targets(
    identity: Identity,
    period: Period | None = None,
    client_filter: ClientFilter | None = None,
    most: int = 4,
) -> AgainstTargets:
    """Return how many rows of `latest` are on target, and at most `most` of those off it.

    The furthest off, as a share of the target, comes first.
    """
    series = _series(identity, period, client_filter)
    counts = {
        "metrics": sa.func.count().over(),
        "with_target": sa.func.count(series.c.on_target).over(),
        "reached": sa.func.count().filter(series.c.on_target).over(),
    }
    furthest = (
        sa.select(series, *(count.label(name) for name, count in counts.items()))
        .order_by(series.c.distance.desc().nulls_last(), *_order(series))
        .limit(most)
        .subquery("furthest")
    )
    query = _latest(identity, furthest, *counts).order_by(
        furthest.c.distance.desc().nulls_last(), *_order(furthest)
    )
    with reporting(identity) as connection:
        frame = fetch(connection, query, _Furthest)
    metrics, with_target, reached = (int(frame[name].max()) if len(frame) else 0 for name in counts)
    is_off_target = frame["on_target"] == False  # noqa: E712
    off_target = frame[is_off_target.fillna(value=False)].drop(columns=list(counts))
    rows_off_target = LatestMetrics.validate(off_target.reset_index(drop=True))
    return AgainstTargets(metrics, with_target, reached, rows_off_target)


def history(identity: Identity, client_kpi_id: str, metric_name: str) -> DataFrame[MetricHistory]:
    """Return the values of one client's metric: one row per date, oldest first, possibly none.

    Of more than 1,000 dates they are the last ones.
    """
    daily = (
        _values(identity, on_each_date=True)
        .where(
            custom_metrics.c.client_kpi_id == client_kpi_id,
            custom_metrics.c.metric_name == metric_name,
        )
        .limit(HISTORY_DATES)
        .subquery("daily")
    )
    query = sa.select(daily.c.record_date, daily.c.metric_value).order_by(daily.c.record_date)
    with reporting(identity) as connection:
        return fetch(connection, query, MetricHistory)


def _latest(identity: Identity, series: sa.Subquery, *more: str) -> sa.Select[Any]:
    """Return the statement of `latest` for these series, in no order, with `more` columns."""
    values = (
        _values(identity, on_each_date=True)
        .where(
            custom_metrics.c.client_kpi_id == series.c.client_kpi_id,
            custom_metrics.c.metric_name == series.c.metric_name,
            custom_metrics.c.record_date <= series.c.record_date,
        )
        .correlate(series)
    )
    last, before = values.limit(TREND_POINTS).subquery("last"), values.offset(1).limit(1)

    def previous(name: str) -> sa.ScalarSelect[Any]:
        row = before.subquery("before")
        return sa.select(row.c[name]).scalar_subquery()

    trend = sa.func.array_agg(aggregate_order_by(last.c.metric_value, last.c.record_date))
    computed = {
        "previous_value": previous("metric_value"),
        "previous_date": previous("record_date"),
        "trend": sa.select(trend).scalar_subquery(),
    }
    columns = {**dict(series.c), **computed}
    return sa.select(
        *(columns[name].label(name) for name in (*LatestMetrics.to_schema().columns, *more))
    ).select_from(series)


def _sorts(series: sa.Subquery) -> dict[str, sa.ColumnElement[Any]]:
    return {
        "distance": series.c.distance,
        "record_date": series.c.record_date,
        "metric_name": sa.func.lower(series.c.metric_name),
    }


def _order(series: sa.Subquery) -> Sequence[sa.ColumnElement[Any]]:
    return (
        sa.func.lower(series.c.client_name),
        series.c.client_kpi_id,
        sa.func.lower(series.c.metric_name),
        series.c.metric_name,
    )


def _series(
    identity: Identity, period: Period | None, client_filter: ClientFilter | None
) -> sa.Subquery:
    """Return one row per client and metric: the latest value up to the end of the period.

    `distance` is that from the target as a share of it, null if it is reached or there is none.
    """
    values = _values(identity, on_each_date=False)
    if period is not None:
        values = values.where(custom_metrics.c.record_date <= period.end)
    if client_filter is not None and client_filter.client_kpi_ids:
        ids = sa.cast(list(client_filter.client_kpi_ids), ARRAY(sa.Text))
        values = values.where(custom_metrics.c.client_kpi_id == sa.any_(ids))
    newest = values.subquery("newest")
    definition, value = metric_definitions.c, newest.c.metric_value
    is_on_target = sa.case(
        (definition.direction == "UP", value >= definition.target),
        else_=value <= definition.target,
    )
    size = sa.func.coalesce(sa.func.nullif(sa.func.abs(definition.target), 0), 1)
    distance = sa.case((sa.not_(is_on_target), sa.func.abs(value - definition.target) / size))
    query = (
        sa.select(
            client_kpis.c.id.label("client_kpi_id"),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            newest.c.metric_name,
            *(definition[name] for name in ("unit", "kind", "direction", "target", "out_of")),
            value,
            newest.c.record_date,
            is_on_target.label("on_target"),
            distance.label("distance"),
        )
        .select_from(
            newest.join(client_kpis, client_kpis.c.id == newest.c.client_kpi_id).join(
                metric_definitions, definition.metric_name == newest.c.metric_name
            )
        )
        .where(
            definition.tenant_id == identity.tenant_id,
            *client_conditions(identity, client_filter, newest.c.client_kpi_id),
        )
    )
    if period is not None:
        query = query.where(newest.c.record_date >= period.start)
    return query.subquery("series")


def _values(identity: Identity, *, on_each_date: bool) -> sa.Select[Any]:
    """Return the last value per client and metric, or on each date with one: the last date first.

    Of several values on a date it is the one recorded last; of several rows of one imported file
    it is the lower one.
    """
    values = custom_metrics.c
    series = (values.client_kpi_id, values.metric_name)
    return (
        sa.select(*series, values.record_date, values.metric_value)
        .ext(distinct_on(*series, *((values.record_date,) if on_each_date else ())))
        .where(values.tenant_id == identity.tenant_id)
        .order_by(*series, values.record_date.desc(), values.created_at.desc(), values.id.desc())
    )
