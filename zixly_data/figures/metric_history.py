"""Metric history: the latest value with the previous one and the target, and all values.

Of several values on one date the one recorded last counts, so that a correction replaces the value
it corrects.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import distinct_on

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, custom_metrics, metric_definitions
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Date, Flag, Frame, Measure, Text, fetch, nullable
from zixly_data.values.period import Period


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
    the value reaches the target or is better, null if there is no target.
    """
    values = _daily_values(identity)
    if period is not None:
        values = values.where(custom_metrics.c.record_date <= period.end)
    daily = values.subquery("daily")
    series = (daily.c.client_kpi_id, daily.c.metric_name)
    ranked = sa.select(
        *daily.c,
        sa.func.lag(daily.c.metric_value)
        .over(partition_by=series, order_by=daily.c.record_date)
        .label("previous_value"),
        sa.func.lag(daily.c.record_date)
        .over(partition_by=series, order_by=daily.c.record_date)
        .label("previous_date"),
        sa.func.row_number()
        .over(partition_by=series, order_by=daily.c.record_date.desc())
        .label("age"),
    ).subquery("ranked")
    definition = metric_definitions.c
    is_on_target = sa.case(
        (definition.direction == "UP", ranked.c.metric_value >= definition.target),
        else_=ranked.c.metric_value <= definition.target,
    )
    query = (
        sa.select(
            client_kpis.c.id.label("client_kpi_id"),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            ranked.c.metric_name,
            *(definition[name] for name in ("unit", "kind", "direction", "target", "out_of")),
            *(ranked.c[name] for name in ("metric_value", "record_date")),
            *(ranked.c[name] for name in ("previous_value", "previous_date")),
            is_on_target.label("on_target"),
        )
        .select_from(
            ranked.join(client_kpis, client_kpis.c.id == ranked.c.client_kpi_id).join(
                metric_definitions, definition.metric_name == ranked.c.metric_name
            )
        )
        .where(
            definition.tenant_id == identity.tenant_id,
            ranked.c.age == 1,
            *client_conditions(identity, client_filter, ranked.c.client_kpi_id),
        )
        .order_by(
            sa.func.lower(client_kpis.c.client_name),
            client_kpis.c.id,
            sa.func.lower(ranked.c.metric_name),
            ranked.c.metric_name,
        )
    )
    if period is not None:
        query = query.where(ranked.c.record_date >= period.start)
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
