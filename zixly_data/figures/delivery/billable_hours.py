"""Billable hours, the source of hourly rates and of the volume part of a margin bridge.

They are the values of the metric whose purpose is BILLABLE_HOURS, at their record date. PostgreSQL
requires that it has a SUM, so all values of a date count.
"""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.database.schema import custom_metrics
from zixly_data.figures.month_sums import month_of
from zixly_data.identity import Identity
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS, name_query
from zixly_data.values.period import Period


def hours(identity: Identity, period: Period, name: str = "billable_hours") -> sa.Subquery:
    """Return one row per client and calendar month with hours: client_kpi_id, month, hours."""
    metric = custom_metrics.c
    month = month_of(metric.record_date)
    return (
        sa.select(
            metric.client_kpi_id,
            month.label("month"),
            sa.func.sum(metric.metric_value).label("hours"),
        )
        .where(
            metric.tenant_id == identity.tenant_id,
            metric.record_date.between(period.start, period.end),
            metric.metric_name == name_query(identity, BILLABLE_HOURS).scalar_subquery(),
        )
        .group_by(metric.client_kpi_id, month)
        .subquery(name)
    )
