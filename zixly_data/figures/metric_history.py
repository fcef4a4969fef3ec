"""Figures of custom metrics: the latest value against the one before and the target, and history.

On one date the value recorded last counts, so that a correction replaces what it corrects.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.dialects.postgresql import distinct_on

from zixly_data.database.connection import scoped
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
    """The latest value per client and metric, ordered by client name, then metric name.

    With a period: the latest value within it, and no row where it has none. The previous value is
    that of the last earlier date with one, also before the period. `on_target` is true where the
    value is at the target or on its better side, null where there is no target.
    """
    values = _one_a_day(identity)
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
    defined = metric_definitions.c
    better_or_equal = sa.case(
        (defined.direction == "UP", ranked.c.metric_value >= defined.target),
        else_=ranked.c.metric_value <= defined.target,
    )
    query = (
        sa.select(
            client_kpis.c.id.label("client_kpi_id"),
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            ranked.c.metric_name,
            *(defined[name] for name in ("unit", "kind", "direction", "target", "out_of")),
            *(ranked.c[name] for name in ("metric_value", "record_date")),
            *(ranked.c[name] for name in ("previous_value", "previous_date")),
            better_or_equal.label("on_target"),
        )
        .select_from(
            ranked.join(client_kpis, client_kpis.c.id == ranked.c.client_kpi_id).join(
                metric_definitions, defined.metric_name == ranked.c.metric_name
            )
        )
        .where(
            defined.tenant_id == identity.tenant_id,
            ranked.c.age == 1,
            *client_conditions(identity, client_filter),
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
    with scoped(identity) as connection:
        return fetch(connection, query, LatestMetrics)


def history(identity: Identity, client_kpi_id: str, metric_name: str) -> DataFrame[MetricHistory]:
    """Every value of one client's metric: one row per date, oldest first. Empty where none is."""
    daily = (
        _one_a_day(identity)
        .where(
            custom_metrics.c.client_kpi_id == client_kpi_id,
            custom_metrics.c.metric_name == metric_name,
        )
        .subquery("daily")
    )
    query = sa.select(daily.c.record_date, daily.c.metric_value).order_by(daily.c.record_date)
    with scoped(identity) as connection:
        return fetch(connection, query, MetricHistory)


def _one_a_day(identity: Identity) -> sa.Select[Any]:
    """One value per client, metric and date: the one recorded last; of one file, the lower row."""
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
