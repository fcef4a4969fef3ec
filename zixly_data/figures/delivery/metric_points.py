"""Values of a metric over time: the points of a trend.

SUM, AVERAGE  one point for each calendar month with a value, on its first day
LAST          one point for each date with a value
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from zixly_data.database.schema import custom_metrics, metric_definitions
from zixly_data.figures.delivery.metric_values import (
    NEWEST_FIRST,
    last_values,
    mean,
    records_of,
)
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import ALL

_VALUE = custom_metrics.c


def latest(identity: Identity, client_filter: ClientFilter | None) -> sa.Subquery:
    """Return the last point of each client's metric.

    Columns: client_kpi_id, metric_id, metric_value, records, record_date (of its newest value),
    month (null for LAST).
    """
    definition = metric_definitions.c
    newest = (
        records_of(identity, client_filter, None, "SUM", "AVERAGE")
        .with_only_columns(
            _VALUE.client_kpi_id,
            _VALUE.metric_name,
            definition.id.label("metric_id"),
            definition.adds_up,
            sa.func.max(_VALUE.record_date).label("record_date"),
        )
        .group_by(_VALUE.client_kpi_id, _VALUE.metric_name, definition.id, definition.adds_up)
        .subquery("newest")
    )
    # Months are added up only where they are the last one: a sort of all values is slow.
    series, month = newest.c, month_of(newest.c.record_date)
    total, records = sa.func.sum(_VALUE.metric_value), sa.func.count()
    months = (
        sa.select(
            series.client_kpi_id,
            series.metric_id,
            sa.case((series.adds_up == "SUM", total), else_=mean(total, records)).label(
                "metric_value"
            ),
            records.label("records"),
            series.record_date,
            month.label("month"),
        )
        .select_from(
            newest.join(
                custom_metrics,
                (_VALUE.client_kpi_id == series.client_kpi_id)
                & (_VALUE.metric_name == series.metric_name)
                & (_VALUE.record_date >= month),
            )
        )
        .where(_VALUE.tenant_id == identity.tenant_id)
        .group_by(*(series[name] for name in ("client_kpi_id", "metric_id", "adds_up")))
        .group_by(series.record_date)
    )
    level = last_values(identity, {ALL.key: ALL}, client_filter).c
    levels = sa.select(
        level.client_kpi_id,
        level.metric_id,
        level.value,
        level.records,
        level.last_date,
        sa.cast(sa.null(), sa.Date),
    )
    return sa.union_all(months, levels).subquery("last_points")


def of_series(
    identity: Identity, end: date, client_kpi_id: Any, metric_name: Any, adds_up: Any
) -> sa.Select[Any]:
    """Return the points of one client's metric up to the end, the last one first.

    Columns: point, value, last_date (of its newest value).
    """
    columns: list[Any] = [
        point_of(adds_up).label("point"), added_up(adds_up).label("value"),
        sa.func.max(_VALUE.record_date).label("last_date"),
    ]  # fmt: skip
    return (
        sa.select(*columns)
        .where(
            _VALUE.tenant_id == identity.tenant_id,
            _VALUE.client_kpi_id == client_kpi_id,
            _VALUE.metric_name == metric_name,
            _VALUE.record_date <= end,
        )
        .group_by(sa.text("point"))
        .order_by(sa.text("point desc"))
    )


def added_up(adds_up: Any, condition: Any = None) -> sa.ColumnElement[Decimal]:
    """Return the value of a group of recorded values of a metric that adds up this way.

    With a condition, of the values that fulfil it; null if none does.
    """
    counts = sa.true() if condition is None else condition
    total = sa.func.sum(_VALUE.metric_value).filter(counts)
    newest_first = aggregate_order_by(_VALUE.metric_value, *NEWEST_FIRST)
    values = sa.func.array_agg(newest_first, type_=ARRAY(sa.Numeric))
    last = values.filter(counts, adds_up == "LAST")[1]
    average = mean(total, sa.func.count().filter(counts))
    return sa.case((adds_up == "SUM", total), (adds_up == "LAST", last), else_=average)


def point_of(adds_up: Any) -> sa.ColumnElement[date]:
    """Return the point to which a recorded value of a metric that adds up this way belongs."""
    return sa.case((adds_up == "LAST", _VALUE.record_date), else_=month_of(_VALUE.record_date))
