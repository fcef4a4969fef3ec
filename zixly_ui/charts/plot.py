"""Puts a figure on the page the same way everywhere, and tells what was clicked in it."""

from __future__ import annotations

from typing import Any, cast

import plotly.graph_objects as go
import streamlit as st

_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def show_chart(
    figure: go.Figure, key: str, *, on_select: bool = False, alt: str | None = None
) -> list[str]:
    """Show the figure over the whole width; `alt` says in words what it shows.

    With `on_select`, a click on a point reruns the page, and the answer is what the clicked points
    open (`customdata[0]`: a client's id, a month, a stage). Otherwise the answer is empty.
    """
    if not on_select:
        st.plotly_chart(figure, key=key, theme="streamlit", config=_CONFIG, alt=alt)
        return []
    figure.update_layout(clickmode="event+select")
    state = st.plotly_chart(
        figure,
        key=key,
        theme="streamlit",
        config=_CONFIG,
        alt=alt,
        on_select="rerun",
        selection_mode="points",
    )
    points = cast("dict[str, Any]", state).get("selection", {}).get("points", [])
    opened = [str(point["customdata"][0]) for point in points if point.get("customdata")]
    return list(dict.fromkeys(opened))
