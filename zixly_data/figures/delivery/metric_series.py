"""The statement behind `metric_history`: the value of each client's metric, and its target."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis, metric_definitions
from zixly_data.figures.delivery import computed_points, metric_points
from zixly_data.figures.delivery.all_values import client_values
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import month_end
from zixly_data.values.period import ALL, Period

_OF_METRIC = ("metric_name", "unit", "kind", "adds_up", "direction", "target", "out_of")
_OF_VALUE = ("metric_value", "records", "record_date", "previous_value", "previous_date")


def series(identity: Identity, period: Period, client_filter: ClientFilter | None) -> sa.Subquery:
    """Return one row per client and metric: the columns of `metric_history.LatestMetrics` without
    `trend`.

    `distance` is that from the target as a share of it, null if it is reached or there is none.
    """
    today = tenants.get(identity).today()
    if period.key == ALL.key:
        values = sa.union_all(
            sa.select(metric_points.latest(identity, client_filter)),
            computed_points.latest(identity, client_filter),
        ).subquery("latest_values")
    else:
        values = _of_period(identity, period, today, client_filter)
    definition, row = metric_definitions.c, values.c
    is_level = definition.adds_up == "LAST"
    value, month = row.metric_value, sa.case((sa.not_(is_level), row.month))
    is_on_target = sa.case(
        (sa.and_(definition.adds_up == "SUM", row.month.is_(None)), sa.null()),
        (definition.direction == "UP", value >= definition.target),
        else_=value <= definition.target,
    )
    size = sa.func.coalesce(sa.func.nullif(sa.func.abs(definition.target), 0), 1)
    distance = sa.case((sa.not_(is_on_target), sa.func.abs(value - definition.target) / size))
    end = sa.cast(min(period.end, today), sa.Date)
    age_days = sa.case((is_level, sa.func.greatest(end - row.record_date, 0)))
    return (
        sa.select(
            row.client_kpi_id,
            client_kpis.c.client_id,
            client_kpis.c.client_name,
            *(definition[name] for name in _OF_METRIC),
            *(row[name] for name in _OF_VALUE),
            month.label("month"),
            age_days.label("age_days"),
            is_on_target.label("on_target"),
            distance.label("distance"),
        )
        .select_from(
            values.join(client_kpis, client_kpis.c.id == row.client_kpi_id).join(
                metric_definitions, definition.id == row.metric_id
            )
        )
        .where(
            definition.tenant_id == identity.tenant_id, *client_conditions(identity, client_filter)
        )
        .subquery("series")
    )


def _of_period(
    identity: Identity, period: Period, today: date, client_filter: ClientFilter | None
) -> sa.Subquery:
    """Return the values of the period beside those of the previous like period."""
    _, before = period.like_for_like(today)
    is_month = period.start.day == 1 and period.end == month_end(period.start)
    row = client_values(identity, {"now": period, "before": before}, client_filter).c

    def of(span: str, column: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
        return sa.func.max(column).filter(row.span == span)

    return (
        sa.select(
            row.client_kpi_id,
            row.metric_id,
            of("now", row.value).label("metric_value"),
            of("now", row.records).label("records"),
            of("now", row.last_date).label("record_date"),
            sa.cast(period.start if is_month else None, sa.Date).label("month"),
            of("before", row.value).label("previous_value"),
            of("before", row.last_date).label("previous_date"),
        )
        .group_by(row.client_kpi_id, row.metric_id)
        .having(sa.func.bool_or(row.span == "now"))
        .subquery("of_period")
    )
