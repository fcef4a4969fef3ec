"""Checks of this machine: the data folder, free space on each disk, and open files."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from zixly_data import os_errors
from zixly_data.operations.doctor.finding import Finding
from zixly_data.settings import settings

if sys.platform != "win32":
    import resource

_LOW_DISK_SPACE = 1_000_000_000  # bytes
_FEW_OPEN_FILES = 4_096  # a connection is one; 1,024 are used up by 250 windows
_NEARLY_ALL = 0.8
_LISTENING = "0A"


def data_folder() -> Iterator[Finding]:
    """Check that the data folder can be written."""
    home = settings().home
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Without content, a full disk would accept it.
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(bytes(65_536))
    except OSError as error:
        words = os_errors.reason(error)
        yield Finding(
            f"Zixly cannot write to the data folder {home}: {words.text}.",
            f"{words.advice} Or choose another folder with ZIXLY_HOME.",
        )
    else:
        yield Finding(f"Zixly can write to the data folder {home}.")


def own_places() -> list[tuple[str, Path]]:
    """Return the folders that Zixly itself writes to, each with its name."""
    return [
        ("the data folder", settings().home),
        ("the archive", settings().archive_folder()),
        ("temporary files", Path(tempfile.gettempdir())),
    ]


class Disks:
    """Checks the free space of each disk once. `is_low`: one of them is nearly full."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.is_low = False

    def check(self, places: Iterable[tuple[str, Path]]) -> Iterator[Finding]:
        """Check the disks of these places; skip those already seen or on another machine."""
        for name, path in places:
            existing = next((folder for folder in (path, *path.parents) if folder.exists()), path)
            try:
                device = existing.stat().st_dev
                free = shutil.disk_usage(existing).free
                status = os.statvfs(existing)
            except OSError:
                continue
            if device in self._seen:
                continue
            self._seen.add(device)
            is_low = free < _LOW_DISK_SPACE
            self.is_low = self.is_low or is_low
            yield Finding(
                f"{free / 1e9:,.1f} GB are free on the disk of {name} ({existing}).",
                "Free up space: the database stops when the disk is full." * is_low,
            )
            if status.f_files and status.f_favail < status.f_files / 100:
                yield Finding(
                    f"Only {status.f_favail:,} more files fit on the disk of {name} ({existing}).",
                    "Delete files there, for example old logs.",
                )


def open_files() -> Iterator[Finding]:
    """Check the limit of open files here, and in the app if it runs on this machine."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = "unlimited" if hard == resource.RLIM_INFINITY else f"{hard:,}"
    is_low = hard != resource.RLIM_INFINITY and hard < _FEW_OPEN_FILES
    yield Finding(
        f"A process started here may open {soft:,} files and connections, at most {highest}.",
        f"Raise the limit to {_FEW_OPEN_FILES:,} or more: ulimit -n, LimitNOFILE= of systemd, or "
        "ulimits of compose." * is_low,
    )
    for process in _app_processes(settings().port):
        found = _open_in(process)
        if found is None:
            continue
        number, limit = found
        yield Finding(
            f"The app (process {process}) has {number:,} of {limit:,} files and connections open.",
            "Close windows, raise the limit of open files and restart the app."
            * (number > limit * _NEARLY_ALL),
        )


def _app_processes(port: int) -> list[int]:
    """Return the processes of this account that listen on the port; none if /proc is missing."""
    sockets = set()
    for table in ("tcp", "tcp6"):
        try:
            lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        except OSError:
            continue
        for fields in (line.split() for line in lines):
            if fields[3] == _LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                sockets.add(f"socket:[{fields[9]}]")
    processes = []
    for folder in Path("/proc").glob("[0-9]*") if sockets else ():
        try:
            links = {os.readlink(link) for link in (folder / "fd").iterdir()}
        except OSError:
            continue
        if links & sockets:
            processes.append(int(folder.name))
    return processes


def _open_in(process: int) -> tuple[int, int] | None:
    """Return the number of open files of a process and its limit, or None if it has ended."""
    try:
        number = len(list(Path(f"/proc/{process}/fd").iterdir()))
        limits = Path(f"/proc/{process}/limits").read_text().splitlines()
        limit = next(line for line in limits if line.startswith("Max open files")).split()[3]
    except (OSError, StopIteration, IndexError):
        return None
    return (number, int(limit)) if limit.isdecimal() else None
