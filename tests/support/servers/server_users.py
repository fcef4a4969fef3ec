"""Other processes that use the embedded server, to be ended in every possible way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).parents[3]
PATIENCE = 120.0  # seconds; only a broken server lets a test wait this long

# Starts or attaches, prints the port, then follows commands, a line at a time.
_APP = """
import os, signal, sys
from pathlib import Path
import psycopg
from zixly_data.postgres.server import start

signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = start(Path(sys.argv[1]))
signal.signal(signal.SIGINT, lambda *_: os.write(1, b"interrupted\\n"))
print(server.address.port, flush=True)
while True:
    order = sys.stdin.readline().strip()
    if order == "write":
        with psycopg.connect(server.address.url(), autocommit=True) as connection:
            connection.execute("create table if not exists writes (n int)")
            for n in range(int(sys.argv[2])):
                connection.execute("insert into writes values (%s)", [n])
                print(n, flush=True)
    elif order == "ask":
        with psycopg.connect(server.address.url()) as connection:
            print(connection.execute("select 'here'").fetchone()[0], flush=True)
    else:
        break
"""


class App:
    """A process that starts the server of `home`, or attaches to it, and stays."""

    def __init__(
        self, home: Path, *arguments: str, prefix: tuple[str, ...] = (), code: str = _APP
    ) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-c", code, str(home), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=REPOSITORY,
            text=True,
            start_new_session=True,
        )

    def says(self) -> str:
        """Its next line, '' if it has ended."""
        return _stream(self.process.stdout).readline().strip()

    def port(self) -> int:
        return int(self.says())

    def does(self, order: str) -> None:
        stream = _stream(self.process.stdin)
        stream.write(order + "\n")
        stream.flush()

    def leaves(self) -> int:
        """Ends in the ordinary way; returns its exit status."""
        _stream(self.process.stdin).close()
        return self.ends()

    def ends(self) -> int:
        status = self.process.wait(timeout=PATIENCE)
        for stream in (self.process.stdin, self.process.stdout):
            _stream(stream).close()
        return status

    def is_killed(self) -> None:
        self.process.kill()
        self.ends()


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def holders(path: Path) -> list[int]:
    """The other processes that have the file open."""
    pids = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            files = [os.readlink(link) for link in (folder / "fd").iterdir()]
        except OSError:
            continue
        if str(path) in files and int(folder.name) != os.getpid():
            pids.append(int(folder.name))
    return pids


def server_processes(home: Path) -> list[int]:
    return holders(home / "postgres" / "server.lock")


def postmaster(home: Path) -> int:
    return int((home / "postgres/cluster/data/postmaster.pid").read_text().split()[0])


def kill_all(processes: list[int]) -> None:
    for process in processes:
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


def eventually(truth: Callable[[], object]) -> None:
    """Waits for a condition that another process is about to fulfil."""
    deadline = time.monotonic() + PATIENCE
    while not truth():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.01)
