"""Exported files of records and of the audit trail, for pages and the command line.

PostgreSQL itself writes a table of records of any size (`csv_copy`) into an unnamed temporary file,
which is deleted when it is closed and stays in memory up to one mebibyte. The audit trail records
the number of exported rows in the same transaction, before the first row is handed out. A slow
reader holds no connection.

The last column of records is their `id`, so that an import of the corrected file updates the same
rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import IO, Any, cast

import pandas as pd
import sqlalchemy as sa

from zixly_data import os_errors
from zixly_data.database.connection import open_database, scoped
from zixly_data.database.hash_joins import hash_joins
from zixly_data.errors import ZixlyError
from zixly_data.exports.csv_copy import copy_rows
from zixly_data.exports.csv_file import iter_csv
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
from zixly_data.values.frames import Frame, build
from zixly_data.values.overhead_filter import OverheadFilter
from zixly_data.values.period import ALL, Period

_MEMORY_LIMIT = 1024 * 1024
_PIECE_SIZE = 64 * 1024
_ENTRIES_AT_ONCE = 2_000


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


@dataclass(frozen=True)
class ExportedFile:
    """A file with `rows` rows in `size` bytes, which can be read once."""

    rows: int
    size: int
    content: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """Yield the file piece by piece from its start, and close it in any case."""
        with self.content:
            yield from iter(partial(self.content.read, _PIECE_SIZE), b"")


def write(identity: Identity, rows: Rows, *, line_end: str = "\r\n") -> ExportedFile:
    """Write the rows of a table as CSV and record the export on the audit trail.

    The bytes are those of `csv_file.to_csv` for the frame with these columns. Raises SessionEnded,
    InvalidInput (an impossible condition), and ZixlyError if the server has no disk space.
    """
    table_name, model = _TABLES[rows.table]
    query, columns = rows_query(identity, rows), COLUMNS[rows.table]

    def fill(connection: sa.Connection, output: IO[bytes]) -> int:
        return copy_rows(connection, query, model, columns, output, line_end)

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
    return _write_file(identity, table_name, filters, fill)


def write_trail(
    identity: Identity,
    period: Period,
    time_zone: str,
    audit_filter: AuditFilter,
    as_file: Callable[[pd.DataFrame], pd.DataFrame],
) -> ExportedFile:
    """Write the audit trail as CSV in batches and record the export on it.

    `as_file` converts `audit.Entries` to the rows of the file. Raises AccessDenied unless ADMIN,
    and as `write` does.
    """
    query = audit.entries_query(identity, period, time_zone, audit_filter)

    def fill(connection: sa.Connection, output: IO[bytes]) -> int:
        count = 0
        # An option of this statement alone: the next one sets what no cursor could.
        result = connection.execute(query, execution_options={"yield_per": _ENTRIES_AT_ONCE})
        names = list(result.keys())

        def batches() -> Iterator[pd.DataFrame]:
            nonlocal count
            yield as_file(build({}, audit.Entries))
            for partition in result.partitions():
                count += len(partition)
                columns = dict(zip(names, zip(*partition, strict=True), strict=True))
                yield as_file(build(columns, audit.Entries))

        for piece in iter_csv(batches()):
            output.write(piece)
        return count

    filters = audit.filters(
        period,
        people=audit_filter.emails,
        actions=audit_filter.actions,
        about=audit_filter.tables,
        client_kpi_ids=audit_filter.client_kpi_ids,
    )
    return _write_file(identity, "audit_log", filters, fill)


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


def _write_file(
    identity: Identity,
    table_name: str,
    filters: dict[str, object],
    fill: Callable[[sa.Connection, IO[bytes]], int],
) -> ExportedFile:
    """Write a file and its entry on the audit trail in one transaction, or neither."""
    file = _temporary_file()
    try:
        with scoped(identity) as connection:
            with hash_joins(connection):
                count = fill(connection, file)
            connection.execute(audit.export_note(table_name, count, filters))
        size = file.tell()
        file.seek(0)
    except OSError as error:
        file.close()
        raise _not_created(error) from None
    except BaseException:
        file.close()
        raise
    return ExportedFile(count, size, file)


def _temporary_file() -> IO[bytes]:
    """Return an unnamed file in the data folder, as system temporary folders may be in memory."""
    folder = open_database().settings.home
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_created(error) from None
    return cast(
        "IO[bytes]",
        tempfile.SpooledTemporaryFile(_MEMORY_LIMIT, dir=str(folder)),
    )


def _not_created(error: OSError) -> ZixlyError:
    return os_errors.storage_failed("The file could not be created", error)
