"""Catches a block pasted into the grid in the browser, before the grid takes it by position.

`paste.js`, which the index page loads before any grid, stops the event if this element is on the
page. A paste of one cell goes on to the grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from zixly_ui.month.grid import Grid
from zixly_ui.month.pasting.columns import columns_of
from zixly_ui.shell.assets import ASSETS

KEY = "month-paste-listener"
_listener = st.components.v2.component(
    "zixly_paste",
    html="<span data-zixly-pastes hidden></span>",
    js=(ASSETS / "paste_listener.js").read_text("utf-8"),
    isolate_styles=False,
)


@dataclass(frozen=True)
class Caught:
    """A pasted text, with the place in the grid of its first cell: the index of the column, and the
    line of the row. They are None if the browser does not say, or has sorted the rows."""

    text: str
    column: int | None = None
    line: int | None = None


def caught(grid: Grid) -> Caught | None:
    """Draw the invisible listener; return the block that was pasted just now, if any."""
    result = _listener(key=KEY, height="content", on_pasted_change=lambda: None)
    detail: Any = result.pasted
    if not isinstance(detail, dict) or not isinstance(detail.get("text"), str):
        return None
    return Caught(detail["text"], _column(grid, detail), _line(grid, detail))


def _column(grid: Grid, detail: dict[str, Any]) -> int | None:
    titles = [column.title for column in columns_of(grid) if column.title]
    place = detail.get("column")
    if isinstance(place, int) and 0 <= place < len(titles) and titles[place] == detail["heading"]:
        return place
    # The person has moved or hidden columns.
    same = [index for index, title in enumerate(titles) if title == detail.get("heading")]
    return same[0] if len(same) == 1 else None


def _line(grid: Grid, detail: dict[str, Any]) -> int | None:
    row, lines = detail.get("row"), grid.shown.lines
    if not isinstance(row, int) or not 0 <= row < len(lines):
        return None
    first = grid.frame().fillna("").iloc[row, 0]
    return lines[row] if first == (detail.get("first") or "") else None
