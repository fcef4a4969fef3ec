"""The names in an archive. Some .NET programs write a workbook with backslashes in its paths."""

from __future__ import annotations

import zipfile

_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER, _ENTRY_HEADER = 30, 46  # bytes before the name


def with_slashes(data: bytes, archive: zipfile.ZipFile) -> bytes:
    """Return the archive with slashes in its names, which stand before each part and at the end.

    Only the bytes of the names change, because a slash is as long as a backslash.
    """
    if not any("\\" in entry.orig_filename for entry in archive.infolist()):
        return data
    patched = bytearray(data)
    for entry in archive.infolist():
        _replace(patched, entry.header_offset + _LOCAL_HEADER, len(entry.orig_filename.encode()))
    place = archive.start_dir
    while patched[place : place + len(_ENTRY)] == _ENTRY:
        name, extra, comment = (
            int.from_bytes(patched[place + at : place + at + 2], "little") for at in (28, 30, 32)
        )
        _replace(patched, place + _ENTRY_HEADER, name)
        place += _ENTRY_HEADER + name + extra + comment
    return bytes(patched)


def _replace(patched: bytearray, start: int, length: int) -> None:
    patched[start : start + length] = patched[start : start + length].replace(b"\\", b"/")
