"""How rows of a file or of an import are compared with those on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

# So few rows may be compared one by one: looking each up in an index is the best there is, where
# there are a million.
FEW = 100


@contextmanager
def hash_joins(connection: Connection, rows: int | None = None) -> Iterator[None]:
    """Joins of `rows` rows, or nobody knows how many, are made by hashing or sorting.

    Right after a large import PostgreSQL does not know yet how many rows there are, and would
    compare each of the one side with each of the other: over a quarter of an hour for a hundred
    thousand.
    """
    if rows is not None and rows <= FEW:
        yield
        return
    connection.execute(sa.text("set local enable_nestloop = off"))
    yield
    connection.execute(sa.text("set local enable_nestloop = on"))
