"""Debian's PostgreSQL beside the embedded one: a throw-away server for the tests."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

_VERSIONS = ("15",)
_ACCOUNT = "postgres"


def _binaries(name: str) -> Path:
    return Path("/usr/lib/postgresql") / name.removeprefix("debian-") / "bin"


def installed() -> list[str]:
    """The versions found here, as `debian-15`."""
    names = [f"debian-{version}" for version in _VERSIONS]
    return [name for name in names if (_binaries(name) / "initdb").exists()]


def create(name: str, home: Path) -> None:
    """Create a cluster, and the password of its administrator, in `home`."""
    binaries, data, password = _binaries(name), home / "cluster", home / "password"
    data.mkdir()
    password.write_text(secrets.token_hex(16))
    if os.geteuid() == 0:
        for place in (data, password):
            shutil.chown(place, _ACCOUNT)
        home.chmod(0o711)
    _run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256",
         "--pwfile", password, "-E", "UTF8", "--locale", "C.UTF-8",
         "--data-checksums")  # fmt: skip


@contextmanager
def serving(name: str, home: Path) -> Iterator[SecretStr]:
    """The administrator's address of the cluster in `home` for the duration of the block."""
    control, data, port = _binaries(name) / "pg_ctl", home / "cluster", _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    _run(control, "-D", data, "-w", "-l", log_of(home), "-o", options, "start")
    password = (home / "password").read_text()
    try:
        yield SecretStr(f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres")
    finally:
        _run(control, "-D", data, "-m", "fast", "-w", "stop")


def log_of(home: Path) -> Path:
    return home / "cluster" / "log"


def _run(*command: object) -> None:
    # PostgreSQL refuses to run as root: Debian's own account takes over.
    account = _ACCOUNT if os.geteuid() == 0 else None
    subprocess.run(
        [*map(str, command)],
        check=True,
        capture_output=True,
        cwd="/",
        user=account,
        group=account,
        extra_groups=[] if account else None,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
