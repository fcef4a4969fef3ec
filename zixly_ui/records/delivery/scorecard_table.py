"""The table of the scorecard: a row per client, a column per metric, cells tinted by their band.

A tint lets the ground of the theme through, so that it is right in light and dark. The band is in
words in every cell, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import streamlit as st

from zixly_data.figures.delivery.scorecard_frames import Scorecard
from zixly_data.figures.delivery.targets import NEAR, OFF, ON_TARGET
from zixly_data.values.frames import rows
from zixly_ui.components import printed_tables
from zixly_ui.components.formatting import is_absent
from zixly_ui.components.printing import screen_only
from zixly_ui.records.delivery.scorecard_text import Cell, Metric, cell_lines
from zixly_ui.shell.markdown import plain

EVERYONE = ""
ALL_CLIENTS = "All clients"
# Red, green and blue, and how much of them covers the ground.
TINTS = {
    ON_TARGET: (21, 127, 91, 0.18),
    NEAR: (224, 138, 30, 0.24),
    OFF: (185, 58, 50, 0.20),
}
_CLIENT = "client"
# Lower rows are not wrapped.
_ROW_HEIGHT, _MOST_HEIGHT = 76, 798
_CLIENT_WIDTH, _METRIC_WIDTH = 150, 176


class Chosen(NamedTuple):
    """A cell that was clicked: its client (None for all) and metric, and what the cell has."""

    client: Mapping[str, Any] | None
    metric: Metric
    cell: Cell


def show_table(card: Scorecard, key: str) -> Chosen | None:
    """Draw the table, and lists below it that open a cell by its names.

    Return the cell that was clicked or opened, if it has anything.
    """
    clients: list[Mapping[str, Any] | None] = list(rows(card.clients.frame))
    metrics = rows(card.metrics)
    cells: dict[tuple[str, str], Cell] = {
        (cell["client_kpi_id"], cell["metric_id"]): cell for cell in rows(card.cells)
    }
    cells |= {(EVERYONE, total["metric_id"]): total for total in rows(card.totals)}
    if not card.totals.empty:
        clients.insert(0, None)
    lines = [
        [_lines(cells.get((_id(client), metric["metric_id"])), metric, card) for metric in metrics]
        for client in clients
    ]
    tints = [
        [_tint(cells.get((_id(client), metric["metric_id"]))) for metric in metrics]
        for client in clients
    ]
    names = [_name(client) for client in clients]
    ids = [metric["metric_id"] for metric in metrics]
    state: Any = st.dataframe(
        _tinted(names, ids, lines, tints),
        key=key,
        hide_index=True,
        column_config=_config(metrics),
        row_height=_ROW_HEIGHT,
        height=min(_MOST_HEIGHT, 38 + _ROW_HEIGHT * len(clients)),
        on_select="rerun",
        selection_mode="single-cell",
    )
    st.html(_printed(names, metrics, lines))
    with screen_only("pick-cell"):
        picked = _pick_cell(clients, metrics, cells, card.period.name)
    if picked is not None:
        return picked
    for row, column in state["selection"].get("cells", []):
        if row < len(clients) and column in ids:
            cell = cells.get((_id(clients[row]), column))
            if cell is not None:
                return Chosen(clients[row], metrics[ids.index(column)], cell)
    return None


def _pick_cell(
    client_rows: Sequence[Mapping[str, Any] | None],
    metric_rows: Sequence[Metric],
    cells: Mapping[tuple[str, str], Cell],
    period_name: str,
) -> Chosen | None:
    """Draw lists of the clients and metrics; return the cell that is opened by them.

    The table alone cannot be used by keys: it opens the first cell that an arrow key reaches.
    """
    clients = {_id(client): client for client in client_rows}
    metrics = {str(metric["metric_id"]): metric for metric in metric_rows}
    place = st.expander("Open a cell", icon=":material/open_in_full:", key="pick-cell")
    with place, st.form("cell", border=False):
        left, right = st.columns(2)
        client_id = left.selectbox(
            "Client", list(clients), key="pick-client",
            format_func=lambda client_id: _name(clients[client_id]),
        )  # fmt: skip
        metric_id = right.selectbox(
            "Metric", list(metrics), key="pick-metric",
            format_func=lambda metric_id: str(metrics[metric_id]["metric_name"]),
        )  # fmt: skip
        if not st.form_submit_button("Show values", type="primary"):
            return None
        cell = cells.get((client_id, metric_id))
        if cell is None:
            st.info(plain(f"This cell is empty in {period_name}."), icon=":material/info:")
            return None
    return Chosen(clients[client_id], metrics[metric_id], cell)


def _lines(cell: Cell | None, metric: Metric, card: Scorecard) -> list[str]:
    return [] if cell is None else cell_lines(cell, metric, card)


def _flowing(lines: Sequence[str]) -> str:
    """Return the lines as one text that the browser wraps between them, never within one."""
    return " · ".join(line.replace(" ", "\N{NO-BREAK SPACE}") for line in lines)


def _tint(cell: Cell | None) -> str:
    band = None if cell is None else cell.get("band")
    if band is None or is_absent(band):
        return ""
    return f"background-color: rgba{TINTS[band]}"


def _tinted(
    names: Sequence[str],
    ids: Sequence[str],
    lines: Sequence[Sequence[Sequence[str]]],
    tints: Sequence[Sequence[str]],
) -> Any:
    """Return the texts of the cells with their tints."""
    columns = {
        _CLIENT: list(names),
        **{name: [_flowing(row[n]) for row in lines] for n, name in enumerate(ids)},
    }
    styles = {
        _CLIENT: [""] * len(names),
        **{name: [row[n] for row in tints] for n, name in enumerate(ids)},
    }
    return pd.DataFrame(columns).style.apply(lambda _: pd.DataFrame(styles), axis=None)


def _config(metrics: Sequence[Metric]) -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        _CLIENT: text("Client", pinned=True, width=_CLIENT_WIDTH),
        **{m["metric_id"]: text(m["metric_name"], width=_METRIC_WIDTH) for m in metrics},
    }


def _printed(
    names: Sequence[str], metrics: Sequence[Metric], lines: Sequence[Sequence[Sequence[str]]]
) -> str:
    ids = [metric["metric_id"] for metric in metrics]
    table = pa.table({
        _CLIENT: pa.array(names, pa.string()),
        **{
            name: pa.array([" · ".join(row[n]) for row in lines], pa.string())
            for n, name in enumerate(ids)
        },
    })  # fmt: skip
    columns = [
        (_CLIENT, "Client", "text"),
        *((metric["metric_id"], metric["metric_name"], "text") for metric in metrics),
    ]
    return printed_tables.as_html(table, columns)


def _name(client: Mapping[str, Any] | None) -> str:
    return ALL_CLIENTS if client is None else str(client["client_name"])


def _id(client: Mapping[str, Any] | None) -> str:
    return EVERYONE if client is None else str(client["client_kpi_id"])
