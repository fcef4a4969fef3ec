"""Tables of clients, and of the records of one client."""

from __future__ import annotations

import pandas as pd

from zixly_data.values.frames import rows
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import is_absent, people_order
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column
from zixly_ui.records.delivery.metric_text import metric_text

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
SORTS = (
    Sort("By name"),
    Sort("Highest profit first", "profit", descending=True),
    Sort("Lowest profit first", "profit"),
    Sort("Highest revenue first", "revenue", descending=True),
    Sort("Highest expenses first", "expenses", descending=True),
    Sort("Latest record first", "last_record", descending=True),
    Sort("Earliest last record first", "last_record"),
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
    """Return the industries in use, sorted for people."""
    names = {str(industry) for industry in clients["industry"] if not is_absent(industry)}
    return sorted(names, key=people_order)


def with_status_labels(clients: pd.DataFrame) -> pd.DataFrame:
    """Return the clients with the label of their status."""
    return clients.assign(status=[status_label(status) for status in clients["status"]])


def with_readings(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return metric records with their value as text in the column `reading`."""
    return metrics.assign(
        reading=[
            metric_text(row["metric_value"], row["kind"], row["unit"], row["out_of"])
            for row in rows(metrics)
        ]
    )
