"""Column mappings remembered by the header of the file."""

from __future__ import annotations

from dataclasses import fields, replace

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.schema import import_mappings
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind, field_of
from zixly_data.imports.cells.mapping import ADD, Mapping
from zixly_data.imports.cells.table import Table
from zixly_data.imports.recognition import header_key, recognise
from zixly_data.records.client_merges import aliases
from zixly_data.values.ids import new_id

# The answers that the next file of the same header gets too. Other duplicates are other rows.
_ANSWERS = tuple(
    field.name for field in fields(Mapping) if field.name not in ("columns", "duplicates")
)
# Bytes; PostgreSQL limits a mapping to 256 KB.
_LARGEST_DECISIONS = 180_000
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
        merged = aliases(connection, identity).ids
    if stored is None:
        return recognise(table, kind)
    columns = {
        field_of(kind, name).name: place
        for name, place in stored["columns"].items()
        if place < len(table.header)
    }
    answers = {name: stored[name] for name in _ANSWERS if name in stored}
    answers["clients"] = {
        name: merged.get(decision, decision) for name, decision in stored["clients"].items()
    }
    # Earlier versions kept one answer, and only that of adding a record was ever given.
    if stored.get("same_day_is_new"):
        answers["same_day"] = "ADD"
    return Mapping(columns, **answers)


def remember(connection: Connection, kind: Kind, table: Table, mapping: Mapping) -> None:
    """Store the mapping for the next file with this header, in an open transaction.

    Clients that were added are not stored: they exist from now on.
    """
    content = {name: getattr(mapping, name) for name in _ANSWERS}
    content["columns"] = dict(mapping.columns)
    content["meanings"] = {name: dict(values) for name, values in mapping.meanings.items()}
    content["stages"] = dict(mapping.stages)
    content["clients"] = _that_fit(
        {name: decision for name, decision in mapping.clients.items() if decision != ADD}
    )
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


def _that_fit(decisions: dict[str, str]) -> dict[str, str]:
    """Return the decisions, the latest first, as far as they fit into a mapping."""
    size, fitting = 0, {}
    for name, decision in reversed(decisions.items()):
        size += len(name.encode()) + len(decision.encode()) + 16
        if size > _LARGEST_DECISIONS:
            break
        fitting[name] = decision
    return dict(reversed(fitting.items()))


def _header_key(table: Table) -> str:
    """Return the key of the header without REASONS: corrected rejected rows match their file."""
    header = table.header
    if header[-len(REASONS) :] == REASONS:
        header = header[: -len(REASONS)]
    return header_key(replace(table, header=header))
