"""One row of every table for any tenant, and transactions that are rolled back.

A new table needs a row here; `test_isolation` fails until it has one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.identity import Identity

METRIC = {"metric_name": "Walls tested", "unit": "walls"}


def row_id(table: str, tenant_id: str) -> str:
    """The id of the row that `everything` creates in this table; the tenant's id for a tenant."""
    return tenant_id if table == "tenants" else f"wall_{table}_{tenant_id}"


def row(table: str, tenant_id: str) -> dict[str, Any]:
    """The row's columns with their values, without tenant_id and id."""
    client = {"client_kpi_id": row_id("client_kpis", tenant_id)}
    email = {"email": f"{table}@{tenant_id}.example", "role": "VIEWER"}
    digest = hashlib.sha256(f"{table} {tenant_id}".encode()).digest()
    rows: dict[str, dict[str, Any]] = {
        "tenants": {"name": "Walls"},
        "users": {**email, "full_name": "Wally", "password_hash": "$2b$12$walls"},
        "sessions": {
            "user_id": row_id("users", tenant_id), "secret_hash": digest, "kind": "BROWSER",
            "idle_limit": timedelta(hours=1),
            "expires_at": datetime.now(UTC) + timedelta(hours=1),
        },
        "password_resets": {"user_id": row_id("users", tenant_id), "token_hash": digest},
        "second_factors": {
            "user_id": row_id("users", tenant_id), "secret": "WALLS", "last_step": 1,
            "recovery_hashes": [digest], "confirmed_at": datetime.now(UTC),
        },
        "invitations": {**email, "token_hash": digest, "invited_by": "wally"},
        "client_kpis": {"client_id": f"WALL-{tenant_id}", "client_name": f"Wall of {tenant_id}"},
        "financials": {
            **client, "record_date": date(2024, 2, 3), "revenue": 4321, "expenses": 1234,
            "external_id": f"INV-{tenant_id}", "note": f"secret of {tenant_id}",
        },
        "overheads": {
            "record_date": date(2024, 2, 3), "currency": "AUD", "revenue": 0, "expenses": 900,
            "external_id": f"RENT-{tenant_id}", "note": f"secret of {tenant_id}",
        },
        "overhead_months": {
            "month": date(2003, 4, 1), "currency": "AUD", "kind": "OVERHEAD", "revenue": 0,
            "expenses": 900, "records": 1},
        "lead_stages": {"stage": "Walled", "position": 9, "status": "OPEN"},
        "lead_events": {
            **client, "lead_id": "wall-lead", "stage": "Inquiry", "status": "OPEN",
            "event_date": date(2024, 2, 3), "value": 100,
        },
        "metric_definitions": {"metric_name": "Walls untested", "unit": "walls"},
        "metric_inputs": {
            "metric_id": row_id("metric_definitions", tenant_id),
            "input_id": f"wall_extra_{tenant_id}"},
        "metric_targets": {
            **client, "metric_id": row_id("metric_definitions", tenant_id),
            "from_month": date(2024, 2, 1), "kind": "AT_LEAST", "low": 7, "near_low": 6},
        "custom_metrics": {
            **client, **METRIC, "metric_value": 7, "record_date": date(2024, 2, 3)},
        "integrations": {"kind": "HUBSPOT", "credentials": b"secret"},
        "closed_months": {"month": date(2001, 2, 1)},
        "imports": {
            "kind": "CLIENTS", "file_name": "walls.csv", "checksum": digest.hex(),
            "added": 1, "changed": 0, "unchanged": 0, "rejected": 0, "left_out": 0,
        },
        "import_mappings": {"kind": "CLIENTS", "header": digest.hex(), "mapping": "{}"},
        "client_merges": {
            "kept_id": row_id("client_kpis", tenant_id), "kept_name": f"Wall of {tenant_id}",
            "kept_status": "ACTIVE", "merged": '{"client_name": "Walled"}', "counts": "{}",
            "moved": "{}", "replaced": "{}"},
        "financial_months": {
            **client, "month": date(2003, 4, 1), "revenue": 4321, "expenses": 1234, "records": 1},
        "exchange_rates": {
            "month": date(2004, 2, 1), "currency": "NZD", "into_currency": "AUD", "rate": "0.91"},
        "finding_dismissals": {
            **client, "kind": "LOSS", "subject": "walls", "reason": f"secret of {tenant_id}"},
        "saved_views": {"page": "financials", "name": "Walls", "filters": "period=all"},
        "date_notes": {"day": date(2024, 2, 3), "words": f"secret of {tenant_id}"},
        "audit_log": {"action": "INSERT", "table_name": "walls", "row_id": "wall"},
    }  # fmt: skip
    return rows[table]


