"""Every row that an organisation has, as a superuser sees it, to compare before and after."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

Contents = dict[str, dict[str, dict[str, Any]]]

# What a change that is taken back leaves behind: its entries, and who was seen when.
_LEFT_BEHIND = ("audit_log", "sessions", "users", "tenants")
# Sums are made anew: not by the same id or at the same time.
_SUMS = {
    "financial_months": ("client_kpi_id", "month"),
    "overhead_months": ("month", "kind", "currency"),
}
COUNTED_ON = ("version", "updated_at")


def contents_of(admin: sa.Engine, tenant_id: str, *but: str) -> Contents:
    """Every row of every table by its id, without the columns `but`; sums by what they are of."""
    contents: Contents = {}
    with admin.connect() as superuser:
        tables = superuser.execute(
            sa.text(
                "select relname from pg_class where relnamespace = 'zixly'::regnamespace"
                " and relkind = 'r' order by 1"
            )
        ).scalars()
        for table in tables:
            if table in _LEFT_BEHIND:
                continue
            rows = superuser.execute(
                sa.text(f"select to_jsonb(r) from zixly.{table} as r where tenant_id = :tenant"),
                {"tenant": tenant_id},
            ).scalars()
            contents[table] = dict(_keyed(table, row, but) for row in rows)
            if table in _SUMS:
                contents[table] = {
                    key: row for key, row in contents[table].items() if row["records"]
                }
    return contents


def _keyed(table: str, row: dict[str, Any], but: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    if table not in _SUMS:
        return row["id"], {name: value for name, value in row.items() if name not in but}
    key = " ".join(str(row[name]) for name in _SUMS[table])
    return key, {name: value for name, value in row.items() if name not in ("id", "updated_at")}
