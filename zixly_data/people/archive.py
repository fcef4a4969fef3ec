"""Cold storage for the audit entries of people who were deleted.

One file per person: JSON Lines, compressed with gzip, one entry a line, and beside it its SHA-256
in the form that `sha256sum --check` reads. Written whole and synced to disk before it gets its
name.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import audit_log
from zixly_data.errors import ArchiveNotWritten, InvalidInput, NotFound
from zixly_data.identity import Identity


@contextmanager
def of_person(
    connection: Connection, identity: Identity, user_id: str, folder: Path
) -> Iterator[Path]:
    """Archives everything on the trail that this person did or that was done to their account.

    The file is on disk before the block begins; if the block fails, it is taken away again. Raises
    ArchiveNotWritten where it cannot be written whole.
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
    place = folder / identity.tenant_id / f"{user_id}.jsonl.gz"
    try:
        _write(place, (dict(row._mapping) for row in connection.execute(query)))
    except OSError as error:
        _take_away(place)
        raise ArchiveNotWritten(
            f"The archive of this person could not be written ({type(error).__name__})."
        ) from None
    try:
        yield place
    except BaseException:
        _take_away(place)
        raise


def read(place: Path) -> list[dict[str, Any]]:
    """The entries of an archive, oldest first.

    Raises NotFound where there is none, InvalidInput where it is not what was written.
    """
    try:
        packed = place.read_bytes()
        expected = _checksum_of(place).read_text().split()[0]
    except (OSError, UnicodeDecodeError, IndexError):
        raise NotFound(
            f"There is no archive {place}, or its checksum is missing.",
            advice="Name the file that ends in .jsonl.gz; its checksum lies beside it.",
        ) from None
    if hashlib.sha256(packed).hexdigest() != expected:
        raise InvalidInput(
            f"The archive {place} was changed after it was written.",
            advice="Take it from a backup.",
        )
    return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


def _write(place: Path, entries: Iterable[dict[str, Any]]) -> None:
    made = _made_folders(place.parent)
    lines = "".join(f"{json.dumps(entry, default=str, sort_keys=True)}\n" for entry in entries)
    packed = gzip.compress(lines.encode(), mtime=0)
    checksum = f"{hashlib.sha256(packed).hexdigest()}  {place.name}\n"
    for target, content in ((_checksum_of(place), checksum.encode()), (place, packed)):
        draft = _draft_of(target)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    for folder in (place.parent, *(each.parent for each in made)):
        _sync(folder)


def _made_folders(folder: Path) -> list[Path]:
    """Makes the folder and those above it; the answer is what was missing."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True, mode=0o700)
    return missing


def _sync(folder: Path) -> None:
    """A new name in a folder lasts once the folder itself is on disk."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _take_away(place: Path) -> None:
    for each in (place, _checksum_of(place)):
        for leftover in (each, _draft_of(each)):
            with suppress(OSError):
                leftover.unlink()


def _checksum_of(place: Path) -> Path:
    return place.with_name(f"{place.name}.sha256")


def _draft_of(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}")
