"""Plotly figures built from frames by pure functions. The page adds the title.

    money            income_by_month, profit_trend_by_client, profit_by_client, margin_by_client
    progress         metric_trend, sparkline, small_bars
    leads            funnel, pipeline
    date_note_marks  with_notes: notes on dates as marks on a chart over time
    style            client_colours, and the shared look
    plot             show_chart: a figure on the page, and the points clicked in it

`customdata[0]` of every point is the key that a click opens: a client's `client_kpi_id`, a month or
day as `2024-03-01`, or a stage. Hover texts are exact. Sums stay decimal; a float is only the
position of a mark. An empty frame gives an empty figure.
"""

from __future__ import annotations

from zixly_ui.charts.leads import funnel, pipeline
from zixly_ui.charts.money import (
    income_by_month,
    margin_by_client,
    profit_by_client,
    profit_trend_by_client,
)
from zixly_ui.charts.progress import metric_trend, small_bars, sparkline
from zixly_ui.charts.style import client_colours

__all__ = [
    "client_colours",
    "funnel",
    "income_by_month",
    "margin_by_client",
    "metric_trend",
    "pipeline",
    "profit_by_client",
    "profit_trend_by_client",
    "small_bars",
    "sparkline",
]
