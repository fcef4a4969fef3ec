"""The names in an archive. Some .NET programs write a workbook with backslashes in its paths."""

from __future__ import annotations

import zipfile

_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER, _ENTRY_HEADER = 30, 46  # bytes before the name
_LENGTH_IN_LOCAL_HEADER, _LENGTHS_IN_ENTRY = 26, (28, 30, 32)


def with_slashes(data: bytes, archive: zipfile.ZipFile) -> bytes:
    """Return the archive with slashes in its names, which stand before each part and at the end.

    Only the bytes of the names change, because a slash is as long as a backslash.
    """
    if not any("\\" in entry.orig_filename for entry in archive.infolist()):
        return data
    patched = bytearray(data)
    for entry in archive.infolist():
        length = _number(patched, entry.header_offset + _LENGTH_IN_LOCAL_HEADER)
        _replace(patched, entry.header_offset + _LOCAL_HEADER, length)
    place = archive.start_dir
    while patched[place : place + len(_ENTRY)] == _ENTRY:
        name, extra, comment = (_number(patched, place + at) for at in _LENGTHS_IN_ENTRY)
        _replace(patched, place + _ENTRY_HEADER, name)
        place += _ENTRY_HEADER + name + extra + comment
    return bytes(patched)


def _number(data: bytearray, start: int) -> int:
    return int.from_bytes(data[start : start + 2], "little")


def _replace(patched: bytearray, start: int, length: int) -> None:
    patched[start : start + length] = patched[start : start + length].replace(b"\\", b"/")
