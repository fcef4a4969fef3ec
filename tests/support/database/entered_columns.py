"""The convention about columns that people fill: each goes out, comes in and is named."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.exports.record_files import COLUMNS, Table
from zixly_data.imports import exchange_rate_files
from zixly_data.imports.cells.kinds import FIELDS, TABLES
from zixly_data.records.exchange_rates import ExchangeRates
from zixly_data.tables.catalogue import ENTRY_TABLES
from zixly_data.values.frames import arrow_types

# Tables whose rows are written by actions, not filled in.
WRITTEN_BY_ACTIONS = {
    "invitations": "sent", "password_resets": "sent", "closed_months": "closing",
    "imports": "importing", "import_mappings": "importing", "finding_dismissals": "dismissing",
    "saved_views": "one person's own", "lead_stages": "set with the organisation",
}  # fmt: skip
_BY_HAND = "few, and written by hand"
_EXPORTED = {
    "client_kpis": COLUMNS[Table.CLIENTS],
    "financials": COLUMNS[Table.FINANCIALS],
    "overheads": COLUMNS[Table.OVERHEADS],
    "lead_events": COLUMNS[Table.LEAD_EVENTS],
    "custom_metrics": COLUMNS[Table.CUSTOM_METRICS],
    "exchange_rates": tuple(arrow_types(ExchangeRates)),
}
_IMPORTED = {
    **{
        table.name: {name for field in FIELDS[kind] for name in (field.column, field.name)}
        for kind, table in TABLES.items()
    },
    "exchange_rates": set(exchange_rate_files.HEADINGS),
}
# Why a column is not exported or not imported; `*` is every table.
NOT_EXPORTED = {
    "*.client_kpi_id": "by the external ID and the name of the client",
    "*.external_id": "a row is found again by its id",
    "metric_definitions.*": _BY_HAND,
    "date_notes.*": _BY_HAND,
    "metric_targets.*": _BY_HAND,
}
NOT_IMPORTED = {
    "*.client_kpi_id": "by the external ID or the name of the client",
    "*.source_system": "a file is the source",
    "lead_events.status": "that of the stage",
    "metric_definitions.*": _BY_HAND,
    "date_notes.*": _BY_HAND,
    "metric_targets.*": _BY_HAND,
}


def columns_that_get_lost(connection: Connection) -> list[str]:
    """Every column that people may record has a field, goes out and comes in, or is exempt."""
    recorded = connection.execute(sa.text("""
        select distinct table_name, column_name from information_schema.column_privileges
        where table_schema = 'zixly' and privilege_type = 'INSERT'
          and grantee in ('zixly_viewer', 'zixly_editor', 'zixly_admin')
          and column_name not in ('tenant_id', 'id')
    """))  # fmt: skip
    faults = []
    for table, column in recorded:
        if table in WRITTEN_BY_ACTIONS:
            continue
        if table not in ENTRY_TABLES or column not in ENTRY_TABLES[table].fields:
            faults.append(f"{table}.{column}: no field")
            continue
        if column not in _EXPORTED.get(table, ()) and not _is_exempt(table, column, NOT_EXPORTED):
            faults.append(f"{table}.{column}: not exported")
        if column not in _IMPORTED.get(table, ()) and not _is_exempt(table, column, NOT_IMPORTED):
            faults.append(f"{table}.{column}: not imported")
    return sorted(faults)


def _is_exempt(table: str, column: str, exemptions: dict[str, str]) -> bool:
    return bool({f"*.{column}", f"{table}.{column}", f"{table}.*"} & exemptions.keys())


CONVENTIONS = (columns_that_get_lost,)
