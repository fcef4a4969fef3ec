"""What paper shows in place of a table that scrolls: every row, out of sight until it is printed.

On the screen a table is drawn on a canvas, a window's worth of it. Beside it stands the whole of it
as data, which costs the browser nothing; `print.js` makes a table of it when the page is printed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Any

import pyarrow as pa

from zixly_ui.components.formatting import (
    ABSENT,
    decimal_text,
    is_absent,
    percent,
    short_date,
    short_month,
)

MOST_ROWS = 500
MOST_COLUMNS = 9  # of upright paper
_FIGURES = {"quantity", "money", "percent", "figure", "count"}
_CENT = Decimal("0.01")


def as_html(table: pa.Table, columns: Sequence[tuple[str, str, str]]) -> str:
    """The table for `print.js`: the first 500 rows, and a sentence where there are more.

    A table of many columns turns the paper.

    `columns` are name, label and kind (`tables.Kind`) of those that are shown, in order.
    """
    shown = [each for each in columns if each[2] != "trend"]
    first = table.select([name for name, _, _ in shown]).slice(0, MOST_ROWS)
    left = len(table) - MOST_ROWS
    told = {
        "heads": [[label, kind in _FIGURES] for _, label, kind in shown],
        "rows": [_cells(row, shown) for row in first.to_pylist()],
        "note": f"The first {MOST_ROWS:,} of {len(table):,} rows. Download CSV has all of them."
        if left > 0
        else "",
    }
    data = escape(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
    # The browser asks for the paper's size before a script could say it.
    turned = (
        "<style>@page { size: A4 landscape !important }</style>"
        if len(shown) > MOST_COLUMNS
        else ""
    )
    paper = ' data-turned="yes"' if turned else ""
    return f'<div class="zixly-printed" data-table="{data}"{paper}>{turned}</div>'


def _cells(row: Mapping[str, Any], columns: Sequence[tuple[str, str, str]]) -> list[str]:
    return [_words(row[name], kind) for name, _, kind in columns]


def _words(value: Any, kind: str) -> str:
    """A value as the table on the screen writes it."""
    if is_absent(value):
        return ABSENT
    if kind == "money":
        return f"{Decimal(value).quantize(_CENT, ROUND_HALF_UP):,.2f}".replace("-", "−")
    if kind == "percent":
        return percent(value)
    if kind == "figure" and isinstance(value, Decimal):
        return decimal_text(value)
    if kind == "count":
        return f"{value:,}"
    if isinstance(value, date):
        return short_month(value) if kind == "month" else short_date(value)
    return str(value)
