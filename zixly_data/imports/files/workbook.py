"""Reads Excel workbooks (.xlsx, .xlsm) in a process of its own.

The parser is native code over a format that unpacks to any size. A child process has a limit of
memory and time, none of our environment, and no part in this process's interpreter: whatever a
file does to it, the app and the other people in it go on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from zixly_data.imports.cells.table import Cell, Table
from zixly_data.imports.files import layout
from zixly_data.imports.files.refusal import FileRefused

_READER = Path(__file__).with_name("workbook_reader.py")
SECONDS = 90
_NEEDED = ("SYSTEMROOT",)  # by Python on Windows; everything else may hold a secret
_UNPACKED = 600 * 1024 * 1024
_RATIO = 200
_RATIO_COUNTS_FROM = 20 * 1024 * 1024
_MOST_ENTRIES = 5_000
_COPY_ROWS = "Copy the rows into a new workbook, or save the sheet as CSV (UTF-8), and import that."


def refuse_bombs(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Raises FileRefused for a workbook that unpacks to more than people's workbooks do."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(
            "The workbook is protected with a password.",
            advice="Open it in Excel, take the password off, save it, and import that.",
        )
    if (
        unpacked > _UNPACKED
        or len(entries) > _MOST_ENTRIES
        or (unpacked > _RATIO_COUNTS_FROM and unpacked > packed * _RATIO)
    ):
        raise FileRefused(
            f"The workbook unpacks to {unpacked / 1024 / 1024:,.0f} MB, more than its table can "
            "need. It is not opened.",
            advice=_COPY_ROWS,
        )


def read(data: bytes) -> tuple[Table, ...]:
    """The tables of a workbook, one for each sheet that has one. Raises FileRefused."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as found:
        given.write(data)
        given.seek(0)
        _run(given, found)
        found.seek(0)
        return _tables(found)


def _run(given: IO[bytes], found: IO[bytes]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", str(_READER)],
            stdin=given,
            stdout=found,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _NEEDED if name in os.environ},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused(
            f"The workbook could not be read in {SECONDS} seconds.", advice=_COPY_ROWS
        ) from error
    if done.returncode != 0:
        raise FileRefused(
            "The workbook could not be read: it is damaged, or needs more memory than a table "
            "of this size can.",
            advice=_COPY_ROWS,
        )


def _tables(found: IO[bytes]) -> tuple[Table, ...]:
    sheets: list[layout.Sheet] = []
    for line in found:
        message = json.loads(line, parse_float=Decimal, parse_int=Decimal)
        if "refused" in message:
            raise FileRefused(message["refused"], advice=message["advice"])
        if "sheet" in message:
            sheets.append(layout.Sheet(message["sheet"], message["notes"]))
            continue
        first = int(message["line"])
        for place, row in enumerate(message["rows"]):
            if row:
                sheets[-1].add(first + place, [_cell(cell) for cell in row])
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
                "The workbook has no cells.", advice="Save it with its table, and import it again."
            )
        )
    return tuple(replace(table, notes=(*table.notes, *left_out)) for table in tables)


def _cell(cell: Any) -> Cell:
    """A day comes as a list of its ordinal; everything else as itself."""
    if type(cell) is list:
        return date.fromordinal(int(cell[0]))
    kept: Cell = cell
    return kept
