"""Notes on dates as marks on a chart over months: small, above the months, the words on hover."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from zixly_ui import chart_style as style
from zixly_ui.text import is_absent, short_date

MARK = "◆"


def with_notes(figure: go.Figure, notes: pd.DataFrame) -> go.Figure:
    """The figure with a mark at each month that has notes; the figure given stays as it is.

    `notes` are rows of `date_notes.DateNotes`. The months stand on the x axis by their first days,
    so a note stands at its month and not between two. A month that the axis does not reach shows
    no mark, and the axis does not grow for it.
    """
    marked = go.Figure(figure)
    by_month: dict[date, list[str]] = {}
    for note in sorted(style.rows(notes), key=lambda each: (each["day"], each["id"])):
        by_month.setdefault(note["day"].replace(day=1), []).append(_said(note))
    for month, said in by_month.items():
        marked.add_annotation(
            x=month,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=MARK,
            hovertext="<br>".join(said),
            showarrow=False,
            font={"size": 12, "color": style.ORANGE},
        )
        marked.add_shape(
            type="line",
            x0=month,
            x1=month,
            y0=0,
            y1=1,
            yref="paper",
            line={"color": style.ORANGE, "width": 1, "dash": "dot"},
            opacity=0.55,
            layer="below",
        )
    if by_month:
        # The marks stand where the legend stood.
        marked.update_layout(legend_y=1.09)
    return marked


def _said(note: Mapping[str, Any]) -> str:
    client = note["client_name"]
    about = "" if is_absent(client) else f", {style.plain(client, 40)}"
    return f"{short_date(note['day'])}{about}: {style.plain(note['words'], 200)}"
