"""Imports that were confirmed, and taking one back as a whole.

What an import did stands on the trail, row by row. Undoing deletes what it added and writes back
what it changed, every column as it was; only `version` and `updated_at` count on, so that nobody
who saw the imported row can save over the restored one unawares. Where one of the rows is not as
the import left it, nothing is undone. (What was changed and changed back is: so imports can be
undone one after the other, the latest first.)
"""

from __future__ import annotations

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database.connection import scoped
from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import client_kpis, imports
from zixly_data.errors import AlreadyExists, NotFound
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.later_changes import of_import, require_untouched, rows_of
from zixly_data.imports.targets import BROUGHT, SHAPES
from zixly_data.values.frames import Count, Frame, Instant, Text, fetch, nullable


class Imports(Frame):
    """One row per import, the latest first. `kind` is CLIENTS, FINANCIALS, LEAD_EVENTS or
    CUSTOM_METRICS; `sums` is a JSON text: for each action and currency the rows and amounts."""

    id: Text
    created_at: Instant
    imported_by_name: Text = nullable
    kind: Text
    file_name: Text
    checksum: Text
    added: Count
    changed: Count
    unchanged: Count
    rejected: Count
    left_out: Count
    sums: Text
    undone_at: Instant = nullable
    undone_by_name: Text = nullable


def list_imports(identity: Identity) -> DataFrame[Imports]:
    """The tenant's imports. Raises AccessDenied for a VIEWER."""
    query = (
        sa.select(
            *(imports.c[name] for name in Imports.to_schema().columns if name != "sums"),
            sa.cast(imports.c.sums, sa.Text).label("sums"),
        )
        .where(imports.c.tenant_id == identity.tenant_id)
        .order_by(imports.c.created_at.desc(), imports.c.id.desc())
    )
    with scoped(identity) as connection:
        return fetch(connection, query, Imports)


def undo(identity: Identity, import_id: str) -> None:
    """Takes an import back as a whole, in one transaction.

    Raises ImportTouched, NotFound, AlreadyExists (undone already), MonthClosed, AccessDenied.
    """
    ours = (imports.c.tenant_id == identity.tenant_id, imports.c.id == import_id)
    with scoped(identity) as connection:
        found = connection.execute(sa.select(imports.c.kind, imports.c.undone_at).where(*ours))
        row = found.one_or_none()
        if row is None:
            raise NotFound("This import is not there any more.")
        if row.undone_at is not None:
            raise AlreadyExists("This import was undone already.")
        # Whoever undoes it at the same time waits here, and is told.
        connection.execute(sa.update(imports).where(*ours).values(undone_at=sa.func.now()))
        kind = Kind(row.kind)
        done = rows_of(import_id)
        tables = list(dict.fromkeys((SHAPES[kind].table, client_kpis)))
        with hash_joins(connection):
            for table in tables:
                _hold(connection, identity, table, done)
            require_untouched(connection, identity, kind, tables, done)
            _restore(connection, identity, kind, done)
            for table in tables:
                _take_back(connection, identity, table, done)


def _hold(
    connection: Connection, identity: Identity, table: sa.TableClause, done: sa.Subquery
) -> None:
    """Keeps the rows of the import as they are until all is done. Whoever is changing one, or is
    recording something for a client of it, is waited for."""
    held = of_import(identity, table, done)
    connection.execute(sa.select(sa.literal(1)).where(*held).with_for_update(of=table))


def _restore(connection: Connection, identity: Identity, kind: Kind, done: sa.Subquery) -> None:
    """Writes what the changed rows were."""
    shape, table = SHAPES[kind], SHAPES[kind].table
    columns = (*shape.columns, *BROUGHT.get(kind, ()))
    before = {
        name: sa.cast(sa.func.jsonb_extract_path_text(done.c.before, name), shape.types[name])
        for name in columns
    }
    connection.execute(
        sa.update(table)
        .values(before)
        .where(*of_import(identity, table, done), done.c.action == "UPDATE")
    )


def _take_back(
    connection: Connection, identity: Identity, table: sa.TableClause, done: sa.Subquery
) -> None:
    """Deletes the rows that the import added."""
    connection.execute(
        sa.delete(table).where(*of_import(identity, table, done), done.c.action == "INSERT")
    )
