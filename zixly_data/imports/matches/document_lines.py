"""Pairs the lines of the documents of a file with those on record.

A document of the file replaces its lines on record. Equal lines are paired first, the n-th with the
n-th; the others in order, as lines that change. Further lines of the file are new, and further
lines on record are removed.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from zixly_data.imports.cells.kinds import Kind
from zixly_data.imports.matches.document import Document, Line, parse_amount
from zixly_data.imports.matches.documents_in_file import Columns
from zixly_data.imports.matches.matching import Match
from zixly_data.imports.matches.targets import TARGETS
from zixly_data.values.sources import FILE

# Follows from the other columns of an overhead, or is kept: it does not tell lines apart.
_NOT_COMPARED = ("kind",)


@dataclass(frozen=True)
class RemovedLine:
    """A line on record, of financial records or of overheads, that its document in the file no
    longer has."""

    kind: Kind
    line: Line


def pair_lines(
    documents: Sequence[Document],
    columns: Columns,
    elsewhere: Callable[[Sequence[int]], Collection[int]],
) -> dict[int, Match]:
    """Return the matches of the lines of documents, and note in each the lines that it loses.

    `elsewhere(rows)` returns the rows without an equal line that are on record in the other table
    of amounts: they pair with no line.
    """
    matches: dict[int, Match] = {}
    left_over = [(document, *_pair_equal(document, columns, matches)) for document in documents]
    unpaired = [row for _, rows, _ in left_over for row in rows]
    rows_elsewhere = set(elsewhere(unpaired)) if unpaired else set[int]()
    for document, rows, lines in left_over:
        further = [row for row in rows if row not in rows_elsewhere]
        for row, line in zip(further, lines, strict=False):
            matches[row] = _match(document.kind, columns, row, line)
        document.removed = lines[len(further) :]
    return matches


def _pair_equal(
    document: Document, columns: Columns, matches: dict[int, Match]
) -> tuple[list[int], list[Line]]:
    """Match the rows of a document that have an equal line; return the other rows and lines."""
    if not document.recorded:
        return document.rows, []
    names = [
        name
        for name in TARGETS[document.kind].columns
        if name in columns and name not in _NOT_COMPARED
    ]
    lines: dict[tuple[object, ...], deque[Line]] = defaultdict(deque)
    for line in document.recorded:
        lines[tuple(_comparable(name, line.values[name]) for name in names)].append(line)
    rows: list[int] = []
    for row in document.rows:
        equal = lines.get(tuple(_comparable(name, columns[name][row]) for name in names))
        if equal:
            matches[row] = _match(document.kind, columns, row, equal.popleft())
        else:
            rows.append(row)
    rest = {line.id for equal in lines.values() for line in equal}
    return rows, [line for line in document.recorded if line.id in rest]


def _match(kind: Kind, columns: Columns, row: int, line: Line) -> Match:
    """Return the match of a row and a line, with the values on record that change."""
    target = TARGETS[kind]
    current = {
        name: line.values[name]
        for name in target.columns
        if name in columns
        and _comparable(name, columns[name][row]) != _comparable(name, line.values[name])
        and (columns[name][row] is not None or name in target.clearable)
    }
    return Match(line.id, line.version, current, FILE)


def _comparable(name: str, text: str | None) -> object:
    return parse_amount(text or "0") if name in ("revenue", "expenses") else text
