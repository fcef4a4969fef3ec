"""The rows of an import that are not as it left them: for these it cannot be undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection

from zixly_data.database.schema import (
    client_kpis,
    custom_metrics,
    date_notes,
    financials,
    finding_dismissals,
    lead_events,
)
from zixly_data.errors import Conflict
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.targets import SHAPES
from zixly_data.values.dates import short_date

_SHOWN = 20


@dataclass(frozen=True)
class Touched:
    """A row of an import that somebody changed or deleted since."""

    table_name: str
    row_id: str
    words: str


class ImportTouched(Conflict):
    """`current` lists the rows that were changed since (`Touched`), at most twenty of them."""

    advice = "Change these records back by hand, or leave the import as it is."


def rows_of(import_id: str) -> sa.Subquery:
    """What the import did: table, row, action, the row before it and after it."""
    columns = (sa.column("table_name", sa.Text), sa.column("row_id", sa.Text),
               sa.column("action", sa.Text), sa.column("before", JSONB),
               sa.column("after", JSONB))  # fmt: skip
    rows = sa.func.app.rows_of_import(import_id).table_valued(*columns)
    return sa.select(rows).subquery("done")


def of_import(
    identity: Identity, table: sa.TableClause, done: sa.Subquery
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.tenant_id == identity.tenant_id,
        table.c.id == done.c.row_id,
        done.c.table_name == table.name,
    )


def require_untouched(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    tables: list[sa.TableClause],
    done: sa.Subquery,
) -> None:
    """Raises ImportTouched where rows of the import are not as it left them, or something else
    hangs on its clients since."""
    found: list[Touched] = []
    for table in tables:
        dated = SHAPES[kind].dated if table is SHAPES[kind].table else None
        found += _changed_since(connection, identity, table, dated, done)
    found += _recorded_since(connection, identity, kind, done)
    if found:
        raise ImportTouched(_sentence(found), current=found[:_SHOWN])


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
            sa.or_(table.c.id.is_(None), table.c.version != _version(done)),
            sa.or_(table.c.id.is_(None), sa.not_(_as_it_was_left(table, done))),
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
    """Records, notes and answers that others hung on clients which the import added: deleting
    these would take them along."""
    added = sa.select(done.c.row_id).where(
        done.c.table_name == client_kpis.name, done.c.action == "INSERT"
    )
    ours = client_kpis.c.tenant_id == identity.tenant_id
    new_clients = sa.select(client_kpis.c.id).where(ours, client_kpis.c.id.in_(added))
    wanted = list(connection.execute(new_clients).scalars())
    if not wanted:
        return []
    found = []
    own_rows = sa.select(done.c.row_id).where(done.c.table_name == SHAPES[kind].table.name)
    for table in (financials, lead_events, custom_metrics, date_notes, finding_dismissals):
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
            Touched(
                table.name, row.id, f"somebody has written something for {row.client_name} by now"
            )
            for row in connection.execute(query)
        ]
    return found


def _version(done: sa.Subquery) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.jsonb_extract_path_text(done.c.after, "version"), sa.Integer)


def _as_it_was_left(table: sa.TableClause, done: sa.Subquery) -> sa.ColumnElement[bool]:
    """Whether the row says what the import wrote, whatever happened between."""
    counted = sa.cast(["version", "updated_at", "created_at"], sa.ARRAY(sa.Text))
    written = done.c.after.op("-", return_type=JSONB)(counted)
    return sa.func.to_jsonb(table.table_valued()).op("@>", is_comparison=True)(written)


def _words(client_name: str | None, day: date | None, gone: bool) -> str:
    if gone:
        return "a record that was deleted since"
    return f"{client_name}, {short_date(day)}" if day else f"{client_name}"


def _sentence(touched: list[Touched]) -> str:
    count = len(touched)
    which = "; ".join(each.words for each in touched[:3]) + ("; …" if count > 3 else "")
    rows = "1 row of this import was" if count == 1 else f"{count:,} rows of this import were"
    return f"{rows} changed since, so nothing was undone: {which}."
