"""Names and columns of the tables, for queries. `sql/` defines them; a test compares both."""

from __future__ import annotations

import sqlalchemy as sa

_RECORD = ("version", "created_at", "updated_at")


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


tenants = _table(
    "tenants", "id", "name", "industry", "time_zone", "reporting_currency",
    "financial_year_start_month", *_RECORD, "second_factor_required",
)  # fmt: skip
users = _table("users", "tenant_id", "id", "email", "full_name", "role", "status", *_RECORD)
client_kpis = _table(
    "client_kpis", "tenant_id", "id", "client_id", "client_name", "industry", "currency",
    "status", *_RECORD,
)  # fmt: skip
financials = _table(
    "financials", "tenant_id", "id", "client_kpi_id", "record_date", "revenue", "expenses",
    "profit", "source_system", "external_id", "note", *_RECORD,
)  # fmt: skip
lead_stages = _table("lead_stages", "tenant_id", "id", "stage", "position", "status", *_RECORD)
lead_events = _table(
    "lead_events", "tenant_id", "id", "client_kpi_id", "lead_id", "stage", "status", "event_date",
    "value", "source_system", "external_id", "note", *_RECORD,
)  # fmt: skip
metric_definitions = _table(
    "metric_definitions", "tenant_id", "id", "metric_name", "unit", "kind", "direction", "target",
    "out_of", *_RECORD, "purpose",
)  # fmt: skip
custom_metrics = _table(
    "custom_metrics", "tenant_id", "id", "client_kpi_id", "metric_name", "metric_value", "unit",
    "record_date", "source_system", "external_id", "note", *_RECORD,
)  # fmt: skip
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
    "rejected", "left_out", "sums", "imported_by", "imported_by_name", "transaction_id",
    "undone_at", "undone_by_name", "created_at", "updated_at",
)  # fmt: skip
import_mappings = _table(
    "import_mappings", "tenant_id", "id", "kind", "header", "mapping", "created_at", "updated_at"
)
financial_months = _table(
    "financial_months", "tenant_id", "id", "client_kpi_id", "month", "revenue", "expenses",
    "records", "updated_at",
)  # fmt: skip
exchange_rates = _table(
    "exchange_rates", "tenant_id", "id", "month", "currency", "into_currency", "rate",
    "source_system", *_RECORD,
)  # fmt: skip
finding_dismissals = _table(
    "finding_dismissals", "tenant_id", "id", "kind", "client_kpi_id", "subject", "reason",
    "dismissed_by", "dismissed_by_name", "created_at", "updated_at",
)  # fmt: skip
saved_views = _table(
    "saved_views", "tenant_id", "id", "user_id", "page", "name", "filters", "is_default", *_RECORD
)
date_notes = _table(
    "date_notes", "tenant_id", "id", "day", "client_kpi_id", "words", "written_by_name", *_RECORD
)
