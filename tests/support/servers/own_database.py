"""Another database for a while than the one of the stories: a process has one open at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.settings import Settings


@contextmanager
def aside() -> Iterator[None]:
    """Puts the open database aside; the block may open another one, which is closed at its end."""
    before, connection._open = connection._open, None
    try:
        yield
    finally:
        connection.close_database()
        connection._open = before


@contextmanager
def opened(chosen: Settings) -> Iterator[Database]:
    """The database of these settings is the one of this process for as long as the block runs."""
    with aside():
        yield connection.open_database(chosen)
