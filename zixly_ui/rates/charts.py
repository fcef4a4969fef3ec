"""The chart of a currency's rate against another, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from zixly_data.values.dates import add_months, month_name
from zixly_ui.charts import style
from zixly_ui.components.formatting import ABSENT, percent, short_month
from zixly_ui.rates.text import format_figure

MOST = 12
"""The number of charts on the page; the table has the rates of all currencies."""

Months = dict[date, Decimal]


def rates_by_pair(rates: pd.DataFrame) -> dict[tuple[str, str], Months]:
    """Return the rates by month for each currency and target currency, the earliest first."""
    pairs: dict[tuple[str, str], Months] = {}
    for row in reversed(style.rows(rates)):
        pairs.setdefault((row["currency"], row["into_currency"]), {})[row["month"]] = row["rate"]
    return dict(sorted(pairs.items()))


def chart_title(currency: str, target_currency: str, months: Months) -> str:
    """Return the title: `1 NZD was 0.9152 AUD in Oct 2026, 0.9% lower than a year earlier`."""
    last = max(months)
    text = (
        f"1 {currency} was {format_figure(months[last])} {target_currency} in {short_month(last)}"
    )
    before = months.get(add_months(last, -12))
    if before is None:
        return text
    change = months[last] / before - 1
    if abs(change) < Decimal("0.0005"):
        return f"{text}, the same as a year earlier"
    return (
        f"{text}, {percent(abs(change))} {'higher' if change > 0 else 'lower'} than a year earlier"
    )


def rate_by_month(currency: str, target_currency: str, months: Months) -> style.Figure:
    """Draw the rate as a line; a month without a rate is a gap. The axis does not start at zero,
    because a rate has no meaningful zero: its movement matters."""
    first, last = min(months), max(months)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    axis = [add_months(first, n) for n in range(count)]
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "line": {"color": style.BLUE, "width": 2.5},
        "marker": {"size": 5},
        "x": axis,
        "y": [_plot_value(months.get(month)) for month in axis],
        "customdata": [
            [
                str(month),
                f"{month_name(month)}<br>1 {currency} = <b>{_rate_text(months, month)}</b> "
                f"{target_currency}",
            ]
            for month in axis
        ],
        "hovertemplate": style.HOVER,
    }
    few = {"dtick": "M1"} if len(axis) <= 6 else {"nticks": 8}
    return style.figure_of(
        [line],
        height=200,
        xaxis={
            "type": "date", "tickformat": "%b\n%Y", "showgrid": False, "tickangle": 0, **few,
        },
        yaxis=_axis(list(months.values()), target_currency),
        showlegend=False,
    )  # fmt: skip


def _axis(rates: Sequence[Decimal], target_currency: str) -> dict[str, object]:
    """Return an axis with a few round ticks between the lowest and the highest rate."""
    low, high = min(rates), max(rates)
    room = (high - low or high) / 8
    low, high = low - room, high + room
    step = style.round_step((high - low) / 4)
    first = int((low / step).to_integral_value("ROUND_CEILING"))
    end = int((high / step).to_integral_value("ROUND_FLOOR"))
    ticks = [step * n for n in range(first, end + 1)]
    places = max(0, -int(step.normalize().as_tuple().exponent))
    return {
        "tickmode": "array",
        "tickvals": [float(tick) for tick in ticks],
        "ticktext": [f"{tick:,.{places}f} {target_currency}" for tick in ticks],
        "range": [float(low), float(high)],
    }


def _rate_text(months: Months, month: date) -> str:
    rate = months.get(month)
    return ABSENT if rate is None else format_figure(rate)


def _plot_value(rate: Decimal | None) -> float | None:
    return None if rate is None else float(rate)
