"""The PostgreSQL process of one folder: detection, start and stop.

The caller holds the start lock. A server is detected by the lock that all its processes inherit
(`server.lock`), never by a process id.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from zixly_data.errors import ServerFailed
from zixly_data.postgres import start_failure
from zixly_data.postgres.binaries import Programs
from zixly_data.postgres.cluster import SUPERUSER, Folder, wrong_password
from zixly_data.postgres.locks import PAUSE, is_free, open_lock, try_lock

HOST = "127.0.0.1"
START_SECONDS = 180.0  # replaying the log after a crash may take long
STOP_SECONDS = {"SIGINT": 60.0, "SIGQUIT": 20.0}  # fast shutdown, then immediate
_PORTS_TRIED = 5

# For a small machine and one business: 26 MiB by design. The three settings that make an
# acknowledged write survive kill -9 are explicit, so that no postgresql.conf can weaken them.
_SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_error_verbosity": "terse",  # details quote the values of rows
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _PidFile:
    """The contents of postmaster.pid, which may be stale and must be verified."""

    pid: int
    port: int
    ready: bool

    @classmethod
    def read(cls, folder: Folder) -> _PidFile | None:
        try:
            lines = (folder.data / "postmaster.pid").read_bytes().splitlines()
            return cls(int(lines[0]), int(lines[3]), lines[7].strip() == b"ready")
        except (OSError, ValueError, IndexError):
            return None


def ensure_running(folder: Folder, programs: Programs) -> int:
    """Start the folder's server unless it runs, and return its port.

    Raises ServerFailed, OSError.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        lock = open_lock(folder.server_lock)
        try:
            if try_lock(lock):
                return _start(folder, programs, lock)
        finally:
            os.close(lock)
        pid_file = _PidFile.read(folder)
        if pid_file and pid_file.ready:
            if _is_ours(folder, pid_file.port):
                return pid_file.port
            if _refuses_password(folder, pid_file):
                raise wrong_password(folder)
        if time.monotonic() > deadline:
            raise ServerFailed(
                f"A PostgreSQL server that does not respond is still using {folder.data}. "
                f"See {folder.log}.",
                advice="Stop the PostgreSQL processes of that folder, then start again.",
            )
        time.sleep(PAUSE)


def connect(folder: Folder, port: int, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect as superuser to the server on the port.

    scram-sha-256 makes the server prove that it has the password too, and reveals nothing to an
    impostor. Raises psycopg.OperationalError.
    """
    return psycopg.connect(
        host=HOST,
        hostaddr=HOST,
        port=port,
        user=SUPERUSER,
        password=folder.password(),
        dbname=database,
        options="",
        client_encoding="utf8",
        sslmode="disable",
        gssencmode="disable",
        require_auth="scram-sha-256",
        connect_timeout=10,
        autocommit=True,
    )


def stop(folder: Folder) -> None:
    """Stop the server that Zixly runs on the folder, if any, and wait for its end.

    Raises OSError.
    """
    if is_free(folder.server_lock):
        return
    for signal_name, seconds in STOP_SECONDS.items():
        pid_file = _PidFile.read(folder)
        if pid_file and _is_postmaster(folder, pid_file.pid):
            os.kill(pid_file.pid, signal.Signals[signal_name])
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_free(folder.server_lock):
                return
            time.sleep(PAUSE)
    _log.warning("The PostgreSQL server of %s did not stop. See %s.", folder.data, folder.log)


def _start(folder: Folder, programs: Programs, lock: int) -> int:
    """Start the server, which inherits `lock`. No earlier server that Zixly started is alive."""
    stale_file = _PidFile.read(folder)
    if stale_file and (_is_postmaster(folder, stale_file.pid) or _is_ours(folder, stale_file.port)):
        raise ServerFailed(
            f"A PostgreSQL server that Zixly did not start is using {folder.data}.",
            advice="Stop it with pg_ctl stop, then start again.",
        )
    (folder.data / "postmaster.pid").unlink(missing_ok=True)
    for port in _ports(stale_file):
        with folder.open_log() as log:
            log_start = log.tell()
            process = programs.launch("postgres", _options(folder, port), log=log, inherited=lock)
        try:
            if _wait_until_ready(folder, process, port):
                # Reaps the process when it ends, which would otherwise remain a zombie.
                threading.Thread(target=process.wait, name="postgres-end", daemon=True).start()
                return port
        except BaseException:
            process.send_signal(signal.SIGQUIT)
            process.wait()
            raise
        if not start_failure.is_port_refused(start_failure.read_from(folder.log, log_start)):
            break
    raise start_failure.explain(
        "PostgreSQL did not start", folder.log, start_failure.read_from(folder.log, log_start)
    )


def _options(folder: Folder, port: int) -> list[str]:
    options = ["-D", str(folder.data), "-p", str(port)]
    for name, value in _SETTINGS.items():
        options += ["-c", f"{name}={value}"]
    return options


def _wait_until_ready(folder: Folder, process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the new server responds; False if it ended instead. Raises ServerFailed."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None:
        pid_file = _PidFile.read(folder)
        if pid_file and pid_file.ready:
            if _is_ours(folder, port):
                return True
            if _refuses_password(folder, pid_file):
                raise wrong_password(folder)
        if time.monotonic() > deadline:
            raise ServerFailed(
                f"PostgreSQL was not ready within {START_SECONDS:.0f} seconds. See {folder.log}."
            )
        time.sleep(PAUSE)
    return False


def _is_ours(folder: Folder, port: int) -> bool:
    """Return whether the server on the port serves the data folder of `folder`."""
    try:
        with connect(folder, port, "postgres") as connection:
            row = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(str(row[0])) == folder.data


def _refuses_password(folder: Folder, pid_file: _PidFile) -> bool:
    """Return whether the folder's own server does not accept the password in the folder."""
    try:
        connect(folder, pid_file.port, "postgres").close()
    except psycopg.OperationalError as error:
        refused = "password authentication failed" in str(error)
        return refused and _is_postmaster(folder, pid_file.pid)
    return False


def _is_postmaster(folder: Folder, pid: int) -> bool:
    """Return whether the process was started on the data folder; a zombie has no command line."""
    if sys.platform == "linux":
        try:
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(folder.data) in arguments
    listing = subprocess.run(  # noqa: S603 - a number for an argument
        ["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return f"-D {folder.data} " in listing.stdout


def _ports(stale_file: _PidFile | None) -> Iterator[int]:
    """Yield ports to try: first that of a crashed server, where its clients will reconnect."""
    if stale_file and 0 < stale_file.port < 65536:
        yield stale_file.port
    for _ in range(_PORTS_TRIED):
        yield free_port()


def free_port() -> int:
    """Return an unused port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
