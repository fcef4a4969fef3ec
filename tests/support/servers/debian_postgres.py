"""Debian's PostgreSQL beside the embedded one: a throw-away server for the tests."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

_VERSIONS = ("15",)


def _binaries(version: str) -> Path:
    return Path("/usr/lib/postgresql") / version / "bin"


def installed() -> list[str]:
    """The versions found here, as `debian-15`."""
    return [f"debian-{v}" for v in _VERSIONS if (_binaries(v) / "initdb").exists()]


@contextmanager
def running(name: str) -> Iterator[SecretStr | None]:
    """The administrator's address of such a server for as long as the block runs; None for the
    embedded one, which starts by itself."""
    if name == "embedded":
        yield None
        return
    # Not in pytest's own folder, which every pytest that starts on the machine closes to others.
    with (
        tempfile.TemporaryDirectory(prefix="zixly-postgres-") as place,
        _server(name, Path(place)) as url,
    ):
        yield url


@contextmanager
def _server(name: str, home: Path) -> Iterator[SecretStr]:
    binaries, data = _binaries(name.removeprefix("debian-")), home / "cluster"
    password, port = secrets.token_hex(16), _free_port()
    data.mkdir()
    password_file = home / "password"
    password_file.write_text(password)
    account = None
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root: Debian's own account takes over.
        account = "postgres"
        for place in (data, password_file):
            shutil.chown(place, "postgres")
        home.chmod(0o711)
    run = lambda *command: subprocess.run(  # noqa: E731
        [*map(str, command)],
        check=True,
        capture_output=True,
        cwd="/",
        user=account,
        group=account,
        extra_groups=[] if account else None,
    )
    run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256",
        "--pwfile", password_file, "-E", "UTF8", "--locale", "C.UTF-8")  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    run(binaries / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
    try:
        yield SecretStr(f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres")
    finally:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
