"""Later changes of the rows of an import, which prevent undoing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection

from zixly_data.database.schema import (
    client_kpis,
    client_merges,
    custom_metrics,
    date_notes,
    financials,
    finding_dismissals,
    imports,
    lead_events,
    metric_targets,
    overheads,
)
from zixly_data.errors import Conflict
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.targets import TARGETS, TEXT
from zixly_data.values.dates import short_date
from zixly_data.values.sources import FILE

_MOST_SHOWN = 20


@dataclass(frozen=True)
class ChangedRow:
    """A row changed, deleted or added after the import, with a description for people."""

    table_name: str
    row_id: str
    description: str


class ImportTouched(Conflict):
    """Rows of the import were changed later. `current` lists at most twenty (`ChangedRow`)."""

    advice = "Change these records back yourself, or keep the import."


def import_changes(import_id: str) -> sa.Subquery:
    """Select the changes of an import: table, row, action, the row before and after."""
    columns = (sa.column("table_name", sa.Text), sa.column("row_id", sa.Text),
               sa.column("action", sa.Text), sa.column("before", JSONB),
               sa.column("after", JSONB))  # fmt: skip
    rows = sa.func.app.rows_of_import(import_id).table_valued(*columns)
    return sa.select(rows).subquery("done")


def in_import(
    identity: Identity, table: sa.TableClause, changes: sa.Subquery
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        table.c.tenant_id == identity.tenant_id,
        table.c.id == changes.c.row_id,
        changes.c.table_name == table.name,
    )


def require_untouched(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    tables: list[sa.TableClause],
    changes: sa.Subquery,
    import_id: str,
    in_use: Sequence[ChangedRow] = (),
) -> None:
    """Raise ImportTouched if rows of the import are not as it left them, if documents from which it
    removed a line have later lines or lost their client, if its new clients have other rows, or if
    something else is `in_use`."""
    changed: list[ChangedRow] = [*in_use]
    for table in tables:
        changed += _changed_since(connection, identity, kind, table, changes)
        if table in (financials, overheads):
            changed += _documents_since(connection, identity, table, changes, import_id)
    changed += _recorded_since(connection, identity, kind, changes)
    if changed:
        raise ImportTouched(_sentence(changed), current=changed[:_MOST_SHOWN])


def _changed_since(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    table: sa.TableClause,
    changes: sa.Subquery,
) -> list[ChangedRow]:
    date_column = next(
        (target.date_column for target in TARGETS.values() if target.table is table), None
    )
    same_row = (table.c.tenant_id == identity.tenant_id) & (table.c.id == changes.c.row_id)
    clients = client_kpis.alias("named")
    of_client = table.c.id if table is client_kpis else table.c.get("client_kpi_id", sa.null())
    name: sa.ColumnElement[Any] = clients.c.client_name
    if table is overheads:
        name = sa.func.coalesce(table.c.account, table.c.counterparty, "an overhead")
    query = (
        sa.select(
            changes.c.row_id,
            table.c.id.label("there"),
            name.label("client_name"),
            (table.c[date_column] if date_column else sa.null()).label("day"),
        )
        .select_from(
            changes.outerjoin(table, same_row).outerjoin(
                clients, (clients.c.tenant_id == identity.tenant_id) & (clients.c.id == of_client)
            )
        )
        .where(
            changes.c.table_name == table.name,
            changes.c.action != "DELETE",
            *_by_the_file(kind, table, changes),
            sa.or_(table.c.id.is_(None), table.c.version != _version(changes)),
            sa.or_(table.c.id.is_(None), sa.not_(_is_as_written(table, changes))),
        )
        .order_by(changes.c.row_id)
    )
    return [
        ChangedRow(
            table.name, row.row_id, _describe_row(row.client_name, row.day, row.there is None)
        )
        for row in connection.execute(query)
    ]


def _documents_since(
    connection: Connection,
    identity: Identity,
    table: sa.TableClause,
    changes: sa.Subquery,
    import_id: str,
) -> list[ChangedRow]:
    """Return the removed lines that cannot come back: their document has lines that were added
    since, or their client was deleted."""

    def before(name: str) -> sa.ColumnElement[str]:
        return sa.func.jsonb_extract_path_text(changes.c.before, name)

    party = "client_kpi_id" if table is financials else "counterparty"
    later, client = table.alias("later"), client_kpis.alias("named")
    of_import = (imports.c.tenant_id == identity.tenant_id, imports.c.id == import_id)
    has_later_lines = sa.exists().where(
        later.c.tenant_id == identity.tenant_id,
        later.c.external_id == before("external_id"),
        later.c[party].is_not_distinct_from(before(party)),
        later.c.source_system == FILE,
        later.c.created_at > sa.select(imports.c.created_at).where(*of_import).scalar_subquery(),
    )
    is_client = (client.c.tenant_id == identity.tenant_id) & (client.c.id == before(party))
    reasons: list[sa.ColumnElement[bool]] = [has_later_lines]
    if table is financials:
        reasons.append(client.c.id.is_(None))
    query = (
        sa.select(
            changes.c.row_id, before("external_id").label("number"), client.c.client_name,
            before(party).label("party"),
        )
        .select_from(changes.outerjoin(client, is_client))
        .where(
            changes.c.table_name == table.name, changes.c.action == "DELETE", sa.or_(*reasons)
        )
        .order_by(changes.c.row_id)
    )  # fmt: skip
    return [
        ChangedRow(table.name, row.row_id, _describe_line(table, row))
        for row in connection.execute(query)
    ]


def _describe_line(table: sa.TableClause, row: sa.Row[Any]) -> str:
    if table is financials and row.client_name is None:
        return f"{row.number} of a client that was deleted"
    return f"later lines of {row.number}, {row.client_name or row.party or 'an overhead'}"


def _by_the_file(
    kind: Kind, table: sa.TableClause, changes: sa.Subquery
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition for changes that the file made: not those of prospects that its records
    made clients, whom people may have changed since."""
    if table is not client_kpis or kind is Kind.CLIENTS:
        return ()
    return (changes.c.action == "INSERT",)


