"""Notes on dates as marks on a chart over time: small, above it, the words on hover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from zixly_ui.charts import style
from zixly_ui.components.formatting import is_absent, short_date

MARK = "◆"


def first_of_month(day: date) -> date:
    """Where the note of a day stands on an axis of months."""
    return day.replace(day=1)


def with_notes(
    figure: go.Figure,
    notes: pd.DataFrame,
    place: Callable[[date], date | str | None] = first_of_month,
) -> go.Figure:
    """The figure with a mark wherever there are notes; the figure given stays as it is.

    `notes` are rows of `date_notes.DateNotes`. `place` answers with what stands on the x axis for a
    day, so that a note stands at its month and not between two, or with None for a day that the
    axis leaves out. A month that an axis of dates does not reach shows no mark, and the axis does
    not grow for it.
    """
    by_place: dict[date | str, list[str]] = {}
    for note in sorted(style.rows(notes), key=lambda each: (each["day"], each["id"])):
        where = place(note["day"])
        if where is not None:
            by_place.setdefault(where, []).append(_said(note))
    if not by_place:
        return figure
    drawn = figure.to_dict()
    layout = drawn["layout"]
    marks = [_mark(where, said) for where, said in by_place.items()]
    layout["annotations"] = [*layout.get("annotations", ()), *marks]
    layout["shapes"] = [*layout.get("shapes", ()), *map(_line, by_place)]
    # The marks stand where the legend stood, or on the edge of a figure without one.
    layout["legend"] = {**layout.get("legend", {}), "y": 1.09}
    if layout.get("showlegend") is False:
        layout["margin"] = {**layout.get("margin", {}), "t": 22}
    return go.Figure(data=drawn["data"], layout=layout, _validate=False)


def _mark(where: date | str, said: list[str]) -> dict[str, Any]:
    return {
        "x": where, "y": 1, "yref": "paper", "yanchor": "bottom",
        "text": MARK, "hovertext": "<br>".join(said), "showarrow": False,
        "font": {"size": 12, "color": style.ORANGE},
    }  # fmt: skip


def _line(where: date | str) -> dict[str, Any]:
    return {
        "type": "line", "x0": where, "x1": where, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": style.ORANGE, "width": 1, "dash": "dot"},
        "opacity": 0.55, "layer": "below",
    }  # fmt: skip


def _said(note: Mapping[str, Any]) -> str:
    client = note["client_name"]
    about = "" if is_absent(client) else f", {style.plain(client, 40)}"
    return f"{short_date(note['day'])}{about}: {style.plain(note['words'], 200)}"
