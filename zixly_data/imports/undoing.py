"""The list of imports, and undoing an import as a whole.

The audit trail holds the changes of an import row by row. Undoing deletes the rows it added, brings
back the lines it removed, and restores every column of the rows it changed; of these only `version`
and `updated_at` move on, so that a person who has read the imported row cannot overwrite the
restored one unawares. If one of the rows is not as the import left it, nothing is undone. (A row
that was changed and changed back counts as unchanged: imports can be undone one after the other,
the latest first.)

A prospect that became a client by a record of the import is a prospect again, unless it has other
records or won leads by then, or a person has given it another status.

A stage that the import added goes with its events, and the other stages get their places back. Only
an ADMIN can undo such an import.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database.connection import reporting, scoped
from zixly_data.database.hash_joins import hash_joins
from zixly_data.database.schema import client_kpis, imports, lead_events, overheads
from zixly_data.errors import AlreadyExists, NotFound
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.later_changes import import_changes, in_import, require_untouched
from zixly_data.imports.matches.targets import TARGETS, Target
from zixly_data.imports.new_stages import remove_stages, stages_in_use
from zixly_data.records.client_conditions import makes_a_client
from zixly_data.tables.clients import PROSPECT
from zixly_data.values.frames import Count, Frame, Instant, Text, fetch, nullable
from zixly_data.values.paging import Page, PageRequest, fetch_page

# Undoing takes turns with the tenant's imports: one could add lines to a document meanwhile.
_TAKE_TURN = sa.text("select app.take_turn('importing')")
_ORDER = (imports.c.created_at.desc(), imports.c.id.desc())


class Imports(Frame):
    """One row per import, the latest first. `kind` is a `Kind`; `sums` is a JSON text: for each
    action and currency the rows and amounts."""

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
    removed: Count
    sums: Text
    undone_at: Instant = nullable
    undone_by_name: Text = nullable


def list_imports(identity: Identity) -> DataFrame[Imports]:
    """Return the tenant's imports, the latest first. Raises AccessDenied for a VIEWER."""
    with reporting(identity) as connection:
        return fetch(connection, _imports_query(identity), Imports)


def page_of_imports(identity: Identity, request: PageRequest) -> Page[Imports]:
    """Return one page of `list_imports`. Raises AccessDenied for a VIEWER."""
    with reporting(identity) as connection:
        return fetch_page(connection, _imports_query(identity), Imports, request, _ORDER, {})


def find_import(
    identity: Identity, *, import_id: str | None = None, checksum: str | None = None
) -> DataFrame[Imports]:
    """Return the import with this id, or the latest one of a file with this checksum, or no row.

    Raises AccessDenied for a VIEWER.
    """
    query = _imports_query(identity).where(
        imports.c.id == import_id if checksum is None else imports.c.checksum == checksum
    )
    with reporting(identity) as connection:
        return fetch(connection, query.limit(1), Imports)


def _imports_query(identity: Identity) -> sa.Select[Any]:
    return (
        sa.select(
            *(imports.c[name] for name in Imports.to_schema().columns if name != "sums"),
            sa.cast(imports.c.sums, sa.Text).label("sums"),
        )
        .where(imports.c.tenant_id == identity.tenant_id)
        .order_by(*_ORDER)
    )


def undo(identity: Identity, import_id: str) -> None:
    """Undo an import as a whole, in one transaction.

    Raises ImportTouched, NotFound, AlreadyExists (undone already), MonthClosed, AccessDenied.
    """
    conditions = (imports.c.tenant_id == identity.tenant_id, imports.c.id == import_id)
    with scoped(identity) as connection:
        connection.execute(_TAKE_TURN)
        result = connection.execute(
            sa.select(imports.c.kind, imports.c.undone_at).where(*conditions)
        )
        row = result.one_or_none()
        if row is None:
            raise NotFound("This import no longer exists.")
        if row.undone_at is not None:
            raise AlreadyExists("This import has already been undone.")
        connection.execute(sa.update(imports).where(*conditions).values(undone_at=sa.func.now()))
        kind = Kind(row.kind)
        changes = import_changes(import_id)
        written = connection.execute(sa.select(changes.c.table_name).distinct()).scalars().all()
        # Amounts of no client in a file of financial records are overheads.
        further = [Kind.OVERHEADS] if overheads.name in written else []
        kinds = list(dict.fromkeys([kind, *further]))
        tables = list(dict.fromkeys([*(TARGETS[of_kind].table for of_kind in kinds), client_kpis]))
        with hash_joins(connection):
            for table in tables:
                _lock_rows(connection, identity, table, changes)
            in_use = stages_in_use(connection, identity, changes)
            require_untouched(connection, identity, kind, tables, changes, import_id, in_use)
            for of_kind in kinds:
                _restore(connection, identity, TARGETS[of_kind], changes)
            for table in tables:
                _delete_added(connection, identity, table, changes)
            connection.execute(sa.select(sa.func.app.restore_rows_of_import(import_id)))
            remove_stages(connection, identity, changes)
            if kind is not Kind.CLIENTS:
                _restore_prospects(connection, identity, changes)


def _lock_rows(
    connection: Connection, identity: Identity, table: sa.TableClause, changes: sa.Subquery
) -> None:
    """Lock the rows of the import until the end of the transaction. Waits for transactions that
    change one of them, or record something for one of its clients."""
    conditions = in_import(identity, table, changes)
    connection.execute(sa.select(sa.literal(1)).where(*conditions).with_for_update(of=table))


def _restore(
    connection: Connection, identity: Identity, target: Target, changes: sa.Subquery
) -> None:
    """Restore the rows of a table that the import changed."""
    table = target.table
    columns = (*target.columns, *target.derived)

    def value(side: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[Any]:
        return sa.cast(sa.func.jsonb_extract_path_text(side, name), target.types[name])

    before = {name: value(changes.c.before, name) for name in columns}
    if table is lead_events:
        # A stage that the import did not change may have been renamed since.
        is_changed = value(changes.c.before, "stage") != value(changes.c.after, "stage")
        before["stage"] = sa.case((is_changed, before["stage"]), else_=table.c.stage)
    connection.execute(
        sa.update(table)
        .values(before)
        .where(*in_import(identity, table, changes), changes.c.action == "UPDATE")
    )


def _restore_prospects(connection: Connection, identity: Identity, changes: sa.Subquery) -> None:
    """Make the clients that were prospects before the import prospects again.

    They are locked, so that nobody records anything for them in the meantime.
    """
    before, after = (
        sa.func.jsonb_extract_path_text(side, "status")
        for side in (changes.c.before, changes.c.after)
    )
    connection.execute(
        sa.update(client_kpis)
        .values(status=PROSPECT)
        .where(
            *in_import(identity, client_kpis, changes),
            changes.c.action == "UPDATE",
            before == PROSPECT,
            client_kpis.c.status == after,
            sa.not_(makes_a_client(identity, client_kpis.c.id)),
        )
    )


def _delete_added(
    connection: Connection, identity: Identity, table: sa.TableClause, changes: sa.Subquery
) -> None:
    """Delete the rows that the import added."""
    connection.execute(
        sa.delete(table).where(*in_import(identity, table, changes), changes.c.action == "INSERT")
    )
