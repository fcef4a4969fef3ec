"""The only place that opens connections and sets tenant and role.

A process holds two pools. `scoped` and `reading` hand out transactions of one identity: the
session's secret is presented to PostgreSQL, which checks it and leaves a signed context that lives
exactly as long as the transaction; nothing is left on the pooled connection. `sign_in_connection`
is for `zixly_data.access.sessions` alone: its login may call the functions of sign-in and read no
table.
"""

from __future__ import annotations

import selectors
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from zixly_data.database import logins, refusals
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.settings import Settings, settings

# Reads the verified session and takes its role, in one round trip. The role is set outside
# app.present, because a security-definer function cannot; search_path and row_security are set
# again because a statement of an earlier transaction may have changed them for the connection.
_TAKEN = """
    select tenant_id, user_id, role, email, full_name, session_id,
           set_config('role', 'zixly_' || lower(role), true),
           set_config('search_path', 'zixly, pg_temp', true),
           set_config('row_security', 'on', true),
           set_config('timezone', 'UTC', true){more}
    from app.present(:secret)
"""
_BEGIN = sa.text(_TAKEN.format(more=""))
_BEGIN_REPORT = sa.text(_TAKEN.format(more=", set_config('enable_nestloop', 'off', true)"))

# What DISCARD ALL does, in one round trip and without throwing plans away: a cursor held across
# the transaction would still show its reader's rows, a lock would still be held.
_RESET = """
    close all; reset role; reset all; deallocate all; unlisten *; select pg_advisory_unlock_all();
    discard temp; discard sequences
"""


# The same, without taking the role, and with a sign that the person is still there.
_IDENTIFY = sa.text("""
    select tenant_id, user_id, role, email, full_name, session_id, app.touch(:secret)
    from app.present(:secret)
""")


@dataclass(frozen=True)
class Database:
    """The two pools of a process, and what keeps their server running."""

    settings: Settings
    app: Engine
    auth: Engine
    held: logins.Logins

    def close(self) -> None:
        self.app.dispose()
        self.auth.dispose()
        self.held.close()


# The transaction of `one_moment`, of this thread alone.
_moment: ContextVar[tuple[Identity, Connection] | None] = ContextVar("moment", default=None)

_lock = threading.Lock()
_open: Database | None = None


def open_database(chosen: Settings | None = None) -> Database:
    """Opens the pools of this process, once. Starts or joins the embedded server where needed.

    Raises ServerFailed or NotPrepared.
    """
    global _open
    with _lock:
        if _open is None:
            chosen = chosen or settings()
            held = logins.logins(chosen)
            _open = Database(
                settings=chosen,
                app=_engine(held.app_url, chosen.pool_size),
                auth=_engine(held.auth_url, 2),
                held=held,
            )
        return _open


def close_database() -> None:
    """Closes the pools; the last process out stops the embedded server."""
    global _open
    with _lock:
        if _open is not None:
            _open.close()
            _open = None


@contextmanager
def scoped(identity: Identity) -> Iterator[Connection]:
    """One transaction of one identity: committed at the end, rolled back on any error.

    Raises SessionEnded when the session may not be used any more, or speaks for somebody else;
    DatabaseUnavailable; and whatever `database_errors` makes of a refused statement.
    """
    with _transaction("app") as connection:
        _take(connection, identity, _BEGIN)
        yield connection


@contextmanager
def reading(identity: Identity) -> Iterator[Connection]:
    """A scoped transaction in which nothing is written; within `one_moment` of the same session,
    that one. Raises as `scoped` does."""
    moment = _moment.get()
    if moment is None or moment[0] != identity:
        with scoped(identity) as connection:
            yield connection
    else:
        with refusals.translated():
            yield moment[1]


@contextmanager
def reporting(identity: Identity) -> Iterator[Connection]:
    """A transaction as of `reading` for figures that are made of many rows: every statement sees
    the books as the first one did, whatever others save meanwhile.

    Sums are joined by hashing. PostgreSQL takes the walls' conditions for very selective, and rows
    that just came in for none: it would sum all of them up again for each client.
    """
    with one_moment(identity), reading(identity) as connection:
        yield connection


@contextmanager
def one_moment(identity: Identity) -> Iterator[None]:
    """All that is read inside is of one moment, in one transaction: figures that stand together
    agree, and a page with six questions presents its session once.

    What is written inside has a transaction of its own, and is not seen by what is read there.
    """
    moment = _moment.get()
    if moment is not None and moment[0] == identity:
        yield
        return
    with _transaction("app", snapshot=True) as connection:
        _take(connection, identity, _BEGIN_REPORT)
        token = _moment.set((identity, connection))
        try:
            yield
        finally:
            _moment.reset(token)


