"""A query's rows as a CSV file that PostgreSQL writes itself, byte for byte what `csv_file` makes.

`COPY (…) TO STDOUT` sends a line per row; nothing here holds more than a few thousand of them. What
`csv_file` does to a value is done by the query: the guard against formulas, `true` and `false`,
instants in UTC, nothing for an empty text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import psycopg
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.exports.csv_file import RISKY
from zixly_data.values.frames import Frame, arrow_types

_LINES_AT_ONCE = 4_000
# Dates as 2024-03-01, however the server is set up.
_DATES = sa.text("set local datestyle = 'ISO'")


def copy_rows(
    connection: Connection,
    query: sa.Select[Any],
    model: type[Frame],
    columns: Sequence[str],
    into: IO[bytes],
    line_end: str = "\r\n",
) -> int:
    """Writes these columns of the query's rows, a header first; returns how many rows there were.

    `model` says what the query's columns hold. There are two columns at least: a single empty cell
    would be an empty line. Raises InvalidInput for a condition that cannot be sent.
    """
    compiled = spelled(query, model, columns).compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    statement = f"copy ({compiled}) to stdout (format csv, header, encoding 'UTF8')"
    connection.execute(_DATES)
    driver: Any = connection.connection.driver_connection
    # COPY takes no parameters: this cursor writes them into the statement, quoted by libpq.
    with (
        psycopg.ClientCursor(driver) as cursor,
        cursor.copy(statement.encode(), compiled.params) as messages,
    ):
        return _write(messages, into, line_end.encode()) - 1


def spelled(query: sa.Select[Any], model: type[Frame], columns: Sequence[str]) -> sa.Select[Any]:
    """The query with these columns alone, in this order, each as it is written in a file."""
    types = arrow_types(model)
    there = {column.key: getattr(column, "element", column) for column in query.selected_columns}
    return query.with_only_columns(
        *(_spelled(there[name], types[name]).label(name) for name in columns),
        maintain_column_froms=True,
    )


def guarded(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """`csv_file.guard` of a text in SQL; null for an empty one.

    Nearly every text begins with a letter or a digit of ASCII, which one look at it tells; only the
    others are compared with the pattern.
    """
    first = sa.func.ascii(text)
    plain = sa.or_(first.between(ord("A"), ord("z")), first.between(ord("0"), ord("9")))
    return sa.case(
        (plain, text),
        (text == "", sa.null()),
        (text.op("~")(RISKY), sa.literal("'").op("||")(text)),
        else_=text,
    )


def _spelled(column: Any, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return guarded(column)
    if pa.types.is_boolean(kind):
        return sa.cast(column, sa.Text)
    if pa.types.is_timestamp(kind):
        return _instant(column)
    return column


def _instant(column: Any) -> Any:
    """`2024-03-01T09:30:00Z`, with six digits of a second where it is not a whole one."""
    utc = sa.func.timezone("UTC", column)
    whole = sa.func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    parts = sa.func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return sa.case((sa.func.date_trunc("second", utc) == utc, whole), else_=parts)


def _write(messages: Any, into: IO[bytes], line_end: bytes) -> int:
    """Every message of the server is one line, ended by a line feed."""
    count, lines = 0, []
    for message in messages:
        lines.append(message[:-1])
        if len(lines) == _LINES_AT_ONCE:
            count += len(lines)
            into.write(line_end.join(lines) + line_end)
            lines.clear()
    if lines:
        into.write(line_end.join(lines) + line_end)
    return count + len(lines)
