"""Evidence: the records behind one finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting
from zixly_data.errors import NotFound
from zixly_data.findings.definitions import find_kind
from zixly_data.findings.finding import FindingKey, Findings, with_dismissals
from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.records import financials
from zixly_data.records.delivery import metrics
from zixly_data.records.delivery.metrics import MetricRecords
from zixly_data.records.financials import FinancialRecords
from zixly_data.records.pipeline import leads
from zixly_data.records.pipeline.leads import LeadEvents
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Model, fetch, rows
from zixly_data.values.paging import PAGE_ROWS, Page, PageRequest, fetch_cut
from zixly_data.values.period import ALL


@dataclass(frozen=True)
class Evidence:
    """The latest records that a finding is about or compares with, and the count of all."""

    financials: Page[FinancialRecords]
    lead_events: Page[LeadEvents]
    metric_values: Page[MetricRecords]


def evidence(identity: Identity, key: FindingKey, today: date) -> Evidence:
    """Return the records behind the finding with this key, each kind latest first, 500 at most.

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
            _latest(
                connection,
                financials.records_query(identity, ALL, client_filter).where(conditions.financials),
                FinancialRecords,
            ),
            _latest(
                connection,
                leads.events_query(identity, ALL, client_filter).where(conditions.lead_events),
                LeadEvents,
            ),
            _latest(
                connection,
                metrics.records_query(identity, ALL, client_filter).where(conditions.metric_values),
                MetricRecords,
            ),
        )


def _latest(connection: Connection, query: sa.Select[Any], model: type[Model]) -> Page[Model]:
    """Return the first page of the query in its own order."""
    count = sa.select(sa.func.count()).select_from(query.order_by(None).subquery())
    return fetch_cut(connection, lambda _: query.limit(PAGE_ROWS), model, PageRequest(), count)
