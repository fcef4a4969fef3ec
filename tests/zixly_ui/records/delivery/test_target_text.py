"""Targets in words, as the pages say them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zixly_ui.records.delivery.metric_summary import state
from zixly_ui.records.delivery.target_text import month_text, near_text, target_text

Edges = dict[str, Decimal | None]


def edges(near_low: str = "", low: str = "", high: str = "", near_high: str = "") -> Edges:
    texts = {"near_low": near_low, "low": low, "high": high, "near_high": near_high}
    return {name: Decimal(text) if text else None for name, text in texts.items()}


@pytest.mark.parametrize(
    ("target", "kind", "said", "near"),
    [
        (edges("108", "120"), "NUMBER", "at least 120 hours", "from 108 hours"),
        (edges("120", "120"), "NUMBER", "at least 120 hours", "–"),
        (edges("", "", "4", "4.4"), "DURATION", "at most 4 hours", "up to 4.4 hours"),
        (edges("2", "3", "5", "6"), "NUMBER", "between 3 hours and 5 hours",
         "from 2 hours and up to 6 hours"),
        (edges("1", "1"), "YES_NO", "Yes", "–"),
        (edges("", "", "0", "0"), "YES_NO", "No", "–"),
        (edges("4.05", "4.5"), "RATING", "at least 4.5 / 5", "from 4.05 / 5"),
        (edges(), "NUMBER", "–", "–"),
    ],
)  # fmt: skip
def test_a_target_in_words(target: Edges, kind: str, said: str, near: str) -> None:
    scale = Decimal(5) if kind == "RATING" else None
    assert target_text(target, kind, "hours", scale) == said
    assert near_text(target, kind, "hours", scale) == near


@pytest.mark.parametrize(
    ("value", "band", "said"),
    [
        ("120", "ON_TARGET", "✓ On target"),
        ("112", "NEAR", "≈ Near, 8 hours below"),
        ("64", "OFF", "✗ Off target, 56 hours below"),
        ("151.5", "OFF", "✗ Off target, 1.5 hours above"),
        ("1", None, "No target"),
    ],
)
def test_a_band_has_a_sign_and_words(value: str, band: str | None, said: str) -> None:
    metric = {"kind": "NUMBER", "unit": "hours", "metric_value": Decimal(value), "band": band}
    assert state(metric | edges("108", "120", "150", "160")) == said


def test_the_first_month_is_the_beginning() -> None:
    assert month_text(date(2000, 1, 1)) == "The beginning"
    assert month_text(date(2000, 2, 1)) == "February 2000"