@contextmanager
def present(secret: str) -> Iterator[tuple[Connection, Identity]]:
    """A scoped transaction, and the identity PostgreSQL found for the secret."""
    with _transaction("app") as connection:
        yield connection, take_identity(connection, secret)


def take_identity(connection: Connection, secret: str) -> Identity:
    """Makes the rest of an open transaction act as whoever the secret belongs to, and no more.

    Raises the driver's error for a session that may not be used; `database_errors` translates it.
    """
    return _identity(connection.execute(_BEGIN, {"secret": secret}).one(), secret)


def identify(secret: str) -> Identity:
    """Whose session the secret opens. For `zixly_data.access.sessions`; raises as `scoped` does."""
    with _transaction("app") as connection:
        return _identity(connection.execute(_IDENTIFY, {"secret": secret}).one(), secret)


@contextmanager
def unscoped() -> Iterator[Connection]:
    """A transaction of the pages' login before any session is presented: it can read nothing."""
    with _transaction("app") as connection:
        yield connection


@contextmanager
def sign_in_connection() -> Iterator[Connection]:
    """A transaction of the sign-in login. For `zixly_data.access.sessions` alone."""
    with _transaction("auth") as connection:
        yield connection


@contextmanager
def _transaction(login: Literal["app", "auth"], snapshot: bool = False) -> Iterator[Connection]:
    with refusals.translated(), _connect(login) as connection:
        if snapshot:
            # Said with BEGIN, and given back with the connection: nothing of it stays in a pool.
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _take(connection: Connection, identity: Identity, begin: sa.TextClause) -> None:
    """Makes the transaction act as the identity, if that is whom its session speaks for."""
    found = connection.execute(begin, {"secret": identity.secret}).one()
    if (found.tenant_id, found.user_id) != (identity.tenant_id, identity.user_id):
        raise SessionEnded("This session belongs to somebody else.")


def _identity(row: sa.Row[Any], secret: str) -> Identity:
    return Identity(
        tenant_id=row.tenant_id,
        user_id=row.user_id,
        role=Role(row.role),
        email=row.email,
        full_name=row.full_name,
        session_id=row.session_id,
        secret=secret,
    )


def _connect(login: Literal["app", "auth"]) -> Connection:
    database = open_database()
    try:
        return _pool(database, login).connect()
    except sa.exc.OperationalError as error:
        # A server that answers is there, be it that it refuses: others are working with it.
        if "FATAL" in str(error.orig):
            raise
        # Nothing was asked of it yet, so nothing can happen twice.
        return _pool(_reopened(database), login).connect()


def _pool(database: Database, login: Literal["app", "auth"]) -> Engine:
    return database.app if login == "app" else database.auth


def _reopened(gone: Database) -> Database:
    """The database after its server went away: an embedded one is started again."""
    global _open
    with _lock:
        if _open is gone:
            _open = None
            gone.close()
    return open_database(gone.settings)


def _engine(url: str, size: int) -> Engine:
    engine = sa.create_engine(
        sa.make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=size,
        max_overflow=size,
        pool_timeout=10,
        # Statement parameters never reach an exception's text: they may be secrets.
        hide_parameters=True,
        # Poolers in transaction mode do not keep prepared statements.
        connect_args={"prepare_threshold": None, "connect_timeout": 10},
    )

    @sa.event.listens_for(engine, "checkout")
    def _is_alive(connection, record, proxy) -> None:  # type: ignore[no-untyped-def]
        """A server that has gone has said goodbye: there is something to read. (Asking it instead,
        as `pool_pre_ping` does, is a round trip for each transaction.)"""
        if connection.closed:
            raise sa.exc.DisconnectionError
        with selectors.DefaultSelector() as ear:
            ear.register(connection.fileno(), selectors.EVENT_READ)
            if ear.select(0):
                raise sa.exc.DisconnectionError

    @sa.event.listens_for(engine, "reset")
    def _leave_nothing_behind(connection, record, state) -> None:  # type: ignore[no-untyped-def]
        """Undoes whatever a statement may have smuggled into the session."""
        if not state.terminate_only:
            connection.rollback()
            connection.autocommit = True
            connection.execute(_RESET)
            connection.autocommit = False

    return engine
