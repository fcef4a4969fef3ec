"""Reading everything that is stored once, to find damage: each table, and each page of every file.

Damage to a disk stays unseen until something reads the damaged page. A table is read as a dump
reads it. The pages, those of indexes too, are compared with their checksums by PostgreSQL itself,
which does so for a base backup; here it makes one and sends it nowhere. Administrators only.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

import psycopg
import sqlalchemy as sa
from psycopg import sql
from psycopg.pq import ExecStatus

from zixly_data.database import refusals

_Connection = psycopg.Connection[tuple[object, ...]]

# Without row_security, rows hidden by a policy would pass for read: PostgreSQL refuses instead.
_SESSION = "set statement_timeout = 0; set lock_timeout = '10s'; set row_security = off"
_TABLES = """
    select n.nspname, c.relname, pg_total_relation_size(c.oid)
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm') and c.relpersistence <> 't'
    order by n.nspname, c.relname
"""
_CHECKSUMS = """
    select current_setting('data_checksums') = 'on', coalesce(sum(checksum_failures), 0)::bigint
    from pg_stat_database
"""
_RELATION = """
    select pg_filenode_relation(case when %(place)s = 'global' then 1664 else 0 end, %(file)s)
        ::regclass::text
    where %(place)s in ('global', (
        select 'base/' || oid from pg_database where datname = current_database()))
"""
_BACKUP = (
    b"BASE_BACKUP (TARGET 'blackhole', CHECKPOINT 'fast', WAIT 'false', MANIFEST 'no', "
    b"VERIFY_CHECKSUMS 'true')"
)
_DAMAGED_FILE = re.compile(r'in file "(?:\./)?([^"]+)"')
_RECOVERY_SECONDS = 60.0
# Another login's table or rows behind a policy; a table that somebody has locked.
_NOT_READ = ("42501", "55P03")
_DROPPED = "42P01"


@dataclass(frozen=True)
class StoredTable:
    """A table and its size in bytes, with its indexes and long values."""

    schema: str
    name: str
    size: int

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


class Outcome(Enum):
    """What became of reading a table."""

    READ = "read"
    DAMAGED = "damaged"
    NOT_READ = "not read"  # this login may not, or it is locked


def tables(admin_url: str) -> list[StoredTable]:
    """Return all tables of the database, the system's too. Raises the errors of `refusals`."""
    with refusals.translate_errors(), _connect(admin_url) as admin:
        return [StoredTable(str(a), str(b), int(str(c))) for a, b, c in admin.execute(_TABLES)]


def checksums(admin_url: str) -> tuple[bool, int]:
    """Return whether data checksums are on, and how many have failed.

    Raises the errors of `refusals`.
    """
    with refusals.translate_errors(), _connect(admin_url) as admin:
        are_on, failures = admin.execute(_CHECKSUMS).fetchone() or (False, 0)
    return bool(are_on), int(str(failures))


def read_tables(
    admin_url: str, chosen: Sequence[StoredTable]
) -> Iterator[tuple[StoredTable, Outcome]]:
    """Read each table from beginning to end; the next one after an error, too.

    Raises the errors of `refusals` if the database is gone and does not come back.
    """
    admin: _Connection | None = None
    try:
        for table in chosen:
            if admin is None or admin.closed:
                admin = _connect_again(admin_url)
            yield table, _read(admin, table)
    finally:
        if admin is not None:
            admin.close()


def damaged_relations(admin_url: str) -> list[str] | None:
    """Return the tables and indexes whose pages differ from their checksums.

    None if this login may not make a base backup, or the server cannot.
    """
    warnings: list[str] = []
    try:
        with _connect(admin_url, replication="database") as backup:
            backup.add_notice_handler(lambda notice: warnings.append(notice.message_primary or ""))
            is_complete = _run_backup(backup)
    except psycopg.Error:
        is_complete = False
    files = {match[1] for text in warnings if (match := _DAMAGED_FILE.search(text)) is not None}
    if not files and not is_complete:
        return None
    return sorted({_relation(admin_url, file) for file in files})


def _read(admin: _Connection, table: StoredTable) -> Outcome:
    query = sql.SQL("copy (select * from only {}) to stdout").format(
        sql.Identifier(table.schema, table.name)
    )
    try:
        with admin.cursor().copy(query) as rows:
            for _ in rows:
                pass
    except psycopg.Error as error:
        if error.sqlstate == _DROPPED:
            return Outcome.READ
        return Outcome.NOT_READ if error.sqlstate in _NOT_READ else Outcome.DAMAGED
    return Outcome.READ


def _run_backup(backup: _Connection) -> bool:
    """Run the base backup to its end; return whether it succeeded."""
    result: psycopg.pq.abc.PGresult | None = backup.pgconn.exec_(_BACKUP)
    is_complete = True
    while result is not None:
        if result.status == ExecStatus.FATAL_ERROR:
            is_complete = False
        elif result.status == ExecStatus.COPY_OUT:
            while backup.pgconn.get_copy_data(0)[0] > 0:
                pass
        result = backup.pgconn.get_result()
    return is_complete


def _relation(admin_url: str, file: str) -> str:
    """Return the name of the table or index of a file, or the file where that fails."""
    place, _, name = file.rpartition("/")
    number = re.match(r"\d+", name)
    if number is None:
        return file
    with suppress(psycopg.Error), _connect(admin_url) as admin:
        values = {"place": place, "file": int(number[0])}
        row = admin.execute(_RELATION, values).fetchone()
        if row is not None and row[0] is not None:
            return str(row[0])
    return file


def _connect_again(admin_url: str) -> _Connection:
    """Connect, also while the server recovers from a crash that damage caused."""
    deadline = time.monotonic() + _RECOVERY_SECONDS
    while True:
        try:
            return _connect(admin_url)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise refusals.translate(error) from None
        time.sleep(0.5)


def _connect(admin_url: str, *, replication: str = "") -> _Connection:
    url = sa.make_url(admin_url).set(drivername="postgresql")
    connection: _Connection = psycopg.connect(
        url.render_as_string(hide_password=False),
        autocommit=True,
        prepare_threshold=None,
        connect_timeout=10,
        replication=replication or None,
    )
    if not replication:
        connection.execute(_SESSION)
    return connection
