"""The tables about clients: the list, and what is recorded for one of them."""

from __future__ import annotations

import pandas as pd

from zixly_data.values.frames import rows
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import is_absent, people_order
from zixly_ui.components.tables import Column
from zixly_ui.records.metric_text import metric_text

CLIENTS = (
    Column("client_name", "Client"),
    Column("client_id", "External ID"),
    Column("status", "Status"),
    Column("currency", "Currency"),
    Column("revenue", "Revenue", "money", help="To date, in the client's currency"),
    Column("expenses", "Expenses", "money", help="To date, in the client's currency"),
    Column("profit", "Profit", "money", help="Revenue less expenses, to date"),
    Column("margin", "Margin", "percent", help="Profit as a share of revenue"),
    Column("last_record", "Last record", "date"),
    Column("industry", "Industry"),
)
FINANCIALS = (
    Column("record_date", "Date", "date"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
    Column("profit", "Profit", "money"),
    Column("note", "Note"),
    Column("source_system", "Source"),
)
LEAD_EVENTS = (
    Column("event_date", "Date", "date"),
    Column("lead_id", "Lead"),
    Column("stage", "Stage"),
    Column("value", "Value", "money"),
    Column("note", "Note"),
    Column("source_system", "Source"),
)
METRICS = (
    Column("record_date", "Date", "date"),
    Column("metric_name", "Metric"),
    Column("reading", "Value", "quantity"),
    Column("note", "Note"),
    Column("source_system", "Source"),
)


def industries(clients: pd.DataFrame) -> list[str]:
    """The industries in use, as people would order them."""
    known = {str(each) for each in clients["industry"] if not is_absent(each)}
    return sorted(known, key=people_order)


def with_status_labels(clients: pd.DataFrame) -> pd.DataFrame:
    """The clients with their status as a person reads it."""
    return clients.assign(status=[status_label(each) for each in clients["status"]])


def with_readings(metrics: pd.DataFrame) -> pd.DataFrame:
    """Metric records with their value as people say it, in the column `reading`."""
    return metrics.assign(
        reading=[
            metric_text(row["metric_value"], row["kind"], row["unit"], row["out_of"])
            for row in rows(metrics)
        ]
    )
