"""The archive of the audit entries of deleted people.

One file per person: JSON Lines compressed with gzip, one entry per line, and beside it its SHA-256
in the format of `sha256sum --check`. Each file is written whole and synced to disk before it gets
its name.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data import os_errors
from zixly_data.database.schema import audit_log
from zixly_data.errors import ArchiveNotWritten, InvalidInput, NotFound
from zixly_data.identity import Identity


@contextmanager
def archive_entries(
    connection: Connection, identity: Identity, user_id: str, folder: Path
) -> Iterator[Path]:
    """Archive the audit entries of this person's actions and of changes to their account.

    Yields the path of the file, on disk before the block begins and removed if the block fails.
    Raises ArchiveNotWritten if it cannot be written whole.
    """
    query = (
        sa.select(audit_log)
        .where(
            audit_log.c.tenant_id == identity.tenant_id,
            sa.or_(
                audit_log.c.user_id == user_id,
                sa.and_(audit_log.c.table_name == "users", audit_log.c.row_id == user_id),
            ),
        )
        .order_by(audit_log.c.at, audit_log.c.id)
    )
    archive = folder / identity.tenant_id / f"{user_id}.jsonl.gz"
    try:
        _write(archive, (dict(row._mapping) for row in connection.execute(query)))
    except OSError as error:
        _remove(archive)
        raise ArchiveNotWritten(
            f"The archive of this person could not be written: {os_errors.reason(error).text}."
        ) from None
    try:
        yield archive
    except BaseException:
        _remove(archive)
        raise


def read(archive: Path) -> list[dict[str, Any]]:
    """Return the entries of an archive, oldest first.

    Raises NotFound if it or its checksum is missing, InvalidInput if it fails its checksum.
    """
    try:
        compressed = archive.read_bytes()
        expected = _checksum_path(archive).read_text().split()[0]
    except (OSError, UnicodeDecodeError, IndexError):
        raise NotFound(
            f"The archive {archive} or its checksum is missing.",
            advice="Name the .jsonl.gz file. Its checksum file must be in the same folder.",
        ) from None
    if hashlib.sha256(compressed).hexdigest() != expected:
        raise InvalidInput(
            f"The archive {archive} was changed after it was written.",
            advice="Restore it from a backup.",
        )
    try:
        return [json.loads(line) for line in gzip.decompress(compressed).splitlines()]
    except (OSError, EOFError, zlib.error, ValueError):
        # The checksum of a file that was no archive from the start agrees too.
        raise InvalidInput(
            f"The file {archive} is not an archive of Zixly.",
            advice="Name the .jsonl.gz file, or restore it from a backup.",
        ) from None


def _write(archive: Path, entries: Iterable[dict[str, Any]]) -> None:
    created = _create_folders(archive.parent)
    lines = "".join(f"{json.dumps(entry, default=str, sort_keys=True)}\n" for entry in entries)
    compressed = gzip.compress(lines.encode(), mtime=0)
    checksum = f"{hashlib.sha256(compressed).hexdigest()}  {archive.name}\n"
    for target, content in ((_checksum_path(archive), checksum.encode()), (archive, compressed)):
        draft = _draft_path(target)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    for folder in (archive.parent, *(folder.parent for folder in created)):
        _sync(folder)


def _create_folders(folder: Path) -> list[Path]:
    """Create the folder and its missing parents; return those that were missing."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True, mode=0o700)
    return missing


def _sync(folder: Path) -> None:
    """Sync a folder to disk, without which a new name in it may be lost."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(archive: Path) -> None:
    for target in (archive, _checksum_path(archive)):
        for path in (target, _draft_path(target)):
            with suppress(OSError):
                path.unlink()


def _checksum_path(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}.sha256")


def _draft_path(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}")
