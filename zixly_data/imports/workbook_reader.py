"""The child process that reads a workbook: the file on its stdin, JSON lines on its stdout.

It runs by its path, knows nothing of Zixly and imports none of it. A line is
{"sheet": name, "notes": [sentences]}, then {"line": number of the first row, "rows": [[cells]]} in
pieces. A cell is null, text, true or false, a number of at most 15 digits, or [ordinal] for a day.

calamine reads values quickly and leaves out what they look like. Where the workbook has
percentages, errors or formulas without a result, openpyxl says in which cells, slowly; whether it
has any is seen from a few bytes. A wrong guess of those bytes costs time, never a value.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 80
OUTPUT = 1024 * 1024 * 1024
ROWS_AT_ONCE = 1000
NO_RESULT = "#NORESULT!"  # What a formula without a stored result says; readers refuse it.
PERCENT = "%"
_PIECE = 1 << 20
_ERROR = re.compile(rb"""\bt=["']e["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_UNSOLVED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*"
    rb"</(?:\w+:)?c>"
)
_PERCENT = re.compile(rb"""%|numFmtId=["'](?:9|10)["']""")

Place = tuple[int, int]
Marks = dict[int, dict[int, str]]  # by row, then by column
Merged = list[tuple[Place, Place]]


def main() -> None:
    """Reads the whole workbook."""
    _limit()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    data = io.BytesIO(sys.stdin.buffer.read())
    notes, marks = _looks(data)
    data.seek(0)
    with CalamineWorkbook.from_filelike(data) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            if sheet.start is None:
                continue
            hidden = about.visible is not SheetVisibleEnum.Visible
            ranges = sorted(sheet.merged_cell_ranges or ())
            merged = [(start, end) for start, end in ranges if end[0] > start[0]]
            _say({"sheet": about.name, "notes": [
                *(["This sheet is hidden in the workbook."] if hidden else []),
                *_merged_note(merged),
                *notes,
            ]})  # fmt: skip
            rows = _rows(sheet.iter_rows(), sheet.start[1], marks.get(about.name, {}))
            _send(_filled(rows, merged))


def _rows(found: Iterator[list[Any]], offset: int, marks: Marks) -> Iterator[list[Any]]:
    """Rows from the sheet's first, columns from A, percentages as shown, errors as texts."""
    before = [None] * offset
    line = -1
    for line, cells in enumerate(found):
        yield _marked(before + [_cell(cell) for cell in cells], marks.get(line))
    for rest in range(line + 1, max(marks, default=-1) + 1):
        yield _marked([], marks.get(rest))


def _marked(row: list[Any], marks: dict[int, str] | None) -> list[Any]:
    for place, mark in sorted((marks or {}).items()):
        row.extend([None] * (place + 1 - len(row)))
        cell = row[place]
        if mark != PERCENT:
            row[place] = mark if cell is None else cell
        elif isinstance(cell, int | float):
            row[place] = _number(cell * 100)
    return row


def _filled(rows: Iterable[list[Any]], merged: Merged) -> Iterator[list[Any]]:
    """Texts and days of cells merged downwards, in each of their rows. An amount counts once."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in merged:
        starts.setdefault(top, []).append((left, bottom))
    active: dict[int, tuple[int, Any]] = {}
    for line, row in enumerate(rows):
        is_blank = all(cell is None for cell in row)
        for place, (bottom, cell) in list(active.items()):
            if line > bottom:
                del active[place]
            elif not is_blank and row[place : place + 1] in ([], [None]):
                row.extend([None] * (place + 1 - len(row)))
                row[place] = cell
        for place, bottom in starts.get(line, ()):
            cell = row[place] if place < len(row) else None
            if isinstance(cell, str | list):
                active[place] = (bottom, cell)
        yield row


def _send(rows: Iterable[list[Any]]) -> None:
    piece: list[list[Any]] = []
    line = 0
    for line, row in enumerate(rows, start=1):
        piece.append(row if any(cell is not None for cell in row) else [])
        if len(piece) == ROWS_AT_ONCE:
            _say({"line": line - len(piece) + 1, "rows": piece})
            piece = []
    if piece:
        _say({"line": line - len(piece) + 1, "rows": piece})


def _cell(cell: Any) -> Any:
    if cell.__class__ is str:
        return cell or None
    if cell.__class__ is float:
        return _number(cell)
    if isinstance(cell, datetime.date):
        return [cell.toordinal()]
    return cell if isinstance(cell, bool | int) else str(cell)


def _number(number: float) -> int | float:
    """The number to the 15 digits that a spreadsheet keeps: 0.1 + 0.2 is 0.3."""
    if number.is_integer() and -1e15 < number < 1e15:
        return int(number)
    return float(f"{number:.15g}")


def _merged_note(merged: Merged) -> list[str]:
    if not merged:
        return []
    names = ", ".join(f"{_name(start)}:{_name(end)}" for start, end in merged[:3])
    more = " and others" if len(merged) > 3 else ""
    return [
        f"Cells are merged downwards ({names}{more}): each of their rows takes the text or date; "
        "an amount counts once, in the first."
    ]


def _name(place: Place) -> str:
    letters, column = "", place[1] + 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{place[0] + 1}"


def _looks(data: io.BytesIO) -> tuple[list[str], dict[str, Marks]]:
    """Notes for every sheet, and for each the cells that are not what calamine says they are."""
    with zipfile.ZipFile(data) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        formulas = any(_has(archive, name, _FORMULA) for name in sheets)
        errors = any(_has(archive, name, _ERROR) for name in sheets)
        unsolved = formulas and any(_has(archive, name, _UNSOLVED) for name in sheets)
        percents = False
        if "xl/styles.xml" in archive.namelist():
            styles = archive.read("xl/styles.xml")
            percents = bool(_PERCENT.search(styles.replace(b"cellStyleXfs", b"", 1)))
    notes = ["The workbook has formulas; their stored results were read."] if formulas else []
    marks: dict[str, Marks] = {}
    if errors or percents:
        _mark(data, marks, results=True)
    if unsolved:
        _mark(data, marks, results=False)
    return notes, marks


def _has(archive: zipfile.ZipFile, name: str, what: re.Pattern[bytes]) -> bool:
    before = b""
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            if what.search(before + piece):
                return True
            before = piece[-200:]
    return False


def _mark(data: io.BytesIO, marks: dict[str, Marks], *, results: bool) -> None:
    from openpyxl import load_workbook

    data.seek(0)
    workbook = load_workbook(data, read_only=True, data_only=results)
    for sheet in workbook.worksheets:
        found = marks.setdefault(sheet.title, {})
        for line, row in enumerate(sheet.iter_rows(min_row=1)):
            for cell in row:
                if cell.value is None:
                    continue
                if mark := _mark_of(cell, results):
                    found.setdefault(line, {}).setdefault(cell.column - 1, mark)


def _mark_of(cell: Any, results: bool) -> str:
    if cell.data_type == "e":
        return str(cell.value)
    if cell.data_type == "f":
        return "" if results else NO_RESULT
    return PERCENT if cell.data_type == "n" and PERCENT in (cell.number_format or "") else ""


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
