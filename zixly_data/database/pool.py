"""A pool of connections, on which nothing remains from one transaction to the next.

Injected SQL cannot append a second statement: each is sent alone.
"""

from __future__ import annotations

import selectors
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Engine

# DISCARD ALL in one round trip, without discarding plans. Otherwise a cursor held beyond its
# transaction would still show its session's rows, and an advisory lock would still be held.
_RESET = """
    close all; reset role; reset all; deallocate all; unlisten *; select pg_advisory_unlock_all();
    discard temp; discard sequences
"""


_UNCHANGED = "zixly_unchanged"


class StatementCursor(psycopg.Cursor[Any]):
    """Sends every statement by the extended protocol, which refuses two statements in one text.

    psycopg sends a statement without parameters by the simple protocol, where
    `commit; begin; …` would run as well.
    """

    def _execute_send(
        self, query: Any, *, force_extended: bool = True, binary: bool | None = None
    ) -> None:
        super()._execute_send(query, force_extended=True, binary=binary)


def create_pool(url: str, size: int) -> Engine:
    """Return an engine with a pool of `size` connections, and as many again at busy times."""
    engine = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=size,
        max_overflow=size,
        pool_timeout=10,
        # Keeps statement parameters, which may be secrets, out of exception texts.
        hide_parameters=True,
        # Poolers in transaction mode do not keep prepared statements.
        connect_args={
            "prepare_threshold": None,
            "connect_timeout": 10,
            "cursor_factory": StatementCursor,
        },
    )

    @sa.event.listens_for(engine, "checkout")
    def _require_open(connection, record, proxy) -> None:  # type: ignore[no-untyped-def]
        """Discard a connection with unread data: the server sent a message before it closed it.

        `pool_pre_ping` would cost a round trip for each transaction.
        """
        if connection.closed:
            raise sa.exc.DisconnectionError
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            if selector.select(0):
                raise sa.exc.DisconnectionError

    @sa.event.listens_for(engine, "reset")
    def _reset_session(connection, record, state) -> None:  # type: ignore[no-untyped-def]
        """Undo every change that a statement may have made to the session."""
        if not state.terminate_only and not record.info.pop(_UNCHANGED, False):
            connection.rollback()
            connection.autocommit = True
            # The only text with several statements: a constant.
            psycopg.Cursor(connection).execute(_RESET)
            connection.autocommit = False

    return engine


def leave_as_it_is(connection: sa.Connection) -> None:
    """Spare a connection the reset when it returns to its pool: for one constant statement in a
    transaction of its own, which changes nothing of the session."""
    connection.info[_UNCHANGED] = True
