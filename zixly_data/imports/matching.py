"""Which rows of a file are on record already, and which of these it changes.

A row of the file is a row of the table

1. when it carries our own id;
2. when it carries the number of a document that an earlier file brought in;
3. when everything the file says is the same: the n-th such row of the file is the n-th on record;
4. else when it is about the same thing (the client and the day; for leads also lead and stage, for
   metrics the metric): the rows left over are paired in order. So a second file with a corrected
   amount corrects the record, while two records on one day stay two.

Rows that another system numbered are never taken by 3 and 4. What finds no partner is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import hash_joins
from zixly_data.identity import Identity
from zixly_data.imports.arrays import rows_of
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.targets import FILE, SHAPES, TEXT, WHOLE, Shape, Types


@dataclass(frozen=True)
class Match:
    """The row on record that a row of the file is. `now` holds, by column, what is there where the
    file says something else; it is empty where nothing changes."""

    id: str
    version: int
    now: Mapping[str, str | None]


def match(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    columns: Mapping[str, Sequence[str | None]],
    rows: Sequence[int],
    *,
    same_day_is_new: bool = False,
) -> dict[int, Match]:
    """The partner of each of these rows that has one, by its place in the file."""
    if not rows:
        return {}
    shape = SHAPES[kind]
    said = [name for name in shape.columns if name in columns]
    sent = ["id", "external_id", *said]
    nothing: list[str | None] = [None] * len(rows)
    file_columns: dict[str, Sequence[str | None]] = {"place": [str(row) for row in rows]}
    for name in sent:
        file_columns[name] = [columns[name][row] for row in rows] if name in columns else nothing
    types: Types = {"place": WHOLE, "id": TEXT, "external_id": TEXT, **shape.types}
    file = sa.select(*rows_of(file_columns, types).c).cte("file")
    query = _partners(identity, shape, file, said, columns, pair_left_overs=not same_day_is_new)
    with hash_joins(connection, len(rows)):
        found = connection.execute(query).all()
    return {
        place: Match(row_id, version, {name: now[said.index(name)] for name in differs})
        for place, row_id, version, differs, *now in found
    }


def _partners(
    identity: Identity,
    shape: Shape,
    file: sa.CTE,
    said: Sequence[str],
    columns: Mapping[str, object],
    *,
    pair_left_overs: bool,
) -> sa.Select[Any]:
    """One row for each pair: the place in the file, the id and version on record, the names of the
    columns that differ, and what these columns hold now."""
    table = shape.table
    ours = table.c.tenant_id == identity.tenant_id
    pairs = _numbered(shape, file, ours, columns)
    if all(name in columns for name in shape.key):
        alike = _in_order(shape, file, said, ours, pairs, "alike")
        pairs = sa.union(sa.select(pairs), sa.select(alike)).cte("found")
        if pair_left_overs:
            left = _in_order(shape, file, shape.key, ours, pairs, "left_over")
            pairs = sa.union(sa.select(pairs), sa.select(left)).cte("all_found")
    other = {name: file.c[name].is_distinct_from(table.c[name]) for name in said}
    for name in set(said).difference(shape.clearable):
        other[name] = other[name] & file.c[name].is_not(None)
    named = [sa.case((other[name], sa.literal(name, TEXT))) for name in said]
    differs = sa.func.array_remove(sa.cast(array(named), sa.ARRAY(TEXT)), sa.null())
    return sa.select(
        pairs.c.place, table.c.id, table.c.version, differs.label("differs"),
        *(sa.cast(table.c[name], TEXT).label(f"now_{name}") for name in said),
    ).select_from(
        pairs.join(file, file.c.place == pairs.c.place).join(
            table, ours & (table.c.id == pairs.c.id)
        )
    )  # fmt: skip


def _numbered(
    shape: Shape, file: sa.CTE, ours: sa.ColumnElement[bool], columns: Mapping[str, object]
) -> sa.CTE:
    """The pairs by our own id, and by the number of a document."""
    table = shape.table
    by_id = sa.select(file.c.place, table.c.id).join_from(
        file, table, ours & (table.c.id == file.c.id)
    ).cte("by_id")  # fmt: skip
    if "external_id" not in columns:
        return by_id
    by_number = (
        sa.select(file.c.place, table.c.id)
        .join_from(
            file, table,
            ours & (table.c.source_system == FILE) & (table.c.external_id == file.c.external_id),
        )
        .where(
            file.c.place.not_in(sa.select(by_id.c.place)), table.c.id.not_in(sa.select(by_id.c.id))
        )
    )  # fmt: skip
    return sa.union(sa.select(by_id), by_number).cte("numbered")


def _in_order(
    shape: Shape,
    file: sa.CTE,
    by: Sequence[str],
    ours: sa.ColumnElement[bool],
    found: sa.CTE,
    name: str,
) -> sa.CTE:
    """The n-th row of the file with these columns, and the n-th on record, of those not found."""
    table = shape.table
    free = [file.c.place.not_in(sa.select(found.c.place)), file.c.external_id.is_(None)]
    free += [file.c[key].is_not(None) for key in shape.key]
    in_file = (
        sa.select(
            file.c.place,
            *(_text(file.c[x]).label(x) for x in by),
            _count(file, by, file.c.place).label("n"),
        )
        .where(*free)
        .cte(f"{name}_in_file")
    )
    keys = sa.select(*(file.c[key] for key in shape.key)).where(*free).distinct().subquery()
    same_key = sa.and_(*(table.c[key] == keys.c[key] for key in shape.key))
    on_record = (
        sa.select(
            table.c.id,
            *(_text(table.c[x]).label(x) for x in by),
            _count(table, by, table.c.id).label("n"),
        )
        .select_from(table.join(keys, same_key))
        .where(ours, table.c.id.not_in(sa.select(found.c.id)))
    )
    if "external_id" in table.c:
        on_record = on_record.where(table.c.external_id.is_(None))
    there = on_record.cte(f"{name}_on_record")
    same = sa.and_(in_file.c.n == there.c.n, *(in_file.c[x] == there.c[x] for x in by))
    return sa.select(in_file.c.place, there.c.id).join_from(in_file, there, same).cte(name)


def _text(column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """As something that is equal to itself also where it is absent."""
    return sa.func.coalesce(sa.cast(column, TEXT), "")


def _count(rows: Any, by: Sequence[str], order: Any) -> sa.Over[int]:
    return sa.func.row_number().over(
        partition_by=[_text(rows.c[name]) for name in by], order_by=order
    )
