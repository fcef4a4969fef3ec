"""The months that each target judges: from its first to that of the next, as numbers of months."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import metric_targets
from zixly_data.identity import Identity

EDGE_COLUMNS = ("low", "high", "near_low", "near_high")
# The number of a month after the last one.
NO_END = 12 * 10_000


def parts_of(identity: Identity, series: sa.Subquery) -> sa.CompoundSelect[Any]:
    """Return the targets of each series, each with the number of its months they judge.

    `series` has `metric_id`, `client_kpi_id`, `first_number` and `last_number`. Everyone's targets
    end with the month of the client's first own.
    """
    own, common = spans(identity, "own_targets"), spans(identity, "common_targets")
    first_own = (
        sa.select(
            own.c.metric_id, own.c.client_kpi_id,
            sa.func.min(own.c.first_number).label("first_number"),
        )
        .where(own.c.client_kpi_id.is_not(None))
        .group_by(own.c.metric_id, own.c.client_kpi_id)
        .subquery("first_own")
    )  # fmt: skip
    is_first_own = sa.and_(
        first_own.c.metric_id == series.c.metric_id,
        first_own.c.client_kpi_id == series.c.client_kpi_id,
    )
    is_common = sa.and_(common.c.metric_id == series.c.metric_id, common.c.client_kpi_id.is_(None))
    return sa.union_all(
        _overlap(
            series.join(
                own,
                sa.and_(
                    own.c.metric_id == series.c.metric_id,
                    own.c.client_kpi_id == series.c.client_kpi_id,
                ),
            ),
            series, own, own.c.end_number,
        ),
        _overlap(
            series.join(common, is_common).outerjoin(first_own, is_first_own),
            series, common, sa.func.least(common.c.end_number, first_own.c.first_number),
        ).where(series.c.client_kpi_id.is_not(None)),
    )  # fmt: skip


def _overlap(
    joined: sa.Join, series: sa.Subquery, span: sa.Subquery, end: sa.ColumnElement[int]
) -> sa.Select[Any]:
    months = sa.func.least(end, series.c.last_number + 1) - sa.func.greatest(
        span.c.first_number, series.c.first_number
    )
    return (
        sa.select(
            series.c.metric_id,
            series.c.client_kpi_id,
            span.c.from_month,
            span.c.kind,
            *(span.c[name] for name in EDGE_COLUMNS),
            months.label("months"),
        )
        .select_from(joined)
        .where(months > 0)
    )


def spans(identity: Identity, name: str) -> sa.Subquery:
    """Return every target with the numbers of its first month, and of the first after its last."""
    targets = metric_targets.c
    number = month_number(targets.from_month)
    following = sa.func.lead(number, 1, NO_END).over(
        partition_by=(targets.metric_id, targets.client_kpi_id), order_by=targets.from_month
    )
    return (
        sa.select(
            targets.metric_id,
            targets.client_kpi_id,
            targets.from_month,
            targets.kind,
            *(targets[edge] for edge in EDGE_COLUMNS),
            number.label("first_number"),
            following.label("end_number"),
        )
        .where(targets.tenant_id == identity.tenant_id)
        .subquery(name)
    )


def month_number(day: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Return the number of a month, counted from the year 0."""
    years, months = sa.extract("year", day), sa.extract("month", day)
    return sa.cast(years * 12 + months, sa.Integer)
