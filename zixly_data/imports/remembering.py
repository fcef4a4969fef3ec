"""How a file with this header was read last time."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.schema import import_mappings
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind, field_of
from zixly_data.imports.cells.mapping import ADD, LEAVE_OUT, Mapping
from zixly_data.imports.cells.table import Table
from zixly_data.imports.recognition import header_key, recognise
from zixly_data.values.ids import new_id

# What PostgreSQL takes of a mapping is limited; a name has up to 200 letters of 4 bytes.
_MOST_CLIENTS = 250
# The last columns of a file of rejected rows.
REASONS = ("Line", "Reason")


def suggest(identity: Identity, kind: Kind, table: Table) -> Mapping:
    """How a file with this header was read last time, or what its column names suggest.

    Raises AccessDenied for a VIEWER.
    """
    query = sa.select(import_mappings.c.mapping).where(
        import_mappings.c.tenant_id == identity.tenant_id,
        import_mappings.c.kind == kind.value,
        import_mappings.c.header == _header(table),
    )
    with scoped(identity) as connection:
        known = connection.execute(query).scalar_one_or_none()
    if known is None:
        return recognise(table, kind)
    names = {name for name, place in known["columns"].items() if place < len(table.header)}
    return Mapping(
        columns={field_of(kind, name).name: known["columns"][name] for name in names},
        date_order=known["date_order"],
        decimal_mark=known["decimal_mark"],
        clients=known["clients"],
        same_day_is_new=known["same_day_is_new"],
    )


def remember(connection: Connection, kind: Kind, table: Table, mapping: Mapping) -> None:
    """Keeps the mapping for the next file with this header, in an open transaction.

    A client that was added is known from now on; one that was left out is asked about again.
    """
    ours = {
        written: decision
        for written, decision in mapping.clients.items()
        if decision not in (ADD, LEAVE_OUT)
    }
    what = {
        "columns": dict(mapping.columns),
        "date_order": mapping.date_order,
        "decimal_mark": mapping.decimal_mark,
        "clients": dict(islice(ours.items(), _MOST_CLIENTS)),
        "same_day_is_new": mapping.same_day_is_new,
    }
    row = insert(import_mappings).values(
        id=new_id("map"), kind=kind.value, header=_header(table), mapping=sa.cast(what, sa.JSON)
    )
    connection.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "kind", "header"],
            set_={"mapping": row.excluded.mapping},
        )
    )


def _header(table: Table) -> str:
    """Rejected rows that were mended are read as the file they come from."""
    header = table.header
    if header[-len(REASONS) :] == REASONS:
        header = header[: -len(REASONS)]
    return header_key(replace(table, header=header))
