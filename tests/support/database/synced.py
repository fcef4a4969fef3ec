"""Rows as the sync of a source writes them, which people may only read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.conftest import Team


def write(sync: sa.Engine, team: Team, table: str, row_id: str, **values: Any) -> str:
    """Writes a row of a source, Xero unless `source_system` says otherwise; returns its id."""
    row = {
        "tenant_id": team.tenant_id, "id": row_id, "source_system": "xero",
        "external_id": f"DOC-{row_id}", **values,
    }  # fmt: skip
    columns = ", ".join(row)
    with sync.begin() as superuser:
        superuser.execute(
            sa.text(
                f"insert into zixly.{table} ({columns}) values (:{columns.replace(', ', ', :')})"
            ),
            row,
        )
    return row_id
