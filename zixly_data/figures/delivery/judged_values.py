"""Values of metrics in a period beside the targets that judge them, and whom they are listed for.

Listed are active clients with a value or a target of their own, and completed ones with a value
dated in the period: their last values of long ago say nothing about it. A completed client is also
listed with any value where a filter names it or its status. Everyone's target lists nobody: few
metrics are meant for every client.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zixly_data.database.schema import client_kpis
from zixly_data.figures.delivery import targets
from zixly_data.figures.delivery.all_values import client_values
from zixly_data.figures.delivery.target_spans import spans
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions, is_active
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.period import Period

_VALUE_COLUMNS = ("client_kpi_id", "metric_id", "value", "last_date", "records")


def judged_values(
    identity: Identity,
    period: Period,
    today: date,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
) -> sa.CTE:
    """Return one row per client and metric with a value in the period.

    Columns: client_kpi_id, metric_id, value, last_date, records, those of the target (null if there
    is none), and band. Formulas are read at once, inside the caller's `reporting`.
    """
    of_period = client_values(identity, {"period": period}, client_filter, metric_ids, "of_period")
    # Expressions with a name, which PostgreSQL computes once for all that reads them.
    values = sa.select(*(of_period.c[name] for name in _VALUE_COLUMNS)).cte("period_values")
    target = targets.period_targets(identity, values, period, today).subquery("period_targets")
    return (
        sa.select(
            *values.c,
            *(target.c[name] for name in targets.TARGET_COLUMNS),
            targets.band(values.c.value, target, target.c.is_partial).label("band"),
        )
        .select_from(values.join(target, same_series(values, target)))
        .cte("judged_values")
    )


def listed_clients(
    identity: Identity,
    period: Period,
    judged: sa.CTE,
    client_filter: ClientFilter | None = None,
    metric_ids: Collection[str] | None = None,
) -> sa.Select[Any]:
    """Return one row per listed client: id, client_id, client_name, status, and counts of values.

    The counts are values, on_target, near, off and without_target.
    """
    row, client = judged.c, client_kpis.c
    of_band = {"on_target": targets.ON_TARGET, "near": targets.NEAR, "off": targets.OFF}
    counted = (
        sa.select(
            row.client_kpi_id,
            sa.func.count().label("values"),
            *(
                sa.func.count().filter(row.band == band).label(name)
                for name, band in of_band.items()
            ),
            sa.func.count().filter(row.target_kind.is_(None)).label("without_target"),
            sa.func.bool_or(row.last_date >= period.start).label("is_dated"),
        )
        .group_by(row.client_kpi_id)
        .subquery("counted")
    )
    own = own_targets(identity, period, metric_ids)
    has_target = client.id.in_(sa.select(own.c.client_kpi_id))
    has_values = counted.c.client_kpi_id.is_not(None)
    is_listed = [
        sa.and_(is_active, sa.or_(has_values, has_target)),
        sa.func.coalesce(counted.c.is_dated, sa.false()),
    ]
    if client_filter is not None and (client_filter.client_kpi_ids or client_filter.statuses):
        is_listed.append(has_values)
    return (
        sa.select(
            client.id.label("client_kpi_id"),
            client.client_id,
            client.client_name,
            client.status,
            *(
                sa.func.coalesce(counted.c[name], 0).label(name)
                for name in ("values", *of_band, "without_target")
            ),
        )
        .select_from(client_kpis.outerjoin(counted, counted.c.client_kpi_id == client.id))
        .where(*client_conditions(identity, client_filter), sa.or_(*is_listed))
    )


def own_targets(
    identity: Identity, period: Period, metric_ids: Collection[str] | None = None
) -> sa.Subquery:
    """Return the clients' own targets of a month of the period: metric_id, client_kpi_id."""
    target = spans(identity, "own_spans")
    first, last = (day.year * 12 + day.month for day in (period.start, period.end))
    conditions = [
        target.c.client_kpi_id.is_not(None),
        target.c.kind != "NONE",
        target.c.first_number <= last,
        target.c.end_number > first,
    ]
    if metric_ids is not None:
        conditions.append(is_one_of(target.c.metric_id, metric_ids))
    return (
        sa.select(target.c.metric_id, target.c.client_kpi_id)
        .where(*conditions)
        .distinct()
        .subquery("own_of_period")
    )


def age_days(
    last_date: sa.ColumnElement[date], period: Period, today: date
) -> sa.ColumnElement[int]:
    """Return `metric_values.age_days` in SQL."""
    end = sa.cast(min(period.end, today), sa.Date)
    return sa.func.greatest(end - last_date, 0, type_=sa.Integer)


def same_series(one: sa.FromClause, other: sa.FromClause) -> sa.ColumnElement[bool]:
    """Return whether two rows are of the same metric and client."""
    return sa.and_(
        one.c.metric_id == other.c.metric_id, one.c.client_kpi_id == other.c.client_kpi_id
    )


def is_one_of(column: sa.ColumnElement[str], ids: Collection[str]) -> sa.ColumnElement[bool]:
    return column == sa.any_(sa.cast(list(ids), ARRAY(sa.Text)))
