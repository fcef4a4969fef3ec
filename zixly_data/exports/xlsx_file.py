"""Frames and rows as Excel workbooks (.xlsx) of one sheet, with the values of `csv_file`.

A bold header of the column names stays in view. Numbers are numbers, dates are dates, booleans are
booleans, and nothing is written for a missing value. Excel has no time zones: instants are the text
of the CSV, `2024-03-01T09:30:00Z`.

**Exactness.** Excel stores 15 digits of a number. A number with more is written as text, so that no
digit is lost. Excel has no dates before March 1900 that all programs agree on: they are text too.

**Formula safety.** A text is always a cell of text, whatever it begins with. The mark that Excel
itself sets for a typed apostrophe keeps a risky one a text after it is edited as well.

**Inverse.** An import removes an apostrophe from texts that look guarded and rejects the errors of
spreadsheets (`#REF!`). Only these texts get an apostrophe, and every text survives the round trip.
"""

from __future__ import annotations

import io
import math
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError, FileSizeError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from zixly_data.errors import InvalidInput
from zixly_data.exports.csv_file import as_table, format_instant, is_error_text, is_risky

# The rows of a sheet, less the header.
MOST_ROWS = 1_048_575
_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)
_DAY_ZERO = date(1899, 12, 30).toordinal()
_MEASURED_ROWS = 500
_NARROWEST, _WIDEST = 8, 60
_PREFIX = "workbook-"
_LONGEST_WRITING = 24 * 60 * 60

_Write = Callable[[int, int, Any], object]


def to_xlsx(frame: pd.DataFrame | pa.Table) -> bytes:
    """Return the whole frame as one workbook, without its index. Raises as `write_xlsx` does."""
    table = as_table(frame)
    require_rows_fit(len(table))
    output = io.BytesIO()
    columns = {field.name: field.type for field in table.schema}
    write_xlsx(output, columns, [rows_of(table)])
    return output.getvalue()


def rows_of(frame: pd.DataFrame | pa.Table) -> Iterator[Sequence[Any]]:
    """Return the rows of a frame as tuples of Python values."""
    return zip(*(column.to_pylist() for column in as_table(frame).columns), strict=True)


def write_xlsx(
    output: IO[bytes],
    columns: Mapping[str, pa.DataType],
    batches: Iterable[Iterable[Sequence[Any]]],
    folder: Path | None = None,
) -> int:
    """Write a header of the columns and the rows of all batches; return the number of rows.

    Rows are sequences of Python values in the order of the columns. With a `folder` they are kept
    there until the workbook is complete, one at a time in memory; without, all are in memory.

    Raises InvalidInput for more rows, longer texts or a larger file than a workbook can have, and
    OSError if the folder or the output cannot be written.
    """
    with ExitStack() as stack:
        options: dict[str, Any] = {"in_memory": True}
        if folder is not None:
            _remove_leftovers(folder)
            own_folder = tempfile.TemporaryDirectory(
                prefix=_PREFIX, dir=folder, ignore_cleanup_errors=True
            )
            options = {"constant_memory": True, "tmpdir": stack.enter_context(own_folder)}
        workbook = Workbook(output, options)
        count = _Sheet(workbook, columns).write(batches)
        try:
            workbook.close()
        except FileSizeError:
            raise _does_not_fit("This file would be larger than 4 GB") from None
        except FileCreateError as error:
            (reason,) = error.args
            raise reason from None
    return count


def _remove_leftovers(folder: Path) -> None:
    """Remove the rows that a process left here when it was killed while it wrote them."""
    for path in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if path.stat().st_mtime < time.time() - _LONGEST_WRITING:
                shutil.rmtree(path)


def require_rows_fit(count: int) -> None:
    """Raise InvalidInput for more rows than a sheet has."""
    if count > MOST_ROWS:
        raise _does_not_fit(f"This file would have more than {MOST_ROWS:,} rows")


