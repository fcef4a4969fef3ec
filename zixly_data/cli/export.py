"""Everything of one kind as CSV."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import pandas as pd
import typer

from zixly_data import audit, clients, financials, leads, metrics
from zixly_data.cli import access, report, terminal
from zixly_data.csv_file import to_csv
from zixly_data.errors import InvalidPeriod
from zixly_data.identity import Identity
from zixly_data.period import Period


class Kind(StrEnum):
    """What can be exported."""

    CLIENTS = "clients"
    FINANCIALS = "financials"
    LEAD_EVENTS = "lead-events"
    CUSTOM_METRICS = "custom-metrics"


_TABLES = {
    Kind.CLIENTS: "client_kpis",
    Kind.FINANCIALS: "financials",
    Kind.LEAD_EVENTS: "lead_events",
    Kind.CUSTOM_METRICS: "custom_metrics",
}


def export(
    kind: Annotated[Kind, typer.Argument(help="What to export.")],
    as_email: access.As,
    start: report.From = None,
    end: report.To = None,
    key: report.Key = None,
) -> None:
    """Write all records of one kind as CSV; of a period, where one is given."""
    if kind is Kind.CLIENTS and (start or end or key):
        raise InvalidPeriod("Clients belong to no period.", advice="Leave the period out.")
    with access.acting_as(as_email) as identity:
        whole = not (start or end or key)
        period = report.chosen_period(identity, start, end, "all" if whole else key)
        rows = _rows(identity, kind, period)
        filters = audit.filters(None if kind is Kind.CLIENTS else period)
        audit.note_export(identity, _TABLES[kind], len(rows), filters)
    terminal.result_bytes(to_csv(rows.drop(columns="version"), line_end="\n"))


def _rows(identity: Identity, kind: Kind, period: Period) -> pd.DataFrame:
    match kind:
        case Kind.CLIENTS:
            return clients.list_clients(identity)
        case Kind.FINANCIALS:
            return financials.list_records(identity, period)
        case Kind.LEAD_EVENTS:
            return leads.events(identity, period)
        case Kind.CUSTOM_METRICS:
            return metrics.list_records(identity, period)
