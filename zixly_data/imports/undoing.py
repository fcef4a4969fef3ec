"""Imports that were confirmed, and taking one back as a whole.

What an import did stands on the trail, row by row. Undoing deletes what it added and writes back
what it changed, every column as it was; only `version` and `updated_at` count on, so that nobody
who saw the imported row can save over the restored one unawares. Where anybody touched one of the
rows since, nothing is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.connection import scoped
from zixly_data.dates import short_date
from zixly_data.errors import AlreadyExists, Conflict, NotFound
from zixly_data.frames import Count, Frame, Instant, Text, fetch, nullable
from zixly_data.identity import Identity
from zixly_data.imports.kinds import Kind
from zixly_data.imports.shapes import BROUGHT, SHAPES
from zixly_data.schema import client_kpis, custom_metrics, financials, imports, lead_events

_SHOWN = 20


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


@dataclass(frozen=True)
class Touched:
    """A row of an import that somebody changed or deleted since."""

    table_name: str
    row_id: str
    words: str


class ImportTouched(Conflict):
    """`current` lists the rows that were changed since (`Touched`), at most twenty of them."""

    advice = "Change these records back by hand, or leave the import as it is."


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
        done = _rows_of(import_id)
        touched = _touched(connection, identity, kind, done)
        if touched:
            raise ImportTouched(_sentence(touched), current=touched[:_SHOWN])
        _restore(connection, identity, kind, done)
        _take_back(connection, identity, SHAPES[kind].table, done)
        if kind is not Kind.CLIENTS:
            _take_back(connection, identity, client_kpis, done)


def _rows_of(import_id: str) -> sa.Subquery:
    """What the import did: table, row, action, the row before it, the version after it."""
    columns = (sa.column("table_name", sa.Text), sa.column("row_id", sa.Text),
               sa.column("action", sa.Text), sa.column("before", sa.JSON),
               sa.column("version", sa.Integer))  # fmt: skip
    rows = sa.func.app.rows_of_import(import_id).table_valued(*columns)
    return sa.select(rows).subquery("done")


def _touched(
    connection: Connection, identity: Identity, kind: Kind, done: sa.Subquery
) -> list[Touched]:
    """The rows of the import that are not as it left them, and what hangs on its clients since."""
    return [
        *_changed_since(connection, identity, SHAPES[kind].table, SHAPES[kind].dated, done),
        *(
            _changed_since(connection, identity, client_kpis, None, done)
            if kind is not Kind.CLIENTS
            else ()
        ),
        *_recorded_since(connection, identity, kind, done),
    ]


def _changed_since(
    connection: Connection,
    identity: Identity,
    table: sa.TableClause,
    dated: str | None,
    done: sa.Subquery,
) -> list[Touched]:
    same = (table.c.tenant_id == identity.tenant_id) & (table.c.id == done.c.row_id)
    of_client = table.c.id if table is client_kpis else table.c.client_kpi_id
    named = client_kpis.alias("named")
    query = (
        sa.select(
            done.c.row_id,
            table.c.id.label("there"),
            named.c.client_name,
            (table.c[dated] if dated else sa.null()).label("day"),
        )
        .select_from(
            done.outerjoin(table, same).outerjoin(
                named, (named.c.tenant_id == identity.tenant_id) & (named.c.id == of_client)
            )
        )
        .where(
            done.c.table_name == table.name,
            sa.or_(table.c.id.is_(None), table.c.version != done.c.version),
        )
        .order_by(done.c.row_id)
    )
    return [
        Touched(table.name, row.row_id, _words(row.client_name, row.day, row.there is None))
        for row in connection.execute(query)
    ]


def _recorded_since(
    connection: Connection, identity: Identity, kind: Kind, done: sa.Subquery
) -> list[Touched]:
    """Records that others hung on clients which the import added: deleting these would take them
    along. Whoever is just recording one is waited for."""
    added = sa.select(done.c.row_id).where(
        done.c.table_name == client_kpis.name, done.c.action == "INSERT"
    )
    ours = client_kpis.c.tenant_id == identity.tenant_id
    new_clients = connection.execute(
        sa.select(client_kpis.c.id).where(ours, client_kpis.c.id.in_(added)).with_for_update()
    ).scalars()
    wanted = list(new_clients)
    if not wanted:
        return []
    found = []
    own_rows = sa.select(done.c.row_id).where(done.c.table_name == SHAPES[kind].table.name)
    for table in (financials, lead_events, custom_metrics):
        query = (
            sa.select(table.c.id, client_kpis.c.client_name)
            .select_from(
                table.join(client_kpis, ours & (client_kpis.c.id == table.c.client_kpi_id))
            )
            .where(
                table.c.tenant_id == identity.tenant_id,
                table.c.client_kpi_id.in_(wanted),
                table.c.id.not_in(own_rows),
            )
        )
        found += [
            Touched(table.name, row.id, f"{row.client_name} has a record of its own by now")
            for row in connection.execute(query)
        ]
    return found


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
        .where(
            table.c.tenant_id == identity.tenant_id,
            table.c.id == done.c.row_id,
            done.c.table_name == table.name,
            done.c.action == "UPDATE",
        )
    )


def _take_back(
    connection: Connection, identity: Identity, table: sa.TableClause, done: sa.Subquery
) -> None:
    """Deletes the rows that the import added, as it left them."""
    connection.execute(
        sa.delete(table).where(
            table.c.tenant_id == identity.tenant_id,
            table.c.id == done.c.row_id,
            table.c.version == done.c.version,
            done.c.table_name == table.name,
            done.c.action == "INSERT",
        )
    )


def _words(client_name: str | None, day: date | None, gone: bool) -> str:
    if gone:
        return "a record that was deleted since"
    return f"{client_name}, {short_date(day)}" if day else f"{client_name}"


def _sentence(touched: list[Touched]) -> str:
    count = len(touched)
    which = "; ".join(each.words for each in touched[:3]) + ("; …" if count > 3 else "")
    rows = "1 row of this import was" if count == 1 else f"{count:,} rows of this import were"
    return f"{rows} changed since, so nothing was undone: {which}."
