"""CSV files written by PostgreSQL, byte for byte the same as those of `csv_file`.

`COPY (…) TO STDOUT` sends a line per row, and at most a few thousand lines are held in memory. The
query formats the values as `csv_file` does: the guard against formulas, `true` and `false`,
instants in UTC, no value for an empty text.
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

_BATCH_SIZE = 4_000
# Dates as 2024-03-01, whatever the server's settings.
_ISO_DATES = sa.text("set local datestyle = 'ISO'")
_KEEP = sa.text("""
    select count(set_config(s.setting, s.text, true))
    from unnest(cast(:settings as text[]), cast(:texts as text[])) as s (setting, text)
""")


def copy_rows(
    connection: Connection,
    query: sa.Select[Any],
    model: type[Frame],
    columns: Sequence[str],
    output: IO[bytes],
    line_end: str = "\r\n",
) -> int:
    """Write these columns of the query's rows after a header, and return the number of rows.

    `model` holds the types of the query's columns. At least two columns are required, because a
    single empty cell would be an empty line. Raises InvalidInput for a condition that cannot be
    sent.
    """
    statement = _keep_parameters(connection, export_query(query, model, columns))
    connection.execute(_ISO_DATES)
    driver: Any = connection.connection.driver_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"copy ({statement}) to stdout (format csv, header, encoding 'UTF8')") as lines,
    ):
        return _write_lines(lines, output, line_end.encode()) - 1


def _keep_parameters(connection: Connection, query: sa.Select[Any]) -> str:
    """Store the query's parameters in settings of this transaction, and return the query as a
    statement that reads them there.

    COPY takes no parameters, and sessions of the same login read each other's statements in
    `pg_stat_activity`, so the values may not be part of it. Each setting is read in a sub-select:
    once, not once a row.
    """
    compiled = query.compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    driver: Any = connection.connection.driver_connection
    transformer = psycopg.adapt.Transformer(driver)
    expressions: dict[str, str] = {}
    texts: dict[str, str] = {}
    for name, value in compiled.params.items():
        if value is None:
            expressions[name] = "null"
            continue
        dumper = transformer.get_dumper(value, psycopg.adapt.PyFormat.TEXT)
        setting = f"zixly.copy_{len(texts)}"
        texts[setting] = bytes(dumper.dump(value) or b"").decode()
        type_info = transformer.adapters.types.get(dumper.oid)
        kind = type_info.regtype if type_info else "text"
        expressions[name] = f"(select cast(current_setting('{setting}') as {kind}))"
    connection.execute(_KEEP, {"settings": list(texts), "texts": list(texts.values())})
    return str(compiled) % expressions


def export_query(
    query: sa.Select[Any], model: type[Frame], columns: Sequence[str]
) -> sa.Select[Any]:
    """Return the query with these columns only, in this order, formatted for a file."""
    types = arrow_types(model)
    columns_by_name = {
        column.key: getattr(column, "element", column) for column in query.selected_columns
    }
    return query.with_only_columns(
        *(_export_column(columns_by_name[name], types[name]).label(name) for name in columns),
        maintain_column_froms=True,
    )


def guard_column(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """Return `csv_file.guard` of a text in SQL, null for an empty text.

    Nearly every text begins with an ASCII letter or digit, which is cheap to check; only the others
    are matched with the pattern.
    """
    first_character = sa.func.ascii(text)
    is_plain = sa.or_(
        first_character.between(_constant(ord("A")), _constant(ord("z"))),
        first_character.between(_constant(ord("0")), _constant(ord("9"))),
    )
    return sa.case(
        (is_plain, text),
        (text == _constant(""), sa.null()),
        (text.op("~")(_constant(RISKY)), _constant("'").op("||")(text)),
        else_=text,
    )


def _constant(value: int | str) -> sa.BindParameter[Any]:
    """Return a constant of this module as part of the statement: PostgreSQL plans with it."""
    return sa.literal(value, literal_execute=True)


def _export_column(column: Any, kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return guard_column(column)
    if pa.types.is_boolean(kind):
        return sa.cast(column, sa.Text)
    if pa.types.is_timestamp(kind):
        return _format_instant(column)
    return column


def _format_instant(column: Any) -> Any:
    """Format as `2024-03-01T09:30:00Z`, with six more digits for fractions of a second."""
    utc = sa.func.timezone("UTC", column)
    whole_seconds = sa.func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    fractional_seconds = sa.func.to_char(utc, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return sa.case(
        (sa.func.date_trunc("second", utc) == utc, whole_seconds), else_=fractional_seconds
    )


def _write_lines(server_lines: Any, output: IO[bytes], line_end: bytes) -> int:
    """Write the server's lines with `line_end` and return their number.

    Each message of the server is one line that ends with a line feed.
    """
    count, batch = 0, []
    for line in server_lines:
        batch.append(line[:-1])
        if len(batch) == _BATCH_SIZE:
            count += len(batch)
            output.write(line_end.join(batch) + line_end)
            batch.clear()
    if batch:
        output.write(line_end.join(batch) + line_end)
    return count + len(batch)
