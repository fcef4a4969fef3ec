"""Metric history: the latest value with the previous one and the target, and all values.

Of several values on one date the one recorded last counts, so that a correction replaces the value
it corrects.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, distinct_on

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, custom_metrics, metric_definitions
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Date, Flag, Frame, Measure, Measures, Text, fetch, nullable
from zixly_data.values.period import Period

TREND_POINTS = 24


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


class MetricHistory(Frame):
    """One row per date with a value of one client's metric."""

    record_date: Date
    metric_value: Measure


def latest(
    identity: Identity, period: Period | None = None, client_filter: ClientFilter | None = None
) -> DataFrame[LatestMetrics]:
    """Return the latest value per client and metric, ordered by client name, then metric name.

    With a period, the latest value within it; without a value in it there is no row. The previous
    value is that of the last earlier date with one, also before the period. `on_target` is true if
    the value reaches the target or is better, null if there is no target. `trend` has the last
    24 values up to the latest one.
    """
    series = _last_values(identity, period, client_filter).subquery("series")
    definition = metric_definitions.c
    is_on_target = sa.case(
        (definition.direction == "UP", series.c.metric_value >= definition.target),
        else_=series.c.metric_value <= definition.target,
    )
    query = (
        sa.select(
            client_kpis.c.id.label("client_kpi_id"),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            series.c.metric_name,
            *(definition[name] for name in ("unit", "kind", "direction", "target", "out_of")),
            *(series.c[name] for name in ("metric_value", "record_date")),
            *(series.c[name] for name in ("previous_value", "previous_date")),
            is_on_target.label("on_target"),
            series.c.trend,
        )
        .select_from(
            series.join(client_kpis, client_kpis.c.id == series.c.client_kpi_id).join(
                metric_definitions, definition.metric_name == series.c.metric_name
            )
        )
        .where(
            definition.tenant_id == identity.tenant_id,
            *client_conditions(identity, client_filter, series.c.client_kpi_id),
        )
        .order_by(
            sa.func.lower(client_kpis.c.client_name),
            client_kpis.c.id,
            sa.func.lower(series.c.metric_name),
            series.c.metric_name,
        )
    )
    if period is not None:
        query = query.where(series.c.record_date >= period.start)
    with reporting(identity) as connection:
        return fetch(connection, query, LatestMetrics)


def history(identity: Identity, client_kpi_id: str, metric_name: str) -> DataFrame[MetricHistory]:
    """Return the values of one client's metric: one row per date, oldest first, possibly none."""
    daily = (
        _daily_values(identity)
        .where(
            custom_metrics.c.client_kpi_id == client_kpi_id,
            custom_metrics.c.metric_name == metric_name,
        )
        .subquery("daily")
    )
    query = sa.select(daily.c.record_date, daily.c.metric_value).order_by(daily.c.record_date)
    with reporting(identity) as connection:
        return fetch(connection, query, MetricHistory)


def _last_values(
    identity: Identity, period: Period | None, client_filter: ClientFilter | None
) -> sa.Select[Any]:
    """Return one row per client and metric with its last values up to the end of the period."""
    values = _daily_values(identity)
    if period is not None:
        values = values.where(custom_metrics.c.record_date <= period.end)
    if client_filter is not None and client_filter.client_kpi_ids:
        ids = sa.cast(list(client_filter.client_kpi_ids), ARRAY(sa.Text))
        values = values.where(custom_metrics.c.client_kpi_id == sa.any_(ids))
    daily = values.subquery("daily")
    series = (daily.c.client_kpi_id, daily.c.metric_name)
    age = sa.func.row_number().over(partition_by=series, order_by=daily.c.record_date.desc())
    ranked = sa.select(*daily.c, age.label("age")).subquery("ranked")
    value, day = ranked.c.metric_value, ranked.c.record_date
    return (
        sa.select(
            ranked.c.client_kpi_id,
            ranked.c.metric_name,
            sa.func.max(value).filter(ranked.c.age == 1).label("metric_value"),
            sa.func.max(day).filter(ranked.c.age == 1).label("record_date"),
            sa.func.max(value).filter(ranked.c.age == 2).label("previous_value"),
            sa.func.max(day).filter(ranked.c.age == 2).label("previous_date"),
            sa.func.array_agg(aggregate_order_by(value, day)).label("trend"),
        )
        .where(ranked.c.age <= TREND_POINTS)
        .group_by(ranked.c.client_kpi_id, ranked.c.metric_name)
    )


def _daily_values(identity: Identity) -> sa.Select[Any]:
    """Return one value per client, metric and date: the last recorded one.

    Of several rows of one imported file it is the lower one.
    """
    day = (
        custom_metrics.c.client_kpi_id,
        custom_metrics.c.metric_name,
        custom_metrics.c.record_date,
    )
    return (
        sa.select(*day, custom_metrics.c.metric_value)
        .ext(distinct_on(*day))
        .where(custom_metrics.c.tenant_id == identity.tenant_id)
        .order_by(*day, custom_metrics.c.created_at.desc(), custom_metrics.c.id.desc())
    )
