"""The child process that reads a workbook: the file on its stdin, JSON lines on its stdout.

It knows nothing of Zixly and imports none of it. A line is {"sheet": name, "notes": []}, then
{"line": number of the first row, "rows": [[cells]]} in pieces; or {"refused": sentence, "advice"}.
A cell is null, text, true or false, a number of at most 15 digits, or [ordinal] for a day.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from typing import Any

MEMORY = 1024 * 1024 * 1024
SECONDS = 80
OUTPUT = 1024 * 1024 * 1024
ROWS_AT_ONCE = 1000


def main() -> None:
    """Reads the whole workbook."""
    _limit()
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    data = io.BytesIO(sys.stdin.buffer.read())
    with CalamineWorkbook.from_filelike(data) as workbook:
        for about in workbook.sheets_metadata:
            if about.typ is not SheetTypeEnum.WorkSheet:
                continue
            sheet = workbook.get_sheet_by_name(about.name)
            notes = []
            if about.visible is not SheetVisibleEnum.Visible:
                notes.append("This sheet is hidden in the workbook.")
            _say({"sheet": about.name, "notes": notes})
            rows: list[list[Any]] = []
            line = 0
            for line, row in enumerate(sheet.iter_rows(), start=1):
                rows.append([_cell(cell) for cell in row])
                if len(rows) == ROWS_AT_ONCE:
                    _say({"line": line - len(rows) + 1, "rows": rows})
                    rows = []
            if rows:
                _say({"line": line - len(rows) + 1, "rows": rows})


def _cell(cell: Any) -> Any:
    if cell == "":
        return None
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, float | int):
        number = float(f"{cell:.15g}")
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if isinstance(cell, datetime.date):
        return [cell.toordinal()]
    return str(cell)


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