def _recorded_since(
    connection: Connection, identity: Identity, kind: Kind, changes: sa.Subquery
) -> list[ChangedRow]:
    """Return what came later of clients that the import added: records, notes, targets and
    dismissals, which deleting these clients would delete too, and clients merged into them."""
    added = sa.select(changes.c.row_id).where(
        changes.c.table_name == client_kpis.name, changes.c.action == "INSERT"
    )
    ours = client_kpis.c.tenant_id == identity.tenant_id
    new_clients = sa.select(client_kpis.c.id).where(ours, client_kpis.c.id.in_(added))
    client_ids = list(connection.execute(new_clients).scalars())
    if not client_ids:
        return []
    recorded = []
    # One parameter: a statement may have 65,535, and an import may add more clients.
    added_ids = sa.select(array_rows({"id": client_ids}, {"id": TEXT}).c.id)
    import_rows = sa.select(changes.c.row_id).where(
        changes.c.table_name == TARGETS[kind].table.name
    )
    for table in (
        financials, lead_events, custom_metrics, date_notes, metric_targets, finding_dismissals,
    ):  # fmt: skip
        query = (
            sa.select(table.c.id, client_kpis.c.client_name)
            .select_from(
                table.join(client_kpis, ours & (client_kpis.c.id == table.c.client_kpi_id))
            )
            .where(
                table.c.tenant_id == identity.tenant_id,
                table.c.client_kpi_id.in_(added_ids),
                table.c.id.not_in(import_rows),
            )
        )
        recorded += [
            ChangedRow(table.name, row.id, f"a later entry for {row.client_name}")
            for row in connection.execute(query)
        ]
    merges = sa.select(client_merges.c.id, client_merges.c.kept_name).where(
        client_merges.c.tenant_id == identity.tenant_id,
        client_merges.c.kept_id.in_(added_ids),
        client_merges.c.undone_at.is_(None),
    )
    recorded += [
        ChangedRow(client_merges.name, row.id, f"a client merged into {row.kept_name}")
        for row in connection.execute(merges)
    ]
    return recorded


def _version(changes: sa.Subquery) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.jsonb_extract_path_text(changes.c.after, "version"), sa.Integer)


def _is_as_written(table: sa.TableClause, changes: sa.Subquery) -> sa.ColumnElement[bool]:
    """Compare the row with the values that the import wrote, apart from version and times."""
    counted_columns = sa.cast(["version", "updated_at", "created_at"], sa.ARRAY(sa.Text))
    written = changes.c.after.op("-", return_type=JSONB)(counted_columns)
    return sa.func.to_jsonb(table.table_valued()).op("@>", is_comparison=True)(written)


def _describe_row(client_name: str | None, day: date | None, gone: bool) -> str:
    if gone:
        return "a deleted record"
    return f"{client_name}, {short_date(day)}" if day else f"{client_name}"


def _sentence(changed: list[ChangedRow]) -> str:
    count = len(changed)
    descriptions = "; ".join(row.description for row in changed[:3]) + ("; …" if count > 3 else "")
    rows = "1 row of this import has" if count == 1 else f"{count:,} rows of this import have"
    return f"{rows} changed since, so nothing was undone: {descriptions}."
