"""Names and columns of the tables, for queries. `sql/` defines them; a test compares both.

The columns that people fill come from `tables`.
"""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.tables.clients import CLIENTS
from zixly_data.tables.custom_metrics import CUSTOM_METRICS
from zixly_data.tables.date_notes import DATE_NOTES
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.exchange_rates import EXCHANGE_RATES
from zixly_data.tables.financials import FINANCIALS
from zixly_data.tables.lead_events import LEAD_EVENTS
from zixly_data.tables.lead_stages import LEAD_STAGES
from zixly_data.tables.metric_definitions import METRIC_DEFINITIONS
from zixly_data.tables.metric_targets import METRIC_TARGETS
from zixly_data.tables.overheads import OVERHEADS

_RECORD = ("version", "created_at", "updated_at")


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


def _filled(table: EntryTable, *computed: str) -> sa.TableClause:
    return _table(table.name, *table.columns(*computed))


tenants = _table(
    "tenants", "id", "name", "industry", "time_zone", "reporting_currency",
    "financial_year_start_month", *_RECORD, "second_factor_required",
)  # fmt: skip
users = _table("users", "tenant_id", "id", "email", "full_name", "role", "status", *_RECORD)
client_kpis = _filled(CLIENTS)
financials = _filled(FINANCIALS, "profit")
lead_stages = _filled(LEAD_STAGES, "position", "retired_at", "merged_into")
lead_events = _filled(LEAD_EVENTS)
metric_definitions = _filled(METRIC_DEFINITIONS, "symbol", "is_recorded", "recorded_unit")
metric_inputs = _table(
    "metric_inputs", "tenant_id", "id", "metric_id", "input_id", "is_recorded", "created_at",
    "updated_at",
)  # fmt: skip
metric_targets = _filled(METRIC_TARGETS)
custom_metrics = _filled(CUSTOM_METRICS)
invitations = _table(
    "invitations", "tenant_id", "id", "email", "role", "token_hash", "invited_by", "expires_at",
    "accepted_at", "withdrawn_at", "created_at", "updated_at",
)  # fmt: skip
password_resets = _table(
    "password_resets", "tenant_id", "id", "user_id", "token_hash", "expires_at", "used_at",
    "created_at", "updated_at",
)  # fmt: skip
second_factors = _table(
    "second_factors", "tenant_id", "id", "user_id", "confirmed_at", "created_at", "updated_at"
)
audit_log = _table(
    "audit_log", "tenant_id", "id", "at", "user_id", "action", "table_name", "row_id", "before",
    "after", "user_email", "address", "client_kpi_id", "import_id",
)  # fmt: skip
closed_months = _table(
    "closed_months", "tenant_id", "id", "month", "closed_by", "closed_by_name", "created_at",
    "updated_at",
)  # fmt: skip
imports = _table(
    "imports", "tenant_id", "id", "kind", "file_name", "checksum", "added", "changed", "unchanged",
    "rejected", "left_out", "removed", "sums", "imported_by", "imported_by_name", "transaction_id",
    "undone_at", "undone_by_name", "created_at", "updated_at",
)  # fmt: skip
import_mappings = _table(
    "import_mappings", "tenant_id", "id", "kind", "header", "mapping", "created_at", "updated_at"
)
client_merges = _table(
    "client_merges", "tenant_id", "id", "kept_id", "kept_name", "kept_status", "merged", "counts",
    "moved", "replaced", "merged_by", "merged_by_name", "undone_at", "undone_by_name",
    "created_at", "updated_at",
)  # fmt: skip
financial_months = _table(
    "financial_months", "tenant_id", "id", "client_kpi_id", "month", "revenue", "expenses",
    "records", "updated_at",
)  # fmt: skip
overheads = _filled(OVERHEADS, "profit")
overhead_months = _table(
    "overhead_months", "tenant_id", "id", "month", "currency", "kind", "revenue", "expenses",
    "records", "updated_at",
)  # fmt: skip
exchange_rates = _filled(EXCHANGE_RATES)
finding_dismissals = _table(
    "finding_dismissals", "tenant_id", "id", "kind", "client_kpi_id", "subject", "reason",
    "dismissed_by", "dismissed_by_name", "created_at", "updated_at",
)  # fmt: skip
saved_views = _table(
    "saved_views", "tenant_id", "id", "user_id", "page", "name", "filters", "is_default", *_RECORD
)
date_notes = _filled(DATE_NOTES, "written_by_name")
