"""The preview of a pasted block in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zixly_data.values.names import listed
from zixly_ui.components.formatting import plural
from zixly_ui.month.pasting.block import Block, PastedRow
from zixly_ui.month.pasting.cells import PastedCell
from zixly_ui.month.pasting.columns import LEAVE_OUT, Column, Holds, Layout
from zixly_ui.month.pasting.places import Places, Reason

MOST_SHOWN = 12
_MOST_CELLS = 3
_REASONS = {
    Reason.UNKNOWN: (
        "1 row has no client here. Choose its client, or add it.",
        "{:,} rows have no client here. Choose their clients, or add them.",
    ),
    Reason.NO_NAME: ("1 row names no client.", "{:,} rows name no client."),
    Reason.AMBIGUOUS: (
        "1 row has the name of several clients. Choose one.",
        "{:,} rows have names of several clients. Choose one for each.",
    ),
    Reason.NO_ROW: (
        "1 row is for a client without a row here, because it is completed or a prospect.",
        "{:,} rows are for clients without a row here, because they are completed or prospects.",
    ),
    Reason.SEVERAL: (
        "1 row is for a client with several records in the month. Choose one.",
        "{:,} rows are for clients with several records in the month. Choose one for each.",
    ),
    Reason.BEYOND: (
        "1 row is below the last row of the grid. Choose its row.",
        "{:,} rows are below the last row of the grid. Choose their rows.",
    ),
    Reason.TWICE: (
        "1 row goes to the same row of the grid as another. Leave one of them out.",
        "{:,} rows go to the same row of the grid as another. Leave all but one out.",
    ),
}


def summary(places: Places) -> str:
    """Return what becomes of the rows: `7 of 9 rows go into the grid. 2 need your choice.`"""
    groups = (places.lines, places.waiting, places.to_add, places.left_out)
    placed, waiting, to_add, left_out = map(len, groups)
    total = placed + waiting + to_add + left_out
    rows = f"{plural(total, 'row')}" if placed == total else f"{placed:,} of {plural(total, 'row')}"
    parts = [f"{rows} {'goes' if (placed, total) == (1, 1) else 'go'} into the grid."]
    if waiting:
        parts.append(f"{waiting:,} {'needs' if waiting == 1 else 'need'} your choice.")
    if to_add:
        parts.append(f"{to_add:,} {'waits for its' if to_add == 1 else 'wait for their'} client.")
    if left_out:
        parts.append(f"{left_out:,} {'is' if left_out == 1 else 'are'} left out.")
    return " ".join(parts)


def row_text(row: PastedRow) -> str:
    """Return a row of the block in short: `Row 8: Foo Pty, 500.00, 200.00`."""
    cells = [cell for cell in row.cells if cell]
    shown = ", ".join(" ".join(cell.split())[:40] for cell in cells[:_MOST_CELLS])
    return f"Row {row.number}: {shown}{', …' if len(cells) > _MOST_CELLS else ''}"


def reason_text(reason: Reason, count: int) -> str:
    """Return the heading of the rows that wait for one reason: `2 rows have no client here.`"""
    one, several = _REASONS[reason]
    return one if count == 1 else several.format(count)


def columns_text(block: Block, layout: Layout, columns: Sequence[Column]) -> str:
    """Return the columns of the block that nothing is read from; empty if there are none."""
    computed = {column.title: column for column in columns if column.holds is Holds.COMPUTED}
    unused = []
    for place, name in enumerate(layout.columns):
        if name == LEAVE_OUT and block.column(place, skip_first=layout.has_headings):
            heading = block.rows[0].cells[place] if layout.has_headings else ""
            note = " (computed)" if heading in computed else ""
            unused.append(f"{heading or f'column {place + 1}'}{note}")
    if not unused:
        return ""
    noun = "Column" if len(unused) == 1 else "Columns"
    return f"{noun} left out: {listed(unused)}."


def problems(cells: Sequence[PastedCell]) -> list[str]:
    """Return a sentence for each cell that cannot be saved as it was pasted."""
    lines = [f"Row {cell.number}, {cell.label}: {cell.problem}" for cell in cells if cell.problem]
    rest = len(lines) - MOST_SHOWN
    return [*lines[:MOST_SHOWN], *([f"and {rest:,} more"] if rest > 0 else [])]


def preview(
    cells: Sequence[PastedCell], labels: Mapping[int, str], subject: str
) -> list[dict[str, str]]:
    """Return the rows of the preview, one for each cell that changes."""
    return [
        {
            "Row": str(cell.number),
            subject: labels.get(cell.line, ""),
            "Column": cell.label,
            "Now": cell.now,
            "Pasted": cell.text,
        }
        for cell in cells
        if cell.is_put and cell.text != cell.now
    ]
