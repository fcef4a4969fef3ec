"""Notes on dates as small marks above a chart over time, with their text on hover."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from zixly_ui.charts import style
from zixly_ui.components.formatting import is_absent, short_date

MARK = "◆"


def first_of_month(day: date) -> date:
    """Return the position of a day on an axis of months."""
    return day.replace(day=1)


def with_notes(
    figure: style.Figure,
    notes: pd.DataFrame,
    place: Callable[[date], date | str | None] = first_of_month,
) -> style.Figure:
    """Return the figure with a mark for each place with notes; `figure` itself is unchanged.

    `notes` are rows of `date_notes.DateNotes`. `place` maps a day to its position on the x axis, so
    that a note stands at its month and not between two, or to None for a day that the axis leaves
    out. A month outside an axis of dates shows no mark, and the axis does not grow for it.
    """
    by_place: dict[date | str, list[str]] = {}
    for note in sorted(style.rows(notes), key=lambda row: (row["day"], row["id"])):
        position = place(note["day"])
        if position is not None:
            by_place.setdefault(position, []).append(_note_text(note))
    if not by_place:
        return figure
    layout = dict(figure["layout"])
    marks = [_mark(position, texts) for position, texts in by_place.items()]
    layout["annotations"] = [*layout.get("annotations", ()), *marks]
    layout["shapes"] = [*layout.get("shapes", ()), *map(_line, by_place)]
    # The marks take the place of the legend, or stand on the edge of a figure without one.
    layout["legend"] = {**layout.get("legend", {}), "y": 1.09}
    if layout.get("showlegend") is False:
        layout["margin"] = {**layout.get("margin", {}), "t": 22}
    return {**figure, "layout": layout}


def _mark(position: date | str, texts: list[str]) -> dict[str, Any]:
    return {
        "x": position, "y": 1, "yref": "paper", "yanchor": "bottom",
        "text": MARK, "hovertext": "<br>".join(texts), "showarrow": False,
        "font": {"size": 12, "color": style.ORANGE},
    }  # fmt: skip


def _line(position: date | str) -> dict[str, Any]:
    return {
        "type": "line", "x0": position, "x1": position, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": style.ORANGE, "width": 1, "dash": "dot"},
        "opacity": 0.55, "layer": "below",
    }  # fmt: skip


def _note_text(note: Mapping[str, Any]) -> str:
    client = note["client_name"]
    client_suffix = "" if is_absent(client) else f", {style.plain(client, 40)}"
    return f"{short_date(note['day'])}{client_suffix}: {style.plain(note['words'], 200)}"
