"""Transactions scoped to one identity, on the pools of `pool`.

A process holds two pools. Use `scoped` to write and `reading()` for read-only work: both present
the session's secret to PostgreSQL, which verifies it and creates a signed context for the duration
of the transaction; nothing but plans remains on the pooled connection. `sign_in_connection` is for
`zixly_data.access` alone: its login may call the sign-in functions and read no table.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from zixly_data.database import refusals
from zixly_data.database.logins import Logins, open_logins
from zixly_data.database.pool import create_pool, keep_plans, leave_as_it_is
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.settings import Settings, settings

# Verifies the session and sets its role, in one round trip. The role is set outside app.present
# because a security-definer function cannot set it; search_path and row_security are set again
# because an earlier transaction may have changed them for the connection.
_PRESENT = """
    select tenant_id, user_id, role, email, full_name, session_id,
           set_config('role', 'zixly_' || lower(role), true),
           set_config('search_path', 'zixly, pg_temp', true),
           set_config('row_security', 'on', true),
           set_config('timezone', 'UTC', true){more}
    from app.present(:secret)
"""
_BEGIN = sa.text(_PRESENT.format(more=""))
_BEGIN_REPORT = sa.text(_PRESENT.format(more=", set_config('enable_nestloop', 'off', true)"))

# Verifies the session, and records that it is in use. The transaction gets no rights by this.
_IDENTIFY = sa.text("""
    select tenant_id, user_id, role, email, full_name, session_id from app.identify(:secret)
""")


@dataclass(frozen=True)
class Database:
    """The two pools of a process, and the logins that keep the embedded server running."""

    settings: Settings
    app: Engine
    auth: Engine
    logins: Logins

    def close(self) -> None:
        self.app.dispose()
        self.auth.dispose()
        self.logins.close()


# The transaction of `snapshot` in this thread.
Read = TypeVar("Read")

_snapshot: ContextVar[tuple[Identity, Connection, dict[str, Any]] | None] = ContextVar(
    "snapshot", default=None
)

_lock = threading.RLock()
_open: Database | None = None
_reopened_with: Settings | None = None  # for further attempts, if the first one fails


def open_database(configuration: Settings | None = None) -> Database:
    """Open the pools of this process once, starting or joining the embedded server if needed.

    Raises ServerFailed or NotPrepared.
    """
    global _open
    with _lock:
        if _open is None:
            configuration = configuration or _reopened_with or settings()
            logins = open_logins(configuration)
            _open = Database(
                settings=configuration,
                app=create_pool(logins.app_url, configuration.pool_size),
                auth=create_pool(logins.auth_url, 2),
                logins=logins,
            )
        return _open


def opened() -> Database | None:
    """Return the open database of this process, without opening it."""
    return _open


def close_database() -> None:
    """Close the pools; the last process to do so stops the embedded server."""
    global _open, _reopened_with
    with _lock:
        if _open is not None:
            _open.close()
        _open = _reopened_with = None


@contextmanager
def scoped(identity: Identity) -> Iterator[Connection]:
    """Run one transaction as the identity: committed at the end, rolled back on any error.

    Raises SessionEnded if the session cannot be used any more or belongs to another user,
    DatabaseUnavailable, and the errors of `refusals` for statements that PostgreSQL refuses.
    """
    with _transaction("app") as connection:
        _assume(connection, identity, _BEGIN)
        yield connection


@contextmanager
def reading(identity: Identity) -> Iterator[Connection]:
    """Run a transaction for read-only work, or join the `snapshot` of the same session.

    Raises as `scoped` does.
    """
    current = _snapshot.get()
    if current is None or current[0] != identity:
        with scoped(identity) as connection:
            yield connection
    else:
        with refusals.translate_errors():
            yield current[1]


@contextmanager
def reporting(identity: Identity) -> Iterator[Connection]:
    """Run a read-only transaction for reports: every statement sees the same snapshot of the rows,
    regardless of concurrent writes. Raises as `scoped` does.

    Sums are joined by hashing. PostgreSQL overestimates the selectivity of the policies and
    underestimates rows that were just imported: it would sum all of them again for each client.
    """
    with snapshot(identity), reading(identity) as connection:
        yield connection


@contextmanager
def snapshot(identity: Identity) -> Iterator[None]:
    """Read everything inside the block from one snapshot, in one transaction.

    Figures shown together then agree, and a page with six queries presents its session once.
    Writes inside the block have a transaction of their own; reads in the block do not see them.
    """
    current = _snapshot.get()
    if current is not None and current[0] == identity:
        yield
        return
    with _transaction("app", repeatable_read=True) as connection:
        _assume(connection, identity, _BEGIN_REPORT)
        keep_plans(connection)
        token = _snapshot.set((identity, connection, {}))
        try:
            yield
        finally:
            _snapshot.reset(token)


def once(identity: Identity, key: str, read: Callable[[], Read]) -> Read:
    """Return what `read` returns; within a `snapshot` of the identity it is read once per key.

    A snapshot would return the same again, after another round trip.
    """
    current = _snapshot.get()
    if current is None or current[0] != identity:
        return read()
    if key not in current[2]:
        current[2][key] = read()
    value: Read = current[2][key]
    return value


@contextmanager
def present(secret: str) -> Iterator[tuple[Connection, Identity]]:
    """Run a scoped transaction, and yield it with the identity of the secret's session."""
    with _transaction("app") as connection:
        yield connection, assume_identity(connection, secret)


