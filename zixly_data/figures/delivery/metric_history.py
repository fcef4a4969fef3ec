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
from zixly_data.figures.delivery import targets
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import (
    Count,
    Date,
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
    target_kind: Text = nullable
    low: Measure = nullable
    high: Measure = nullable
    near_low: Measure = nullable
    near_high: Measure = nullable
    out_of: Measure = nullable
    band: Text = nullable
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
    value is that of the last earlier date with one, also before the period. The target and `band`
    are those of the value's month (`targets`), null without one. `trend` has the last 24 values up
    to the latest one.
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

    It may be sorted by `distance` from the target, by date or by metric name.
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

    The furthest off (`targets.distance`) comes first.
    """
    series = _series(identity, period, client_filter)
    counts = {
        "metrics": sa.func.count().over(),
        "with_target": sa.func.count(series.c.band).over(),
        "reached": sa.func.count().filter(series.c.band == targets.ON_TARGET).over(),
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
    is_off_target = frame["band"] != targets.ON_TARGET
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
    """Return one row per client and metric: the latest value up to the end of the period."""
    values = _values(identity, on_each_date=False)
    if period is not None:
        values = values.where(custom_metrics.c.record_date <= period.end)
    if client_filter is not None and client_filter.client_kpi_ids:
        ids = sa.cast(list(client_filter.client_kpi_ids), ARRAY(sa.Text))
        values = values.where(custom_metrics.c.client_kpi_id == sa.any_(ids))
    newest = values.subquery("newest")
    definition, value = metric_definitions.c, newest.c.metric_value
    query = (
        sa.select(
            client_kpis.c.id.label("client_kpi_id"),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            newest.c.metric_name,
            *(definition[name] for name in ("unit", "kind", "direction", "out_of")),
            value,
            newest.c.record_date,
            definition.id.label("metric_id"),
            sa.func.date_trunc("month", sa.cast(newest.c.record_date, sa.TIMESTAMP)).label("month"),
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
    judged = targets.target_rows(identity, query.subquery("latest_values")).subquery("judged")
    return sa.select(
        judged,
        targets.band(judged.c.metric_value, judged).label("band"),
        targets.distance(judged.c.metric_value, judged).label("distance"),
    ).subquery("series")


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
