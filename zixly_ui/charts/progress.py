"""Charts of metrics against their targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.values.dates import LATEST, month_end, short_date, short_month
from zixly_ui.charts import style
from zixly_ui.components.formatting import decimal_text, is_absent


def metric_trend(
    history: pd.DataFrame,
    unit: str = "",
    targets: pd.DataFrame | None = None,
    *,
    by_month: bool = False,
) -> style.Figure:
    """Chart the values of a metric over time, from point to point, and, dashed, its targets.

    `history` has `record_date, metric_value`; a date is the first day of a month if `by_month`.
    `targets` are the steps of `targets.target_steps`.
    """
    day_text = short_month if by_month else short_date
    rows = sorted(
        (row for row in style.rows(history) if not is_absent(row["metric_value"])),
        key=lambda row: row["record_date"],
    )
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "line": {"color": style.BLUE, "width": 2.5, "shape": "linear"},
        "marker": {"size": 7},
        "x": [row["record_date"] for row in rows],
        "y": [float(row["metric_value"]) for row in rows],
        "customdata": [
            [
                str(row["record_date"]),
                f"{day_text(row['record_date'])}<br><b>{_with_unit(row['metric_value'], unit)}</b>",
            ]
            for row in rows
        ],
        "hovertemplate": style.HOVER,
    }
    lines: list[dict[str, Any]] = []
    labels: list[dict[str, Any]] = []
    if targets is not None and len(targets) and rows:
        steps = style.rows(targets)
        lines, labels = _target_lines(steps, rows[0]["record_date"], rows[-1]["record_date"], unit)
    return style.figure_of(
        [line, *lines],
        height=260,
        xaxis=_months_axis(rows) if by_month else {"tickformat": "%-d %b\n%Y", "nticks": 6},
        yaxis={"title": {"text": style.plain(unit)}, "nticks": 6},
        showlegend=False,
        annotations=labels,
    )


def _months_axis(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return an axis with about six ticks, each on the first day of a month."""
    if not rows:
        return {}
    first, last = (rows[place]["record_date"] for place in (0, -1))
    months = (last.year - first.year) * 12 + last.month - first.month
    return {"tickformat": "%b\n%Y", "tick0": first, "dtick": f"M{1 + months // 6}"}


def _target_lines(
    steps: Sequence[Mapping[str, Any]], first: date, last: date, unit: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a dashed line for each edge of the targets, and its label at the latest one.

    The lines reach over the months of the first and the last value.
    """
    lines, labels = [], []
    start, end = first.replace(day=1), month_end(last)
    ends = [step["from_month"] for step in steps[1:]] + [LATEST]
    # The label is on the side of the line where values are off target.
    for edge, word, side in (("low", "At least", "top"), ("high", "At most", "bottom")):
        points: list[tuple[date | None, float | None]] = []
        for step, until in zip(steps, ends, strict=True):
            if step["from_month"] > end or until <= start:
                continue
            height = None if is_absent(step[edge]) else float(step[edge])
            points += [(max(step["from_month"], start), height), (min(until, end), height)]
            if height is not None:
                text = f"{word} {_with_unit(step[edge], unit)}"
        drawn = [(day, height) for day, height in points if height is not None]
        if not drawn:
            continue
        lines.append(
            {
                "type": "scatter",
                "mode": "lines",
                "hoverinfo": "skip",
                "line": {"color": style.TARGET, "width": 1.5, "dash": "dash"},
                "x": [day for day, _ in points],
                "y": [height for _, height in points],
            }
        )
        labels.append({
            "x": drawn[-1][0], "xanchor": "right", "y": drawn[-1][1], "yanchor": side,
            "text": text, "showarrow": False, "font": {"size": 12},
        })  # fmt: skip
    return lines, labels


def sparkline(values: Iterable[Decimal | None]) -> list[float]:
    """Return the values for `st.metric(chart_data=…)`, without absent ones."""
    return [float(value) for value in values if value is not None and not is_absent(value)]


def small_bars(values: Iterable[Decimal | None]) -> list[float]:
    """Return the values for a column of trends: each as a share of the largest size."""
    shown = sparkline(values)
    largest = max(map(abs, shown), default=0)
    return [value / largest if largest else value for value in shown]


def _with_unit(value: Decimal, unit: str) -> str:
    gap = "" if unit in ("", "%") else " "
    return f"{decimal_text(value)}{gap}{style.plain(unit)}"
