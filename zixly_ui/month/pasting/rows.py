"""The rows of a month's grid that a pasted block can fill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports.references import normalise_name
from zixly_data.records.month_cells import parse_day
from zixly_ui.month.entries import Entry, Shown
from zixly_ui.month.grid import Grid
from zixly_ui.month.leads_grid import LeadGrid
from zixly_ui.month.metrics_grid import MetricGrid

# The columns that tell the rows of one client apart.
KEYS = {"financials": ("record_date",), "leads": ("lead_id", "stage")}


@dataclass(frozen=True)
class GridRow:
    """A row of the grid: its client's id, empty for overheads, and its name for people.

    `key` has the normalised texts of KEYS. `is_free` is a row without a record and without anything
    typed.
    """

    line: int
    client: str
    label: str
    key: tuple[str, ...] = ()
    is_free: bool = False


def read_rows(identity: Identity, grid: Grid, search: str = "") -> tuple[GridRow, ...]:
    """Return the rows of all pages that match `search`, in their order; pages that nobody has
    opened are read. Lead events have rows without a page, too: those of `add_row`."""
    lines: list[int] = []
    page, number = Shown(), 0
    while not number or number * page.size < page.count:
        page = grid.pages.get((search, number)) or grid.read_rows(identity, search, number)
        grid.pages[search, number] = page
        lines += page.lines
        number += 1
    if isinstance(grid, LeadGrid):
        lines += sorted({entry.line for entry in grid.entries} - set(lines))
    return _rows(grid, lines)


def key_of(grid: Grid, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts of the columns in KEYS as they are compared: a date as its ISO form."""
    return tuple(
        _iso(text, grid.month) if name == "record_date" else normalise_name(text)
        for name, text in zip(KEYS.get(grid.kind, ()), texts, strict=True)
    )


def show_rows(grid: Grid, lines: Sequence[int]) -> None:
    """Put rows that are on no page at the end of the last one."""
    paged = {line for page in grid.pages.values() for line in page.lines}
    added = tuple(line for line in dict.fromkeys(lines) if line not in paged)
    if added:
        last = max(number for search, number in grid.pages if not search)
        page = grid.pages["", last]
        grid.pages["", last] = replace(page, lines=(*page.lines, *added))


def _rows(grid: Grid, lines: Sequence[int]) -> tuple[GridRow, ...]:
    entries = {entry.line: entry for entry in grid.entries}
    typed = {line for line, _ in grid.typed}
    clients = (
        {line: client for client, line in grid.lines.items()}
        if isinstance(grid, MetricGrid)
        else {}
    )
    rows = []
    for line in lines:
        entry = entries.get(line)
        if entry is None or line in clients:
            # A row of metrics has an entry for each cell, none if each has several values.
            rows.append(GridRow(line, clients[line], grid.fixed[line]["client"]))
            continue
        texts = grid.current_texts(entry)
        is_free = entry.version is None and line not in typed
        label = grid.label(entry)
        if grid.kind == "overheads" and is_free:
            label = f"Empty row {line + 1}"
        key = key_of(grid, [texts[name] for name in KEYS.get(grid.kind, ())])
        rows.append(GridRow(line, _client_of(grid, entry), label, key, is_free))
    # A list of choices tells options apart by their text.
    same = Counter(row.label for row in rows)
    return tuple(
        replace(row, label=f"{row.label} (row {number})") if same[row.label] > 1 else row
        for number, row in enumerate(rows, start=1)
    )


def _client_of(grid: Grid, entry: Entry) -> str:
    if isinstance(grid, LeadGrid):
        return grid.clients.get(grid.current_texts(entry)["client_kpi_id"], "")
    return str(entry.details.get("client_kpi_id", ""))


def _iso(text: str, month: date) -> str:
    try:
        return parse_day(text, month, "").isoformat()
    except InvalidInput:
        return ""
