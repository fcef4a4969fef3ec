"""Billable hours, the source of hourly rates and of the volume part of a margin bridge.

They are the values of the metric whose purpose is BILLABLE_HOURS, at their record date. Of several
values on one date the one recorded last counts.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from zixly_data.database.schema import custom_metrics
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS, name_query
from zixly_data.values.period import Period


def hours(identity: Identity, period: Period, name: str = "billable_hours") -> sa.Subquery:
    """Return one row per client and calendar month with hours: client_kpi_id, month, hours."""
    metric = custom_metrics.c
    day = (metric.client_kpi_id, metric.record_date)
    metric_name = name_query(identity, BILLABLE_HOURS).scalar_subquery()
    daily_hours = (
        sa.select(*day, metric.metric_value)
        .ext(distinct_on(*day))
        .where(
            metric.tenant_id == identity.tenant_id,
            metric.record_date.between(period.start, period.end),
            metric.metric_name == metric_name,
        )
        .order_by(*day, metric.created_at.desc(), metric.id.desc())
        .subquery(f"{name}_by_day")
    )
    month = month_of(daily_hours.c.record_date)
    return (
        sa.select(
            daily_hours.c.client_kpi_id,
            month.label("month"),
            sa.func.sum(daily_hours.c.metric_value).label("hours"),
        )
        .group_by(daily_hours.c.client_kpi_id, month)
        .subquery(name)
    )