TABLES = (
    "tenants", "users", "sessions", "password_resets", "second_factors", "invitations",
    "client_kpis", "financials", "lead_stages", "lead_events", "metric_definitions",
    "metric_inputs", "metric_targets", "custom_metrics", "integrations", "closed_months", "imports",
    "import_mappings", "client_merges", "financial_months", "overheads", "overhead_months",
    "exchange_rates", "finding_dismissals", "saved_views", "date_notes", "audit_log",
)  # fmt: skip

# Rows of these tables are private to a person; here to the ADMIN, who also reads them.
ONES_OWN = ("saved_views",)


@contextmanager
def everything(admin: sa.Engine, *tenants: str) -> Iterator[None]:
    """One row of every table for these tenants, removed at the end."""
    with admin.begin() as superuser:
        for tenant_id in tenants:
            insert(superuser, "metric_definitions", {
                "tenant_id": tenant_id, "id": f"wall_extra_{tenant_id}", **METRIC})  # fmt: skip
            for table in TABLES[1:]:
                named = {"tenant_id": tenant_id, "id": row_id(table, tenant_id)}
                own = {"user_id": _admin(superuser, tenant_id)} if table in ONES_OWN else {}
                insert(superuser, table, named | own | row(table, tenant_id))
    try:
        yield
    finally:
        with admin.begin() as superuser:
            # Audit entries can be removed only with triggers off.
            superuser.exec_driver_sql("set local session_replication_role = replica")
            for table in reversed(TABLES[1:]):
                superuser.exec_driver_sql(f"delete from zixly.{table} where id like 'wall\\_%%'")
            superuser.exec_driver_sql("delete from zixly.audit_log where row_id like 'wall\\_%%'")
            superuser.exec_driver_sql(
                "delete from zixly.financial_months where client_kpi_id like 'wall\\_%%'"
            )
            superuser.exec_driver_sql("""
                delete from zixly.overhead_months as m where not exists (
                  select from zixly.overheads as o
                  where o.tenant_id = m.tenant_id and o.currency = m.currency and o.kind = m.kind
                    and date_trunc('month', o.record_date::timestamp) = m.month)
            """)


def insert(connection: Connection, table: str, values: dict[str, Any]) -> int:
    """Inserts the row; returns how many there are of it."""
    columns, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    statement = sa.text(f"insert into zixly.{table} ({columns}) values ({places})")
    return connection.execute(statement, values).rowcount


def _admin(superuser: Connection, tenant_id: str) -> str:
    query = "select min(id) from zixly.users where tenant_id = :tenant and role = 'ADMIN'"
    return str(superuser.execute(sa.text(query), {"tenant": tenant_id}).scalar_one())


class _Undone(Exception):
    pass


@contextmanager
def undone(identity: Identity) -> Iterator[Connection]:
    """A scoped transaction that is always rolled back at the end."""
    with suppress(_Undone), scoped(identity) as connection:
        yield connection
        raise _Undone


@contextmanager
def undone_with_every_grant(admin: sa.Engine, identity: Identity) -> Iterator[Connection]:
    """The identity's transaction with every verb on every column granted: only policies apply.

    Rolled back at the end.
    """
    with admin.connect() as connection:
        connection.exec_driver_sql(
            "grant all on all tables in schema zixly to zixly_viewer, zixly_editor, zixly_admin"
        )
        connection.execute(sa.text("select app.present(:s)"), {"s": identity.secret})
        # Triggers would refuse some statements too; only policies are tested here.
        connection.exec_driver_sql("set local session_replication_role = replica")
        connection.exec_driver_sql(f"set local role zixly_{identity.role.lower()}")
        try:
            yield connection
        finally:
            connection.rollback()  # fmt: skip
