"""Whole tables for paper, hidden until the page is printed.

On the screen a table is drawn on a canvas, one window of rows at a time. Beside it stand all its
rows as data, which cost the browser nothing; `print.js` turns them into a table when the page is
printed.
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

MAX_COLUMNS = 9  # on upright paper
_FIGURES = {"quantity", "money", "percent", "figure", "count"}
_CENT = Decimal("0.01")


def as_html(table: pa.Table, columns: Sequence[tuple[str, str, str]]) -> str:
    """Return the table for `print.js`.

    `columns` are name, label and kind (`tables.Kind`) of the shown columns, in order. A table with
    many columns turns the paper.
    """
    printed = [column for column in columns if column[2] not in ("trend", "signed trend")]
    rows = table.select([name for name, _, _ in printed]).to_pylist()
    content = {
        "heads": [[label, kind in _FIGURES] for _, label, kind in printed],
        "rows": [_cells(row, printed) for row in rows],
    }
    data = escape(json.dumps(content, ensure_ascii=False, separators=(",", ":")))
    # The browser reads the paper size before a script could set it.
    landscape = (
        "<style>@page { size: A4 landscape !important }</style>"
        if len(printed) > MAX_COLUMNS
        else ""
    )
    turned_attribute = ' data-turned="yes"' if landscape else ""
    return f'<div class="zixly-printed" data-table="{data}"{turned_attribute}>{landscape}</div>'


def _cells(row: Mapping[str, Any], columns: Sequence[tuple[str, str, str]]) -> list[str]:
    return [_cell_text(row[name], kind) for name, _, kind in columns]


def _cell_text(value: Any, kind: str) -> str:
    """Return a value as the table on the screen shows it."""
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
