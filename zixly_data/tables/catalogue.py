"""All tables that people fill, by their name in PostgreSQL."""

from __future__ import annotations

from zixly_data.tables.clients import CLIENTS
from zixly_data.tables.custom_metrics import CUSTOM_METRICS
from zixly_data.tables.date_notes import DATE_NOTES
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.exchange_rates import EXCHANGE_RATES
from zixly_data.tables.financials import FINANCIALS
from zixly_data.tables.lead_events import LEAD_EVENTS
from zixly_data.tables.metric_definitions import METRIC_DEFINITIONS
from zixly_data.tables.metric_targets import METRIC_TARGETS
from zixly_data.tables.overheads import OVERHEADS

ENTRY_TABLES: dict[str, EntryTable] = {
    table.name: table
    for table in (
        CLIENTS,
        FINANCIALS,
        OVERHEADS,
        LEAD_EVENTS,
        CUSTOM_METRICS,
        METRIC_DEFINITIONS,
        METRIC_TARGETS,
        EXCHANGE_RATES,
        DATE_NOTES,
    )
}
