"""Frames as CSV files that any program can read and no spreadsheet executes.

RFC 4180: a header of the column names, commas, quotes where needed, CRLF line ends, UTF-8. Exact
decimals as in the frame (`45000.00`), ISO dates, instants as `2024-03-01T09:30:00Z`, booleans as
`true` and `false`, no characters for a missing value.

**Formula safety.** A spreadsheet executes a cell whose text begins with `=`, `+`, `-`, `@`, their
full-width or small forms, a tab, a carriage return or a line feed, also after white space. Such a
*text* cell gets a leading apostrophe, as does a text that a spreadsheet treats as an error of its
own, such as `#REF!`. Numbers are unchanged (`-500.00` from a numeric column), and so is all other
text.

**Inverse.** A text that already looks guarded (`'=x`) gets one more apostrophe. `unguard` therefore
removes one apostrophe exactly where the rest would need guarding, and every text survives the round
trip. Imports apply `unguard` to text columns.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pyarrow as pa

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
_SPACE = r"\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = rf"[{_SPACE}\u007f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
_TRIGGERS = r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
# Texts that a spreadsheet treats as its errors, and an import as cells to correct.
_ERROR = rf"#(?:[A-Za-z0-9/]+[!?]|[Nn]/[Aa]|[Gg][A-Za-z]+_[A-Za-z]+)[{_SPACE}]*$"
# The pattern has the same meaning in Python and in PostgreSQL, in every locale.
RISKY = rf"^'*(?:[\t\r\n]|{_INVISIBLE}*{_TRIGGERS}|[{_SPACE}]*{_ERROR})"
_RISKY = re.compile(RISKY)
_ERROR_TEXT = re.compile(rf"[{_SPACE}]*{_ERROR}")
_BATCH_SIZE = 10_000


def to_csv(
    frame: pd.DataFrame | pa.Table, *, excel_bom: bool = False, line_end: str = "\r\n"
) -> bytes:
    """Return the whole frame as one CSV file, without its index.

    `excel_bom` adds a byte order mark, without which Excel on Windows does not recognise UTF-8: the
    files of pages have it, and the command line's standard output does not.
    `line_end` may be `"\\n"` for a terminal.
    """
    return b"".join(iter_csv([frame], excel_bom=excel_bom, line_end=line_end))


def iter_csv(
    batches: Iterable[pd.DataFrame | pa.Table],
    *,
    excel_bom: bool = False,
    line_end: str = "\r\n",
) -> Iterator[bytes]:
    """Yield the file of `to_csv` piece by piece, for results too large for memory.

    The batches have the same columns. The first one provides the header, even if it is empty.
    """
    needs_header = True
    for batch in batches:
        table = as_table(batch)
        if needs_header:
            start = BYTE_ORDER_MARK if excel_bom else b""
            yield start + _lines([[guard(name) for name in table.column_names]], line_end)
            needs_header = False
        for piece in table.combine_chunks().to_batches(max_chunksize=_BATCH_SIZE):
            columns = [_cells(column) for column in piece.columns]
            yield _lines(zip(*columns, strict=True), line_end)


def guard(text: str) -> str:
    """Return the text, with a leading apostrophe if a spreadsheet could execute it."""
    return f"'{text}" if is_risky(text) else text


def unguard(text: str) -> str:
    """Return the text without the apostrophe that `guard` added."""
    return text[1:] if text.startswith("'") and is_risky(text) else text


def is_risky(text: str) -> bool:
    """Return whether a spreadsheet could execute the text or treat it as its error, or whether it
    already looks guarded."""
    return _RISKY.match(text) is not None


def is_error_text(text: str) -> bool:
    """Return whether a spreadsheet treats the text as an error of its own, such as `#REF!`."""
    return _ERROR_TEXT.match(text) is not None


def format_instant(moment: datetime) -> str:
    """Return an instant as `2024-03-01T09:30:00Z`; without a time zone, as it is."""
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_table(batch: pd.DataFrame | pa.Table) -> pa.Table:
    """Return the frame as an Arrow table, without its index."""
    if isinstance(batch, pa.Table):
        return batch
    return pa.Table.from_pandas(batch, preserve_index=False)


def _lines(rows: Iterable[Iterable[str | None]], line_end: str) -> bytes:
    lines: list[str] = []
    writer = csv.writer(_LineSink(lines.append, line_end), lineterminator="\r\n")
    writer.writerows(rows)
    return "".join(lines).encode()


class _LineSink:
    """The file of `csv.writer`, which quotes both CR and LF only if its line end is CRLF."""

    def __init__(self, append: Callable[[str], None], line_end: str) -> None:
        self._append = append
        self._line_end = line_end

    def write(self, line: str) -> None:
        self._append(line.removesuffix("\r\n") + self._line_end)


def _cells(column: pa.Array) -> list[str | None]:
    kind = column.type
    values = column.to_pylist()
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    format_value = _formatter(kind)
    return [None if value is None else format_value(value) for value in values]


def _formatter(kind: pa.DataType) -> Callable[[Any], str]:
    if pa.types.is_decimal(kind):
        return lambda amount: format(amount, "f")
    if pa.types.is_timestamp(kind):
        return format_instant
    if pa.types.is_date(kind):
        return lambda day: str(day.isoformat())
    if pa.types.is_boolean(kind):
        return lambda flag: "true" if flag else "false"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return str
    return lambda text: guard(str(text))
