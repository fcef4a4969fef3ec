"""Charts of a breakdown: groups ranked by profit, or periods in order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zixly_data.figures.definitions import OF_BUSINESS
from zixly_ui.charts import style
from zixly_ui.charts.money import ranked_bars
from zixly_ui.components.formatting import money, percent
from zixly_ui.reports.profit_cards import OF_CLIENTS

Rows = Sequence[dict[str, Any]]

_MAX_TICKS = 8


def profit_ranked(rows: Rows, currency: str) -> style.Figure:
    """Chart groups ranked by profit, the highest on top; losses extend to the left in red.

    `rows` have `key, label, revenue, expenses, profit, margin`; a click opens the key.
    """
    ascending = sorted(rows, key=lambda row: row["profit"])
    profits = [row["profit"] for row in ascending]
    return ranked_bars(
        [{"client_kpi_id": row["key"], "client_name": row["label"]} for row in ascending],
        profits,
        [money(profit, currency, cents=False) for profit in profits],
        [_hover(row, currency) for row in ascending],
        style.money_axis(profits, currency, count=3),
        rest="in the table",
    )


def over_time(
    rows: Rows, currency: str, current: str | None = None, *, of_business: bool = False
) -> style.Figure:
    """Chart revenue and expenses as bars and profit as a line, in order of time.

    `current` is the key of a month, quarter or year that is not over, which is pale. Rows with only
    `key, label` are gaps. `of_business` adds a line of `business_profit`.
    """
    names = {"revenue": "Revenue", "expenses": "Expenses", "profit": "Profit"}
    if of_business:
        names = {**OF_CLIENTS, "business_profit": OF_BUSINESS["business_profit"].label}
        del names["margin"]
    colours = {
        "revenue": style.REVENUE, "expenses": style.EXPENSES, "profit": style.PROFIT,
        "business_profit": style.PURPLE,
    }  # fmt: skip
    traces = []
    for column, name in names.items():
        shared: dict[str, Any] = {
            "name": name,
            "x": [row["label"] for row in rows],
            "y": [_height(row, column) for row in rows],
            "customdata": [[row["key"], _hover(row, currency)] for row in rows],
            "hovertemplate": style.HOVER,
        }
        if column in ("profit", "business_profit"):
            dash = "dot" if of_business and column == "profit" else "solid"
            line = {"color": colours[column], "width": 2.5, "dash": dash}
            look = {
                "type": "scatter",
                "mode": "lines+markers",
                "line": line,
                "marker": {"size": 7},
            }
        else:
            opacities = [0.45 if row["key"] == current else 1.0 for row in rows]
            look = {"type": "bar", "marker": {"color": colours[column], "opacity": opacities}}
        traces.append(look | shared)
    amounts = [row[column] for row in rows if "profit" in row for column in names]
    return style.figure_of(
        traces, height=340, xaxis=_time_axis(rows), yaxis=style.money_axis(amounts, currency)
    )


def cumulative(rows: Rows, currency: str) -> style.Figure:
    """Chart profit added up from the start of the period, one point per row, the last one labelled.

    It stays level in the gaps of `over_time`.
    """
    column = "cumulative_profit"
    totals: list[Decimal] = [row[column] for row in rows if column in row]
    last = len(rows) - 1
    line = {
        "type": "scatter",
        "mode": "lines+markers+text",
        "line": {"color": style.PROFIT, "width": 2.5, "shape": "hv"},
        "marker": {"size": 6},
        "x": [row["label"] for row in rows],
        "y": [_height(row, column) for row in rows],
        "connectgaps": True,
        "text": [
            money(row[column], currency, compact=True) if n == last else ""
            for n, row in enumerate(rows)
        ],
        "textposition": "top left",
        "cliponaxis": False,
        "customdata": [
            [row["key"], f"{row['label']}<br>Profit so far <b>{money(row[column], currency)}</b>"]
            if column in row
            else [row["key"], ""]
            for row in rows
        ],
        "hovertemplate": style.HOVER,
    }
    return style.figure_of(
        [line],
        height=200,
        xaxis=_time_axis(rows),
        # A running total is read from zero.
        yaxis={**style.money_axis(totals, currency, count=3), "rangemode": "tozero"},
        showlegend=False,
    )


def _time_axis(rows: Rows) -> dict[str, Any]:
    """Return an axis of time with as many ticks as fit on a phone: `Nov` over `2025`."""
    step = -(-len(rows) // _MAX_TICKS) or 1
    labels = [str(row["label"]) for row in rows[::step]]
    texts: list[str] = []
    shown_year = ""
    for label in labels:
        name, _, year = label.partition(" ")
        texts.append(name[:3] + (f"<br>{year}" if year != shown_year else "") if year else label)
        shown_year = year
    return {
        "type": "category", "showgrid": False, "tickangle": 0,
        "tickmode": "array", "tickvals": labels, "ticktext": texts,
    }  # fmt: skip


def _height(row: dict[str, Any], column: str) -> float | None:
    return float(row[column]) if column in row else None


def _hover(row: dict[str, Any], currency: str) -> str:
    if "profit" not in row:
        return ""
    return (
        f"<b>{style.plain(row['label'])}</b><br>Profit {money(row['profit'], currency)}<br>"
        f"Revenue {money(row['revenue'], currency)}<br>"
        f"Expenses {money(row['expenses'], currency)}<br>Margin {percent(row['margin'])}"
        f"{_business_hover(row, currency)}"
    )


def _business_hover(row: dict[str, Any], currency: str) -> str:
    if "business_profit" not in row:
        return ""
    names = ("unassigned", "overheads", "business_profit")
    return "".join(f"<br>{OF_BUSINESS[name].label} {money(row[name], currency)}" for name in names)
