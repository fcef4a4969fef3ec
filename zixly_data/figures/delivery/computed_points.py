"""Values of computed metrics over time: one point for each calendar month with a value.

They are of the last months up to an end: a formula is computed for each month anew.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from zixly_data.figures.delivery import computed_values
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.values import calendar_period
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months

# For all time a list looks back as far, and the history of one client's metric further.
MONTHS, HISTORY_MONTHS = 12, 48


def points(
    identity: Identity,
    end: date,
    client_filter: ClientFilter | None,
    months: int = MONTHS,
    name: str = "computed_points",
) -> sa.Subquery:
    """Return one row per client, computed metric and month with a value, up to the month of `end`
    or this one.

    Columns: client_kpi_id, metric_id, point (the first day of the month), value, last_date,
    records.
    """
    last = min(end, tenants.get(identity).today()).replace(day=1)
    starts = [add_months(last, -number) for number in range(months)]
    spans = {f"{start:%Y-%m-%d}": calendar_period.month(start) for start in starts}
    row = computed_values.client_values(identity, spans, client_filter, name=f"{name}_of_months").c
    return sa.select(
        row.client_kpi_id,
        row.metric_id,
        sa.cast(row.span, sa.Date).label("point"),
        row.value,
        row.last_date,
        row.records,
    ).subquery(name)


def latest(identity: Identity, client_filter: ClientFilter | None) -> sa.Select[Any]:
    """Return the last point of each client's metric, in the columns of `metric_points.latest`."""
    row = points(identity, date.max, client_filter, name="computed_latest").c
    series, newest_first = (row.client_kpi_id, row.metric_id), row.point.desc()

    def over(function: Any) -> Any:
        return function.over(partition_by=series, order_by=newest_first)

    ranked = sa.select(
        *row,
        over(sa.func.row_number()).label("number"),
        over(sa.func.lead(row.value)).label("previous_value"),
        over(sa.func.lead(row.last_date)).label("previous_date"),
    ).subquery("computed_ranked")
    last = ranked.c
    return sa.select(
        last.client_kpi_id,
        last.metric_id,
        last.value.label("metric_value"),
        last.records,
        last.last_date.label("record_date"),
        last.point.label("month"),
        last.previous_value,
        last.previous_date,
    ).where(last.number == 1)
