"""Why the embedded PostgreSQL did not start: the reason in its log, with advice."""

from __future__ import annotations

from pathlib import Path

from zixly_data.errors import ServerFailed

_RESTORE = (
    "Keep a copy of the data folder, check the disk, and restore the folder from a backup. "
    "Do not delete anything in it."
)
_MOST_READ = 200_000  # bytes of the log
# The first text found in the log decides; the causes come before their consequences.
_REASONS = (
    ("No space left on device", "the disk is full", "Free up space, then start again."),
    ("Disk quota exceeded", "the disk quota is used up", "Free up space, then start again."),
    (
        "Read-only file system",
        "the disk is read-only",
        "Make it writable. A disk with errors becomes read-only: check the log of the system.",
    ),
    ("Input/output error", "the disk reports errors", _RESTORE),
    (
        "Too many open files",
        "too many files are open",
        "Raise the limit of open files (ulimit -n, or LimitNOFILE= of systemd), then start again.",
    ),
    (
        "Cannot allocate memory",
        "the server is out of memory",
        "Free up memory, then start again.",
    ),
    (
        "could not map anonymous shared memory",
        "the server is out of memory",
        "Free up memory, then start again.",
    ),
    (
        "Permission denied",
        "a file of the database cannot be opened",
        "Give the account that runs the database the right to read and write the data folder.",
    ),
    (
        "has group or world access",
        "other accounts can read the data folder",
        "Run: chmod 700 on it.",
    ),
    ("invalid page in block", "the database is damaged", _RESTORE),
    ("could not locate a valid checkpoint record", "the database is damaged", _RESTORE),
    ("invalid checkpoint record", "the database is damaged", _RESTORE),
    ("incompatible with server", "the database is damaged, or of another version", _RESTORE),
    ("incorrect checksum", "the database is damaged", _RESTORE),
    ("calculated CRC checksum", "the database is damaged", _RESTORE),
    ("could not open file", "a file of the database is missing", _RESTORE),
    ("could not read file", "a file of the database is damaged", _RESTORE),
    ("is not a valid data directory", "a file of the database is missing", _RESTORE),
    (
        "configuration file",
        "its configuration is not valid",
        "Correct the file that the log names.",
    ),
)


def read_from(log: Path, start: int) -> str:
    """Return what was written to the log after the byte `start`."""
    with log.open("rb") as file:
        file.seek(start)
        return file.read(_MOST_READ).decode(errors="replace")


def is_port_refused(text: str) -> bool:
    """Return whether the log reports a port in use."""
    return "could not create any TCP/IP sockets" in text


def explain(what: str, log: Path, text: str) -> ServerFailed:
    """Return the error with the reason that the log gives; `what` begins the sentence."""
    for part, reason, advice in _REASONS:
        if part in text:
            return ServerFailed(f"{what}: {reason}. See the end of {log}.", advice=advice)
    return ServerFailed(
        f"{what}. The reason is at the end of {log}.",
        advice="Check that the disk has space and the folder is writable, then start again.",
    )
