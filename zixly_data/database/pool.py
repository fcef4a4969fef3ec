"""A pool of connections, on which nothing but plans remains from one transaction to the next.

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
# The driver never sends PREPARE itself: a statement from SQL was smuggled in.
_RESET = """
    close all; reset role; reset all; unlisten *; select pg_advisory_unlock_all();
    discard temp; discard sequences; select from pg_prepared_statements where from_sql
"""
_DEALLOCATE = "deallocate all"

# Flags of a connection.
_UNCHANGED = "zixly_unchanged"
_KEEPS_PLANS = "zixly_keeps_plans"

# A statement's third execution by a connection is the first worth more than planning it again.
_PREPARED_AFTER = 2


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
        # The connection used last, which has more plans than one that was idle.
        pool_use_lifo=True,
        connect_args={
            # Until `keep_plans` is called for a transaction.
            "prepare_threshold": None,
            "connect_timeout": 10,
            "cursor_factory": StatementCursor,
        },
    )

    @sa.event.listens_for(engine, "connect")
    def _look_for_pooler(connection, record) -> None:  # type: ignore[no-untyped-def]
        """Find out whether every transaction of a connection is on one session of the server.

        A pooler in transaction mode must invent the process it names for cancelling, and would
        run the plan that another client has prepared under the same name.
        """
        process = connection.execute("select pg_backend_pid()").fetchone()[0]
        connection.rollback()
        record.info[_KEEPS_PLANS] = process == connection.info.backend_pid

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
            connection.prepare_threshold = None
            # The only text with several statements: a constant.
            cursor = psycopg.Cursor(connection).execute(_RESET)
            cursor.set_result(-1)
            if cursor.rowcount:
                connection.prepare_threshold = _PREPARED_AFTER  # or the driver would not notice
                cursor.execute(_DEALLOCATE, prepare=False)
                connection.prepare_threshold = None
            connection.autocommit = False

    @sa.event.listens_for(engine, "handle_error")
    def _replace_connection(context) -> None:  # type: ignore[no-untyped-def]
        """Replace a connection that has lost plans of the driver: `deallocate` was smuggled in."""
        if isinstance(context.original_exception, psycopg.errors.InvalidSqlStatementName):
            context.is_disconnect = True
            context.invalidate_pool_on_disconnect = False

    return engine


def leave_as_it_is(connection: sa.Connection) -> None:
    """Spare a connection the reset when it returns to its pool: for one constant statement in a
    transaction of its own, which changes nothing of the session."""
    connection.info[_UNCHANGED] = True


def keep_plans(connection: sa.Connection) -> None:
    """Let PostgreSQL keep the plans of statements that this transaction sends, if the connection
    sends them often; and use those that earlier transactions kept.

    PostgreSQL plans again for another role, search path or setting of row security, or after a
    change or an analysis of a table, but not after another change of settings: all transactions
    that keep plans must plan in the same way.
    """
    if connection.info[_KEEPS_PLANS]:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        driver.prepare_threshold = _PREPARED_AFTER
