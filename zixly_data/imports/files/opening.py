"""Opens a file for import: detects its format by its content and reads its tables.

The name is not trusted: a zip or a web page may be called .csv. A file that cannot be read as a
table is refused with a sentence that names its format, and advice.
"""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import zipfile
import zlib
from pathlib import PurePath

from zixly_data.imports.cells.table import OpenedFile, Table
from zixly_data.imports.files import delimited, text_formats, workbook, zip_names
from zixly_data.imports.files.refusal import (
    AS_WORKBOOK,
    LARGEST_FILE,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    FileRefused,
)

__all__ = [
    "LARGEST_FILE",
    "MOST_CELLS",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "FileRefused",
    "open_file",
]

_LONGEST_NAME = 255
_PROPERTIES = 100_000
_BAD_ARCHIVE = (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError)
_DATE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# The first bytes of a file, its format, and the advice.
_SIGNATURES = (
    (b"%PDF", "a PDF", "Export the table as CSV or .xlsx from the program that created the PDF."),
    (b"\x89PNG", "a picture", None),
    (b"\xff\xd8\xff", "a picture", None),
    (b"GIF8", "a picture", None),
    (b"RIFF", "a picture or a recording", None),
    (b"{\\rtf", "a text document", AS_WORKBOOK),
    (b"\x1f\x8b", "a compressed file", "Unpack it and import the table in it."),
    (b"7z\xbc\xaf", "a compressed file", "Unpack it and import the table in it."),
    (b"Rar!", "a compressed file", "Unpack it and import the table in it."),
    (b"PAR1", "a Parquet file", AS_WORKBOOK),
    (b"SQLite format 3", "a database", AS_WORKBOOK),
    (b"\x7fELF", "a program", None),
)


def open_file(name: str, data: bytes) -> OpenedFile:
    """Open a file and read its tables, whatever its name. Raises FileRefused."""
    if len(data) > LARGEST_FILE:
        raise FileRefused(
            f"The file has {len(data) / 1024 / 1024:,.0f} MB, over the limit of "
            f"{LARGEST_FILE // 1024 // 1024} MB.",
            advice="Split it, for example by year, and import the parts one after the other.",
        )
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise FileRefused(
            "The file is empty.",
            advice="Export it again. The program may not have finished writing it.",
        )
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        tables = _open_zip(data)
    else:
        _refuse_binary(data)
        tables = (delimited.read(data),)
    return OpenedFile(_display_name(name), hashlib.sha256(data).hexdigest(), len(data), tables)


def _open_zip(data: bytes) -> tuple[Table, ...]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = zip_names.with_slashes(data, archive)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            kind = archive.read("mimetype")[:80] if _is_small(archive, "mimetype") else b""
    except _BAD_ARCHIVE as error:
        raise FileRefused(
            "The file is damaged. It begins like an Excel workbook but cannot be unpacked.",
            advice="Download or copy it again. It may be incomplete.",
        ) from error
    if b"opendocument.spreadsheet" in kind:
        raise FileRefused("The file is an OpenDocument spreadsheet (.ods).", advice=AS_WORKBOOK)
    if "xl/workbook.bin" in names:
        raise FileRefused("The file is a binary Excel workbook (.xlsb).", advice=AS_WORKBOOK)
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise FileRefused("The file is an Apple Numbers document.", advice=AS_WORKBOOK)
    if "word/document.xml" in names:
        raise FileRefused("The file is a Word document.", advice=AS_WORKBOOK)
    if not any(name.lower() == "xl/workbook.xml" for name in names):
        raise FileRefused(
            "The file is a zip archive, regardless of its name.",
            advice="Unpack it and import the table in it.",
        )
    workbook.refuse_bombs(entries)
    return workbook.read(data, counts_from_1904=_counts_from_1904(data))


def _counts_from_1904(data: bytes) -> bool:
    """Return whether a workbook's days count from 1904, as its properties say near the start."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next(name for name in archive.namelist() if name.lower() == "xl/workbook.xml")
        try:
            with archive.open(name) as part:
                return _DATE_1904.search(part.read(_PROPERTIES)) is not None
        except (*_BAD_ARCHIVE, zlib.error, lzma.LZMAError, EOFError):
            return False  # The reader refuses such a workbook in words.


def _is_small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < 1000


def _refuse_binary(data: bytes) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise FileRefused(
                "The workbook is protected with a password.",
                advice="Open it in Excel, remove the password, save it and import it.",
            )
        raise FileRefused(
            "The file is an old Excel workbook (.xls) or another old Office document.",
            advice=AS_WORKBOOK,
        )
    for signature, description, advice in _SIGNATURES:
        if data.startswith(signature):
            raise FileRefused(f"The file is {description}, not a table.", advice=advice)
    text_formats.refuse(data)


def _display_name(name: str) -> str:
    """Return the name without folders and unprintable letters, shortened to the column's length."""
    last = PurePath(name.replace("\\", "/")).name
    bare = "".join(letter for letter in last if letter.isprintable()).strip() or "file"
    if len(bare) <= _LONGEST_NAME:
        return bare
    suffix = PurePath(bare).suffix[:20]
    return bare[: _LONGEST_NAME - len(suffix)] + suffix
