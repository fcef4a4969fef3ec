"""Targets that months and periods are judged by, and the band of a value.

    ON_TARGET  at the edge of the target or better
    NEAR       not on target, and at the edge of near or better
    OFF        otherwise

Edges belong to the better band. Everyone's target is meant for each client, so all clients together
have none.

Over several months, the target of a metric that adds up by SUM is the sum of its months' targets,
if each has one and all are of one kind. That of any other metric is its target in the last month
that has begun.

Part of a month (one that has not ended, or that the period cuts) says little about a SUM. It gets
a band only once the rest of the month cannot make it better: ON_TARGET where AT_LEAST is reached,
and above `high` the best band that is still possible, NEAR up to `near_high` and OFF beyond. (That
a later value is negative is left out of account.)
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import metric_definitions
from zixly_data.figures.delivery.target_spans import (
    EDGE_COLUMNS,
    NO_END,
    month_number,
    parts_of,
    spans,
)
from zixly_data.identity import Identity
from zixly_data.values.dates import month_end
from zixly_data.values.frames import Date, Frame, Measure, Text, fetch, nullable
from zixly_data.values.period import Period

ON_TARGET, NEAR, OFF = "ON_TARGET", "NEAR", "OFF"
# A longer period has no target for a sum: nobody plans it.
MOST_MONTHS = 120

TARGET_COLUMNS = ("target_kind", *EDGE_COLUMNS)


class TargetSteps(Frame):
    """One row per target of one client's metric, from the first month that it judges on.

    `target_kind` NONE, with no edges, ends the target before it.
    """

    from_month: Date
    target_kind: Text
    low: Measure = nullable
    high: Measure = nullable
    near_low: Measure = nullable
    near_high: Measure = nullable


def target_rows(identity: Identity, keys: sa.Subquery) -> sa.Select[Any]:
    """Return a row for each row of `keys`: its columns, and the target that its month is judged by.

    `keys` has `metric_id`, `client_kpi_id` (null for all clients together) and `month`, its first
    day. The target is `target_kind`, `low`, `high`, `near_low` and `near_high`, all null if there
    is none.
    """
    own, common = spans(identity, "own_targets"), spans(identity, "common_targets")
    month = month_number(keys.c.month)

    def judges(span: sa.Subquery) -> sa.ColumnElement[bool]:
        return sa.and_(
            span.c.metric_id == keys.c.metric_id,
            span.c.first_number <= month,
            span.c.end_number > month,
        )

    is_common = sa.and_(
        judges(common), common.c.client_kpi_id.is_(None), keys.c.client_kpi_id.is_not(None)
    )
    has_own = own.c.kind.is_not(None)
    kind = sa.func.nullif(sa.func.coalesce(own.c.kind, common.c.kind), "NONE")
    edges = (
        sa.case((has_own, own.c[name]), else_=common.c[name]).label(name) for name in EDGE_COLUMNS
    )
    return sa.select(*keys.c, kind.label("target_kind"), *edges).select_from(
        keys.outerjoin(
            own, sa.and_(judges(own), own.c.client_kpi_id == keys.c.client_kpi_id)
        ).outerjoin(common, is_common)
    )


def period_targets(
    identity: Identity, keys: sa.FromClause, period: Period, today: date
) -> sa.Select[Any]:
    """Return a row for each row of `keys` with the target that the period is judged by.

    `keys` has one row per `metric_id` and `client_kpi_id` (null for all clients together). The
    columns are these, those of the target as in `target_rows`, and `is_partial`, for `band`:
    whether the metric adds up by SUM and the period has a part of a month.
    """
    ends_whole = period.end == month_end(period.end) and period.end < today
    is_cut = period.start.day > 1 or not ends_whole
    first, last = (day.year * 12 + day.month for day in (period.start, period.end))
    last_begun = max(first, min(last, today.year * 12 + today.month))
    is_sum = metric_definitions.c.adds_up == "SUM"
    first_number = sa.case((is_sum, first), else_=last_begun)
    last_number = sa.case((is_sum, last), else_=last_begun)
    series = (
        sa.select(
            keys.c.metric_id,
            keys.c.client_kpi_id,
            sa.and_(is_sum, sa.literal(is_cut)).label("is_partial"),
            first_number.label("first_number"),
            last_number.label("last_number"),
        )
        .select_from(
            keys.join(
                metric_definitions,
                sa.and_(
                    metric_definitions.c.tenant_id == identity.tenant_id,
                    metric_definitions.c.id == keys.c.metric_id,
                ),
            )
        )
        .subquery("series")
    )
    parts = parts_of(identity, series).subquery("parts")
    is_target = parts.c.kind != "NONE"
    sums = (
        sa.select(
            parts.c.metric_id,
            parts.c.client_kpi_id,
            sa.func.min(parts.c.kind).label("kind"),
            (sa.func.min(parts.c.kind) == sa.func.max(parts.c.kind)).label("is_one_kind"),
            sa.func.sum(parts.c.months).label("months"),
            *(sa.func.sum(parts.c[name] * parts.c.months).label(name) for name in EDGE_COLUMNS),
        )
        .where(is_target)
        .group_by(parts.c.metric_id, parts.c.client_kpi_id)
        .subquery("sums")
    )
    months = series.c.last_number - series.c.first_number + 1
    holds = sa.and_(sums.c.is_one_kind, sums.c.months == months, months <= MOST_MONTHS)
    return sa.select(
        series.c.metric_id,
        series.c.client_kpi_id,
        sa.case((holds, sums.c.kind)).label("target_kind"),
        *(sa.case((holds, sums.c[name])).label(name) for name in EDGE_COLUMNS),
        series.c.is_partial,
    ).select_from(
        series.outerjoin(
            sums,
            sa.and_(
                sums.c.metric_id == series.c.metric_id,
                sums.c.client_kpi_id == series.c.client_kpi_id,
            ),
        )
    )


def band(
    value: sa.ColumnElement[Any],
    target: sa.FromClause,
    is_partial: sa.ColumnElement[bool] | None = None,
) -> sa.ColumnElement[Any]:
    """Return the band of a value; null without a value, a target, or (if `is_partial`) a decision.

    `target` has the columns of `TARGET_COLUMNS`.
    """
    edges = target.c
    is_on = sa.and_(_or_open(value >= edges.low), _or_open(value <= edges.high))
    is_near = sa.and_(_or_open(value >= edges.near_low), _or_open(value <= edges.near_high))
    judged = sa.case((is_on, ON_TARGET), (is_near, NEAR), else_=OFF)
    is_judged: list[sa.ColumnElement[bool]] = [
        value.is_not(None), edges.target_kind.is_not(None)
    ]  # fmt: skip
    if is_partial is not None:
        is_reached = sa.and_(edges.target_kind == "AT_LEAST", value >= edges.low)
        is_decided = sa.or_(is_reached, sa.func.coalesce(value > edges.high, sa.false()))
        is_judged.append(sa.or_(sa.not_(is_partial), is_decided))
    return sa.case((sa.and_(*is_judged), judged))


def distance(value: sa.ColumnElement[Any], target: sa.FromClause) -> sa.ColumnElement[Any]:
    """Return how far a value is from being on target, as a share of the nearer edge.

    Null on target and without a target. Of an edge of 0, the distance itself.
    """
    low, high = target.c.low, target.c.high
    return sa.case(
        (value < low, (low - value) / _size(low)), (value > high, (value - high) / _size(high))
    )


def target_steps(identity: Identity, metric_id: str, client_kpi_id: str) -> DataFrame[TargetSteps]:
    """Return the targets of one client's metric with the months they judge, the earliest first."""
    key = sa.select(
        sa.literal(metric_id).label("metric_id"),
        sa.literal(client_kpi_id).label("client_kpi_id"),
        sa.literal(0).label("first_number"),
        sa.literal(NO_END).label("last_number"),
    ).subquery("series")
    parts = parts_of(identity, key).subquery("parts")
    query = sa.select(
        parts.c.from_month,
        parts.c.kind.label("target_kind"),
        *(parts.c[name] for name in EDGE_COLUMNS),
    ).order_by(parts.c.from_month)
    with reporting(identity) as connection:
        return fetch(connection, query, TargetSteps)


def _or_open(reaches: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Return whether an edge is reached; an edge that is missing always is."""
    return sa.func.coalesce(reaches, sa.true())


def _size(edge: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.nullif(sa.func.abs(edge), 0), 1)
