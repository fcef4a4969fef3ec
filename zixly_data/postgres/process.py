"""The running PostgreSQL of one folder: is it there, start it, stop it.

All of these are called by the holder of the start lock. Whether a server runs is told by the
lock that all its processes inherit (`server.lock`), never by a process id.
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
from zixly_data.postgres.binaries import Programs
from zixly_data.postgres.cluster import SUPERUSER, Folder
from zixly_data.postgres.locks import PAUSE, is_free, open_lock, try_lock

HOST = "127.0.0.1"
START_SECONDS = 180.0  # replaying the log after a crash takes as long as it takes
STOP_SECONDS = {"SIGINT": 60.0, "SIGQUIT": 20.0}  # in good order, then at once
_PORTS_TRIED = 5

# Small machine, one business: the design's 26 MiB. The three that make an acknowledged write
# survive kill -9 are spelled out so that nobody's postgresql.conf can weaken them.
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
    """What postmaster.pid claims. Nothing of it may be believed unchecked."""

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
    """The port of the folder's server, which is started unless it runs.

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
        found = _PidFile.read(folder)
        if found and found.ready and _is_ours(folder, found.port):
            return found.port
        if time.monotonic() > deadline:
            raise ServerFailed(
                f"A PostgreSQL that does not answer is still using {folder.data}; "
                f"see {folder.log}.",
                advice="End the PostgreSQL processes of that folder, then start again.",
            )
        time.sleep(PAUSE)


def connect(folder: Folder, port: int, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as superuser to whatever listens on the port and knows the password.

    scram-sha-256 makes the server prove that it knows it too, and an impostor learns nothing.
    Raises psycopg.OperationalError.
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
    """Stops the server that Zixly runs on the folder, if any, and waits for its end.

    Raises OSError.
    """
    if is_free(folder.server_lock):
        return
    for request, seconds in STOP_SECONDS.items():
        found = _PidFile.read(folder)
        if found and _is_postmaster(folder, found.pid):
            os.kill(found.pid, signal.Signals[request])
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if is_free(folder.server_lock):
                return
            time.sleep(PAUSE)
    _log.warning("The PostgreSQL of %s did not stop; see %s.", folder.data, folder.log)


def _start(folder: Folder, programs: Programs, lock: int) -> int:
    """Starts the server, which inherits `lock`. No process of an earlier one of ours lives."""
    left_over = _PidFile.read(folder)
    if left_over and (_is_postmaster(folder, left_over.pid) or _is_ours(folder, left_over.port)):
        raise ServerFailed(
            f"A PostgreSQL that Zixly did not start is using {folder.data}.",
            advice="Stop it with pg_ctl stop, then start again.",
        )
    (folder.data / "postmaster.pid").unlink(missing_ok=True)
    for port in _ports(left_over):
        with folder.open_log() as log:
            begin = log.tell()
            process = programs.launch("postgres", _options(folder, port), log=log, keep=lock)
        try:
            if _becomes_ready(folder, process, port):
                # Someone must collect it when it dies, or it stays a zombie of this process.
                threading.Thread(target=process.wait, name="postgres-end", daemon=True).start()
                return port
        except BaseException:
            process.send_signal(signal.SIGQUIT)
            process.wait()
            raise
        if not _port_was_refused(folder, begin):
            break
    raise ServerFailed(
        f"PostgreSQL did not start; the reason is at the end of {folder.log}.",
        advice="Check that the disk has room and that its folder may be written, then start again.",
    )


def _options(folder: Folder, port: int) -> list[str]:
    options = ["-D", str(folder.data), "-p", str(port)]
    for name, value in _SETTINGS.items():
        options += ["-c", f"{name}={value}"]
    return options


def _becomes_ready(folder: Folder, process: subprocess.Popen[bytes], port: int) -> bool:
    """Waits until the new server answers; False if it ended instead. Raises ServerFailed."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None:
        found = _PidFile.read(folder)
        if found and found.ready and _is_ours(folder, port):
            return True
        if time.monotonic() > deadline:
            raise ServerFailed(
                f"PostgreSQL was not ready within {START_SECONDS:.0f} seconds; see {folder.log}."
            )
        time.sleep(PAUSE)
    return False


def _is_ours(folder: Folder, port: int) -> bool:
    """Whether the server on the port serves exactly our data folder."""
    try:
        with connect(folder, port, "postgres") as connection:
            row = connection.execute("show data_directory").fetchone()
    except psycopg.OperationalError:
        return False
    return row is not None and Path(str(row[0])) == folder.data


def _is_postmaster(folder: Folder, pid: int) -> bool:
    """Whether the process was started on our data folder. A zombie has no command line."""
    if sys.platform == "linux":
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(folder.data) in words
    listing = subprocess.run(  # noqa: S603 - a number for an argument
        ["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return f"-D {folder.data} " in listing.stdout


def _ports(left_over: _PidFile | None) -> Iterator[int]:
    """Ports to try: the one of a server that crashed, so that its clients find the new one."""
    if left_over and 0 < left_over.port < 65536:
        yield left_over.port
    for _ in range(_PORTS_TRIED):
        yield free_port()


def free_port() -> int:
    """A port of the loopback interface on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _port_was_refused(folder: Folder, begin: int) -> bool:
    """Whether that is what the log says from the byte `begin` on."""
    with folder.log.open("rb") as log:
        log.seek(begin)
        return b"could not create any TCP/IP sockets" in log.read()
