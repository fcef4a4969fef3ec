"""What the scorecard shows: the chosen metrics and the page of clients, and its empty states."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from zixly_data.figures.delivery.scorecard_cell import last_month_with_values
from zixly_data.figures.month_grids.grid_page import GridPage
from zixly_data.identity import Identity, Role
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import month_name
from zixly_data.values.period import Period
from zixly_ui.components.cards import empty_state
from zixly_ui.components.filters import multiple_choice
from zixly_ui.components.formatting import people_order, plural
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path

_PAGE = "scorecard-page"


def metric_choice(definitions: pd.DataFrame) -> tuple[str, ...]:
    """Return the ids of the chosen metrics, tied to the address; empty for all."""
    names = dict(zip(definitions["id"], definitions["metric_name"], strict=True))
    ids = sorted(names, key=lambda metric_id: people_order(names[metric_id]))
    missing_labels: list[str] = []
    popover = st.popover(
        "Choose metrics", icon=":material/speed:", key="filter-metrics", on_change="rerun"
    )
    with popover:
        chosen = multiple_choice(
            "Metrics", "metric", ids, names.__getitem__, missing_labels,
            is_drawn=popover.open is not False,
        )  # fmt: skip
    if chosen:
        st.caption(f"Metrics: {plain(' · '.join(names[metric_id] for metric_id in chosen))}")
    if missing_labels:
        st.info(
            "Some selected metrics no longer exist and are ignored.", icon=":material/link_off:"
        )
    return chosen


def requested(*filters: Hashable) -> int:
    """Return the page of clients to show, counted from 0: the first if the filters have changed."""
    if st.session_state.get(_PAGE, (None, 0))[0] != filters:
        st.session_state[_PAGE] = filters, 0
    number: int = st.session_state[_PAGE][1]
    return number


def show_pages(clients: GridPage[Any], metrics_left_out: int) -> None:
    """Draw what part of the clients and metrics is shown, and buttons for other clients."""
    if metrics_left_out:
        st.caption(f"{plural(metrics_left_out, 'more metric')} not shown. Choose metrics above.")
    if clients.count <= clients.size:
        return
    first = clients.number * clients.size + 1
    last = first + len(clients.frame) - 1
    with st.container(horizontal=True, vertical_alignment="center", key="scorecard-pages"):
        text = f"Showing clients {first:,}–{last:,} of {clients.count:,}. All counts are of all."
        st.caption(plain(text), width="stretch")
        with st.container(horizontal=True, width="content"):
            st.button(
                "Previous clients", icon=":material/chevron_left:", key="scorecard-previous",
                on_click=_turn, args=(clients.number - 1,), disabled=not clients.number,
            )  # fmt: skip
            st.button(
                "Next clients", icon=":material/chevron_right:", icon_position="right",
                key="scorecard-next", on_click=_turn, args=(clients.number + 1,),
                disabled=last >= clients.count,
            )  # fmt: skip


def show_no_metrics(identity: Identity) -> None:
    """Show the empty state of an organisation without metrics."""
    may_define = identity.role.includes(Role.EDITOR)
    empty_state(
        "No metrics yet",
        "Define metrics on Custom metrics. Each metric has a column here."
        if may_define
        else "Each metric has a column here once an editor has defined it on Custom metrics.",
    )
    st.page_link(page_path("custom_kpis.py"), label="Go to Custom metrics", icon=":material/speed:")


def show_nothing(identity: Identity, period: Period, client_filter: ClientFilter) -> None:
    """Show the empty state of a month without values, and the way to the last month with some."""
    last = last_month_with_values(identity, client_filter)
    empty_state(
        f"No values or targets in {period.name}",
        "Nothing is recorded for these clients yet. Values are recorded on Custom metrics."
        if last is None
        else f"The last values of these clients are from {month_name(last)}.",
    )
    if last is None:
        st.page_link(
            page_path("custom_kpis.py"), label="Go to Custom metrics", icon=":material/speed:"
        )
        return
    query: dict[str, Any] = {"month": f"{last:%Y-%m}"}
    for name, values in (
        ("client", client_filter.client_kpi_ids),
        ("status", client_filter.statuses),
        ("industry", client_filter.industries),
    ):
        if values:
            query[name] = list(values)
    st.page_link(
        page_path("scorecard.py"),
        label=f"See {month_name(last)}",
        icon=":material/calendar_month:",
        query_params=query,
    )


def _turn(number: int) -> None:
    filters, _ = st.session_state[_PAGE]
    st.session_state[_PAGE] = filters, number
