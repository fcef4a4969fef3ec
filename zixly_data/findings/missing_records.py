"""Records that ought to be there and are not, as statements; `contradictions` says what each is."""

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
    tenants,
)
from zixly_data.figures.month_sums import month_of
from zixly_data.findings.finding import day, of_clients
from zixly_data.identity import Identity
from zixly_data.values.dates import add_months

DAYS_OF_SILENCE = 60
REGULAR_MONTHS = 3


def active_without_records(identity: Identity, today: date) -> sa.Select[Any]:
    last = end_of_records(identity, sa.func.max)
    first_lead = (
        sa.select(sa.func.min(lead_events.c.event_date))
        .where(
            lead_events.c.tenant_id == identity.tenant_id,
            lead_events.c.client_kpi_id == client_kpis.c.id,
        )
        .correlate(client_kpis)
        .scalar_subquery()
    )
    added = sa.cast(sa.func.timezone(tenants.c.time_zone, client_kpis.c.created_at), sa.Date)
    quiet_since = sa.func.coalesce(last, sa.func.least(added, first_lead))
    return (
        of_clients(
            sa.literal_column("'ACTIVE_WITHOUT_RECORDS'"),
            subject=sa.func.coalesce(sa.cast(last, sa.Text), ""),
            since=last,
            records=_records_on(identity, last),
        )
        .select_from(client_kpis.join(tenants, tenants.c.id == client_kpis.c.tenant_id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            client_kpis.c.status == "ACTIVE",
            quiet_since < today - timedelta(days=DAYS_OF_SILENCE),
        )
    )


def expenses_without_revenue(identity: Identity, today: date) -> sa.Select[Any]:
    kept = financial_months.c
    month_end = sa.cast(kept.month + sa.text("interval '1 month - 1 day'"), sa.Date)
    return (
        of_clients(
            sa.literal_column("'EXPENSES_WITHOUT_REVENUE'"),
            amount=kept.expenses,
            subject=sa.func.to_char(kept.month, "YYYY-MM"),
            since=kept.month,
            until=month_end,
            records=kept.records,
        )
        .select_from(
            client_kpis.join(financial_months, kept.client_kpi_id == client_kpis.c.id),
        )
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            kept.tenant_id == identity.tenant_id,
            kept.month <= add_months(today.replace(day=1), -1),
            kept.expenses > 0,
            kept.revenue == 0,
        )
    )


def metric_stopped(identity: Identity, today: date) -> sa.Select[Any]:
    series = (custom_metrics.c.client_kpi_id, custom_metrics.c.metric_name)
    on = custom_metrics.c.record_date
    # Most metrics are not silent: gaps are looked for in those alone that are.
    silent = (
        sa.select(*series)
        .where(custom_metrics.c.tenant_id == identity.tenant_id)
        .group_by(*series)
        .having(sa.func.max(on) <= today - timedelta(days=DAYS_OF_SILENCE))
        .subquery("silent")
    )
    dated = (
        sa.select(
            *series,
            on,
            (on - sa.func.lag(on).over(partition_by=series, order_by=on)).label("gap"),
            sa.func.count().label("values"),
        )
        .select_from(
            custom_metrics.join(
                silent,
                sa.and_(
                    silent.c.client_kpi_id == custom_metrics.c.client_kpi_id,
                    silent.c.metric_name == custom_metrics.c.metric_name,
                ),
            )
        )
        .where(custom_metrics.c.tenant_id == identity.tenant_id)
        .group_by(*series, on)
        .subquery("dated")
    )
    metrics = (
        sa.select(
            dated.c.client_kpi_id,
            dated.c.metric_name,
            sa.func.max(dated.c.record_date).label("last"),
            sa.func.sum(dated.c["values"]).label("values"),
            sa.func.count(sa.distinct(month_of(dated.c.record_date))).label("months"),
            sa.func.percentile_disc(0.5).within_group(dated.c.gap).label("usual_gap"),
        )
        .group_by(dated.c.client_kpi_id, dated.c.metric_name)
        .subquery("metrics")
    )
    return (
        of_clients(
            sa.literal_column("'METRIC_STOPPED'"),
            subject=sa.func.concat(metrics.c.metric_name, " ", metrics.c.last),
            about=metrics.c.metric_name,
            since=metrics.c.last,
            records=metrics.c["values"],
        )
        .select_from(client_kpis.join(metrics, metrics.c.client_kpi_id == client_kpis.c.id))
        .where(
            client_kpis.c.tenant_id == identity.tenant_id,
            client_kpis.c.status == "ACTIVE",
            metrics.c.months >= REGULAR_MONTHS,
            metrics.c.last + metrics.c.usual_gap * 2 < day(today),
        )
    )


def end_of_records(identity: Identity, end: Any) -> sa.ScalarSelect[Any]:
    """The first or the last date with a record of the client: one step into an index."""
    return (
        sa.select(end(financials.c.record_date))
        .where(
            financials.c.tenant_id == identity.tenant_id,
            financials.c.client_kpi_id == client_kpis.c.id,
        )
        .correlate(client_kpis)
        .scalar_subquery()
    )


def _records_on(identity: Identity, day_of_client: Any) -> Any:
    """How many financial records the client has on this day."""
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
