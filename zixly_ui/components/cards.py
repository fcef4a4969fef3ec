"""What stands at the top of a page: the answer in a sentence, and the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import streamlit as st

from zixly_ui.components.formatting import describe_change, is_absent, percent, relative_change
from zixly_ui.shell.markdown import plain

Good = Literal["up", "down", "neither"]


@dataclass(frozen=True)
class Card:
    """One figure, and how it compares.

    `change` is `+12%` or `-1.1 points`, whose sign says the way, or a few words; `against` is what
    it is compared with; `help` says the same in a sentence. `good` says which way is welcome.
    """

    label: str
    value: str
    change: str | None = None
    against: str | None = None
    good: Good = "up"
    trend: Sequence[float] = field(default=())
    help: str | None = None


def comparison_card(
    label: str,
    value: str,
    current: Decimal | None,
    previous: Decimal | None,
    baseline: str,
    *,
    good: Good = "up",
    trend: Sequence[float] = (),
) -> Card:
    """A card with an honest comparison of two amounts: a percentage where one means something.

    `than` names what it is compared with (`1–22 Oct 2026`).
    """
    fraction = relative_change(current, previous)
    if fraction is None or current is None or current < 0:
        short = _short_words(current, previous)
    elif abs(fraction) < Decimal("0.0005"):
        short = "no change"
    else:
        short = _with_sign(fraction, percent(abs(fraction), 1 if abs(fraction) < 1 else 0))
    return Card(
        label,
        value,
        short,
        f"on {baseline}",
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
    """A card for a margin, compared in percentage points: 50% after 40% is up 10 points."""
    if current is None or previous is None or is_absent(current) or is_absent(previous):
        which = baseline if current is not None and not is_absent(current) else "this period"
        words = f"No comparison: there was no revenue in {which}."
        return Card(
            label, percent(current), "no comparison", f"on {baseline}", trend=trend, help=words
        )
    points = ((current - previous) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    words = f"{percent(current)} now, {percent(previous)} in {baseline}."
    short = _with_sign(points, f"{abs(points)} points") if points else "no change"
    return Card(label, percent(current), short, f"on {baseline}", trend=trend, help=words)


def headline(sentence: str) -> None:
    """The page's answer, in one sentence with a number."""
    st.header(plain(sentence), anchor=False)


def metric_row(cards: Sequence[Card], key: str | None = None) -> None:
    """Cards side by side, two on a phone. `key` tells rows with the same labels apart."""
    name = key or "-".join(card.label for card in cards)
    with st.container(horizontal=True, gap="small", key=f"cards-{name}"):
        for card in cards:
            _draw(card)


def empty_state(title: str, sentence: str) -> None:
    """What a page says instead of an empty chart and table: what is missing, and what to do."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall"):
        st.subheader(plain(title), anchor=False, text_alignment="center")
        st.markdown(plain(sentence), text_alignment="center")


def show_nothing_recorded(*periods: str, beside: str = "") -> None:
    """The same for what was chosen; `beside` says what could be done besides choosing otherwise."""
    empty_state(
        f"Nothing was recorded in {' or in '.join(periods)}",
        f"Choose another period or other clients{beside}.",
    )


def _draw(card: Card) -> None:
    colours: dict[Good, Literal["normal", "inverse", "off"]]
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
        # Not an area: it is filled from the least value, so that a dip would look like zero.
        chart_type="line" if len(card.trend) > 2 else "bar",
        help=plain(card.help) if card.help else None,
    )


def _with_sign(size: Decimal, digits: str) -> str:
    """With the plain hyphen by which Streamlit recognises a fall."""
    return f"{'+' if size > 0 else '-'}{digits}"


def _short_words(current: Decimal | None, previous: Decimal | None) -> str:
    if current is None or previous is None or is_absent(current) or is_absent(previous):
        return "no comparison"
    if current == previous:
        return "no change"
    if previous == 0:
        return "from zero"
    if previous > 0:
        return "now a loss"
    if current >= 0:
        return "from a loss"
    return "larger loss" if current < previous else "smaller loss"