class _Sheet:
    """The sheet of a workbook while its rows are written."""

    def __init__(self, workbook: Workbook, columns: Mapping[str, pa.DataType]) -> None:
        self._sheet: Worksheet = workbook.add_worksheet("Zixly")
        self._names = list(columns)
        self._widths = [len(name) for name in columns]
        self._plain: Format = workbook.add_format()
        self._quoted: Format = workbook.add_format({"quote_prefix": True})
        self._day: Format = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self._cents: Format = workbook.add_format({"num_format": "#,##0.00"})
        header: Format = workbook.add_format({"bold": True})
        for place, name in enumerate(columns):
            self._sheet.write_string(0, place, name, header)
        self._sheet.freeze_panes(1, 0)
        # External IDs are texts of digits, which is no mistake to be marked in green.
        self._sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        self._writers = [self._writer(kind) for kind in columns.values()]

    def write(self, batches: Iterable[Iterable[Sequence[Any]]]) -> int:
        """Write the rows below the header and return their number."""
        count, writers = 0, list(enumerate(self._writers))
        for batch in batches:
            for row in batch:
                count += 1
                for place, write_cell in writers:
                    value = row[place]
                    if value is not None:
                        write_cell(count, place, value)
                if count <= _MEASURED_ROWS:
                    self._measure(row)
                elif count > MOST_ROWS:
                    require_rows_fit(count)
        for place, width in enumerate(self._widths):
            self._sheet.set_column(place, place, min(max(width, _NARROWEST), _WIDEST) + 2)
        return count

    def _measure(self, row: Sequence[Any]) -> None:
        for place, value in enumerate(row):
            if value is not None:
                text = f"{value:,f}" if isinstance(value, Decimal) else str(value)
                self._widths[place] = max(self._widths[place], len(text))

    def _writer(self, kind: pa.DataType) -> _Write:
        if pa.types.is_dictionary(kind):
            kind = kind.value_type
        if pa.types.is_decimal(kind):
            return self._decimals(self._cents if kind.scale == 2 else None, kind.scale)
        if pa.types.is_integer(kind):
            return self._decimals(None, 0)
        if pa.types.is_date(kind):
            return self._write_day
        if pa.types.is_timestamp(kind):
            return self._write_instant
        if pa.types.is_boolean(kind):
            return self._write_flag
        if pa.types.is_floating(kind):
            return self._write_float
        return self._write_text

    def _decimals(self, cell_format: Format | None, scale: int) -> _Write:
        write_number, write_string = self._sheet.write_number, self._sheet.write_string
        limit = 10 ** (_DIGITS - scale)

        def write_decimal(row: int, place: int, number: Decimal | int) -> None:
            if -limit < number < limit or _fits(number):
                write_number(row, place, float(number), cell_format)
            else:
                write_string(row, place, format(number, "f" if scale else "d"))

        return write_decimal

    def _write_float(self, row: int, place: int, number: float) -> None:
        if math.isfinite(number):
            self._sheet.write_number(row, place, number)
        else:
            self._sheet.write_string(row, place, str(number))

    def _write_flag(self, row: int, place: int, flag: bool) -> None:
        self._sheet.write_boolean(row, place, flag)

    def _write_day(self, row: int, place: int, day: date) -> None:
        if day < _FIRST_DAY:
            self._sheet.write_string(row, place, day.isoformat())
        else:
            self._sheet.write_number(row, place, day.toordinal() - _DAY_ZERO, self._day)

    def _write_instant(self, row: int, place: int, moment: datetime) -> None:
        self._sheet.write_string(row, place, format_instant(moment))

    def _write_text(self, row: int, place: int, value: object) -> None:
        text = str(value)
        if not text:
            return
        cell_format = None
        if is_risky(text):
            cell_format = self._quoted
            if text.startswith("'") or is_error_text(text):
                text = f"'{text}"
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter copies such a text into the file as markup, unless it writes the runs.
            outcome = self._sheet.write_rich_string(row, place, self._plain, text[0], text[1:])
        else:
            outcome = self._sheet.write_string(row, place, text, cell_format)
        if outcome:
            raise _does_not_fit(
                f"A text in the column {self._names[place]} is longer than the 32,767 characters "
                "of a cell"
            )


def _fits(number: Decimal | int) -> bool:
    return len(Decimal(number).normalize().as_tuple().digits) <= _DIGITS


def _does_not_fit(what: str) -> InvalidInput:
    return InvalidInput(
        f"{what}, which is more than an Excel workbook can have.",
        advice="Download CSV instead, or choose a shorter period.",
    )
