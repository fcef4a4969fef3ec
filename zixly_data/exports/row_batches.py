"""Rows of a query in batches, for files that PostgreSQL cannot write itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.exports import xlsx_file

_BATCH_SIZE = 2_000


def row_batches(
    connection: Connection, query: sa.Select[Any], columns: Sequence[str] | None = None
) -> Iterator[Sequence[sa.Row[Any]]]:
    """Yield the rows of the query, with these columns only, a batch at a time."""
    if columns is not None:
        by_name = {column.key: column for column in query.selected_columns}
        query = query.with_only_columns(
            *(by_name[name] for name in columns), maintain_column_froms=True
        )
    # An option of this statement alone: the next one sets what no cursor could.
    result = connection.execute(query, execution_options={"yield_per": _BATCH_SIZE})
    yield from result.partitions()


def require_rows_fit(connection: Connection, query: sa.Select[Any]) -> None:
    """Raise InvalidInput for more rows than a workbook has, before any of them is written."""
    beyond = sa.select(query.order_by(None).offset(xlsx_file.MOST_ROWS).limit(1).exists())
    if connection.execute(beyond).scalar_one():
        xlsx_file.require_rows_fit(xlsx_file.MOST_ROWS + 1)
