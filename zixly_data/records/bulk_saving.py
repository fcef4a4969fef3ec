"""Saving a grid: many rows of one table in one transaction, all or nothing.

* A new row comes with an id of ours: a grid sent twice makes each row once.
* A changed row comes with the version the person saw, a row to delete too.
* What stands as it is wanted already is left alone, whoever brought it there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import client_kpis
from zixly_data.errors import Conflict, InvalidCells
from zixly_data.identity import Identity
from zixly_data.values.period import Period

Values = Mapping[str, Any]

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "record_date": sa.Date(),
    "event_date": sa.Date(),
    "revenue": sa.Numeric(),
    "expenses": sa.Numeric(),
    "value": sa.Numeric(),
    "metric_value": sa.Numeric(),
}


@dataclass(frozen=True)
class Wanted:
    """A row as it should stand: its values by column, or None where it should go.

    `version` is the one that was read; None for a new row.
    """

    id: str
    version: int | None
    values: Values | None


@dataclass(frozen=True)
class Standing:
    """What stands in the books where a row of the grid was about to be saved.

    `row` is the id that was sent, `id` that of the record there: the same one, changed meanwhile;
    another one that somebody else added; or None where it was deleted.
    """

    row: str
    id: str | None
    version: int
    values: Values


@dataclass(frozen=True)
class Saved:
    """How many records were added, changed and deleted."""

    added: int = 0
    changed: int = 0
    deleted: int = 0

    @property
    def total(self) -> int:
        return self.added + self.changed + self.deleted


@dataclass(frozen=True)
class Target:
    """Where the rows go: a table of dated records, its values' columns, and when two new rows are
    about the same thing: `place` says what a row is about, as far as two people must not both
    record it unasked."""

    table: sa.TableClause
    dated: str
    columns: tuple[str, ...]
    place: Callable[[Values], Hashable]


def save(
    connection: Connection,
    identity: Identity,
    target: Target,
    month: Period,
    rows: Sequence[Wanted],
    seen: Collection[str],
) -> Saved:
    """Writes all rows in the open transaction. `seen` are the ids of the records that were read.

    Raises InvalidCells where a client is gone, Conflict where somebody else changed, deleted or
    added something meanwhile (`current` is a tuple of Standing), AccessDenied, MonthClosed.
    """
    if not rows:
        return Saved()
    _hold_clients(connection, identity, rows)
    there = _hold(connection, identity, target, [row.id for row in rows])
    new = [
        row
        for row in rows
        if row.values is not None and row.version is None and row.id not in there
    ]
    added = _added_by_others(connection, identity, target, month, new, seen)
    conflicts: list[Standing] = []
    write: list[Wanted] = []
    for row in rows:
        now = there.get(row.id)
        if now is None and row.version is None and row.values is not None:
            other = added.get(target.place(row.values))
            if other is not None:
                conflicts.append(Standing(row.id, other.id, other.version, other.values))
        elif now is None:
            if row.values is not None:
                conflicts.append(Standing(row.id, None, 0, {}))
        elif row.values != now.values and row.version != now.version:
            conflicts.append(now)
        elif row.values != now.values:
            write.append(row)
    if conflicts:
        raise Conflict(
            "Someone else changed the same records meanwhile; nothing was saved.",
            current=tuple(conflicts),
        )
    changes = [row for row in write if row.values is not None]
    gone = [row.id for row in write if row.values is None]
    _insert(connection, target, new)
    _update(connection, identity, target, changes)
    _delete(connection, identity, target, gone)
    return Saved(len(new), len(changes), len(gone))


def _hold_clients(connection: Connection, identity: Identity, rows: Iterable[Wanted]) -> None:
    """Two grids with the same clients are saved one after the other: the second sees what the first
    did. Forms are not held up."""
    wanted = {row.values["client_kpi_id"] for row in rows if row.values is not None}
    query = (
        sa.select(client_kpis.c.id)
        .where(client_kpis.c.tenant_id == identity.tenant_id, client_kpis.c.id.in_(wanted))
        .order_by(client_kpis.c.id)
        .with_for_update(key_share=True)
    )
    found = set(connection.execute(query).scalars())
    lost = "This client is not there any more. Someone may have deleted it."
    cells = tuple(
        (row.id, "client_kpi_id", lost)
        for row in rows
        if row.values is not None and row.values["client_kpi_id"] not in found
    )
    if cells:
        raise InvalidCells(cells)


def _hold(
    connection: Connection, identity: Identity, target: Target, ids: Collection[str]
) -> dict[str, Standing]:
    """The rows as they stand, which nobody else changes until the transaction ends."""
    table = target.table
    query = (
        _rows(target)
        .where(table.c.tenant_id == identity.tenant_id, table.c.id.in_(ids))
        .order_by(table.c.id)
        .with_for_update()
    )
    return {each.row: each for each in _read(connection, target, query)}


def _added_by_others(
    connection: Connection,
    identity: Identity,
    target: Target,
    month: Period,
    new: Sequence[Wanted],
    seen: Collection[str],
) -> dict[Hashable, Standing]:
    """The records of the month that were not there when the grid was read, by their place."""
    clients = {row.values["client_kpi_id"] for row in new if row.values is not None}
    if not clients:
        return {}
    table = target.table
    query = (
        _rows(target)
        .where(
            table.c.tenant_id == identity.tenant_id,
            table.c.client_kpi_id.in_(clients),
            table.c[target.dated].between(month.start, month.end),
        )
        .order_by(table.c.id)
    )
    known = frozenset(seen)
    return {
        target.place(each.values): each
        for each in _read(connection, target, query)
        if each.id not in known
    }


def _rows(target: Target) -> sa.Select[Any]:
    return sa.select(*(target.table.c[name] for name in ("id", "version", *target.columns)))


def _read(connection: Connection, target: Target, query: sa.Select[Any]) -> list[Standing]:
    return [
        Standing(row.id, row.id, row.version, {name: row._mapping[name] for name in target.columns})
        for row in connection.execute(query)
    ]


def _insert(connection: Connection, target: Target, rows: Sequence[Wanted]) -> None:
    if rows:
        made = [{"id": row.id, **(row.values or {})} for row in rows]
        connection.execute(sa.insert(target.table).values(made))


def _update(
    connection: Connection, identity: Identity, target: Target, rows: Sequence[Wanted]
) -> None:
    """One statement, so that the trail is written once for all of them."""
    if not rows:
        return
    table = target.table
    typed = [sa.column(name, _TYPES.get(name, sa.Text())) for name in target.columns]
    wanted = sa.values(sa.column("id", sa.Text()), *typed, name="wanted").data(
        [(row.id, *((row.values or {})[name] for name in target.columns)) for row in rows]
    )
    connection.execute(
        sa.update(table)
        .where(table.c.tenant_id == identity.tenant_id, table.c.id == wanted.c.id)
        .values({name: wanted.c[name] for name in target.columns})
    )


def _delete(connection: Connection, identity: Identity, target: Target, ids: Sequence[str]) -> None:
    if ids:
        table = target.table
        connection.execute(
            sa.delete(table).where(table.c.tenant_id == identity.tenant_id, table.c.id.in_(ids))
        )
