"""The look of every figure: colours that follow the theme, quiet axes, exact hover texts.

The colours are Streamlit's placeholders for its theme. The browser replaces them with the
`chartCategoricalColors` of the current mode, so one figure is right in light and dark and changes
when the person switches. Without `theme="streamlit"` they would all be nearly black.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from html import escape
from typing import Any

from zixly_data.values.frames import rows as rows
from zixly_ui.components.formatting import money

BLUE, ORANGE, TEAL, PURPLE, GREY, RED, SKY, GOLD, GREEN, PLUM = (
    f"#0000{number:02d}" for number in range(1, 11)
)
"""The theme's ten categorical colours, in its order."""

Figure = dict[str, Any]
"""A chart as the browser's Plotly reads it: `data`, the traces, and `layout`."""

REVENUE, EXPENSES, PROFIT, LOSS = BLUE, GREY, TEAL, RED
TARGET = ORANGE

HOVER = "%{customdata[1]}<extra></extra>"

# Without grey and red, the colours of expenses and losses.
_CLIENT_COLOURS = (BLUE, ORANGE, TEAL, PURPLE, SKY, GOLD, GREEN, PLUM)

LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
_QUIET_AXIS = {"fixedrange": True, "automargin": True}
_SHARED_LAYOUT = {
    "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "legend": LEGEND,
    "hoverlabel": {"align": "left"},
    "dragmode": False,
    "bargap": 0.28,
    "bargroupgap": 0.06,
}

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


def client_colours(client_kpi_ids: Iterable[str]) -> dict[str, str]:
    """Return a colour for each client, the same on every page.

    Pass the ids of all clients of the tenant, not of a filtered list. Ids are ordered by time, so a
    new client takes the next colour and changes no other; colours repeat after eight clients.
    """
    ordered = sorted(set(client_kpi_ids))
    return {client: _CLIENT_COLOURS[n % len(_CLIENT_COLOURS)] for n, client in enumerate(ordered)}


def figure_of(
    traces: Sequence[Mapping[str, Any]],
    *,
    height: int,
    xaxis: Mapping[str, Any] | None = None,
    yaxis: Mapping[str, Any] | None = None,
    **layout: Any,
) -> Figure:
    """Return a figure of Plotly's `traces` in the shared style, `height` pixels high.

    It is a plain dictionary: Plotly's own objects look up, copy and convert every property, which
    takes ten times as long as everything else a chart needs. In the tests Plotly validates it
    (`tests/conftest.py`).
    """
    return {
        "data": list(traces),
        "layout": {**_SHARED_LAYOUT, "height": height, "xaxis": _QUIET_AXIS | dict(xaxis or {}),
                   "yaxis": _QUIET_AXIS | dict(yaxis or {}), **layout},
    }  # fmt: skip


def money_axis(values: Sequence[Decimal], currency: str, *, count: int = 5) -> dict[str, Any]:
    """Return axis settings with ticks such as `$0`, `$10k`, `−$5k` that span zero and `values`."""
    ticks = round_ticks(values, count)
    return {
        "tickmode": "array",
        "tickvals": [float(tick) for tick in ticks],
        "ticktext": [_tick_text(tick, currency) for tick in ticks],
        "zeroline": True,
        "zerolinewidth": 1,
    }


def round_ticks(values: Sequence[Decimal], count: int = 5) -> list[Decimal]:
    """Return about `count` round numbers that span the values and zero.

    The first is at or below the least value, the last at or below the greatest.
    """
    low, high = min([*values, Decimal(0)]), max([*values, Decimal(0)])
    if low == high:
        return [Decimal(0)]
    step = round_step((high - low) / count)
    first = int((low / step).to_integral_value("ROUND_FLOOR"))
    last = int((high / step).to_integral_value("ROUND_FLOOR"))
    return [step * n for n in range(first, last + 1)]


def round_step(rough: Decimal) -> Decimal:
    """Return the least of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `rough`."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next(size * power for size in _STEPS if size * power >= rough)


def room_for_labels(sizes: Sequence[Decimal]) -> list[float]:
    """Return the range of an axis whose bars carry labels outside, at both ends if need be.

    The left side is wider: on a phone a label would overlap the names there.
    """
    low, high = min([*sizes, Decimal(0)]), max([*sizes, Decimal(0)])
    span = high - low or Decimal(1)
    left, right = span * Decimal("0.4"), span * Decimal("0.3")
    return [float(low - left if low < 0 else low), float(high + right if high > 0 else high)]


def bars_height(count: int) -> int:
    """Return the height in pixels of a figure with `count` horizontal bars and its axis."""
    return max(count, 1) * 40 + 56


def plain(text: str, max_length: int = 60) -> str:
    """Escape text for a figure, where `<b>` or a link in a client's name must not take effect."""
    return escape(text if len(text) <= max_length else f"{text[: max_length - 1]}…", quote=False)


def _tick_text(tick: Decimal, currency: str) -> str:
    text = money(tick, currency, compact=True)
    return text.replace(".0", "") if tick == 0 or abs(tick) >= 1000 else text
