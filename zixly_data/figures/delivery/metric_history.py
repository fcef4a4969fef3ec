"""Metric history: the value of a period with the previous one and the target, and all values.

The value of a period is that of `all_values`, the previous one that of the previous like period.
A sum over all time says little beside a target for a month. So for all time, metrics with a SUM or
an AVERAGE have the value of the last calendar month with one, LAST metrics their last value; the
previous one is that of the month or date with one before. `metric_points` has these points, and
`computed_points` those of computed metrics, which have one a month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting
from zixly_data.database.schema import metric_definitions
from zixly_data.figures.delivery import computed_points, metric_points, metric_series, targets
from zixly_data.identity import Identity
from zixly_data.records.delivery.adding_up import COMPUTED
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import (
    Count,
    Date,
    Frame,
    Measure,
    Measures,
    Text,
    build,
    fetch,
    nullable,
)
from zixly_data.values.paging import PAGE_ROWS, Page, PageRequest, cut_page, sorted_by
from zixly_data.values.period import ALL, Period

TREND_POINTS = 24
# A chart shows no more.
HISTORY_POINTS = 1_000
_FIRST_PAGE = PageRequest()


class LatestMetrics(Frame):
    """One row per client and metric with a value.

    `records` counts the values it comes from, `record_date` is the date of the newest of them.
    `month` is the first day of the month whose value it is, null if it is not of one. A value of
    its own date has `age_days`, its age today or at the end of the period. `previous_date` is that
    of the newest value behind `previous_value`.
    """

    client_kpi_id: Text
    client_id: Text
    client_name: Text
    metric_name: Text
    unit: Text
    kind: Text
    adds_up: Text
    direction: Text
    metric_value: Measure
    records: Count
    record_date: Date
    month: Date = nullable
    age_days: Count = nullable
    previous_value: Measure = nullable
    previous_date: Date = nullable
    target_kind: Text = nullable
    low: Measure = nullable
    high: Measure = nullable
    near_low: Measure = nullable
    near_high: Measure = nullable
    out_of: Measure = nullable
    band: Text = nullable
    unjudged: Text = nullable
    trend: Measures


class _Counted(LatestMetrics):
    metrics: Count


class _Furthest(_Counted):
    with_target: Count
    reached: Count


class MetricHistory(Frame):
    """One row per point of one client's metric, at its date or the first day of its month."""

    record_date: Date
    metric_value: Measure


@dataclass(frozen=True)
class AgainstTargets:
    """How many rows `latest` has, compared with a target and on it; and those off it, the furthest
    first."""

    metrics: int
    with_target: int
    on_target: int
    furthest_off: DataFrame[LatestMetrics]


def latest(
    identity: Identity, period: Period | None = None, client_filter: ClientFilter | None = None
) -> DataFrame[LatestMetrics]:
    """Return the value per client and metric, ordered by client name, then metric name.

    None is all time. The target and `band` are those of the month or period whose value it is
    (`targets`); of a last value for all time, those of this month. `unjudged` says why there is no
    band (`metric_series`), and is null with one. `trend` has the last 24 points up to the end of
    the period; of a computed metric the previous value and this one.
    """
    period = period or ALL
    series = metric_series.series(identity, period, client_filter)
    query = _latest(identity, period, series).order_by(*_order(series))
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
    of_period = period or ALL
    series = metric_series.series(identity, of_period, client_filter)
    counted = sa.select(series, sa.func.count().over().label("metrics"))

    def read(connection: Connection, part: PageRequest) -> DataFrame[_Counted]:
        # Trends are read for the rows of the page only.
        rows = cut_page(counted, part, _order(series), _sorts(series)).subquery("part")
        query = _latest(identity, of_period, rows, "metrics")
        return fetch(
            connection, query.order_by(*sorted_by(part, _order(rows), _sorts(rows))), _Counted
        )

    with reporting(identity) as connection:
        frame = read(connection, request)
        if frame.empty and request.number:
            first = read(connection, replace(request, number=0))
            request = replace(
                request, number=(_metrics_of(first) - 1) // PAGE_ROWS if len(first) else 0
            )
            frame = read(connection, request)
    metrics = _metrics_of(frame)
    return Page(LatestMetrics.validate(frame.drop(columns=["metrics"])), metrics, request)


