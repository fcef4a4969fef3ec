"""The top of a page: the headline, and the figures behind it as cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import streamlit as st

from zixly_ui.components.formatting import describe_change, is_absent, percent, relative_change
from zixly_ui.shell.markdown import plain

GoodDirection = Literal["up", "down", "neither"]


@dataclass(frozen=True)
class Card:
    """A figure and its comparison.

    `change` is `+12%` or `-1.1 points`, whose sign gives the direction, or a few words; `against`
    names the baseline; `help` has the same as a sentence. `good` is the welcome direction.
    """

    label: str
    value: str
    change: str | None = None
    against: str | None = None
    good: GoodDirection = "up"
    trend: Sequence[float] = field(default=())
    help: str | None = None


def comparison_card(
    label: str,
    value: str,
    current: Decimal | None,
    previous: Decimal | None,
    baseline: str,
    *,
    good: GoodDirection = "up",
    trend: Sequence[float] = (),
) -> Card:
    """Return a card that compares two amounts, as a percentage where that is meaningful.

    `baseline` is the name of the earlier period (`1–22 Oct 2026`).
    """
    fraction = relative_change(current, previous)
    if fraction is None or current is None or current < 0:
        short = _short_change(current, previous)
    elif abs(fraction) < Decimal("0.0005"):
        short = "no change"
    else:
        short = _with_sign(fraction, percent(abs(fraction), 1 if abs(fraction) < 1 else 0))
    return Card(
        label,
        value,
        short,
        f"vs {baseline}",
        good,
        trend,
        describe_change(current, previous, baseline),
    )


def margin_card(
    label: str,
    current: Decimal | None,
    previous: Decimal | None,
    baseline: str,
    *,
    trend: Sequence[float] = (),
) -> Card:
    """Return a card that compares two margins in percentage points.

    50% after 40% is up 10 points.
    """
    if current is None or previous is None or is_absent(current) or is_absent(previous):
        period_name = baseline if current is not None and not is_absent(current) else "this period"
        explanation = f"No comparison: no revenue above zero in {period_name}."
        return Card(
            label,
            percent(current),
            "no comparison",
            f"vs {baseline}",
            trend=trend,
            help=explanation,
        )
    points = ((current - previous) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    explanation = f"{percent(current)} now, {percent(previous)} in {baseline}."
    short = _with_sign(points, f"{abs(points)} points") if points else "no change"
    return Card(label, percent(current), short, f"vs {baseline}", trend=trend, help=explanation)


def headline(sentence: str) -> None:
    """Show the page's main result in one sentence with a number."""
    # A line break between a minus and its amount would turn a loss into a profit.
    st.header(plain(sentence).replace("−", "−\N{WORD JOINER}"), anchor=False)


def metric_row(cards: Sequence[Card], key: str | None = None) -> None:
    """Show cards side by side, two on a phone. `key` distinguishes rows with the same labels."""
    name = key or "-".join(card.label for card in cards)
    with st.container(horizontal=True, gap="small", key=f"cards-{name}"):
        for card in cards:
            _draw(card)


def empty_state(title: str, sentence: str) -> None:
    """Show a message in place of an empty chart and table: what is missing, and what to do."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.subheader(plain(title), anchor=False, text_alignment="center")
        st.markdown(plain(sentence), text_alignment="center")


def show_nothing_recorded(*periods: str, suggestion: str = "") -> None:
    """Show the empty state of a period; `suggestion` adds to "Choose another period"."""
    empty_state(
        f"Nothing was recorded in {' or '.join(periods)}",
        f"Choose another period or other clients{suggestion}.",
    )


def _draw(card: Card) -> None:
    colours: dict[GoodDirection, Literal["normal", "inverse", "off"]]
    colours = {"up": "normal", "down": "inverse", "neither": "off"}
    is_directed = (card.change or "").startswith(("+", "-"))
    st.metric(
        plain(card.label),
        plain(card.value),
        plain(card.change) if card.change else None,
        delta_color=colours[card.good] if is_directed else "off",
        delta_arrow="auto" if is_directed else "off",
        delta_description=card.against if is_directed else None,
        border=True,
        height="stretch",
        chart_data=list(card.trend) or None,
        # An area is filled from the least value, so that a dip would look like zero.
        chart_type="line" if len(card.trend) > 2 else "bar",
        help=plain(card.help) if card.help else None,
    )


def _with_sign(size: Decimal, digits: str) -> str:
    """Return the digits with a plain sign: Streamlit recognises a fall by its hyphen."""
    return f"{'+' if size > 0 else '-'}{digits}"


def _short_change(current: Decimal | None, previous: Decimal | None) -> str:
    if current is None or previous is None or is_absent(current) or is_absent(previous):
        return "no comparison"
    if current == previous:
        return "no change"
    if previous == 0:
        return "was zero"
    if previous > 0:
        return "now a loss"
    if current >= 0:
        return "was a loss"
    return "larger loss" if current < previous else "smaller loss"
