"""Matching of the rows of a file with the rows on record.

A row of the file matches a row of the table

1. if it carries our own id;
2. if it carries the number of a lead or a value that an earlier file imported (`document_lines`
   matches the lines of documents);
3. if all its values are the same: the n-th such row of the file is the n-th on record;
4. otherwise if it has the same key (the client and the day; for leads also lead and stage, for
   metrics the metric; of overheads the day, the currency, the account and the counterparty): the
   remaining rows are paired in order, unless they are known to be further records. Whether such a
   row corrects the record is for a person to say.

Rows with a number from another system are never matched by 3 and 4. A row without a match is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import FEW_ROWS, hash_joins
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.targets import DATE, TARGETS, TEXT, WHOLE, Target, Types
from zixly_data.values.sources import FILE

# The tables whose numbers are of documents with several lines.
DOCUMENTS = ("financials", "overheads")


@dataclass(frozen=True)
class Match:
    """The row on record that matches a row of the file. `current` holds, by column, the values on
    record that differ from the file; it is empty if nothing changes. `source_system` is where the
    row on record comes from, None in tables whose rows have no source. `by_key` is a match by 4."""

    id: str
    version: int
    current: Mapping[str, str | None]
    source_system: str | None = None
    by_key: bool = False


def match(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    columns: Mapping[str, Sequence[str | None]],
    rows: Sequence[int],
    *,
    pair_left_overs: bool = True,
) -> dict[int, Match]:
    """Return the matches of these rows, by their index in the file."""
    if not rows:
        return {}
    target = TARGETS[kind]
    by_number = "external_id" in columns and target.table.name not in DOCUMENTS
    if len(rows) > FEW_ROWS and target.date_column and "id" not in columns and not by_number:
        days = {day for row in rows if (day := columns[target.date_column][row])}
        if not days or not has_rows_between(connection, identity, target, min(days), max(days)):
            return {}
    compared = [name for name in target.columns if name in columns]
    names = ["id", "external_id", *compared]
    empty: list[str | None] = [None] * len(rows)
    file_columns: dict[str, Sequence[str | None]] = {"place": [str(row) for row in rows]}
    for name in names:
        file_columns[name] = [columns[name][row] for row in rows] if name in columns else empty
    types: Types = {"place": WHOLE, "id": TEXT, "external_id": TEXT, **target.types}
    file = sa.select(*array_rows(file_columns, types).c).cte("file")
    query = _pairs_query(identity, target, file, compared, columns, pair_left_overs=pair_left_overs)
    with hash_joins(connection, len(rows)):
        pairs = connection.execute(query).all()
    return {
        place: Match(
            row_id,
            version,
            {name: current[compared.index(name)] for name in differs},
            source,
            by_key,
        )
        for place, row_id, version, source, by_key, differs, *current in pairs
    }


def has_rows_between(
    connection: Connection, identity: Identity, target: Target, first: str, last: str
) -> bool:
    """Return whether any row on record is of these days, written as `2024-03-01`. A file of a time
    without records, such as the first one or that of a new month, needs no comparison."""
    table = target.table
    dated = table.c[target.date_column or ""].between(sa.cast(first, DATE), sa.cast(last, DATE))
    query = sa.select(sa.exists().where(table.c.tenant_id == identity.tenant_id, dated))
    return bool(connection.execute(query).scalar_one())


def _pairs_query(
    identity: Identity,
    target: Target,
    file: sa.CTE,
    compared: Sequence[str],
    columns: Mapping[str, object],
    *,
    pair_left_overs: bool,
) -> sa.Select[Any]:
    """Select one row for each pair: the index in the file, the id, version and source on record,
    whether the key alone is the same, the names of the columns that differ, and the current values
    of the compared columns."""
    table = target.table
    ours = table.c.tenant_id == identity.tenant_id
    pairs = _pairs_by_number(target, file, ours, columns)
    if all(name in columns for name in target.required):
        alike = _pairs_in_order(target, file, compared, ours, pairs, "alike")
        pairs = sa.union_all(sa.select(pairs), sa.select(alike)).cte("found")
        if pair_left_overs:
            left_over = _pairs_in_order(target, file, target.key, ours, pairs, "left_over")
            pairs = sa.union_all(sa.select(pairs), sa.select(left_over)).cte("all_found")
    differences = {name: file.c[name].is_distinct_from(table.c[name]) for name in compared}
    for name in set(compared).difference(target.clearable):
        differences[name] = differences[name] & file.c[name].is_not(None)
    differing_names = [sa.case((differences[name], sa.literal(name, TEXT))) for name in compared]
    differs = sa.func.array_remove(sa.cast(array(differing_names), sa.ARRAY(TEXT)), sa.null())
    source = table.c.source_system if "source_system" in table.c else sa.cast(sa.null(), TEXT)
    return sa.select(
        pairs.c.place, table.c.id, table.c.version, source.label("source"), pairs.c.by_key,
        differs.label("differs"),
        *(sa.cast(table.c[name], TEXT).label(f"now_{name}") for name in compared),
    ).select_from(
        pairs.join(file, file.c.place == pairs.c.place).join(
            table, ours & (table.c.id == pairs.c.id)
        )
    )  # fmt: skip


def _pairs_by_number(
    target: Target, file: sa.CTE, ours: sa.ColumnElement[bool], columns: Mapping[str, object]
) -> sa.CTE:
    """Select the pairs by our own id, and by the number of a lead or a value."""
    table = target.table
    by_key = sa.false().label("by_key")
    by_id = sa.select(file.c.place, table.c.id, by_key).join_from(
        file, table, ours & (table.c.id == file.c.id)
    ).cte("by_id")  # fmt: skip
    if "external_id" not in columns or table.name in DOCUMENTS:
        return by_id
    by_number = (
        sa.select(file.c.place, table.c.id, by_key)
        .join_from(
            file, table,
            ours & (table.c.source_system == FILE) & (table.c.external_id == file.c.external_id),
        )
        .where(
            file.c.place.not_in(sa.select(by_id.c.place)), table.c.id.not_in(sa.select(by_id.c.id))
        )
    )  # fmt: skip
    return sa.union_all(sa.select(by_id), by_number).cte("numbered")


def _pairs_in_order(
    target: Target,
    file: sa.CTE,
    names: Sequence[str],
    ours: sa.ColumnElement[bool],
    pairs: sa.CTE,
    name: str,
) -> sa.CTE:
    """Pair the n-th unpaired row of the file with the n-th on record that has equal `names`."""
    table = target.table
    unpaired = [file.c.place.not_in(sa.select(pairs.c.place)), file.c.external_id.is_(None)]
    unpaired += [file.c[key].is_not(None) for key in target.required]
    in_file = (
        sa.select(
            file.c.place,
            *(_text_in(file, column).label(column) for column in names),
            _row_number(file, names, file.c.place).label("n"),
        )
        .where(*unpaired)
        .cte(f"{name}_in_file")
    )
    keys = (
        sa.select(*(file.c[key] for key in target.required)).where(*unpaired).distinct().subquery()
    )
    same_key = sa.and_(*(table.c[key] == keys.c[key] for key in target.required))
    on_record = (
        sa.select(
            table.c.id,
            *(_text_in(table, column).label(column) for column in names),
            _row_number(table, names, table.c.id).label("n"),
        )
        .select_from(table.join(keys, same_key))
        .where(ours, table.c.id.not_in(sa.select(pairs.c.id)))
    )
    if "external_id" in table.c:
        on_record = on_record.where(table.c.external_id.is_(None))
    on_record_cte = on_record.cte(f"{name}_on_record")
    same_row = sa.and_(
        in_file.c.n == on_record_cte.c.n,
        *(in_file.c[column] == on_record_cte.c[column] for column in names),
    )
    return (
        sa.select(
            in_file.c.place, on_record_cte.c.id, sa.literal(name == "left_over").label("by_key")
        )
        .join_from(in_file, on_record_cte, same_row)
        .cte(name)
    )


def _text_in(rows: Any, name: str) -> sa.ColumnElement[str]:
    """Return a column as a text in which NULL, and a column that the file lacks, is empty; an
    amount that a row leaves empty is none."""
    if name not in rows.c:
        return sa.literal("")
    empty = "0.00" if name in ("revenue", "expenses") else ""
    return sa.func.coalesce(sa.cast(rows.c[name], TEXT), empty)


def _row_number(rows: Any, names: Sequence[str], order: Any) -> sa.Over[int]:
    return sa.func.row_number().over(
        partition_by=[_text_in(rows, name) for name in names], order_by=order
    )
