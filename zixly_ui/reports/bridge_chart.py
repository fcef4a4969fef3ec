"""The margin bridge as a waterfall: from one profit to the other, part by part."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate

from zixly_ui.charts import style
from zixly_ui.components.formatting import money
from zixly_ui.reports.bridge_text import Total, label_of, parts_of, profit_name, signed

BEFORE, AFTER = "profit_before", "profit_after"


def waterfall(total: Total, period: str, against: str) -> style.Figure:
    """Chart the way from the profit of `against` to that of `period`; parts of zero are left out.

    `total` is a row of `bridge.BridgeTotal` or `BusinessBridgeTotal`. A click on a point opens its
    part (`customdata[0]`).
    """
    currency = total["currency"]
    steps = [BEFORE, *parts_of(total), AFTER]
    profit = profit_name(total).replace(" of ", "<br>of ")
    ends = {
        BEFORE: f"{profit}<br>{style.plain(against)}",
        AFTER: f"{profit}<br>{style.plain(period)}",
    }
    labels = {part: label_of(total, part).replace(" (", "<br>(") for part in parts_of(total)}
    names = {**labels, **ends}
    levels = list(accumulate(total[step] for step in steps[:-1]))
    bars = {
        "type": "waterfall",
        "orientation": "h",
        "measure": ["absolute" if step in ends else "relative" for step in steps],
        "x": [float(total[step]) for step in steps],
        "y": steps,
        "text": [
            money(total[step], currency, cents=_needs_cents(total[step]))
            if step in ends
            else signed(total[step], currency, cents=_needs_cents(total[step]))
            for step in steps
        ],
        "textposition": "outside",
        "cliponaxis": False,
        "increasing": {"marker": {"color": style.PROFIT}},
        "decreasing": {"marker": {"color": style.LOSS}},
        "totals": {"marker": {"color": style.BLUE}},
        "connector": {"line": {"color": style.GREY, "width": 1}, "mode": "between"},
        "customdata": [
            [step, f"{names[step].replace('<br>', ' ')} <b>{_exact(total, step)}</b>"]
            for step in steps
        ],
        "hovertemplate": style.HOVER,
    }
    return style.figure_of(
        [bars],
        height=style.bars_height(len(steps)) + 24,
        xaxis={
            **style.money_axis(levels, currency, count=3),
            "range": style.room_for_labels(levels),
            "tickangle": 0,
        },
        yaxis={
            "type": "category",
            "autorange": "reversed",
            "tickmode": "array",
            "tickvals": steps,
            "ticktext": [names[step] for step in steps],
        },
        showlegend=False,
    )


def _exact(total: Total, step: str) -> str:
    currency = total["currency"]
    if step in (BEFORE, AFTER):
        return money(total[step], currency)
    return signed(total[step], currency)


def _needs_cents(amount: Decimal) -> bool:
    """Return whether the amount is below a dollar, which would be rounded to zero."""
    return 0 < abs(amount) < 1
