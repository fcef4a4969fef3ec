"""Exported files of records and of the audit trail, for pages and the command line.

PostgreSQL itself writes a table of records of any size as CSV (`csv_copy`); for a workbook its rows
are read in batches (`row_batches`). Neither is held in memory as a whole (`exported_file`).

The last column of records is their `id`, so that an import of the corrected file updates the same
rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import IO, Any

import pandas as pd
import sqlalchemy as sa

from zixly_data.exports.csv_copy import copy_rows
from zixly_data.exports.csv_file import BYTE_ORDER_MARK, as_table, iter_csv
from zixly_data.exports.exported_file import ExportedFile, data_folder
from zixly_data.exports.file_format import FileFormat
from zixly_data.exports.row_batches import require_rows_fit, row_batches
from zixly_data.exports.xlsx_file import rows_of, write_xlsx
from zixly_data.figures import client_totals
from zixly_data.figures.pipeline import funnel, open_leads
from zixly_data.figures.pipeline.steps import View
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.records import financials, overheads
from zixly_data.records.delivery import metrics
from zixly_data.records.pipeline import lead_states, leads
from zixly_data.tables.clients import CLIENTS
from zixly_data.tables.custom_metrics import CUSTOM_METRICS
from zixly_data.tables.financials import FINANCIALS
from zixly_data.tables.lead_events import LEAD_EVENTS
from zixly_data.tables.overheads import OVERHEADS
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Frame, arrow_types, build
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.period import ALL, Period


class Table(StrEnum):
    """The tables of records, and the leads computed from lead events."""

    CLIENTS = "clients"
    FINANCIALS = "financials"
    OVERHEADS = "overheads"
    LEAD_EVENTS = "lead-events"
    LEADS = "leads"
    OPEN_LEADS = "open-leads"
    CUSTOM_METRICS = "custom-metrics"


# The order of known columns; a new field of a table comes before the last.
COLUMNS: dict[Table, tuple[str, ...]] = {
    Table.CLIENTS: CLIENTS.with_exported(
        "client_id", "client_name", "industry", "currency", "status", "revenue", "expenses",
        "profit", "margin", "first_record", "last_record", "id",
    ),
    Table.FINANCIALS: FINANCIALS.with_exported(
        "record_date", "client_id", "client_name", "currency", "revenue", "expenses", "profit",
        "source_system", "note", "id",
    ),
    Table.OVERHEADS: OVERHEADS.with_exported(
        "record_date", "kind", "account", "counterparty", "currency", "revenue", "expenses",
        "profit", "source_system", "note", "id",
    ),
    Table.LEAD_EVENTS: LEAD_EVENTS.with_exported(
        "event_date", "client_id", "client_name", "lead_id", "stage", "status", "value",
        "currency", "source_system", "note", "id",
    ),
    Table.LEADS: (
        "client_id", "client_name", "lead_id", "first_date", "last_date", "stage", "status",
        "value", "currency", "days_open",
    ),
    Table.OPEN_LEADS: (
        "client_id", "client_name", "lead_id", "stage", "value", "currency", "win_share",
        "expected_value", "stalled", "first_date", "entered_date", "last_date", "days_open",
        "days_in_stage", "days_quiet", "limit_days",
    ),
    Table.CUSTOM_METRICS: CUSTOM_METRICS.with_exported(
        "record_date", "client_id", "client_name", "metric_name", "metric_value", "unit", "kind",
        "out_of", "source_system", "note", "id",
    ),
}  # fmt: skip
_TABLES: dict[Table, tuple[str, type[Frame]]] = {
    Table.CLIENTS: ("client_kpis", client_totals.Clients),
    Table.FINANCIALS: ("financials", financials.FinancialRecords),
    Table.OVERHEADS: ("overheads", overheads.Overheads),
    Table.LEAD_EVENTS: ("lead_events", leads.LeadEvents),
    Table.LEADS: ("leads", lead_states.Leads),
    Table.OPEN_LEADS: ("open_leads", open_leads.OpenLeads),
    Table.CUSTOM_METRICS: ("custom_metrics", metrics.MetricRecords),
}
# A file of these has all rows, whatever their dates.
WITHOUT_PERIOD = (Table.CLIENTS, Table.OPEN_LEADS)


@dataclass(frozen=True)
class Rows:
    """A selection of rows of a table. Each field restricts it further.

    Clients and open leads have no period; that of a lead is defined by the `view`. `stage` selects
    lead events, the leads at it in the view, and the open leads now at it; `lead_id` lead events,
    `metric_name` custom metrics, and `overhead_filter` overheads, which have no client.
    """

    table: Table
    period: Period = ALL
    client_filter: ClientFilter = field(default_factory=ClientFilter)
    stage: str | None = None
    lead_id: str | None = None
    metric_name: str | None = None
    overhead_filter: OverheadFilter = field(default_factory=OverheadFilter)
    view: View = View.COHORT


def write(
    identity: Identity,
    rows: Rows,
    file_format: FileFormat = FileFormat.CSV,
    *,
    excel_bom: bool = False,
    line_end: str = "\r\n",
) -> ExportedFile:
    """Write the rows of a table as a file and record the export on the audit trail.

    The bytes of a CSV are those of `csv_file.to_csv` for the frame with these columns, and the
    cells of a workbook those of `xlsx_file.to_xlsx`. Raises SessionEnded, InvalidInput (an
    impossible condition, or more rows than a workbook has), and ZixlyError if the server has no
    disk space.
    """
    table_name, model = _TABLES[rows.table]
    query, columns = rows_query(identity, rows), COLUMNS[rows.table]

    def fill_csv(connection: sa.Connection, output: IO[bytes]) -> int:
        if excel_bom:
            output.write(BYTE_ORDER_MARK)
        return copy_rows(connection, query, model, columns, output, line_end)

    def fill_xlsx(connection: sa.Connection, output: IO[bytes]) -> int:
        require_rows_fit(connection, query)
        types = arrow_types(model)
        batches = row_batches(connection, query, columns)
        return write_xlsx(output, {name: types[name] for name in columns}, batches, data_folder())

    period = None if rows.table in WITHOUT_PERIOD else rows.period
    filters = audit.filters(
        period,
        rows.client_filter,
        stage=rows.stage,
        lead_id=rows.lead_id,
        metric_name=rows.metric_name,
        view=rows.view.value if rows.view is View.ACTIVITY else None,
    )
    filters |= audit.overhead_filters(rows.overhead_filter)
    fill = fill_csv if file_format is FileFormat.CSV else fill_xlsx
    return ExportedFile.create(identity, table_name, filters, fill)


def write_trail(
    identity: Identity,
    period: Period,
    time_zone: str,
    audit_filter: AuditFilter,
    as_file: Callable[[pd.DataFrame], pd.DataFrame],
    file_format: FileFormat = FileFormat.CSV,
) -> ExportedFile:
    """Write the audit trail as a file in batches and record the export on it.

    `as_file` converts `audit.Entries` to the rows of the file. A CSV begins with a byte order mark.
    Raises AccessDenied unless ADMIN, and as `write` does.
    """
    query = audit.entries_query(identity, period, time_zone, audit_filter)

    def fill(connection: sa.Connection, output: IO[bytes]) -> int:
        count = 0

        def batches() -> Iterator[pd.DataFrame]:
            nonlocal count
            for partition in row_batches(connection, query):
                count += len(partition)
                columns = dict(zip(names, zip(*partition, strict=True), strict=True))
                yield as_file(build(columns, audit.Entries))

        names = [str(column.key) for column in query.selected_columns]
        empty = as_file(build({}, audit.Entries))
        if file_format is FileFormat.CSV:
            for piece in iter_csv(chain([empty], batches()), excel_bom=True):
                output.write(piece)
            return count
        require_rows_fit(connection, query)
        kinds = {column.name: column.type for column in as_table(empty).schema}
        return write_xlsx(output, kinds, map(rows_of, batches()), data_folder())

    filters = audit.filters(
        period,
        people=audit_filter.emails,
        actions=audit_filter.actions,
        about=audit_filter.tables,
        client_kpi_ids=audit_filter.client_kpi_ids,
    )
    return ExportedFile.create(identity, "audit_log", filters, fill)


def rows_query(identity: Identity, rows: Rows) -> sa.Select[Any]:
    """Return the statement for the rows; its columns are those of the table's frame."""
    match rows.table:
        case Table.CLIENTS:
            return client_totals.list_query(identity, rows.client_filter)
        case Table.FINANCIALS:
            return financials.records_query(identity, rows.period, rows.client_filter)
        case Table.OVERHEADS:
            return overheads.records_query(identity, rows.period, rows.overhead_filter)
        case Table.LEAD_EVENTS:
            return leads.events_query(
                identity, rows.period, rows.client_filter, stage=rows.stage, lead_id=rows.lead_id
            )
        case Table.LEADS:
            return funnel.leads_at_query(
                identity, rows.period, rows.client_filter, rows.stage, rows.view
            )
        case Table.OPEN_LEADS:
            return open_leads.open_leads_query(identity, rows.client_filter, rows.stage)
        case Table.CUSTOM_METRICS:
            return metrics.records_query(
                identity, rows.period, rows.client_filter, metric_name=rows.metric_name
            )
