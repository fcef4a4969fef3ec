"""Charts of metrics against their targets."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.values.dates import short_date, short_month
from zixly_ui.charts import style
from zixly_ui.components.formatting import decimal_text, is_absent


def metric_trend(
    history: pd.DataFrame,
    unit: str = "",
    target: Decimal | None = None,
    *,
    by_month: bool = False,
) -> style.Figure:
    """Chart the values of a metric over time, from point to point, and, dashed, its target.

    `history` has `record_date, metric_value`; a date is the first day of a month if `by_month`.
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
    return style.figure_of(
        [line],
        height=260,
        xaxis={"tickformat": "%b\n%Y" if by_month else "%-d %b\n%Y", "nticks": 6},
        yaxis={"title": {"text": style.plain(unit)}, "nticks": 6},
        showlegend=False,
        **({} if target is None or is_absent(target) else _target_line(target, unit)),
    )


def _target_line(target: Decimal, unit: str) -> dict[str, Any]:
    height = {"y0": float(target), "y1": float(target)}
    line = {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, **height,
        "line": {"color": style.TARGET, "width": 1.5, "dash": "dash"},
    }  # fmt: skip
    label = {
        "xref": "paper", "x": 0, "xanchor": "left", "y": float(target), "yanchor": "bottom",
        "text": f"Target {_with_unit(target, unit)}", "showarrow": False, "font": {"size": 12},
    }  # fmt: skip
    return {"shapes": [line], "annotations": [label]}


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
