"""Tables of records: exact figures and rows that open by a click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from zixly_data.values.frames import table_of
from zixly_data.values.paging import PAGE_ROWS
from zixly_ui.components import printed_tables
from zixly_ui.components.formatting import ABSENT

_HUNDRED = pa.scalar(Decimal(100), pa.decimal128(3, 0))

Kind = Literal[
    "text", "quantity", "money", "percent", "figure", "count", "date", "month", "instant", "trend",
    "signed trend",
]  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a frame, its label, and the kind of its values.

    `quantity` is a number as text: with its unit, `7.5 hours`, or with all digits where the browser
    would round them. `money` shows cents and thousands, `percent` a fraction as a percentage,
    `figure` a decimal without trailing zeros, `count` a whole number, `month` the month of a date,
    `trend` small bars for a list of numbers from 0 to 1, `signed trend` from -1 to 1. (Streamlit
    draws the lines of a table as curves, which show values that nobody recorded.) `width` is in
    pixels; without it the column fits.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str | None = None
    width: int | None = None


def records_table(
    frame: pd.DataFrame | pa.Table,
    columns: Sequence[Column],
    key: str,
    *,
    opens: str | None = None,
    anywhere: bool = False,
    height: int | None = None,
) -> list[str]:
    """Show the columns of the frame; return the ids of the selected rows.

    `opens` names the column with the ids (it need not be shown); without it rows cannot be selected
    and the result is empty. With `anywhere`, a click on any cell selects its row. If all amounts
    are in one currency, the headings name it and a column `currency` is not shown.

    More than 500 rows raise ValueError: a list of any length is shown by pages (`paging`).

    On paper the table has all rows (`printed_tables`). The browser draws Arrow decimals as numbers:
    exact to the cent up to 90 trillion.
    """
    table = frame if isinstance(frame, pa.Table) else table_of(frame)
    if len(table) > PAGE_ROWS:
        raise ValueError(f"{len(table)} rows in one table; `paging` shows {PAGE_ROWS}")
    currencies = _currencies(table)
    only_currency = currencies[0] if len(currencies) == 1 else None
    shown = [column for column in columns if not (only_currency and column.name == "currency")]
    config = {column.name: _config(column, only_currency) for column in shown}
    if shown and shown[0].kind == "text" and shown[0].width is None:
        # Narrow enough that a phone also shows the next column, so that people notice it.
        config[shown[0].name]["width"] = 210
    scaled = _scaled(table, shown)
    headings = [(column.name, _label(column, only_currency), column.kind) for column in shown]
    options: dict[str, Any] = {
        "key": key,
        "hide_index": True,
        "column_config": config,
        "placeholder": ABSENT,
        "height": height or "auto",
    }
    if opens is None:
        st.dataframe(scaled, **options)
        st.html(printed_tables.as_html(table, headings))
        return []
    mode: list[Literal["single-row", "single-cell"]] = ["single-row"]
    if anywhere:
        mode.append("single-cell")
    state: Any = st.dataframe(scaled, on_select="rerun", selection_mode=mode, **options)
    st.html(printed_tables.as_html(table, headings))
    selected: list[int] = state["selection"]["rows"]
    selected = selected or [row for row, _ in state["selection"].get("cells", [])]
    return [str(table[opens][row].as_py()) for row in selected if row < len(table)]


def _label(column: Column, currency: str | None) -> str:
    is_amount = column.kind == "money" and currency
    return f"{column.label} ({currency})" if is_amount else column.label


def _config(column: Column, currency: str | None) -> Any:
    shared: dict[str, Any] = {"help": column.help, "width": column.width}
    types = st.column_config
    match column.kind:
        case "quantity":
            return types.TextColumn(column.label, alignment="right", **shared)
        case "money":
            return types.NumberColumn(_label(column, currency), format="%,.2f", **shared)
        case "percent":
            return types.NumberColumn(column.label, format="%,.1f%%", **shared)
        case "figure":
            return types.NumberColumn(column.label, format="localized", **shared)
        case "count":
            return types.NumberColumn(column.label, format="%,d", **shared)
        case "date":
            return types.DateColumn(column.label, format="D MMM YYYY", **shared)
        case "month":
            return types.DateColumn(column.label, format="MMM YYYY", **shared)
        case "instant":
            return types.DatetimeColumn(column.label, format="D MMM YYYY, HH:mm", **shared)
        case "trend":
            return types.BarChartColumn(column.label, y_min=0, y_max=1, **shared)
        case "signed trend":
            return types.BarChartColumn(column.label, y_min=-1, y_max=1, **shared)
        case _:
            return types.TextColumn(column.label, **shared)


def _scaled(table: pa.Table, columns: Iterable[Column]) -> pa.Table:
    """Return the columns as drawn, with fractions times 100.

    The percent format of the browser has no fixed number of decimals.
    """
    return pa.table({
        column.name: pc.multiply(table[column.name], _HUNDRED)
        if column.kind == "percent"
        else table[column.name]
        for column in columns
    })  # fmt: skip


def _currencies(table: pa.Table) -> list[str]:
    if "currency" not in table.column_names:
        return []
    return [code for code in pc.unique(table["currency"]).to_pylist() if code is not None]
