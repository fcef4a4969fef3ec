"""Figures from frames, by pure functions. The page gives the title, the figure the evidence.

    money_charts     income_by_month, profit_trend_by_client, profit_by_client, margin_by_client
    progress_charts  funnel, metric_trend, sparkline
    chart_style      client_colours, and the look they all share

Every point carries in `customdata[0]` what it can be opened by: a client's `client_kpi_id`, a
month or day as `2024-03-01`, or a stage. Hover texts are exact. Sums of what a frame holds stay
decimal; a float is made only for the place of a mark. Empty frames give empty figures.
"""

from __future__ import annotations

from zixly_ui.charts.money import (
    income_by_month,
    margin_by_client,
    profit_by_client,
    profit_trend_by_client,
)
from zixly_ui.charts.progress import funnel, metric_trend, sparkline
from zixly_ui.charts.style import client_colours

__all__ = [
    "client_colours",
    "funnel",
    "income_by_month",
    "margin_by_client",
    "metric_trend",
    "profit_by_client",
    "profit_trend_by_client",
    "sparkline",
]
