"""Rows of a file as a table inside a statement: one array per column, one parameter per array.

Whoever imports needs no right to make temporary tables, and it works through any pooler. A column
travels as one text, PostgreSQL's own notation of an array, which is cheap to make and to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from zixly_data.imports.targets import Types


def rows_of(columns: Mapping[str, Sequence[str | None]], types: Types) -> sa.FromClause:
    """A table of these columns, for a query: one row for each place in the lists.

    The values are texts as PostgreSQL reads them for the column's type, None is null.
    """
    arrays = [
        sa.cast(sa.bindparam(f"file_{name}", notation(values), sa.Text()), sa.ARRAY(types[name]))
        for name, values in columns.items()
    ]
    named = [sa.column(name, types[name]) for name in columns]
    return sa.func.unnest(*arrays).table_valued(*named).render_derived()


def notation(values: Sequence[str | None]) -> str:
    """`{"a","b\\"c",NULL}`."""
    if None not in values:
        # Nearly every column of a large file: nothing in it has to be escaped.
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
