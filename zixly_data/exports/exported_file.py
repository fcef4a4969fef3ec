"""A file of an export: written whole, with its entry on the audit trail, and then handed out.

The file has no name, is deleted when it is closed, and stays in memory up to one mebibyte. The
audit trail records the number of exported rows in the same transaction, before the first row is
handed out. A slow reader holds no connection.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, cast

import sqlalchemy as sa

from zixly_data import os_errors
from zixly_data.database.connection import open_database, scoped
from zixly_data.database.hash_joins import hash_joins
from zixly_data.errors import ZixlyError
from zixly_data.identity import Identity
from zixly_data.people import audit

_MEMORY_LIMIT = 1024 * 1024
_PIECE_SIZE = 64 * 1024


@dataclass(frozen=True)
class ExportedFile:
    """A file with `rows` rows in `size` bytes, which can be read once."""

    rows: int
    size: int
    content: IO[bytes]

    @classmethod
    def create(
        cls,
        identity: Identity,
        table_name: str,
        filters: dict[str, object],
        fill: Callable[[sa.Connection, IO[bytes]], int],
    ) -> ExportedFile:
        """Write a file and its entry on the audit trail in one transaction, or neither.

        `fill` writes the file and returns its number of rows. Raises as `fill` does, SessionEnded,
        LimitReached, and StorageFailed if the server has no disk space.
        """
        file = _temporary_file()
        try:
            with scoped(identity) as connection:
                with hash_joins(connection):
                    count = fill(connection, file)
                connection.execute(audit.export_note(table_name, count, filters))
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
        except OSError as error:
            file.close()
            raise _not_created(error) from None
        except BaseException:
            file.close()
            raise
        return cls(count, size, file)

    def pieces(self) -> Iterator[bytes]:
        """Yield the file piece by piece from its start, and close it in any case."""
        with self.content:
            yield from iter(partial(self.content.read, _PIECE_SIZE), b"")


def data_folder() -> Path:
    """Return the data folder for files being written: temporary folders of the system may be in
    memory. Raises StorageFailed."""
    folder = open_database().settings.home
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_created(error) from None
    return folder


def _temporary_file() -> IO[bytes]:
    """Return an unnamed file in the data folder."""
    return cast(
        "IO[bytes]",
        tempfile.SpooledTemporaryFile(_MEMORY_LIMIT, dir=str(data_folder())),
    )


def _not_created(error: OSError) -> ZixlyError:
    return os_errors.storage_failed("The file could not be created", error)
