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
from psycopg import sql
from psycopg._queries import PostgresQuery

from zixly_data.database.pool import StatementCursor

EXPLAIN = "explain (analyze, timing off, format json)"
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
    """Every node of every plan of what is read inside, by running each statement once more; where
    plans are kept, twice more: as planned for its values, and as planned for any values.

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
            cursor.execute(f"{EXPLAIN} {statement}", given)
            seen.extend(_nodes(statement, cursor.fetchone()[0][0]["Plan"]))
            if driver.prepare_threshold is not None:
                seen.extend(_nodes(statement, _planned_for_any_values(cursor, statement, given)))

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


def _planned_for_any_values(cursor: psycopg.Cursor[Any], statement: str, given: Any) -> Any:
    """The plan that PostgreSQL may keep when a statement was executed five times."""
    query = PostgresQuery(psycopg.adapt.Transformer(cursor.connection))
    query.convert(statement, given)
    names = query._order or range(len(given or ()))
    values = ", ".join(sql.Literal(given[name]).as_string(cursor) for name in names)
    cursor.execute("set local plan_cache_mode = force_generic_plan")
    cursor.execute(
        "select coalesce(nullif(format_type(oid, null), '-'), 'unknown') "
        "from unnest(%s::oid[]) with ordinality as given(oid, n) order by n",
        [list(query.types)],
    )
    types = ", ".join(row[0] for row in cursor.fetchall())
    cursor.execute(f"prepare kept{f'({types})' if types else ''} as ".encode() + query.query)
    cursor.execute(f"{EXPLAIN} execute kept{f'({values})' if values else ''}")
    plan = cursor.fetchall()[0][0][0]["Plan"]
    cursor.execute("deallocate kept")
    cursor.execute("set local plan_cache_mode = auto")
    return plan


def _nodes(statement: str, node: dict[str, Any]) -> Iterator[Visit]:
    removed = sum(count for name, count in node.items() if name.startswith("Rows Removed by"))
    rows = round((node["Actual Rows"] + removed) * node["Actual Loops"])
    yield Visit(statement, node["Node Type"], node.get("Relation Name"), rows, node["Actual Loops"])
    for part in node.get("Plans", ()):
        yield from _nodes(statement, part)
