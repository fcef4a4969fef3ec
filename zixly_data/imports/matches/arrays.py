"""Rows of a file as a table inside a statement: one array per column, one parameter per array.

This needs no right to create temporary tables and works through any pooler. A column is sent as one
text, PostgreSQL's own notation of an array, which is cheap to write and to parse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from zixly_data.imports.matches.targets import Types


def array_rows(columns: Mapping[str, Sequence[str | None]], types: Types) -> sa.FromClause:
    """Return a table of these columns for a query, with one row per index of the lists.

    The values are texts in PostgreSQL's notation of the column's type; None is NULL.
    """
    arrays = [
        sa.cast(
            sa.bindparam(f"file_{name}", array_literal(values), sa.Text()), sa.ARRAY(types[name])
        )
        for name, values in columns.items()
    ]
    named = [sa.column(name, types[name]) for name in columns]
    return sa.func.unnest(*arrays).table_valued(*named).render_derived()


def array_literal(values: Sequence[str | None]) -> str:
    """Return the array in PostgreSQL's notation: `{"a","b\\"c",NULL}`."""
    if None not in values:
        # Fast path for nearly every column of a large file: no value needs escaping.
        joined = '","'.join(values)  # type: ignore[arg-type]
        if values and "\\" not in joined and joined.count('"') == 2 * (len(values) - 1):
            return '{"' + joined + '"}'
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: str | None) -> str:
    if value is None:
        return "NULL"
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
