"""Errors of the operating system in words: the reason, and what the operator of the server does.

Disks become full or read-only, permissions change, and a process runs out of descriptors. Every
module that reads or writes files of Zixly's own takes its words from here.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

from zixly_data.errors import StorageFailed


@dataclass(frozen=True)
class Reason:
    """The end of a sentence ("…: the disk is full") and a sentence for the operator."""

    text: str
    advice: str


_PERMISSION = Reason(
    "the account that runs Zixly has no permission",
    "Give that account the right to read and write it.",
)
_OPEN_FILES = Reason(
    "too many files and connections are open",
    "Raise the limit of open files (ulimit -n, or LimitNOFILE= of systemd), then restart Zixly.",
)
_IN_THE_WAY = Reason(
    "a file is where a folder belongs, or a folder where a file belongs",
    "Move it away, then start again.",
)
_LOST_SHARE = Reason(
    "the connection to the disk was lost",
    "Connect the disk or the network share again, then restart Zixly.",
)
_BROKEN_DISK = Reason(
    "the disk reports errors",
    "Check the disk and the log of the system. Move the data to another disk, or restore a backup.",
)
REASONS = {
    errno.ENOSPC: Reason("the disk is full", "Free up space on the disk."),
    errno.EDQUOT: Reason(
        "the disk quota is used up",
        "Free up space, or raise the quota of the account that runs Zixly.",
    ),
    errno.EFBIG: Reason(
        "the file would be larger than allowed",
        "Raise the limit of the size of files (ulimit -f), then restart Zixly.",
    ),
    errno.EROFS: Reason(
        "the disk is read-only",
        "Make it writable. A disk with errors becomes read-only: check the log of the system.",
    ),
    errno.EACCES: _PERMISSION,
    errno.EPERM: _PERMISSION,
    errno.EMFILE: _OPEN_FILES,
    errno.ENFILE: _OPEN_FILES,
    errno.EIO: _BROKEN_DISK,
    errno.ENXIO: _BROKEN_DISK,
    errno.ENODEV: _BROKEN_DISK,
    errno.ESTALE: _LOST_SHARE,
    errno.ENOTCONN: _LOST_SHARE,
    errno.EHOSTDOWN: _LOST_SHARE,
    errno.ENOMEM: Reason("the server is out of memory", "Free up memory, then restart Zixly."),
    errno.ENOENT: Reason(
        "it does not exist", "Restore it from a backup, or choose another folder with ZIXLY_HOME."
    ),
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EISDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.ELOOP: Reason("its links lead in a circle", "Correct the symbolic links of the path."),
    errno.ENAMETOOLONG: Reason("its name is too long", "Choose a folder with a shorter path."),
}
_OF_MACHINE = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE, errno.ENFILE,
    errno.EIO, errno.ESTALE, errno.ENOMEM,
}  # fmt: skip


def reason(error: OSError) -> Reason:
    """Return the words for the error."""
    known = REASONS.get(error.errno or 0)
    # strerror is the operating system's own text, without the path.
    return known or Reason(
        error.strerror or type(error).__name__, "Check the folder and its disk, then try again."
    )


def storage_failed(what: str, error: OSError) -> StorageFailed:
    """Return the error for `what`, the beginning of a sentence: "The file could not be written"."""
    words = reason(error)
    return StorageFailed(f"{what}: {words.text}.", advice=words.advice)


def is_of_machine(error: OSError) -> bool:
    """Return whether a full disk, a limit or the like caused the error, and not a wrong path."""
    return error.errno in _OF_MACHINE
