"""Evidence: the records behind one finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import scoped
from zixly_data.database.schema import custom_metrics, lead_events
from zixly_data.database.schema import financials as financial_records
from zixly_data.errors import NotFound
from zixly_data.findings import attention, contradictions
from zixly_data.findings.finding import FindingKey, Findings, with_dismissals
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records import financials, leads, metrics
from zixly_data.records.financials import FinancialRecords
from zixly_data.records.leads import LeadEvents
from zixly_data.records.metrics import MetricRecords
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.frames import fetch, rows
from zixly_data.values.period import ALL

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Evidence:
    """The records that a finding is about or compares with; frames may be empty."""

    financials: DataFrame[FinancialRecords]
    lead_events: DataFrame[LeadEvents]
    metric_values: DataFrame[MetricRecords]


def evidence(identity: Identity, key: FindingKey, today: date) -> Evidence:
    """Return the records behind the finding with this key, each kind latest first.

    Raises NotFound if the finding no longer exists.
    """
    statement = _statement(identity, key, today)
    client_filter = ClientFilter(client_kpi_ids=(key.client_kpi_id,))
    with scoped(identity) as connection:
        frame = fetch(connection, with_dismissals(identity, statement.subquery(), key), Findings)
        if frame.empty:
            raise NotFound(
                "The records do not say so any more.", advice="Somebody has changed them meanwhile."
            )
        financial_condition, event_condition, metric_condition = _record_conditions(rows(frame)[0])
        return Evidence(
            fetch(
                connection,
                financials.records_query(identity, ALL, client_filter).where(financial_condition),
                FinancialRecords,
            ),
            fetch(
                connection,
                leads.events_query(identity, ALL, client_filter).where(event_condition),
                LeadEvents,
            ),
            fetch(
                connection,
                metrics.records_query(identity, ALL, client_filter).where(metric_condition),
                MetricRecords,
            ),
        )


def _statement(identity: Identity, key: FindingKey, today: date) -> sa.Select[Any]:
    if key.kind in contradictions.KINDS:
        return contradictions.KINDS[key.kind](identity, today)
    if key.kind in attention.KINDS:
        target_currency = tenants.get(identity).reporting_currency
        return attention.KINDS[key.kind](identity, today, target_currency)
    raise NotFound("This kind of finding is not known.")


def _record_conditions(finding: Mapping[str, Any]) -> tuple[Condition, Condition, Condition]:
    """Return the conditions for the finding's financial records, lead events and metric values."""
    since, until = finding["since"], finding["until"]
    day, is_won = financial_records.c.record_date, lead_events.c.status == "WON"
    is_of_lead = lead_events.c.lead_id == finding["about"]
    none = sa.false()
    match finding["kind"]:
        case "REVENUE_BEFORE_CONTRACT":
            bills = sa.and_(day < until, financial_records.c.revenue != 0)
            return bills, sa.and_(is_won, lead_events.c.event_date == until), none
        case "WON_NEVER_BILLED" | "STALE_LEAD":
            return none, is_of_lead, none
        case "BILLED_NEVER_WON":
            return sa.true(), sa.true(), none
        case "ACTIVE_WITHOUT_RECORDS":
            return day == since, none, none
        case "METRIC_STOPPED":
            return none, none, custom_metrics.c.metric_name == finding["about"]
        case "SHRINKING":
            is_year_before = day.between(
                since, add_months(since, attention.MONTHS) - timedelta(days=1)
            )
            return sa.or_(is_year_before, day.between(add_months(since, 12), until)), none, none
        case _:
            return day.between(since, until), none, none
