"""Reads Excel workbooks (.xlsx, .xlsm) in a process of its own.

The parser is native code for a format that unpacks to any size. The child process has a limit of
memory and time, none of our environment, and its own interpreter: no file can harm the app or
disturb other users.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from zixly_data.imports.cells.durations import duration_text
from zixly_data.imports.cells.table import Cell, Number1904, Table
from zixly_data.imports.files import layout
from zixly_data.imports.files.refusal import FileRefused

_READER = Path(__file__).with_name("workbook_reader.py")
SECONDS = 90
_PASSED_VARIABLES = ("SYSTEMROOT",)  # needed by Python on Windows; other variables may hold secrets
_MOST_UNPACKED = 600 * 1024 * 1024
_MOST_RATIO = 200
_RATIO_COUNTS_FROM = 20 * 1024 * 1024
_MOST_ENTRIES = 5_000
_COPY_ROWS = "Copy the rows into a new workbook, or save the sheet as CSV (UTF-8), and import it."


def refuse_bombs(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raise FileRefused if the workbook is encrypted or unpacks to an implausible size."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(
            "The workbook is protected with a password.",
            advice="Open it in Excel, remove the password, save it and import it.",
        )
    if (
        unpacked > _MOST_UNPACKED
        or len(entries) > _MOST_ENTRIES
        or (unpacked > _RATIO_COUNTS_FROM and unpacked > packed * _MOST_RATIO)
    ):
        raise FileRefused(
            f"The workbook unpacks to {unpacked / 1024 / 1024:,.0f} MB, more than its table can "
            "need, so it was not opened.",
            advice=_COPY_ROWS,
        )


def read(data: bytes, *, counts_from_1904: bool = False) -> tuple[Table, ...]:
    """Read the tables of a workbook, one for each sheet that has one. Raises FileRefused.

    `counts_from_1904` is whether its numbers count days from 1904, for those that are dates but are
    not formatted as such.
    """
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as output:
        source.write(data)
        source.seek(0)
        _run_reader(source, output)
        output.seek(0)
        return _parse_output(output, Number1904 if counts_from_1904 else Decimal)


def _run_reader(source: IO[bytes], output: IO[bytes]) -> None:
    try:
        process = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(_READER)],
            stdin=source,
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused(
            f"The workbook could not be read in {SECONDS} seconds.", advice=_COPY_ROWS
        ) from error
    if process.returncode != 0:
        raise FileRefused(
            "The workbook could not be read. It is damaged, or it needs more memory than a table "
            "of this size should.",
            advice=_COPY_ROWS,
        )


def _parse_output(output: IO[bytes], number: type[Decimal]) -> tuple[Table, ...]:
    sheets: list[layout.Sheet] = []
    for line in output:
        message = json.loads(line, parse_float=number, parse_int=number)
        if "refused" in message:
            raise FileRefused(message["refused"], advice=message["advice"])
        if "sheet" in message:
            sheets.append(layout.Sheet(message["sheet"], _notes(message)))
            continue
        first = int(message["line"])
        for place, row in enumerate(message["rows"]):
            if row:
                sheets[-1].add(first + place, [_parse_cell(cell) for cell in row])
    tables: list[Table] = []
    left_out: list[str] = []
    refusals: list[FileRefused] = []
    for sheet in sheets:
        try:
            tables.append(sheet.table())
        except FileRefused as refusal:
            refusals.append(refusal)
            left_out.append(f"The sheet “{sheet.name}” was left out. {refusal}")
    if not tables:
        raise (
            refusals[0]
            if refusals
            else FileRefused(
                "The workbook has no cells.", advice="Save it with its table and import it again."
            )
        )
    return tuple(replace(table, notes=(*table.notes, *left_out)) for table in tables)


def _notes(sheet: Mapping[str, Any]) -> list[str]:
    """Return sentences about what a sheet has besides its cells."""
    notes = ["This sheet is hidden in the workbook."] if sheet["is_hidden"] else []
    if merged := sheet["merged"]:
        names = ", ".join(f"{_cell_name(start)}:{_cell_name(end)}" for start, end in merged[:3])
        more = " and others" if len(merged) > 3 else ""
        notes.append(
            f"Cells are merged downwards ({names}{more}). Their text or date applies to each row; "
            "an amount counts once, in the first row."
        )
    if sheet["has_formulas"]:
        notes.append("The sheet has formulas. Their stored results were read.")
    if rows := sheet["hidden_rows"]:
        hidden, verb = ("1 row is", "It was") if rows == 1 else (f"{rows:,} rows are", "They were")
        by_filter = " by a filter" if sheet["is_filtered"] else ""
        notes.append(f"{hidden} hidden in the workbook{by_filter}. {verb} read too.")
    return notes


def _cell_name(place: Sequence[Decimal]) -> str:
    letters, column = "", int(place[1]) + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{int(place[0]) + 1}"


def _parse_cell(cell: Any) -> Cell:
    """Return the value of a cell; the reader writes a day as a list of its ordinal, a duration as
    its seconds."""
    if type(cell) is list:
        return date.fromordinal(int(cell[0]))
    if type(cell) is dict:
        return duration_text(cell["seconds"])
    value: Cell = cell
    return value
