"""The embedded PostgreSQL: a real server, installed with the app, in the app's data folder.

    server = start(Path(".zixly"))
    server.address.url()
    server.close()

Any number of processes may use one folder: the first starts the server, the others attach, and the
last to close stops it. Each holds a shared lock until it ends, so a killed process leaves nothing
to clean up. A server left without users keeps running until a later process attaches and, as the
last to close, stops it.

`close()` also runs when the interpreter exits. Python does not exit by itself on SIGTERM: to stop
the server then, turn the signal into SystemExit, for example with
`signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))`. A forked child uses its parent's share.
"""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from zixly_data import os_errors
from zixly_data.errors import ServerFailed
from zixly_data.postgres import binaries as server_binaries
from zixly_data.postgres import cluster as server_cluster
from zixly_data.postgres import process as server_process
from zixly_data.postgres.cluster import SUPERUSER, Folder
from zixly_data.postgres.locks import exclusive, open_lock, require_locks, try_lock

DATABASE = "zixly"
START_WAIT_SECONDS = 240.0  # for another process that is starting or stopping the server
CLOSE_WAIT_SECONDS = 30.0  # a longer wait means another user, who will stop the server

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServerAddress:
    """The address and credentials of the server's superuser."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str

    def url(self) -> str:
        """Return the address as a libpq URL. It contains the password: never log it."""
        user, password = quote(self.user, safe=""), quote(self.password, safe="")
        return f"postgresql://{user}:{password}@{self.host}:{self.port}/{quote(self.database)}"


class EmbeddedServer:
    """This process's share of a running server. Created by `start` alone."""

    def __init__(self, folder: Folder, address: ServerAddress, share: int) -> None:
        self.address = address
        self._folder = folder
        self._share: int | None = share
        self._process = os.getpid()
        self._closing = threading.Lock()
        atexit.register(self.close)

    def close(self) -> None:
        """Give up the share, and stop the server if it was the last. Safe to repeat."""
        if os.getpid() != self._process:
            return
        with self._closing:
            share, self._share = self._share, None
        if share is None:
            return
        atexit.unregister(self.close)
        try:
            with exclusive(self._folder.start_lock, seconds=CLOSE_WAIT_SECONDS):
                if try_lock(share):
                    server_process.stop(self._folder)
        except (OSError, ServerFailed):
            _log.warning("The server of %s is still running.", self._folder.root, exc_info=True)
        finally:
            os.close(share)


def start(home: Path) -> EmbeddedServer:
    """Start the PostgreSQL of the folder `home`, or attach to it if it runs.

    Creates folder, cluster and the database `zixly` if missing. Blocks until the server responds
    and is verified to serve this folder. Raises ServerFailed.
    """
    if sys.platform == "win32":
        raise ServerFailed(
            "The embedded database does not support Windows.",
            advice="Install PostgreSQL and set DATABASE_URL to its address.",
        )
    try:
        folder = Folder.of(home)
        with exclusive(folder.start_lock, seconds=START_WAIT_SECONDS) as start_lock:
            require_locks(folder.start_lock)
            return _start(folder, start_lock)
    except OSError as error:
        words = os_errors.reason(error)
        raise ServerFailed(
            f"The folder {home} cannot hold the database: {words.text}.",
            advice=f"{words.advice} Or choose another folder with ZIXLY_HOME.",
        ) from error


def _start(folder: Folder, start_lock: int) -> EmbeddedServer:
    programs = server_binaries.find(folder.data)
    if folder.cluster.exists():
        server_cluster.require_major_version(folder)
    server_cluster.create(folder, programs, start_lock=start_lock)
    password = folder.password()
    share = open_lock(folder.users_lock)
    try:
        # Never contended: every process that locks it exclusively holds the start lock too.
        if not try_lock(share, shared=True):
            raise ServerFailed(f"Another program has locked {folder.users_lock}.")
        port = server_process.ensure_running(folder, programs)
        address = ServerAddress(
            server_process.HOST, port, SUPERUSER, password, _create_database(folder, port)
        )
    except BaseException:
        if try_lock(share):
            server_process.stop(folder)
        os.close(share)
        raise
    return EmbeddedServer(folder, address, share)


def _create_database(folder: Folder, port: int) -> str:
    try:
        with server_process.connect(folder, port, "postgres") as connection:
            database = connection.execute(
                "select 1 from pg_database where datname = %s", [DATABASE]
            ).fetchone()
            if database is None:
                connection.execute(f"create database {DATABASE}")
    except psycopg.Error as error:
        raise ServerFailed(
            f"The database {DATABASE} could not be created. See {folder.log}."
        ) from error
    return DATABASE
