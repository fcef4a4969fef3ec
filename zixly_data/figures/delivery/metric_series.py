"""The statement behind `metric_history`: the value of each client's metric, and its target.

`unjudged` says why a value has no band:

    NO_TARGET      there is none in the month, or not in all months of the period
    RUNNING        the period has not ended, and the rest of it decides
    PART_OF_MONTH  the period begins or ends within a month, and targets of sums are for months
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import client_kpis, metric_definitions
from zixly_data.figures.delivery import computed_points, metric_points, targets
from zixly_data.figures.delivery.all_values import client_values
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import month_end
from zixly_data.values.period import ALL, Period

NO_TARGET, RUNNING, PART_OF_MONTH = "NO_TARGET", "RUNNING", "PART_OF_MONTH"

_OF_METRIC = ("metric_name", "unit", "kind", "adds_up", "direction", "out_of")
_PREVIOUS: dict[str, Any] = {"previous_value": sa.Numeric, "previous_date": sa.Date}
_OF_VALUE = ("metric_value", "records", "record_date", "previous_value", "previous_date")


def series(identity: Identity, period: Period, client_filter: ClientFilter | None) -> sa.Subquery:
    """Return one row per client and metric: the columns of `metric_history.LatestMetrics` without
    `trend`.

    `distance` is that from the target (`targets.distance`), null without a band. For all time,
    previous values are those of computed metrics only.
    """
    today = tenants.get(identity).today()
    if period.key == ALL.key:
        judged = _of_last_points(identity, today, client_filter)
    else:
        judged = _of_period(identity, period, today, client_filter)
    definition, row = metric_definitions.c, judged.c
    is_level = definition.adds_up == "LAST"
    month = sa.case((sa.not_(is_level), row.month))
    band = targets.band(row.metric_value, judged, row.is_partial)
    is_cut = period.key != ALL.key and (period.start.day > 1 or period.end != month_end(period.end))
    unjudged = sa.case(
        (band.is_not(None), sa.null()),
        (row.target_kind.is_(None), NO_TARGET),
        else_=PART_OF_MONTH if is_cut else RUNNING,
    )
    distance = sa.case((band.is_not(None), targets.distance(row.metric_value, judged)))
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
            *(row[name] for name in targets.TARGET_COLUMNS),
            band.label("band"),
            unjudged.label("unjudged"),
            distance.label("distance"),
        )
        .select_from(
            judged.join(client_kpis, client_kpis.c.id == row.client_kpi_id).join(
                metric_definitions, definition.id == row.metric_id
            )
        )
        .where(
            definition.tenant_id == identity.tenant_id, *client_conditions(identity, client_filter)
        )
        .subquery("series")
    )


def _of_last_points(
    identity: Identity, today: date, client_filter: ClientFilter | None
) -> sa.Subquery:
    """Return the last point of each metric, and the target of its month: of levels, of this one.

    The point before it is left out for recorded metrics: only rows that are shown need it.
    """
    recorded = metric_points.latest(identity, client_filter)
    nothing = (sa.cast(sa.null(), kind).label(name) for name, kind in _PREVIOUS.items())
    points = sa.union_all(
        sa.select(recorded, *nothing), computed_points.latest(identity, client_filter)
    ).subquery("last_points_of_all")
    definition, row, this_month = metric_definitions.c, points.c, today.replace(day=1)
    keys = (
        sa.select(
            *(row[name] for name in ("client_kpi_id", "metric_id", *_OF_VALUE)),
            sa.case(
                (definition.adds_up == "LAST", sa.cast(this_month, sa.Date)), else_=row.month
            ).label("month"),
            sa.and_(definition.adds_up == "SUM", row.month >= this_month).label("is_partial"),
        )
        .select_from(points.join(metric_definitions, definition.id == row.metric_id))
        .where(definition.tenant_id == identity.tenant_id)
        .subquery("last_values")
    )
    return targets.target_rows(identity, keys).subquery("judged")


def _of_period(
    identity: Identity, period: Period, today: date, client_filter: ClientFilter | None
) -> sa.Subquery:
    """Return the values of the period beside those of the previous like period, and targets."""
    _, before = period.like_for_like(today)
    is_month = period.start.day == 1 and period.end == month_end(period.start)
    row = client_values(identity, {"now": period, "before": before}, client_filter).c

    def of(span: str, column: sa.ColumnElement[object]) -> sa.ColumnElement[object]:
        return sa.func.max(column).filter(row.span == span)

    values = (
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
        .cte("of_period")
    )
    target = targets.period_targets(identity, values, period, today).subquery("period_targets")
    is_same = sa.and_(
        target.c.client_kpi_id == values.c.client_kpi_id, target.c.metric_id == values.c.metric_id
    )
    return (
        sa.select(*values.c, *(target.c[name] for name in (*targets.TARGET_COLUMNS, "is_partial")))
        .select_from(values.join(target, is_same))
        .subquery("judged")
    )
