"""Temporarily another database than the scenario's: a process has one open at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.settings import Settings


@contextmanager
def aside() -> Iterator[None]:
    """Sets the open database aside; the block may open another one, which is closed at its end."""
    before, connection._open = connection._open, None
    try:
        yield
    finally:
        connection.close_database()
        connection._open = before


@contextmanager
def opened(chosen: Settings) -> Iterator[Database]:
    """Use the database of these settings in this process for the duration of the block."""
    with aside():
        yield connection.open_database(chosen)
