"""The child process that reads a workbook: the file on its stdin, JSON lines on its stdout.

It runs by its path and imports nothing of Zixly. A line is a sheet, as `_describe` returns it,
followed by {"line": number of the first row, "rows": [[cells]]} in pieces. A cell is null, text,
true or false, a number of at most 15 digits, [ordinal] for a day, or {"seconds": number} for a
duration.

calamine reads the values. It does not distinguish a percentage from a fraction, and returns errors
and formulas without a stored result as empty cells, which would lose amounts: so expat scans the
sheets a second time and marks those cells.
"""

from __future__ import annotations

import datetime
import io
import json
import posixpath
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

MEMORY = 768 * 1024 * 1024
SECONDS = 80
OUTPUT = 1024 * 1024 * 1024
ROWS_AT_ONCE = 1000
NO_RESULT = "#NORESULT!"  # The text for a formula without a stored result; `values` rejects it.
PERCENT = "%"
_PIECE = 1 << 20
# More than a day shown as `h:mm` is a time of 1900.
_DAY_0, _MIDNIGHT = datetime.datetime(1899, 12, 31), datetime.time()
_PERCENT_FORMATS = {9, 10}  # built into every workbook
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Place = tuple[int, int]
Marks = dict[int, dict[int, str]]  # by row, then by column
Merged = list[tuple[Place, Place]]


def main() -> None:
    """Read the workbook on stdin and write its sheets to stdout."""
    _limit_resources()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    data = sys.stdin.buffer.read()
    cell_marks = _CellMarks(data)
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
        for metadata in workbook.sheets_metadata:
            if metadata.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(metadata.name)
            if sheet.start is None:
                continue
            hidden = metadata.visible is not SheetVisibleEnum.Visible
            ranges = sorted(sheet.merged_cell_ranges or ())
            merged = [(start, end) for start, end in ranges if end[0] > start[0]]
            scan = cell_marks.scan_sheet(metadata.name)
            _write(_describe(metadata.name, hidden, merged, scan))
            rows = _rows(sheet.iter_rows(), sheet.start[1], scan.marks)
            _write_rows(_fill_merged(rows, merged))


def _describe(name: str, is_hidden: bool, merged: Merged, scan: _Scan) -> dict[str, Any]:
    """Return what people should know about a sheet besides its cells."""
    return {
        "sheet": name, "is_hidden": is_hidden, "merged": merged, "is_filtered": scan.is_filtered,
        "hidden_rows": len(scan.hidden_rows), "has_formulas": scan.has_formulas,
    }  # fmt: skip


def _rows(rows: Iterator[list[Any]], offset: int, marks: Marks) -> Iterator[list[Any]]:
    """Yield rows from the first, columns from A, percentages as shown, errors as texts."""
    padding = [None] * offset
    line = -1
    for line, cells in enumerate(rows):
        yield _apply_marks(padding + [_json_value(cell) for cell in cells], marks.get(line))
    for later in range(line + 1, max(marks, default=-1) + 1):
        yield _apply_marks([], marks.get(later))


def _apply_marks(row: list[Any], marks: dict[int, str] | None) -> list[Any]:
    for place, mark in sorted((marks or {}).items()):
        row.extend([None] * (place + 1 - len(row)))
        cell = row[place]
        if mark != PERCENT:
            row[place] = mark if cell is None else cell
        elif isinstance(cell, int | float):
            row[place] = _round_number(cell * 100)
    return row


def _fill_merged(rows: Iterable[list[Any]], merged: Merged) -> Iterator[list[Any]]:
    """Repeat texts and days of cells merged downwards in each of their rows, but not amounts."""
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


def _write_rows(rows: Iterable[list[Any]]) -> None:
    piece: list[list[Any]] = []
    line = 0
    for line, row in enumerate(rows, start=1):
        piece.append(row if any(cell is not None for cell in row) else [])
        if len(piece) == ROWS_AT_ONCE:
            _write({"line": line - len(piece) + 1, "rows": piece})
            piece = []
    if piece:
        _write({"line": line - len(piece) + 1, "rows": piece})


def _json_value(cell: Any) -> Any:
    if cell.__class__ is str:
        return cell or None
    if cell.__class__ is float:
        return _round_number(cell)
    if isinstance(cell, datetime.datetime) and cell.year == 1900 and cell.time() != _MIDNIGHT:
        cell -= _DAY_0
    if isinstance(cell, datetime.timedelta):
        return {"seconds": cell.total_seconds()}
    if isinstance(cell, datetime.date):
        return [cell.toordinal()]
    return cell if isinstance(cell, bool | int) else str(cell)


