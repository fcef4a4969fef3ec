"""Charts of leads: what became of them at each step of the funnel, and the open ones by stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_ui.charts import style
from zixly_ui.components.formatting import days, is_absent, percent, plural

_Row = Mapping[str, Any]
_LABEL_LENGTH = 24


def funnel(steps: pd.DataFrame) -> style.Figure:
    """Chart the leads at each step: those that went on or were won, were lost there, are open.

    `steps` is a frame of `funnel.funnel`.
    """
    parts = (
        ("Went on or won", "won_through", style.TEAL),
        ("Lost here", "lost", style.GREY),
        ("Still open here", "undecided", style.SKY),
    )
    return _stacked(style.rows(steps), parts, _step_label, _step_hover)


def pipeline(stages: pd.DataFrame) -> style.Figure:
    """Chart the open leads at each stage, and how many of them are stalled.

    `stages` has the rows of `open_leads.by_stage` for all currencies.
    """
    rows = [{**row, "moving": row["leads"] - row["stalled"]} for row in style.rows(stages)]
    parts = (("Moving", "moving", style.SKY), ("Stalled", "stalled", style.ORANGE))
    return _stacked(rows, parts, _open_label, _open_hover)


def _stacked(
    rows: Sequence[_Row],
    parts: Sequence[tuple[str, str, str]],
    label: Callable[[_Row], str],
    hover: Callable[[_Row], str],
) -> style.Figure:
    """Return a figure with a bar per row, the first at the top, in parts that add up to `leads`."""
    # By number, as two long names may be the same once they are cut.
    places = list(range(len(rows), 0, -1))
    shared = {
        "y": places,
        "customdata": [[row["stage"], hover(row)] for row in rows],
        "hovertemplate": style.HOVER,
    }
    bars = [
        {
            "type": "bar", "orientation": "h", "name": name, "marker": {"color": colour},
            "x": [row[column] for row in rows], **shared,
        }
        for name, column, colour in parts
    ]  # fmt: skip
    totals = {
        "type": "scatter", "mode": "text", "textposition": "middle right", "cliponaxis": False,
        "x": [row["leads"] for row in rows], "text": [label(row) for row in rows],
        # Plotly would fade all labels when a bar is chosen, since none of them is.
        "unselected": {"textfont": {"color": style.GREY}},
        "showlegend": False, **shared,
    }  # fmt: skip
    most = Decimal(max((row["leads"] for row in rows), default=0))
    return style.figure_of(
        [*bars, totals],
        height=style.bars_height(len(rows)) + 32,
        xaxis={
            "title": {"text": "Leads"}, "tickformat": ",d", "dtick": _whole_step(most),
            "range": style.room_for_labels([most]),
        },
        yaxis={
            "tickmode": "array", "tickvals": places,
            "ticktext": [style.plain(row["stage"], _LABEL_LENGTH) for row in rows],
            "showgrid": False, "zeroline": False,
        },
        barmode="stack",
        legend={**style.LEGEND, "traceorder": "normal"},
        bargap=0.25,
        showlegend=True,
    )  # fmt: skip


def _whole_step(most: Decimal) -> int:
    """Return the distance of about five ticks, never a part of a lead."""
    return max(
        1, int(style.round_step(max(most, Decimal(1)) / 5).to_integral_value("ROUND_CEILING"))
    )


def _step_label(row: _Row) -> str:
    if not row["leads"]:
        return "0"
    if is_absent(row["conversion"]):
        return f" {row['leads']:,}<br> none decided"
    # On separate lines, since a phone would cut them off.
    return f" {row['leads']:,}<br> {percent(row['conversion'], 0)} of {row['decided']:,}"


def _step_hover(row: _Row) -> str:
    lines = [f"<b>{style.plain(row['stage'])}</b>", plural(row["leads"], "lead")]
    if row["decided"]:
        lines.append(
            f"{row['won_through']:,} of {row['decided']:,} decided went on or were won "
            f"({percent(row['conversion'])})"
        )
    if row["lost"]:
        lines.append(f"{row['lost']:,} lost here")
    if row["undecided"]:
        lines.append(f"{row['undecided']:,} still open here")
    if row["timed"]:
        lines.append(f"{days(row['median_days'])} in this stage (median)")
    return "<br>".join(lines)


def _open_label(row: _Row) -> str:
    return f" {row['leads']:,}" + (f"<br> {row['stalled']:,} stalled" if row["stalled"] else "")


def _open_hover(row: _Row) -> str:
    return "<br>".join(
        [
            f"<b>{style.plain(row['stage'])}</b>",
            plural(row["leads"], "open lead"),
            f"{row['stalled']:,} without an event for more than {row['limit_days']:,} days",
        ]
    )
