"""What PostgreSQL visits for the statements that `zixly_data` sends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

import psycopg
import sqlalchemy as sa

from zixly_data.database.pool import StatementCursor

_COPIED = re.compile(r"copy \((.*)\) to stdout \(.*\)", re.DOTALL)
# Statements of this kind change nothing when they run twice.
_READS = re.compile(r"\s*(select|with)\b(?!.*\bapp\.)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Visit:
    """One node of a plan, how often it ran, and all rows it looked at, left out or not."""

    statement: str
    node: str
    table: str | None
    rows: int
    scans: int


@contextmanager
def visits(engine: sa.Engine, without: Sequence[str] = ()) -> Iterator[list[Visit]]:
    """Every node of every plan of what is read inside, by running each statement once more.

    `without` are ways of planning that PostgreSQL should avoid, such as "hashjoin".
    """
    seen: list[Visit] = []

    def explain(
        connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool
    ) -> None:
        if not many and _READS.match(statement):
            explain_with(connection.connection, statement, given)

    def explain_with(driver: Any, statement: str, given: Any) -> None:
        with driver.cursor() as cursor:
            for way in without:
                cursor.execute(f"set local enable_{way} = off")
            cursor.execute(f"explain (analyze, timing off, format json) {statement}", given)
            seen.extend(_nodes(statement, cursor.fetchone()[0][0]["Plan"]))

    def copy(cursor: StatementCursor, statement: str) -> Any:
        query = _COPIED.fullmatch(statement)
        assert query, "no export of a query"
        explain_with(cursor.connection, query[1], None)
        return psycopg.Cursor.copy(cursor, statement)

    sa.event.listen(engine, "before_cursor_execute", explain)
    try:
        with mock.patch.object(StatementCursor, "copy", copy, create=True):
            yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", explain)


def _nodes(statement: str, node: dict[str, Any]) -> Iterator[Visit]:
    removed = sum(count for name, count in node.items() if name.startswith("Rows Removed by"))
    rows = round((node["Actual Rows"] + removed) * node["Actual Loops"])
    yield Visit(statement, node["Node Type"], node.get("Relation Name"), rows, node["Actual Loops"])
    for part in node.get("Plans", ()):
        yield from _nodes(statement, part)
