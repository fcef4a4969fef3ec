"""What people take away as a file: which columns leave, in which order, on page and command line.

A table of records is written by PostgreSQL itself (`csv_copy`), whatever its size, into a file that
has no name and is gone when it is closed; up to a mebibyte of it never leaves memory. The trail
notes how many rows left in the same transaction, before the first of them is handed out, and a slow
reader holds no connection.

Records bring our `id` as their last column, so that a mended file is imported onto the same rows.
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

from zixly_data.database import connection
from zixly_data.database.connection import scoped
from zixly_data.database.schema import custom_metrics, lead_events
from zixly_data.errors import ZixlyError
from zixly_data.exports.csv_copy import copy_rows
from zixly_data.exports.csv_file import iter_csv
from zixly_data.figures import client_totals, funnel
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.people.audit import AuditFilter
from zixly_data.records import financials, lead_states, leads, metrics
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import Frame, build
from zixly_data.values.period import ALL, Period

_KEPT_IN_MEMORY = 1024 * 1024
_PIECE = 64 * 1024
_ENTRIES_AT_ONCE = 2_000


class Table(StrEnum):
    """The tables of records, and the leads that lead events make."""

    CLIENTS = "clients"
    FINANCIALS = "financials"
    LEAD_EVENTS = "lead-events"
    LEADS = "leads"
    CUSTOM_METRICS = "custom-metrics"


COLUMNS: dict[Table, tuple[str, ...]] = {
    Table.CLIENTS: (
        "client_id", "client_name", "industry", "currency", "status", "revenue", "expenses",
        "profit", "margin", "first_record", "last_record", "id",
    ),
    Table.FINANCIALS: (
        "record_date", "client_id", "client_name", "currency", "revenue", "expenses", "profit",
        "source_system", "note", "id",
    ),
    Table.LEAD_EVENTS: (
        "event_date", "client_id", "client_name", "lead_id", "stage", "status", "value",
        "currency", "source_system", "note", "id",
    ),
    Table.LEADS: (
        "client_id", "client_name", "lead_id", "first_date", "last_date", "stage", "status",
        "value", "currency", "days_open",
    ),
    Table.CUSTOM_METRICS: (
        "record_date", "client_id", "client_name", "metric_name", "metric_value", "unit", "kind",
        "out_of", "source_system", "note", "id",
    ),
}  # fmt: skip
_HOLDS: dict[Table, tuple[str, type[Frame]]] = {
    Table.CLIENTS: ("client_kpis", client_totals.Clients),
    Table.FINANCIALS: ("financials", financials.FinancialRecords),
    Table.LEAD_EVENTS: ("lead_events", leads.LeadEvents),
    Table.LEADS: ("leads", lead_states.Leads),
    Table.CUSTOM_METRICS: ("custom_metrics", metrics.MetricRecords),
}


@dataclass(frozen=True)
class Rows:
    """Which rows of a table: each part narrows them further.

    Clients belong to no period; leads to the one they began in. `stage` is of leads (those that got
    there) and of lead events, as `lead_id` is; `metric_name` is of custom metrics.
    """

    table: Table
    period: Period = ALL
    client_filter: ClientFilter = field(default_factory=ClientFilter)
    stage: str | None = None
    lead_id: str | None = None
    metric_name: str | None = None


@dataclass(frozen=True)
class ExportedFile:
    """`rows` rows in `size` bytes, to be read once."""

    rows: int
    size: int
    content: IO[bytes]

    def pieces(self) -> Iterator[bytes]:
        """The file from its start, piece by piece; closed at the end, read or not."""
        with self.content:
            yield from iter(partial(self.content.read, _PIECE), b"")


def write(identity: Identity, rows: Rows, *, line_end: str = "\r\n") -> ExportedFile:
    """Writes the rows of a table as CSV and notes it on the trail.

    The same bytes as `csv_file.to_csv` of the frame with these columns. Raises SessionEnded,
    InvalidInput (a condition that cannot be), and ZixlyError where the server has no room.
    """
    what, model = _HOLDS[rows.table]
    query, columns = rows_query(identity, rows), COLUMNS[rows.table]

    def fill(on: sa.Connection, into: IO[bytes]) -> int:
        return copy_rows(on, query, model, columns, into, line_end)

    period = None if rows.table is Table.CLIENTS else rows.period
    chosen = audit.filters(
        period,
        rows.client_filter,
        stage=rows.stage,
        lead_id=rows.lead_id,
        metric_name=rows.metric_name,
    )
    return _written(identity, what, chosen, fill)


def write_trail(
    identity: Identity,
    period: Period,
    time_zone: str,
    audit_filter: AuditFilter,
    as_file: Callable[[pd.DataFrame], pd.DataFrame],
) -> ExportedFile:
    """Writes the audit trail as CSV, some entries at a time, and notes it there.

    `as_file` makes of some `audit.Entries` what leaves. Raises AccessDenied unless ADMIN, and as
    `write` does.
    """
    query = audit.entries_query(identity, period, time_zone, audit_filter, limit=None)

    def fill(on: sa.Connection, into: IO[bytes]) -> int:
        count = 0
        result = on.execution_options(yield_per=_ENTRIES_AT_ONCE).execute(query)
        names = list(result.keys())

        def batches() -> Iterator[pd.DataFrame]:
            nonlocal count
            yield as_file(build({}, audit.Entries))
            for some in result.partitions():
                count += len(some)
                columns = dict(zip(names, zip(*some, strict=True), strict=True))
                yield as_file(build(columns, audit.Entries))

        for piece in iter_csv(batches()):
            into.write(piece)
        return count

    chosen = audit.filters(
        period,
        people=audit_filter.emails,
        actions=audit_filter.actions,
        about=audit_filter.tables,
        client_kpi_ids=audit_filter.client_kpi_ids,
    )
    return _written(identity, "audit_log", chosen, fill)


def rows_query(identity: Identity, rows: Rows) -> sa.Select[Any]:
    """The statement that finds the rows; its columns are those of the table's frame."""
    match rows.table:
        case Table.CLIENTS:
            return client_totals.list_query(identity, rows.client_filter)
        case Table.FINANCIALS:
            return financials.records_query(identity, rows.period, rows.client_filter)
        case Table.LEAD_EVENTS:
            found = leads.events_query(identity, rows.period, rows.client_filter)
            narrower = {"stage": rows.stage, "lead_id": rows.lead_id}
            table = lead_events
        case Table.LEADS if rows.stage is not None:
            return funnel.leads_at_query(identity, rows.period, rows.client_filter, rows.stage)
        case Table.LEADS:
            return lead_states.leads_query(identity, rows.period, rows.client_filter)
        case Table.CUSTOM_METRICS:
            found = metrics.records_query(identity, rows.period, rows.client_filter)
            narrower = {"metric_name": rows.metric_name}
            table = custom_metrics
    wanted = (table.c[name] == value for name, value in narrower.items() if value is not None)
    return found.where(*wanted)


def _written(
    identity: Identity,
    what: str,
    chosen: dict[str, object],
    fill: Callable[[sa.Connection, IO[bytes]], int],
) -> ExportedFile:
    """A file filled and noted in one transaction; there is none where either fails."""
    file = _unnamed_file()
    try:
        with scoped(identity) as on:
            count = fill(on, file)
            on.execute(audit.export_note(what, count, chosen))
        size = file.tell()
        file.seek(0)
    except OSError:
        file.close()
        raise _no_room() from None
    except BaseException:
        file.close()
        raise
    return ExportedFile(count, size, file)


def _unnamed_file() -> IO[bytes]:
    """A file that only we can open, beside the database and not in a folder of memory."""
    folder = connection.open_database().settings.home
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise _no_room() from None
    return cast(
        "IO[bytes]",
        tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY, dir=str(folder)),
    )


def _no_room() -> ZixlyError:
    return ZixlyError(
        "The file could not be put together: the server has no room for it.",
        advice="Take fewer rows at once, or tell whoever looks after Zixly.",
    )
