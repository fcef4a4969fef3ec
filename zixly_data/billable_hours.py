"""Billable hours per client and month: the values of one custom metric, added up.

The metric is the one called "Billable Hours", in whatever case an organisation writes it. On one
date the value recorded last counts, so that a correction replaces what it corrects.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from zixly_data.identity import Identity
from zixly_data.month_sums import month_of
from zixly_data.period import Period
from zixly_data.schema import custom_metrics, metric_definitions

METRIC = "Billable Hours"


def hours(identity: Identity, period: Period, name: str = "hours") -> sa.Subquery:
    """One row per client and calendar month with a value dated in the period.

    Columns: client_kpi_id, month (its first day), hours.
    """
    day = (custom_metrics.c.client_kpi_id, custom_metrics.c.record_date)
    called = sa.select(metric_definitions.c.metric_name).where(
        metric_definitions.c.tenant_id == identity.tenant_id,
        sa.func.lower(metric_definitions.c.metric_name) == METRIC.lower(),
    )
    daily = (
        sa.select(*day, custom_metrics.c.metric_value)
        .ext(distinct_on(*day))
        .where(
            custom_metrics.c.tenant_id == identity.tenant_id,
            custom_metrics.c.metric_name.in_(called),
            custom_metrics.c.record_date.between(period.start, period.end),
        )
        # Ids are made in order of time.
        .order_by(*day, custom_metrics.c.id.desc())
        .subquery(f"{name}_daily")
    )
    month = month_of(daily.c.record_date)
    return (
        sa.select(
            daily.c.client_kpi_id,
            month.label("month"),
            sa.func.sum(daily.c.metric_value).label("hours"),
        )
        .group_by(daily.c.client_kpi_id, month)
        .subquery(name)
    )
