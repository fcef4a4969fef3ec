"""An attacker's means: the login of the pages, their own session, and arbitrary SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import URL

from zixly_data.database.connection import _BEGIN
from zixly_data.identity import Identity


@dataclass
class Intruder:
    """A session of the pages' login in which an attacker runs SQL."""

    connection: psycopg.Connection[Any]
    identity: Identity

    def begin(self) -> None:
        """Run the app's opening statement, as before an injected statement."""
        self.connection.rollback()
        opening = str(_BEGIN).replace(":secret", "%(secret)s")
        self.connection.execute(opening, {"secret": self.identity.secret})

    def run(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Runs SQL in the open transaction; returns the rows of the last result."""
        cursor = self.connection.execute(sql, parameters or None)
        while cursor.nextset():
            pass
        return cursor.fetchall() if cursor.description else []

    def inject(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Runs SQL in a fresh scoped transaction."""
        self.begin()
        return self.run(sql, *parameters)

    def refused(self, sql: str, *parameters: object) -> psycopg.Error:
        """PostgreSQL's error for the SQL, in a fresh scoped transaction."""
        try:
            answer = self.inject(sql, *parameters)
        except psycopg.Error as error:
            self.connection.rollback()
            return error
        raise AssertionError(f"not refused: {sql} gave {answer}")

    def rows_or_refusal(self, sql: str) -> list[tuple[Any, ...]] | str:
        """The rows, or the code of the error, in a fresh scoped transaction."""
        try:
            return self.inject(sql)
        except psycopg.Error as error:
            self.connection.rollback()
            return error.sqlstate or "?"


def run_in_one_message(connection: sa.Connection, sql: str) -> None:
    """Run several statements on a pooled connection by the simple protocol, which the pages' own
    cursor refuses: what remains safe if an attacker found a way around it."""
    psycopg.Cursor(driver_of(connection)).execute(sql)


def driver_of(connection: sa.Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


@contextmanager
def intruder(url: str, identity: Identity) -> Iterator[Intruder]:
    address: URL = sa.make_url(url).set(drivername="postgresql")
    text = address.render_as_string(hide_password=False)
    with psycopg.connect(text, prepare_threshold=None) as connection:
        try:
            yield Intruder(connection, identity)
        finally:
            connection.rollback()
