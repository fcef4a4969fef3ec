"""The documents of a file, and their lines on record.

Rows with an id of ours, and rows that are left out for another reason than that their document
counts no more, are no lines of a document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.hash_joins import hash_joins
from zixly_data.identity import Identity
from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.arrays import array_rows
from zixly_data.imports.matches.document import (
    FAR,
    Direction,
    Document,
    Line,
    Number,
    assign_lines,
    direction_of,
    parse_amount,
    parse_day,
    split_by_date,
)
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.matches.targets import TARGETS, TEXT
from zixly_data.imports.rows.staged import StagedRows

# The column that names whose documents they are.
_PARTIES = {Kind.FINANCIALS: "client_kpi_id", Kind.OVERHEADS: "counterparty"}
# In a condition as a literal: the index of numbers has files alone, which a parameter hides.
OF_FILES: sa.ColumnClause[str] = sa.literal_column("'file'")

Columns = Mapping[str, Sequence[str | None]]


def find_documents(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    staged: StagedRows,
    rows: Iterable[int],
    matches: Mapping[int, Match],
) -> list[Document]:
    """Return the documents of these rows of financial records or overheads, each with its lines on
    record. Rows with `matches` are lines of none, nor are their records: they have an id."""
    columns = staged.columns
    by_number: dict[tuple[Number, Direction], Document] = {}
    unclear: list[tuple[Number, int]] = []
    undated: list[tuple[Number, Direction, int]] = []
    for row in _numbered(staged, rows, matches):
        number = Number(_text(columns, _PARTIES[kind], row), columns["external_id"][row] or "")
        direction = _direction(columns, row)
        has_date = columns["record_date"][row] is not None
        is_rejected = row in staged.problems
        if direction is None and (is_rejected or row in staged.voided):
            unclear.append((number, row))
            continue
        key = number, direction or Direction.REVENUE
        if row in staged.voided and not has_date:
            undated.append((*key, row))
            continue
        document = by_number.setdefault(key, Document(kind, *key))
        if is_rejected:
            document.rejected.append(row)
        elif has_date:
            (document.voided if row in staged.voided else document.rows).append(row)
    numbers = {number for number, _ in by_number} | {number for number, _ in unclear}
    numbers |= {number for number, _, _ in undated}
    matched_ids = {match.id for match in matches.values()}
    lines = _read_lines(connection, identity, kind, numbers, matched_ids)
    for number, row in unclear:
        _add_unclear(kind, by_number, staged, number, row, lines)
    days = _days_of_undated(undated, lines)
    for number, direction, row in undated:
        if row in days:
            document = by_number.setdefault((number, direction), Document(kind, number, direction))
            document.voided.append(row)

    def day_of(row: int) -> date:
        return days[row] if row in days else parse_day(columns["record_date"][row] or "")

    documents: list[Document] = []
    for (number, direction), document in by_number.items():
        of_number = split_by_date(document, day_of)
        recorded = [line for line in lines.get(number, ()) if line.direction is direction]
        if recorded:
            assign_lines(of_number, recorded, day_of)
        documents += of_number
    return documents


def _days_of_undated(
    undated: Iterable[tuple[Number, Direction, int]], lines: Mapping[Number, Sequence[Line]]
) -> dict[int, date]:
    """Return the day of each voided row whose date cannot be read: that of the document on record,
    if only one has its number."""
    days = {}
    for number, direction, row in undated:
        recorded = [line.day for line in lines.get(number, ()) if line.direction is direction]
        if recorded and max(recorded) - min(recorded) <= FAR:
            days[row] = recorded[0]
    return days


def _numbered(staged: StagedRows, rows: Iterable[int], matches: Container[int]) -> Iterable[int]:
    """Return the rows with a number that may be lines of a document."""
    numbers = staged.columns["external_id"]
    for row in rows:
        is_counted = row not in staged.left_out or row in staged.voided
        if numbers[row] is not None and row not in matches and is_counted:
            yield row


def _direction(columns: Columns, row: int) -> Direction | None:
    """Return the direction of a row; None if it has no amount."""
    revenue, expenses = _text(columns, "revenue", row), _text(columns, "expenses", row)
    if not parse_amount(revenue or "0") and not parse_amount(expenses or "0"):
        return None
    return direction_of(revenue, expenses)


def _add_unclear(
    kind: Kind,
    by_number: dict[tuple[Number, Direction], Document],
    staged: StagedRows,
    number: Number,
    row: int,
    lines: Mapping[Number, Sequence[Line]],
) -> None:
    """Add a rejected or voided row without an amount to the documents that it may belong to: a
    rejected one to each of its number, a voided one to that on record if there is only one."""
    if row in staged.problems:
        for direction in Direction:
            if document := by_number.get((number, direction)):
                document.rejected.append(row)
        return
    directions = {line.direction for line in lines.get(number, ())}
    if len(directions) == 1 and staged.columns["record_date"][row] is not None:
        key = number, directions.pop()
        by_number.setdefault(key, Document(kind, *key)).voided.append(row)


def _read_lines(
    connection: Connection,
    identity: Identity,
    kind: Kind,
    numbers: Collection[Number],
    matched_ids: Collection[str],
) -> dict[Number, list[Line]]:
    """Return the lines on record of documents with these numbers, the oldest first."""
    if not numbers:
        return {}
    target = TARGETS[kind]
    table = target.table
    file = array_rows(
        {
            "party": [number.party for number in numbers],
            "external_id": [number.external_id for number in numbers],
        },
        {"party": TEXT, "external_id": TEXT},
    )
    party = sa.func.coalesce(table.c[_PARTIES[kind]], "")
    query = (
        sa.select(
            table.c.id, table.c.version, party, table.c.external_id,
            *(sa.cast(table.c[name], TEXT) for name in target.columns),
        )
        .join_from(
            file, table, (table.c.external_id == file.c.external_id) & (party == file.c.party)
        )
        .where(
            table.c.tenant_id == identity.tenant_id,
            table.c.source_system == OF_FILES,
            table.c.external_id.is_not(None),
        )
        .order_by(table.c.id)
    )  # fmt: skip
    lines: dict[Number, list[Line]] = defaultdict(list)
    with hash_joins(connection, len(numbers)):
        for row_id, version, party_id, external_id, *values in connection.execute(query):
            if row_id not in matched_ids:
                of_columns = dict(zip(target.columns, values, strict=True))
                line = Line(row_id, version, external_id, of_columns)
                lines[Number(party_id, external_id)].append(line)
    return lines


def _text(columns: Columns, name: str, row: int) -> str:
    return (columns[name][row] if name in columns else None) or ""
