"""The folder of the embedded PostgreSQL, and its creation with initdb.

    <home>/postgres/
      cluster/data       the data folder of PostgreSQL
      cluster/password   the superuser's password; readable by its owner alone
      server.log         output of initdb and the server
      start.lock         held while a process starts or stops the server
      users.lock         shared by every process that uses the server
      server.lock        held by every process of the server itself
      unfinished-*       a running initdb, or the remains of an interrupted one

The cluster is created under another name and renamed once it is complete, password included, so
a half-made cluster never has its final name.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zixly_data import os_errors
from zixly_data.errors import ServerFailed
from zixly_data.postgres import start_failure
from zixly_data.postgres.binaries import MAJOR, Programs

SUPERUSER = "postgres"
_FOLDER_MODE = 0o755  # regardless of the umask; the contents are private in themselves
_LOG_LIMIT = 10_000_000  # bytes after which the log is set aside; one older log is kept


@dataclass(frozen=True)
class Folder:
    """The paths of one embedded server. `root` is absolute and contains no symbolic links."""

    root: Path

    @classmethod
    def of(cls, home: Path) -> Folder:
        """Return the folder below `home`, created if missing. Raises OSError."""
        root = home.resolve() / "postgres"
        if not root.exists():
            root.mkdir(parents=True, exist_ok=True)
            root.chmod(_FOLDER_MODE)
        return cls(root)

    @property
    def cluster(self) -> Path:
        return self.root / "cluster"

    @property
    def data(self) -> Path:
        return self.cluster / "data"

    @property
    def log(self) -> Path:
        return self.root / "server.log"

    @property
    def start_lock(self) -> Path:
        return self.root / "start.lock"

    @property
    def users_lock(self) -> Path:
        return self.root / "users.lock"

    @property
    def server_lock(self) -> Path:
        return self.root / "server.lock"

    def password(self) -> str:
        """Return the superuser's password. Raises ServerFailed."""
        path = self.cluster / "password"
        try:
            password = path.read_bytes().decode("ascii").rstrip("\r\n")
        except OSError as error:
            words = os_errors.reason(error)
            raise ServerFailed(
                f"The password of the embedded database in {path} cannot be read: {words.text}.",
                advice=words.advice,
            ) from None
        except UnicodeDecodeError:
            password = ""
        if not password or not password.isprintable():
            raise wrong_password(self)
        return password

    def open_log(self) -> IO[bytes]:
        """Open the log for appending, rotated if it is too large. Raises OSError."""
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".log.1"))
        return open(os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def wrong_password(folder: Folder) -> ServerFailed:
    """Return the error for a file whose content is not the superuser's password."""
    return ServerFailed(
        f"The file {folder.cluster / 'password'} is damaged: its content is not the password of "
        "the embedded database.",
        advice="Restore the file, or the data folder, from a backup.",
    )


def require_major_version(folder: Folder) -> None:
    """Raise ServerFailed unless the data folder was created by this major version."""
    try:
        version = (folder.data / "PG_VERSION").read_text(encoding="ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise ServerFailed(
            f"The folder {folder.cluster} exists but contains no PostgreSQL database.",
            advice="Restore it from a backup, or move it away to start with an empty database.",
        ) from None
    if not version.isdecimal():
        raise ServerFailed(
            f"The file {folder.data / 'PG_VERSION'} is damaged.",
            advice="Stop Zixly, keep a copy of the data folder, check the disk, and restore the "
            "data folder from a backup.",
        )
    if version != str(MAJOR):
        raise ServerFailed(
            f"The database in {folder.data} was created by PostgreSQL {version}, but this version "
            f"of Zixly uses PostgreSQL {MAJOR}. Nothing was changed.",
            advice="Export the data with the earlier version of Zixly, move the folder away, start "
            f"this version and import. Or upgrade to PostgreSQL {MAJOR} with pg_upgrade.",
        )


def create(folder: Folder, programs: Programs, *, start_lock: int) -> None:
    """Create the cluster unless it exists. The caller holds the start lock.

    initdb inherits that lock: if this process is killed, no other process starts until initdb has
    ended. Raises ServerFailed, OSError.
    """
    for remains in folder.root.glob("unfinished-*"):
        shutil.rmtree(remains)
    if folder.cluster.exists():
        return
    staging = folder.root / f"unfinished-{secrets.token_hex(4)}"
    try:
        _initdb(folder, programs, staging, start_lock)
        staging.rename(folder.cluster)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _make_durable(folder.root)


def _initdb(folder: Folder, programs: Programs, staging: Path, start_lock: int) -> None:
    staging.mkdir()
    staging.chmod(_FOLDER_MODE)
    data, password = staging / "data", staging / "password"
    data.mkdir(mode=0o700)
    descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
        file.flush()
        os.fsync(file.fileno())
    programs.change_owner(data)
    programs.change_owner(password)
    options = [
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    ]
    with folder.open_log() as log:
        log_start = log.tell()
        process = programs.launch("initdb", options, log=log, inherited=start_lock)
        try:
            status = process.wait()
        except BaseException:
            _end_session(process)
            raise
    if status != 0:
        raise start_failure.explain(
            f"PostgreSQL could not create the database in {folder.root}",
            folder.log,
            start_failure.read_from(folder.log, log_start),
        )
    _make_durable(staging)


def _end_session(process: subprocess.Popen[bytes]) -> None:
    """Kill initdb together with the servers that it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
