"""A cell of the scorecard in a dialog: the values behind it, its target, and the last months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from zixly_data.figures.delivery import scorecard_cell, targets
from zixly_data.figures.delivery.scorecard_frames import Scorecard
from zixly_data.identity import Identity
from zixly_data.records import clients
from zixly_data.records.delivery import metrics
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.frames import rows
from zixly_data.values.paging import PAGE_ROWS
from zixly_data.values.period import Period, between
from zixly_ui import charts
from zixly_ui.charts.plot import show_chart
from zixly_ui.components.formatting import ABSENT, is_absent, money
from zixly_ui.components.record_dialog import close_table
from zixly_ui.components.tables import Column, records_table
from zixly_ui.records.delivery.scorecard_table import ALL_CLIENTS, Chosen
from zixly_ui.records.delivery.scorecard_text import (
    change_sentence,
    origin_sentence,
    state_text,
    target_sentence,
    total_sentence,
    value_text,
)
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.page_links import period_query

TABLE = "scorecard"
_VALUES = (
    Column("record_date", "Date", "date"),
    Column("shown", "Value", "quantity"),
    Column("note", "Note"),
)
_INPUTS = (
    Column("label", "Input"),
    Column("name", "In the formula"),
    Column("shown", "Value", "quantity"),
)


def show_cell(
    identity: Identity,
    card: Scorecard,
    chosen: Chosen,
    client_filter: ClientFilter,
) -> None:
    """Open the dialog of a cell; `client_filter` is the selection of all clients."""
    name = chosen.client["client_name"] if chosen.client else ALL_CLIENTS
    title = f"{chosen.metric['metric_name']} for {name}"
    dialog = st.dialog(plain(title), width="medium", on_dismiss=lambda: close_table(TABLE))
    dialog(lambda: _draw(identity, card, chosen, client_filter))()


def _draw(
    identity: Identity,
    card: Scorecard,
    chosen: Chosen,
    client_filter: ClientFilter,
) -> None:
    client, metric, cell = chosen
    value = value_text(cell["value"], metric)
    if client is None:
        st.markdown(f"**{plain(f'{value} in {card.period.name}')}**")
        st.write(plain(total_sentence(cell, metric)))
    else:
        state = state_text(cell)
        heading = "No value" if is_absent(cell["value"]) else f"{value} in {card.period.name}"
        st.markdown(f"**{plain(f'{heading} · {state}' if state else heading)}**")
        st.write(plain(target_sentence(cell, metric)))
        st.write(plain(origin_sentence(cell, metric, card)))
    st.write(plain(change_sentence(cell, metric, card)))
    if client is not None:
        client_id = str(client["client_kpi_id"])
        if is_absent(metric["formula"]):
            _show_values(identity, card.period, client_id, metric, cell)
        else:
            _show_inputs(identity, card.period, client_id, metric)
    _show_trend(identity, card, chosen, client_filter)
    query = period_query(card.period)
    if client is not None:
        query |= {"client": str(client["client_kpi_id"]), "of": str(client["client_kpi_id"])}
        query["metric"] = str(metric["metric_name"])
    st.page_link(
        page_path("custom_kpis.py"),
        label="Open in Custom metrics",
        icon=":material/arrow_forward:",
        query_params=query,
    )


def _show_values(
    identity: Identity,
    period: Period,
    client_id: str,
    metric: Mapping[str, Any],
    cell: Mapping[str, Any],
) -> None:
    """Show the recorded values of the month; of a last value those of its date, it first."""
    if is_absent(cell["value"]):
        return
    if metric["adds_up"] == "LAST":
        period = between(cell["last_date"], cell["last_date"])
    page = metrics.page(
        identity, period, ClientFilter((client_id,)), metric_name=metric["metric_name"]
    )
    shown = [value_text(row["metric_value"], metric) for row in rows(page.frame)]
    records_table(
        page.frame.assign(shown=shown), _VALUES, f"cell-values-{client_id}-{metric['metric_id']}",
        height=300 if len(shown) > 8 else None,
    )  # fmt: skip
    if metric["adds_up"] == "LAST" and page.count > 1:
        st.write("Several values have this date. The one recorded last counts.")
    if page.count > PAGE_ROWS:
        st.write(f"The latest {PAGE_ROWS} of {page.count:,} values.")


def _show_inputs(
    identity: Identity,
    period: Period,
    client_id: str,
    metric: Mapping[str, Any],
) -> None:
    inputs = scorecard_cell.inputs_of(identity, metric["metric_id"], client_id, period)
    input_rows = rows(inputs)
    currency = clients.get(identity, client_id).currency
    shown = []
    for row in input_rows:
        if is_absent(row["value"]):
            shown.append(ABSENT)
        elif is_absent(row["metric_name"]):
            shown.append(money(row["value"], currency))
        else:
            shown.append(value_text(row["value"], row))
    labels = [
        row["name"].capitalize() if is_absent(row["metric_name"]) else row["metric_name"]
        for row in input_rows
    ]
    records_table(
        inputs.assign(label=labels, shown=shown), _INPUTS, f"cell-inputs-{metric['metric_id']}"
    )


def _show_trend(
    identity: Identity, card: Scorecard, chosen: Chosen, client_filter: ClientFilter
) -> None:
    client, metric, _ = chosen
    client_id = str(client["client_kpi_id"]) if client else None
    months = scorecard_cell.month_values(
        identity, metric["metric_id"], client_id, card.period.start, client_filter
    )
    if len(months) < 2:
        return
    steps = targets.target_steps(identity, metric["metric_id"], client_id) if client_id else None
    title = f"Twelve months up to {card.period.name}"
    st.write(plain(title))
    show_chart(
        charts.metric_trend(months, metric["unit"], steps, by_month=True), "cell-trend", alt=title
    )