def _round_number(number: float) -> int | float:
    """Round to the 15 digits that a spreadsheet stores: 0.1 + 0.2 is 0.3."""
    if number.is_integer() and -1e15 < number < 1e15:
        return int(number)
    return float(f"{number:.15g}")


class _CellMarks:
    """The cells of a workbook that calamine reads incorrectly."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        names = set(self._archive.namelist())
        self._parts = self._sheets() if "xl/_rels/workbook.xml.rels" in names else {}
        self._parts = {name: part for name, part in self._parts.items() if part in names}
        self._percents = self._percent_styles() if "xl/styles.xml" in names else set()

    def scan_sheet(self, sheet: str) -> _Scan:
        """Return what a pass over a sheet tells; nothing for a sheet without a part."""
        scan = _Scan(self._percents)
        if sheet not in self._parts:
            return scan
        with self._archive.open(self._parts[sheet]) as part:
            while piece := part.read(_PIECE):
                scan.parser.Parse(piece, False)
        scan.parser.Parse(b"", True)
        scan.end_cell()
        return scan

    def _sheets(self) -> dict[str, str]:
        targets = {
            relation.get("Id"): relation.get("Target", "").replace("\\", "/")
            for relation in self._tree("xl/_rels/workbook.xml.rels")
        }
        parts = {}
        for element in self._tree("xl/workbook.xml").iter():
            if element.tag.endswith("}sheet") and (target := targets.get(element.get(_RELATION))):
                path = target[1:] if target.startswith("/") else posixpath.join("xl", target)
                parts[element.get("name", "")] = posixpath.normpath(path)
        return parts

    def _percent_styles(self) -> set[str]:
        """Return the style numbers, as cells refer to them, that show a percentage."""
        formats, styles = set(_PERCENT_FORMATS), set()
        for group in self._tree("xl/styles.xml"):
            if group.tag.endswith("}numFmts"):
                formats |= {
                    int(number_format.get("numFmtId", "0")) for number_format in group
                    if "%" in number_format.get("formatCode", "")
                }  # fmt: skip
            elif group.tag.endswith("}cellXfs"):
                styles = {
                    str(place) for place, style in enumerate(group)
                    if int(style.get("numFmtId", "0")) in formats
                }  # fmt: skip
        return styles

    def _tree(self, name: str) -> ElementTree.Element:
        return ElementTree.fromstring(self._archive.read(name))  # noqa: S314 - expat has limits


class _Scan:
    """One pass over a sheet's cells: marks by row and column, formulas, hidden rows with cells."""

    def __init__(self, percents: set[str]) -> None:
        self.marks: Marks = {}
        self.hidden_rows: set[int] = set()
        self.has_formulas = self.is_filtered = self._is_hidden = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self._percents = percents
        self._locals: dict[str, str] = {}
        self._row, self._column = -1, -1
        self._cell: dict[str, str] | None = None
        self._has_formula = False
        self._text = ""

    def end_cell(self) -> None:
        """Mark the last cell, if it is an error, a percentage or a formula without a result."""
        cell, mark = self._cell, ""
        if cell is None:
            return
        kind = cell.get("t", "n")
        if kind == "e":
            mark = self._text.strip() or NO_RESULT
        elif kind == "n" and self._has_formula and not self._text.strip():
            mark = NO_RESULT
        elif kind == "n" and cell.get("s") in self._percents:
            mark = PERCENT
        if mark:
            self.marks.setdefault(self._row, {})[self._place(cell.get("r"))] = mark

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._locals.get(name) or self._locals.setdefault(name, name.rpartition(":")[2])
        if self._is_hidden and tag in ("v", "is"):
            self.hidden_rows.add(self._row)
        if tag == "c":
            self.end_cell()
            if self._has_formula or self._text:
                self.parser.CharacterDataHandler = None
                self._has_formula, self._text = False, ""
            self._cell = attributes
            self._column += 1
        elif tag == "row":
            self.end_cell()
            self._cell = None
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._column = -1
            self._is_hidden = attributes.get("hidden") in ("1", "true")
        elif tag == "autoFilter":
            self.is_filtered = True
        elif tag == "f":
            self._has_formula = self.has_formulas = True
        elif tag == "v" and (self._has_formula or self._is_error()):
            self.parser.CharacterDataHandler = self._data

    def _is_error(self) -> bool:
        return self._cell is not None and self._cell.get("t") == "e"

    def _data(self, text: str) -> None:
        self._text += text

    def _place(self, name: str | None) -> int:
        """Return the column (from 0) of a cell name; without one, the next column."""
        if not name:
            return self._column
        column = 0
        for letter in name.rstrip("0123456789"):
            column = column * 26 + ord(letter) - 64
        return column - 1


def _limit_resources() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))


def _write(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
