"""Locks between processes, released by the kernel when a process ends for any reason.

A lock belongs to an open file, not to a process: a child that inherits the file shares the lock,
which is held until the last of them ends. The lock of a PostgreSQL server therefore shows whether
any of its processes is alive. A process id would not: it may be stale, reused, a zombie's or
another container's.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zixly_data.errors import ServerFailed

if sys.platform != "win32":
    import fcntl

_WITHOUT_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}
PAUSE = 0.02  # seconds between two attempts


def open_lock(path: Path) -> int:
    """Open a file to lock, not inherited by children unless passed on. Raises OSError."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock and return True, or False at once if a conflicting lock is held.

    Trying for an exclusive lock while holding a shared one may lose the shared one. Raises
    ServerFailed if the disk has no locks.
    """
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in _WITHOUT_LOCKS:
            raise _no_locks_error() from None
        raise
    return True


def require_locks(path: Path) -> None:
    """Raise ServerFailed unless a lock on the file, which the caller holds, keeps others out.

    Some network shares and FUSE file systems accept every lock: two processes would then start two
    servers on one data folder. Raises OSError.
    """
    if is_free(path):
        raise _no_locks_error()


def _no_locks_error() -> ServerFailed:
    return ServerFailed(
        "The disk of the data folder does not support file locks (flock), without which two "
        "servers could write to the same database.",
        advice="Choose a folder on a local disk with ZIXLY_HOME, mount the network share with "
        "locks, or set DATABASE_URL.",
    )


def is_free(path: Path) -> bool:
    """Return whether no process holds a lock on the file."""
    descriptor = open_lock(path)
    try:
        return try_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def exclusive(path: Path, *, seconds: float) -> Iterator[int]:
    """Hold an exclusive lock on the file inside the block; yield its descriptor to pass on.

    Raises ServerFailed if other processes hold it for longer than `seconds`.
    """
    deadline = time.monotonic() + seconds
    descriptor = open_lock(path)
    try:
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"Another process has been starting the database in {path.parent} "
                    f"for more than {seconds:.0f} seconds.",
                    advice="Stop the other Zixly processes on this folder, then start again.",
                )
            time.sleep(PAUSE)
        yield descriptor
    finally:
        os.close(descriptor)