def assume_identity(connection: Connection, secret: str) -> Identity:
    """Run the rest of an open transaction with the rights of the secret's session; return its
    identity.

    Raises the driver's error for a session that cannot be used; `refusals` translates it.
    """
    return _make_identity(connection.execute(_BEGIN, {"secret": secret}).one(), secret)


def identify(secret: str) -> Identity:
    """Return the identity of the secret's session, and keep the session from going idle.

    For `zixly_data.access.sessions` alone. Raises as `scoped` does.
    """
    with refusals.translate_errors(), _connect("app") as connection:
        # One statement is a transaction by itself: this saves two round trips at every click.
        connection.execution_options(isolation_level="AUTOCOMMIT")
        leave_as_it_is(connection)
        return _make_identity(connection.execute(_IDENTIFY, {"secret": secret}).one(), secret)


@contextmanager
def unscoped() -> Iterator[Connection]:
    """Run a transaction of the pages' login without a session; it can read no table."""
    with _transaction("app") as connection:
        yield connection


@contextmanager
def sign_in_connection() -> Iterator[Connection]:
    """Run a transaction of the sign-in login. For `zixly_data.access` alone."""
    with _transaction("auth") as connection:
        yield connection


@contextmanager
def _transaction(
    login: Literal["app", "auth"], repeatable_read: bool = False
) -> Iterator[Connection]:
    with refusals.translate_errors(), _connect(login) as connection:
        if repeatable_read:
            # Sent with BEGIN and reset when the connection returns to the pool.
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def _assume(connection: Connection, identity: Identity, begin: sa.TextClause) -> None:
    """Run the transaction as the identity. Raises SessionEnded if its session is another user's."""
    session = connection.execute(begin, {"secret": identity.secret}).one()
    if (session.tenant_id, session.user_id) != (identity.tenant_id, identity.user_id):
        raise SessionEnded("This session belongs to someone else.")


def _make_identity(row: sa.Row[Any], secret: str) -> Identity:
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
        # A server that refuses the connection is running, and other threads may be using it.
        if "FATAL" in str(error.orig):
            raise
        # No statement was sent yet, so none can run twice.
        return _pool(_reopen(database), login).connect()


def _pool(database: Database, login: Literal["app", "auth"]) -> Engine:
    return database.app if login == "app" else database.auth


def _reopen(lost: Database) -> Database:
    """Reopen the database after its server ended; an embedded server is started again."""
    global _open, _reopened_with
    with _lock:
        if _open is lost:
            _open, _reopened_with = None, lost.settings
            try:
                return open_database(lost.settings)
            finally:
                # Last: an embedded server that loses its last user while it recovers is stopped.
                lost.close()
        return open_database()
