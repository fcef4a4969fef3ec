"""Charts of revenue, expenses, profit and margin, by month and by client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.ranked_clients import BEST, WORST
from zixly_data.values.dates import add_months, month_name
from zixly_ui.charts import style
from zixly_ui.components.formatting import is_absent, money, percent

_AMOUNTS = ("revenue", "expenses", "profit")
# The place of the clients between the best and the worst; no id has this form.
_BETWEEN = "⋯"


def income_by_month(
    months: pd.DataFrame, currency: str, today: date | None = None, *, has_profit: bool = True
) -> style.Figure:
    """Chart revenue and expenses as bars and profit as a line, per month, in one currency.

    `months` has `month, currency, revenue, expenses, profit`; rows of several clients are added up,
    rows in other currencies are left out. A month without records is a gap, not a zero. The month
    of `today` is pale and labelled "so far", since it is not over. Without `has_profit` there is
    no line.
    """
    totals = _totals_by_month(months, currency)
    axis = _month_run(totals)
    traces = []
    names = {"revenue": "Revenue", "expenses": "Expenses"}
    if has_profit:
        names["profit"] = "Profit"
    colours = {"revenue": style.REVENUE, "expenses": style.EXPENSES, "profit": style.PROFIT}
    for column, name in names.items():
        amounts = [totals.get(month, {}).get(column) for month in axis]
        shared: dict[str, Any] = {
            "name": name,
            "x": axis,
            "y": [_height(amount) for amount in amounts],
            "customdata": [
                [str(month), _month_hover(month, name, amount, currency, today)]
                for month, amount in zip(axis, amounts, strict=True)
            ],
            "hovertemplate": style.HOVER,
        }
        if column == "profit":
            line, dots = {"color": colours[column], "width": 2.5}, {"size": 7}
            look = {"type": "scatter", "mode": "lines+markers", "line": line, "marker": dots}
        else:
            opacities = [0.45 if _is_current(month, today) else 1.0 for month in axis]
            look = {"type": "bar", "marker": {"color": colours[column], "opacity": opacities}}
        traces.append(look | shared)
    all_amounts = [total[column] for total in totals.values() for column in names]
    annotations: list[dict[str, Any]] = []
    if today is not None and (current := totals.get(today.replace(day=1))):
        annotations.append({
            "x": today.replace(day=1), "y": float(max(current[column] for column in names)),
            "text": "so far",
            "showarrow": False, "yanchor": "bottom",
        })  # fmt: skip
    return style.figure_of(
        traces,
        height=340,
        xaxis=_month_axis(axis),
        yaxis=style.money_axis(all_amounts, currency),
        annotations=annotations,
    )


def profit_trend_by_client(
    months: pd.DataFrame, currency: str, colours: Mapping[str, str]
) -> style.Figure:
    """Chart one profit line per client over the months, in the colours of `client_colours`.

    `months` has `month, client_kpi_id, client_name, currency, profit`.
    """
    rows = _in_currency(months, currency)
    axis = _month_run({row["month"]: {} for row in rows})
    by_client: dict[str, dict[date, Decimal]] = {}
    names: dict[str, str] = {}
    for row in rows:
        by_client.setdefault(row["client_kpi_id"], {})[row["month"]] = row["profit"]
        names[row["client_kpi_id"]] = row["client_name"]
    lines = []
    for client, profits in by_client.items():
        amounts = [profits.get(month) for month in axis]
        lines.append({
            "type": "scatter",
            "name": style.plain(names[client], 28),
            "mode": "lines+markers",
            "line": {"color": colours.get(client, style.GREY), "width": 2.5},
            "marker": {"size": 6},
            "x": axis,
            "y": [_height(amount) for amount in amounts],
            "customdata": [
                [client, _month_hover(month, style.plain(names[client]), amount, currency, None)]
                for month, amount in zip(axis, amounts, strict=True)
            ],
            "hovertemplate": style.HOVER,
        })  # fmt: skip
    return style.figure_of(
        lines,
        height=340,
        xaxis=_month_axis(axis),
        yaxis=style.money_axis([row["profit"] for row in rows], currency),
    )


def profit_by_client(frame: pd.DataFrame, currency: str, ranked: int | None = None) -> style.Figure:
    """Chart clients ranked by profit, the highest on top; losses extend to the left in red.

    `frame` has `client_kpi_id, client_name, currency, revenue, expenses, profit, margin`; rows in
    other currencies are left out. `ranked` counts the clients whose best and worst these are.
    """
    rows = sorted(_in_currency(frame, currency), key=lambda row: row["profit"])
    hover = [
        f"<b>{style.plain(row['client_name'])}</b><br>Profit {money(row['profit'], currency)}<br>"
        f"Revenue {money(row['revenue'], currency)}<br>"
        f"Expenses {money(row['expenses'], currency)}<br>Margin {percent(row['margin'])}"
        for row in rows
    ]
    profits = [row["profit"] for row in rows]
    labels = [money(profit, currency, cents=False) for profit in profits]
    axis = style.money_axis(profits, currency, count=3)
    return ranked_bars(rows, profits, labels, hover, axis, ranked)


def margin_by_client(frame: pd.DataFrame, currency: str | None = None) -> style.Figure:
    """Chart clients ranked by margin, the highest on top. Clients without a margin are left out.

    `frame` as for `profit_by_client`. Margins of several currencies may stand together.
    """
    candidates = _in_currency(frame, currency) if currency else style.rows(frame)
    rows = sorted(
        (row for row in candidates if not is_absent(row["margin"])), key=lambda row: row["margin"]
    )
    hover = [
        f"<b>{style.plain(row['client_name'])}</b><br>Margin {percent(row['margin'], 2)}<br>"
        f"Profit {money(row['profit'], row['currency'])} of "
        f"{money(row['revenue'], row['currency'])}"
        for row in rows
    ]
    margins = [row["margin"] for row in rows]
    ticks = style.round_ticks(margins, count=3)
    axis = {
        "tickmode": "array",
        "tickvals": [float(tick) for tick in ticks],
        "ticktext": [percent(tick, 0) for tick in ticks],
    }
    return ranked_bars(rows, margins, [percent(margin) for margin in margins], hover, axis)


def _in_currency(frame: pd.DataFrame, currency: str) -> list[dict[str, Any]]:
    return [row for row in style.rows(frame) if row["currency"] == currency]


def _totals_by_month(months: pd.DataFrame, currency: str) -> dict[date, dict[str, Decimal]]:
    totals: dict[date, dict[str, Decimal]] = {}
    for row in _in_currency(months, currency):
        total = totals.setdefault(row["month"], dict.fromkeys(_AMOUNTS, Decimal(0)))
        for column in _AMOUNTS:
            total[column] += row[column]
    return totals


def _month_run(months: Iterable[date]) -> list[date]:
    """Return every month from the first to the last, including those without records."""
    ordered = sorted(months)
    if not ordered:
        return []
    first, last = ordered[0], ordered[-1]
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(first, n) for n in range(count)]


def _month_axis(axis: Sequence[date]) -> dict[str, Any]:
    ticks = {"dtick": "M1"} if len(axis) <= 6 else {"nticks": 8}
    return {"type": "date", "tickformat": "%b\n%Y", "showgrid": False, "tickangle": 0, **ticks}


def _is_current(month: date, today: date | None) -> bool:
    return today is not None and (month.year, month.month) == (today.year, today.month)


def _height(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def _month_hover(
    month: date, name: str, amount: Decimal | None, currency: str, today: date | None
) -> str:
    so_far = " so far" if _is_current(month, today) else ""
    return f"{month_name(month)}{so_far}<br>{name} <b>{money(amount, currency)}</b>"


def ranked_bars(
    rows: Sequence[Mapping[str, Any]],
    sizes: Sequence[Decimal],
    labels: Sequence[str],
    hover: Sequence[str],
    axis: Mapping[str, Any],
    ranked: int | None = None,
    rest: str = "",
) -> style.Figure:
    """Chart horizontal bars in the order of `rows`, the last on top, each labelled at its end.

    `rows` have `client_name` and `client_kpi_id`, the key that a click opens; `axis` has the ticks.
    Drawn are the 12 last and the 8 first of them; a line between them says how many of the `ranked`
    are left out, which are all rows unless given, and `rest` says where they are.
    """
    drawn = _ends(len(rows))
    between = (len(rows) if ranked is None else ranked) - len(drawn)
    clients = [rows[place]["client_kpi_id"] for place in drawn]
    names = [style.plain(rows[place]["client_name"], 24) for place in drawn]
    drawn_sizes = [sizes[place] for place in drawn]
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [float(size) for size in drawn_sizes],
        "y": list(clients),
        "marker": {"color": [style.LOSS if size < 0 else style.BLUE for size in drawn_sizes]},
        "text": [labels[place] for place in drawn],
        "textposition": "outside",
        "cliponaxis": False,
        "customdata": [
            [client, hover[place]] for client, place in zip(clients, drawn, strict=True)
        ],
        "hovertemplate": style.HOVER,
    }
    if between > 0:
        # A place on the axis without a bar, which no click opens.
        clients.insert(WORST, _BETWEEN)
        names.insert(WORST, f"⋯ {between:,} more {rest}".strip())
    return style.figure_of(
        [bars],
        height=style.bars_height(len(clients)),
        xaxis={"range": style.room_for_labels(drawn_sizes), "tickangle": 0, **axis},
        # The axis is by id, since two clients may have the same name.
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": clients,
            "tickmode": "array",
            "tickvals": clients,
            "ticktext": names,
        },
        showlegend=False,
    )


def _ends(count: int) -> list[int]:
    """Return the places of the rows that a ranking draws, the worst first."""
    if count <= BEST + WORST:
        return list(range(count))
    return [*range(WORST), *range(count - BEST, count)]