def of_series(
    identity: Identity,
    period: Period | None,
    client_filter: ClientFilter | None,
    client_kpi_id: str,
    metric_name: str,
) -> DataFrame[LatestMetrics]:
    """Return the row of `latest` for one client's metric, or none."""
    period, wanted = period or ALL, client_filter or ClientFilter()
    if wanted.client_kpi_ids and client_kpi_id not in wanted.client_kpi_ids:
        return build({}, LatestMetrics)
    series = metric_series.series(
        identity, period, replace(wanted, client_kpi_ids=(client_kpi_id,))
    )
    query = _latest(identity, period, series).where(series.c.metric_name == metric_name)
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
    period = period or ALL
    series = metric_series.series(identity, period, client_filter)
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
    query = _latest(identity, period, furthest, *counts).order_by(
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
    """Return the points of one client's metric, oldest first, possibly none: the last 1,000, or the
    last four years of a computed one."""
    definition = metric_definitions.c
    recorded = (
        metric_points.of_series(
            identity, ALL.end, client_kpi_id, definition.metric_name, definition.adds_up
        )
        .where(definition.tenant_id == identity.tenant_id, definition.metric_name == metric_name)
        .group_by(definition.adds_up)
        .limit(HISTORY_POINTS)
        .subquery("recorded")
    )
    row = computed_points.points(
        identity, ALL.end, ClientFilter((client_kpi_id,)), computed_points.HISTORY_MONTHS
    ).c
    is_metric = (definition.id == row.metric_id) & (definition.metric_name == metric_name)
    computed = (
        sa.select(row.point, row.value)
        .join(metric_definitions, is_metric)
        .where(definition.tenant_id == identity.tenant_id)
    )
    points = sa.union_all(sa.select(recorded.c.point, recorded.c.value), computed).subquery(
        "points"
    )
    query = sa.select(
        points.c.point.label("record_date"), points.c.value.label("metric_value")
    ).order_by(points.c.point)
    with reporting(identity) as connection:
        return fetch(connection, query, MetricHistory)


def _latest(identity: Identity, period: Period, series: sa.Subquery, *more: str) -> sa.Select[Any]:
    """Return the statement of `latest` for these series, in no order, with `more` columns."""
    row = series.c
    last = (
        metric_points.of_series(
            identity, period.end, row.client_kpi_id, row.metric_name, row.adds_up
        )
        .correlate(series)
        .limit(TREND_POINTS)
        .subquery("last")
    )

    def values(column: sa.ColumnElement[Any], *, newest_first: bool = False) -> Any:
        order = last.c.point.desc() if newest_first else last.c.point
        return sa.func.array_agg(aggregate_order_by(column, order), type_=ARRAY(column.type))

    points = sa.select(
        values(last.c.value).label("trend"),
        values(last.c.value, newest_first=True)[2].label("previous_value"),
        values(last.c.last_date, newest_first=True)[2].label("previous_date"),
    ).lateral("points")
    # Months of a computed metric are too much work for a list.
    pair = postgresql.array([row.previous_value, row.metric_value])
    computed = sa.func.array_remove(pair, sa.null())
    is_computed = row.adds_up.in_(COMPUTED)
    columns = {**dict(row), "trend": sa.case((is_computed, computed), else_=points.c.trend)}
    if period.key == ALL.key:
        for name in ("previous_value", "previous_date"):
            columns[name] = sa.func.coalesce(row[name], points.c[name])
    return sa.select(
        *(columns[name].label(name) for name in (*LatestMetrics.to_schema().columns, *more))
    ).select_from(series.join(points, sa.true()))


def _metrics_of(frame: DataFrame[_Counted]) -> int:
    """Return how many rows there are on all pages, from a page."""
    return int(frame["metrics"].max()) if len(frame) else 0


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
