"""Documents that an earlier file brought into the other table of amounts.

An overhead that was assigned to a client is a financial record now, with the number of its
document. Without this, a second import of its file would add the overhead again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import client_kpis, financials, overheads
from zixly_data.identity import Identity
from zixly_data.imports.arrays import array_rows
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.staging import StagedRows
from zixly_data.imports.targets import DATE, MONEY, TEXT, WHOLE, Types
from zixly_data.values.sources import FILE

_TYPES: Types = {
    "place": WHOLE, "external_id": TEXT, "record_date": DATE, "revenue": MONEY, "expenses": MONEY,
}  # fmt: skip


def recorded_elsewhere(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    staged: StagedRows,
    matched: Collection[int],
) -> dict[int, str]:
    """Return the rows whose document is on record in the other table, each with the reason.

    It is the same document if number, date and amounts are equal: the invoice of a client and the
    bill of a supplier may share a number. `matched` rows are on record in their own table.
    """
    numbers = staged.columns.get("external_id")
    if kind not in (Kind.FINANCIALS, Kind.OVERHEADS) or numbers is None:
        return {}
    rows = [row for row in staged.ready if numbers[row] is not None and row not in matched]
    if not rows:
        return {}
    file = array_rows(_columns_of(staged, rows), _TYPES)
    table = overheads if kind is Kind.FINANCIALS else financials
    is_same = sa.and_(
        table.c.tenant_id == identity.tenant_id,
        table.c.source_system == FILE,
        *(table.c[name] == file.c[name] for name in _TYPES if name != "place"),
    )
    joined: sa.FromClause = sa.join(file, table, is_same)
    client_name: sa.ColumnElement[Any] = sa.null()
    if table is financials:
        is_client = sa.and_(
            client_kpis.c.tenant_id == identity.tenant_id,
            client_kpis.c.id == table.c.client_kpi_id,
        )
        joined, client_name = joined.join(client_kpis, is_client), client_kpis.c.client_name
    query = sa.select(file.c.place, client_name).select_from(joined)
    with hash_joins(connection, len(rows)):
        return {place: _reason(client) for place, client in connection.execute(query)}


def _columns_of(staged: StagedRows, rows: Sequence[int]) -> dict[str, Sequence[str | None]]:
    columns: dict[str, Sequence[str | None]] = {"place": [str(row) for row in rows]}
    for name in ("external_id", "record_date"):
        columns[name] = [staged.columns[name][row] for row in rows]
    for name in ("revenue", "expenses"):
        values = staged.columns.get(name)
        columns[name] = ["0" if values is None else values[row] or "0" for row in rows]
    return columns


def _reason(client_name: str | None) -> str:
    if client_name is None:
        return "This document is on record as an overhead. Assign it to the client there."
    return f"This document is on record as a financial record of {client_name}. Change it there."
