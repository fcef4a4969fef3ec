"""Figures on the page, shown the same way everywhere, and the points clicked in them."""

from __future__ import annotations

from typing import Any, cast

import plotly.graph_objects as go
import streamlit as st

_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def show_chart(
    figure: go.Figure, key: str, *, on_select: bool = False, alt: str | None = None
) -> list[str]:
    """Show the figure over the full width; `alt` describes it for those who cannot see it.

    With `on_select`, a click on a point reruns the page. Returns the keys of the clicked points
    (`customdata[0]`: a client's id, a month, a stage); empty without `on_select`.
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
