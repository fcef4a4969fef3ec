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
from zixly_data.figures.delivery.metric_values import NEWEST_FIRST, mean, records_of
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter

_VALUE = custom_metrics.c


def latest(identity: Identity, client_filter: ClientFilter | None) -> sa.Subquery:
    """Return the last point of each client's metric, beside the point before it.

    Columns: client_kpi_id, metric_id, metric_value, records, record_date (of its newest value),
    month (the point), previous_value, previous_date.
    """
    definition = metric_definitions.c
    point = point_of(definition.adds_up).label("point")
    points = (
        records_of(identity, client_filter, None, "SUM", "AVERAGE", "LAST")
        .with_only_columns(
            _VALUE.client_kpi_id,
            definition.id.label("metric_id"),
            point,
            added_up(definition.adds_up).label("metric_value"),
            sa.case((definition.adds_up == "LAST", 1), else_=sa.func.count()).label("records"),
            sa.func.max(_VALUE.record_date).label("record_date"),
        )
        .group_by(_VALUE.client_kpi_id, definition.id, definition.adds_up, sa.text("point"))
        .subquery("points")
    )
    row = points.c
    series, newest_first = (row.client_kpi_id, row.metric_id), row.point.desc()

    def over(function: Any) -> Any:
        return function.over(partition_by=series, order_by=newest_first)

    ranked = sa.select(
        *row,
        over(sa.func.row_number()).label("number"),
        over(sa.func.lead(row.metric_value)).label("previous_value"),
        over(sa.func.lead(row.record_date)).label("previous_date"),
    ).subquery("ranked")
    last = ranked.c
    return (
        sa.select(
            last.client_kpi_id,
            last.metric_id,
            last.metric_value,
            last.records,
            last.record_date,
            last.point.label("month"),
            last.previous_value,
            last.previous_date,
        )
        .where(last.number == 1)
        .subquery("last_points")
    )


def of_series(
    identity: Identity, end: date, client_kpi_id: Any, metric_name: Any, adds_up: Any
) -> sa.Select[Any]:
    """Return the points of one client's metric up to the end, the last one first: point, value."""
    columns: list[Any] = [point_of(adds_up).label("point"), added_up(adds_up).label("value")]
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
