"""Column mappings remembered by the header of the file."""

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

# PostgreSQL limits the size of a mapping; a name has up to 200 letters of 4 bytes.
_MOST_CLIENTS = 250
# The last columns of a file of rejected rows.
REASONS = ("Line", "Reason")


def suggest(identity: Identity, kind: Kind, table: Table) -> Mapping:
    """Return the last mapping of a file with this header, or one recognised from its column names.

    Raises AccessDenied for a VIEWER.
    """
    query = sa.select(import_mappings.c.mapping).where(
        import_mappings.c.tenant_id == identity.tenant_id,
        import_mappings.c.kind == kind.value,
        import_mappings.c.header == _header_key(table),
    )
    with scoped(identity) as connection:
        stored = connection.execute(query).scalar_one_or_none()
    if stored is None:
        return recognise(table, kind)
    names = {name for name, place in stored["columns"].items() if place < len(table.header)}
    return Mapping(
        columns={field_of(kind, name).name: stored["columns"][name] for name in names},
        date_order=stored["date_order"],
        decimal_mark=stored["decimal_mark"],
        clients=stored["clients"],
        same_day_is_new=stored["same_day_is_new"],
        # Mappings of earlier versions have none.
        currency=stored.get("currency"),
    )


def remember(connection: Connection, kind: Kind, table: Table, mapping: Mapping) -> None:
    """Store the mapping for the next file with this header, in an open transaction.

    Only decisions for existing clients are stored: an added client exists from now on, and a
    client that was left out needs a new decision.
    """
    decisions = {
        name: decision
        for name, decision in mapping.clients.items()
        if decision not in (ADD, LEAVE_OUT)
    }
    content = {
        "columns": dict(mapping.columns),
        "date_order": mapping.date_order,
        "decimal_mark": mapping.decimal_mark,
        "clients": dict(islice(decisions.items(), _MOST_CLIENTS)),
        "same_day_is_new": mapping.same_day_is_new,
        "currency": mapping.currency,
    }
    statement = insert(import_mappings).values(
        id=new_id("map"),
        kind=kind.value,
        header=_header_key(table),
        mapping=sa.cast(content, sa.JSON),
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "kind", "header"],
            set_={"mapping": statement.excluded.mapping},
        )
    )


def _header_key(table: Table) -> str:
    """Return the key of the header without REASONS: corrected rejected rows match their file."""
    header = table.header
    if header[-len(REASONS) :] == REASONS:
        header = header[: -len(REASONS)]
    return header_key(replace(table, header=header))
