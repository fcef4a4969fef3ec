"""Contradictions of clients, months and metrics without the records they should have."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from zixly_data.database.schema import (
    client_kpis,
    custom_metrics,
    financial_months,
    financials,
    lead_events,
)
from zixly_data.figures.month_sums import month_of
from zixly_data.findings.finding import Finding, date_literal, finding_query
from zixly_data.findings.kind import FindingKind, Group, RecordConditions, all_time
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records.client_conditions import is_active
from zixly_data.values import calendar_period
from zixly_data.values.dates import add_months
from zixly_data.values.period import Period

DAYS_OF_SILENCE = 60
REGULAR_MONTHS = 3


def active_without_records(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return active clients without a financial record for more than 60 days.

    Without any record, the days count from the earlier of the client's addition and its first
    lead. since: the last financial record, null if there is none.
    """
    last_record = first_or_last_record(identity, sa.func.max)
    first_lead = (
        sa.select(sa.func.min(lead_events.c.event_date))
        .where(
            lead_events.c.tenant_id == identity.tenant_id,
            lead_events.c.client_kpi_id == client_kpis.c.id,
        )
        .correlate(client_kpis)
        .scalar_subquery()
    )
    added_on = tenants.date_of(identity, client_kpis.c.created_at)
    quiet_since = sa.func.coalesce(last_record, sa.func.least(added_on, first_lead))
    return (
        finding_query(
            subject=sa.func.coalesce(sa.cast(last_record, sa.Text), ""),
            since=last_record,
            records=_count_records_on(identity, last_record),
        )
        .select_from(client_kpis)
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            is_active,
            quiet_since < today - timedelta(days=DAYS_OF_SILENCE),
        )
    )


def expenses_without_revenue(
    identity: Identity, today: date, target_currency: str
) -> sa.Select[Any]:
    """Return past calendar months with expenses and without revenue, one finding per month.

    amount: the expenses; since, until: the month's first and last day.
    """
    sums = financial_months.c
    month_end = sa.cast(sums.month + sa.text("interval '1 month - 1 day'"), sa.Date)
    return (
        finding_query(
            amount=sums.expenses,
            subject=sa.func.to_char(sums.month, "YYYY-MM"),
            since=sums.month,
            until=month_end,
            records=sums.records,
        )
        .select_from(
            client_kpis.join(financial_months, sums.client_kpi_id == client_kpis.c.id),
        )
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            sums.tenant_id == identity.tenant_id,
            sums.month <= add_months(today.replace(day=1), -1),
            sums.expenses > 0,
            sums.revenue == 0,
        )
    )


