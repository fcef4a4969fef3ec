"""Figures on the page, shown the same way everywhere, and the points clicked in them."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import plotly.io
import streamlit as st
from plotly.basedatatypes import BaseFigure

from zixly_ui.charts.style import Figure

_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


class _Complete(BaseFigure):  # type: ignore[misc]
    """A figure that st.plotly_chart takes as it is; a dictionary it would validate and copy."""

    def __init__(self, figure: Figure, **layout: str) -> None:
        self._content = {
            **figure, "layout": {"template": _template(), **figure["layout"], **layout},
        }  # fmt: skip

    def to_dict(self) -> Figure:
        return self._content


@cache
def _template() -> dict[str, Any]:
    """Return Streamlit's template, which the browser completes with the theme's colours."""
    # Its module sets the default template when it is imported, before any page runs.
    return cast("dict[str, Any]", plotly.io.templates[plotly.io.templates.default].to_plotly_json())


def show_chart(
    figure: Figure, key: str, *, on_select: bool = False, alt: str | None = None
) -> list[str]:
    """Show the figure over the full width; `alt` describes it for those who cannot see it.

    With `on_select`, a click on a point reruns the page. Returns the keys of the clicked points
    (`customdata[0]`: a client's id, a month, a stage); empty without `on_select`.
    """
    if not on_select:
        st.plotly_chart(_Complete(figure), key=key, theme="streamlit", config=_CONFIG, alt=alt)
        return []
    state = st.plotly_chart(
        _Complete(figure, clickmode="event+select"),
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
