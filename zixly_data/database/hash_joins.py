"""Joins by hashing or sorting, for large reads in a transaction that also writes.

Read-only work uses `connection.reporting`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

# Up to this many rows are joined with nested loops: looking them up in an index is fastest, even in
# a table of a million rows.
FEW_ROWS = 100


@contextmanager
def hash_joins(connection: Connection, rows: int | None = None) -> Iterator[None]:
    """Make joins inside the block by hashing or sorting, unless they join only a few `rows`.

    Right after a large import PostgreSQL underestimates the number of rows and would choose a
    nested loop: over a quarter of an hour for a hundred thousand rows.
    """
    if rows is not None and rows <= FEW_ROWS:
        yield
        return
    connection.execute(sa.text("set local enable_nestloop = off"))
    yield
    connection.execute(sa.text("set local enable_nestloop = on"))
