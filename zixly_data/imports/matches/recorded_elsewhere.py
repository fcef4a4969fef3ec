"""Documents that an earlier file brought into the other table of amounts.

An overhead that was assigned to a client is a financial record now, with the number of its
document. Without this, a second import of its file would add the overhead again.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import client_kpis, financials, overheads
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.targets import DATE, MONEY, TEXT, WHOLE, Types
from zixly_data.imports.rows.staged import StagedRows
from zixly_data.values.sources import FILE

_TYPES: Types = {
    "place": WHOLE, "external_id": TEXT, "record_date": DATE, "currency": TEXT, "revenue": MONEY,
    "expenses": MONEY,
}  # fmt: skip


def recorded_elsewhere(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    staged: StagedRows,
    currencies: Sequence[str | None],
    rows: Sequence[int],
) -> dict[int, str]:
    """Return those of these rows of financial records or overheads whose document is on record in
    the other table, each with the reason.

    It is the same document if number, date, currency and amounts are equal: the invoice of a client
    and the bill of a supplier may share a number. `currencies` are those of all rows of the file.
    """
    if not rows:
        return {}
    file = array_rows(_columns_of(staged, currencies, rows), _TYPES)
    table = (_overheads if kind is Kind.FINANCIALS else _financials)(identity)
    is_same = sa.and_(*(table.c[name] == file.c[name] for name in _TYPES if name != "place"))
    query = sa.select(file.c.place, table.c.client_name).join_from(file, table, is_same)
    with hash_joins(connection, len(rows)):
        return {place: _reason(client) for place, client in connection.execute(query)}


def _overheads(identity: Identity) -> sa.Subquery:
    c = overheads.c
    return (
        sa.select(
            c.external_id, c.record_date, c.currency, c.revenue, c.expenses,
            sa.cast(sa.null(), TEXT).label("client_name"),
        )
        .where(c.tenant_id == identity.tenant_id, c.source_system == FILE)
        .subquery("overheads_of_files")
    )  # fmt: skip


def _financials(identity: Identity) -> sa.Subquery:
    c, client = financials.c, client_kpis.c
    is_client = sa.and_(client.tenant_id == c.tenant_id, client.id == c.client_kpi_id)
    return (
        sa.select(
            c.external_id, c.record_date, client.currency, c.revenue, c.expenses,
            client.client_name,
        )
        .join_from(financials, client_kpis, is_client)
        .where(c.tenant_id == identity.tenant_id, c.source_system == FILE)
        .subquery("financials_of_files")
    )  # fmt: skip


def _columns_of(
    staged: StagedRows, currencies: Sequence[str | None], rows: Sequence[int]
) -> dict[str, Sequence[str | None]]:
    columns: dict[str, Sequence[str | None]] = {
        "place": [str(row) for row in rows],
        "currency": [currencies[row] for row in rows],
    }
    for name in ("external_id", "record_date"):
        columns[name] = [staged.columns[name][row] for row in rows]
    for name in ("revenue", "expenses"):
        values = staged.columns.get(name)
        columns[name] = ["0" if values is None else values[row] or "0" for row in rows]
    return columns


def _reason(client_name: str | None) -> str:
    if client_name is None:
        where = "an overhead. Assign it to the client there"
    else:
        where = f"a financial record of {client_name}. Change it there"
    return f"This document is on record as {where}, or give another document another number."
