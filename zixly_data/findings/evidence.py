"""Evidence: the records behind one finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.errors import NotFound
from zixly_data.findings.definitions import find_kind
from zixly_data.findings.finding import FindingKey, Findings, with_dismissals
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records import financials, leads, metrics
from zixly_data.records.financials import FinancialRecords
from zixly_data.records.leads import LeadEvents
from zixly_data.records.metrics import MetricRecords
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import fetch, rows
from zixly_data.values.period import ALL


@dataclass(frozen=True)
class Evidence:
    """The records that a finding is about or compares with; frames may be empty."""

    financials: DataFrame[FinancialRecords]
    lead_events: DataFrame[LeadEvents]
    metric_values: DataFrame[MetricRecords]


def evidence(identity: Identity, key: FindingKey, today: date) -> Evidence:
    """Return the records behind the finding with this key, each kind latest first.

    Raises NotFound if the finding no longer exists or there is no such kind.
    """
    kind = find_kind(key.kind)
    statement = kind.query(identity, today, tenants.get(identity).reporting_currency)
    client_filter = ClientFilter(client_kpi_ids=(key.client_kpi_id,))
    with reporting(identity) as connection:
        frame = fetch(connection, with_dismissals(identity, statement.subquery(), key), Findings)
        if frame.empty:
            raise NotFound(
                "This finding no longer applies.", advice="Its records have changed since."
            )
        conditions = kind.records(rows(frame)[0])
        return Evidence(
            fetch(
                connection,
                financials.records_query(identity, ALL, client_filter).where(conditions.financials),
                FinancialRecords,
            ),
            fetch(
                connection,
                leads.events_query(identity, ALL, client_filter).where(conditions.lead_events),
                LeadEvents,
            ),
            fetch(
                connection,
                metrics.records_query(identity, ALL, client_filter).where(conditions.metric_values),
                MetricRecords,
            ),
        )
