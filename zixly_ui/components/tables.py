"""Tables of records: exact figures, right-aligned, opened by a click, downloaded as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from zixly_data.exports.csv_file import CSV_MIME, to_csv
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.values.frames import table_of
from zixly_ui.components import printed_tables
from zixly_ui.components.formatting import ABSENT

_HUNDRED = pa.scalar(Decimal(100), pa.decimal128(3, 0))

Kind = Literal[
    "text", "quantity", "money", "percent", "figure", "count", "date", "month", "instant", "trend"
]


@dataclass(frozen=True)
class Column:
    """A column of a frame, what a person calls it, and what kind of value it holds.

    `quantity` is a number as a text: with its unit, `7.5 hours`, or written out to the last digit
    where the browser would round it.
    `money` shows cents and thousands, `percent` a fraction as a percentage, `figure` a decimal
    without idle zeros, `count` a whole number, `month` the month of a date, `trend` a small line
    through a list of numbers. `width` is in pixels; by itself it fits.
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
    several: bool = False,
    anywhere: bool = False,
    height: int | None = None,
) -> list[str]:
    """Show the columns of the frame; the answer is what the selected rows open.

    `opens` names the column with the ids to answer with (it need not be shown); without it rows
    cannot be selected and the answer is empty. With `anywhere`, a click on any cell opens its row.
    Where all amounts are in one currency, it stands in the heading, and a column `currency` is not
    shown.

    Printed, it is a table of all rows (`printed_tables`).

    The browser draws Arrow decimals as numbers: exact to the cent up to 90 trillion.
    """
    table = frame if isinstance(frame, pa.Table) else table_of(frame)
    currencies = _currencies(table)
    one = currencies[0] if len(currencies) == 1 else None
    shown = [each for each in columns if not (one and each.name == "currency")]
    config = {each.name: _config(each, one) for each in shown}
    if shown and shown[0].kind == "text" and shown[0].width is None:
        # Narrow enough that a phone shows the next column too, and so that there is one.
        config[shown[0].name]["width"] = 210
    drawn = _scaled(table, shown)
    heads = [(each.name, _label(each, one), each.kind) for each in shown]
    options: dict[str, Any] = {
        "key": key,
        "hide_index": True,
        "column_config": config,
        "placeholder": ABSENT,
        "height": height or "auto",
    }
    if opens is None:
        st.dataframe(drawn, **options)
        st.html(printed_tables.as_html(table, heads))
        return []
    mode: list[Literal["multi-row", "single-row", "single-cell"]]
    mode = ["multi-row" if several else "single-row"]
    if anywhere:
        mode.append("single-cell")
    state: Any = st.dataframe(drawn, on_select="rerun", selection_mode=mode, **options)
    st.html(printed_tables.as_html(table, heads))
    rows: list[int] = state["selection"]["rows"]
    rows = rows or [row for row, _ in state["selection"].get("cells", [])]
    return [str(table[opens][row].as_py()) for row in rows if row < len(table)]


def download(
    identity: Identity,
    rows: Callable[[], pd.DataFrame],
    filename: str,
    *,
    dataset: str,
    filters: Mapping[str, object],
    key: str | None = None,
    label: str = "Download CSV",
) -> None:
    """A button that downloads all rows as CSV; the file is made when it is pressed.

    `rows` fetches them. The trail notes that so many rows of `what` left, chosen by `filters`
    (`audit.filters`); whoever may no longer be here gets an error and no file.
    """

    def file() -> bytes:
        found = rows()
        audit.note_export(identity, dataset, len(found), filters)
        return to_csv(found)

    st.download_button(
        label,
        file,
        file_name=safe_filename(filename),
        mime=CSV_MIME,
        key=key or f"download-{filename}",
        icon=":material/download:",
        # A rerun would drop the function, and the file with it, while they are being fetched.
        on_click="ignore",
    )


def safe_filename(filename: str) -> str:
    """The name in letters, digits, dots and dashes: `Müller & Co.csv` is `Müller-Co.csv`."""
    return re.sub(r"[^\w.]+", "-", filename).strip("-") or "zixly.csv"


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
            return types.LineChartColumn(column.label, **shared)
        case _:
            return types.TextColumn(column.label, **shared)


def _scaled(table: pa.Table, columns: Iterable[Column]) -> pa.Table:
    """The columns as they are drawn: fractions times a hundred, since the browser's percent format
    has no fixed decimals."""
    return pa.table({
        each.name: pc.multiply(table[each.name], _HUNDRED)
        if each.kind == "percent"
        else table[each.name]
        for each in columns
    })  # fmt: skip


def _currencies(table: pa.Table) -> list[str]:
    if "currency" not in table.column_names:
        return []
    return [code for code in pc.unique(table["currency"]).to_pylist() if code is not None]
