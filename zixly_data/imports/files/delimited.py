"""Reads text files with delimiters: commas, semicolons, tabs or bars.

Encoding: UTF-8 and UTF-16 can be verified; anything else is read as Windows-1252, in which Excel
saves CSV here, with a note. Delimiter: the one that gives a row with the most recognised column
names, then the one with the most rows of equal width. Python's csv module does the parsing.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from zixly_data.imports.cells.table import Table
from zixly_data.imports.files import header, layout
from zixly_data.imports.files.refusal import LARGEST_FILE, MOST_ROWS, FileRefused
from zixly_data.imports.shapes import iif

_DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024
_LONGEST_CELL = 20_000
_END = "\ue000end of the file\ue000"
_SAVE_AS_UTF8 = "In Excel, choose “Save as” and “CSV UTF-8”, then import that file."


def read(data: bytes) -> Table:
    """Read the table of a text file. Raises FileRefused."""
    encoding, notes = _detect_encoding(data)
    sample = io.TextIOWrapper(io.BytesIO(data[:_SAMPLE]), encoding, "ignore", newline="").read()
    first_line = sample.split("\n", 1)[0].strip().strip('"').lower()
    delimiter = ""
    if first_line.startswith("sep=") and len(first_line) == 5:
        delimiter = first_line[4]
    elif sample[:5].lower() == "sep=\t":
        delimiter = "\t"
    has_separator_line = bool(delimiter)
    if iif.is_iif(first_line.upper().split("\t")):
        return _read_iif(data, encoding, notes)
    delimiter = delimiter or _detect_delimiter(sample)
    try:
        return _read_table(data, encoding, delimiter, has_separator_line, notes, strict=True)
    except csv.Error:
        # A quotation mark within a cell, as in: "Big" Bob, 5.
        return _read_table(data, encoding, delimiter, has_separator_line, notes, strict=False)


def _read_table(
    data: bytes,
    encoding: str,
    delimiter: str,
    has_separator_line: bool,
    notes: list[str],
    *,
    strict: bool,
) -> Table:
    rows = _read_rows(data, encoding, delimiter, strict)
    if has_separator_line:
        next(rows)
    sheet = layout.Sheet("", notes)
    for line, cells in rows:
        sheet.add(line, cells)
    return sheet.table()


def _read_iif(data: bytes, encoding: str, notes: list[str]) -> Table:
    try:
        rows = list(_read_rows(data, encoding, "\t", True))
    except csv.Error:
        rows = list(_read_rows(data, encoding, "\t", False))
    if (table := iif.read(rows, notes)) is None:
        raise FileRefused(
            "The file is an IIF file of QuickBooks with lists, but without transactions.",
            advice="In QuickBooks, export a report with the amounts to Excel or CSV, such as the "
            "journal, and import that file.",
        )
    if len(table) > MOST_ROWS:
        raise FileRefused(
            f"The file has more than {MOST_ROWS:,} rows.",
            advice="Split it, for example by year, and import the parts one after the other.",
        )
    return table


def _read_rows(
    data: bytes, encoding: str, delimiter: str, strict: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its first line. Without `strict`, a row of several lines is refused."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding, newline="")
    csv.field_size_limit(LARGEST_FILE)  # A cell on one line may have any length.
    reader = csv.reader(_append_end(text), delimiter=delimiter, strict=strict)
    line = 1
    row: list[str] = []
    for row in reader:
        if row == [_END]:
            return
        if not strict and reader.line_num > line:
            break
        if max(map(len, row), default=0) > _LONGEST_CELL and reader.line_num > line:
            break
        yield line, row
        line = reader.line_num + 1
    raise FileRefused(
        f"The quotation mark that opens on line {line} is not closed where its cell ends, so the "
        "rows that follow cannot be read.",
        advice="Close or remove the quotation mark and import the file again.",
    )


def _append_end(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines and an end marker, a row of its own only if all quotes are closed."""
    line = "\n"
    for line in text:
        yield line
    if not line.endswith(("\n", "\r")):
        yield "\n"
    yield f"{_END}\n"


def _detect_encoding(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _check_encoding(data, "utf-16"), []
    if data.startswith(codecs.BOM_UTF8):
        return _check_encoding(data, "utf-8-sig"), []
    sample = data[:4000]
    if len(sample) >= 4 and b"\x00" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        half = len(sample) // 2
        if odd > half * 0.6 and even < half * 0.1:
            return _check_encoding(data, "utf-16-le"), []
        if even > half * 0.6 and odd < half * 0.1:
            return _check_encoding(data, "utf-16-be"), []
    if b"\x00" in data:
        raise FileRefused("The file is not a table. It has bytes that text does not have.")
    try:
        return _check_encoding(data, "utf-8"), []
    except FileRefused:
        pass
    if any(letter > "\x7f" for letter in data.decode("utf-8", "ignore")):
        raise FileRefused(
            "The file mixes two encodings, so some of its characters cannot be read "
            f"(line {_first_bad_line(data)}).",
            advice=_SAVE_AS_UTF8,
        )
    return _check_encoding(data, "cp1252"), [
        "The file is not in UTF-8, so it was read as Windows-1252. Check names with accents."
    ]


def _check_encoding(data: bytes, encoding: str) -> str:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), 1 << 20):
            piece = decoder.decode(data[start : start + (1 << 20)])
            if "\x00" in piece:
                raise FileRefused("The file is not a table. It has bytes that text does not have.")
        decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        raise FileRefused(
            "The characters in the file cannot be read.", advice=_SAVE_AS_UTF8
        ) from error
    return encoding


def _first_bad_line(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 1


def _detect_delimiter(sample: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: _score_delimiter(sample, delimiter))


def _score_delimiter(sample: str, delimiter: str) -> tuple[int, float]:
    """Return the most recognised names in a row, and the share of rows of the usual width."""
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, ""), delimiter=delimiter) if any(row)]
    except csv.Error:
        return 0, 0.0
    known_names = max(
        (header.count_known_names(row) for row in rows[: header.TITLE_ROWS]), default=0
    )
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return known_names, 0.0
    width, count = widths.most_common(1)[0]
    return known_names, count / len(rows) + width / 1000