def metric_stopped(identity: Identity, today: date, target_currency: str) -> sa.Select[Any]:
    """Return metrics of active clients that used to come regularly and have stopped.

    A metric has values in three months or more, and none for 60 days and for more than twice its
    usual gap: the median of the days between dates with a value. since: the last value; about: the
    metric.
    """
    series = (custom_metrics.c.client_kpi_id, custom_metrics.c.metric_name)
    record_date = custom_metrics.c.record_date
    # Most metrics are not silent, so gaps are computed for the silent ones only.
    silent_metrics = (
        sa.select(*series)
        .where(custom_metrics.c.tenant_id == identity.tenant_id)
        .group_by(*series)
        .having(sa.func.max(record_date) <= today - timedelta(days=DAYS_OF_SILENCE))
        .subquery("silent")
    )
    dated_values = (
        sa.select(
            *series,
            record_date,
            (
                record_date
                - sa.func.lag(record_date).over(partition_by=series, order_by=record_date)
            ).label("gap"),
            sa.func.count().label("values"),
        )
        .select_from(
            custom_metrics.join(
                silent_metrics,
                sa.and_(
                    silent_metrics.c.client_kpi_id == custom_metrics.c.client_kpi_id,
                    silent_metrics.c.metric_name == custom_metrics.c.metric_name,
                ),
            )
        )
        .where(custom_metrics.c.tenant_id == identity.tenant_id)
        .group_by(*series, record_date)
        .subquery("dated")
    )
    metrics = (
        sa.select(
            dated_values.c.client_kpi_id,
            dated_values.c.metric_name,
            sa.func.max(dated_values.c.record_date).label("last"),
            sa.func.sum(dated_values.c["values"]).label("values"),
            sa.func.count(sa.distinct(month_of(dated_values.c.record_date))).label("months"),
            sa.func.percentile_disc(0.5).within_group(dated_values.c.gap).label("usual_gap"),
        )
        .group_by(dated_values.c.client_kpi_id, dated_values.c.metric_name)
        .subquery("metrics")
    )
    return (
        finding_query(
            subject=sa.func.concat(metrics.c.metric_name, " ", metrics.c.last),
            about=metrics.c.metric_name,
            since=metrics.c.last,
            records=metrics.c["values"],
        )
        .select_from(client_kpis.join(metrics, metrics.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            is_active,
            metrics.c.months >= REGULAR_MONTHS,
            metrics.c.last + metrics.c.usual_gap * 2 < date_literal(today),
        )
    )


def first_or_last_record(identity: Identity, aggregate: Any) -> sa.ScalarSelect[Any]:
    """Return the client's first or last record date (`min` or `max`), read from an index."""
    return (
        sa.select(aggregate(financials.c.record_date))
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.client_kpi_id == client_kpis.c.id,
        )
        .correlate(client_kpis)
        .scalar_subquery()
    )


def _count_records_on(identity: Identity, day_of_client: Any) -> Any:
    """Return the number of financial records of the client on this day."""
    return (
        sa.select(sa.func.count())
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.client_kpi_id == client_kpis.c.id,
            financials.c.record_date == day_of_client,
        )
        .correlate(client_kpis)
        .scalar_subquery()
    )


def _last_records(finding: Finding) -> RecordConditions:
    return RecordConditions(financials=financials.c.record_date == finding["since"])


def _month(finding: Finding) -> Period:
    return calendar_period.month(finding["since"])


def _values_of_metric(finding: Finding) -> RecordConditions:
    return RecordConditions(metric_values=custom_metrics.c.metric_name == finding["about"])


KINDS = (
    FindingKind(
        key="ACTIVE_WITHOUT_RECORDS",
        group=Group.CONTRADICTION,
        title="Active, but no records",
        meaning="An active client has had no financial record for more than 60 days. Either "
        "records are missing, or the work is completed.",
        sentences=(
            "{client} is active, but nothing has been recorded for {days}, since {since}.",
            "{client} is active, but nothing has ever been recorded.",
        ),
        icon="event_busy",
        step="Check the client",
        page="client.py",
        period=all_time,
        statement=active_without_records,
        records=_last_records,
    ),
    FindingKind(
        key="EXPENSES_WITHOUT_REVENUE",
        group=Group.CONTRADICTION,
        title="Costs without revenue",
        meaning="A past month has expenses but no revenue. Either it was not billed, or a record "
        "is dated in the wrong month.",
        sentences=("{client} had expenses of {amount} but no revenue in {month}.",),
        icon="money_off",
        step="Check the month",
        page="financials.py",
        period=_month,
        statement=expenses_without_revenue,
        records=RecordConditions.of_days,
    ),
    FindingKind(
        key="METRIC_STOPPED",
        group=Group.CONTRADICTION,
        title="Metrics no longer recorded",
        meaning="A metric that was recorded regularly has had no value for 60 days and for more "
        "than twice its usual interval.",
        sentences=(
            "{about} of {client} has not been recorded for {days}, since {since}, after {values}.",
        ),
        icon="speed",
        step="Check the metric",
        page="custom_kpis.py",
        period=lambda finding: None,
        statement=metric_stopped,
        records=_values_of_metric,
    ),
)
