"""Values of metrics in words, as the pages say them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from zixly_ui.records.delivery.metric_text import metric_text


@pytest.mark.parametrize(
    ("value", "kind", "unit", "out_of", "said"),
    [
        ("4.8000", "RATING", "stars", "5.0000", "4.8 / 5"),
        ("5.0000", "RATING", "stars", "5.0000", "5 / 5"),
        ("85.0000", "PERCENT", "%", None, "85%"),
        ("99.2000", "PERCENT", "on time", None, "99.2%"),
        ("1.0000", "YES_NO", "yes or no", None, "Yes"),
        ("0.0000", "YES_NO", "yes or no", None, "No"),
        ("120.0000", "DURATION", "hours", None, "120 hours"),
        ("12.0000", "COUNT", "active", None, "12 active"),
        ("1234567.0000", "COUNT", "visits", None, "1,234,567 visits"),
        ("-3.2500", "NUMBER", "°C", None, "−3.25 °C"),
    ],
)
def test_a_value_is_said_with_what_it_is_measured_in(
    value: str, kind: str, unit: str, out_of: str | None, said: str
) -> None:
    scale = None if out_of is None else Decimal(out_of)
    assert metric_text(Decimal(value), kind, unit, scale) == said


@pytest.mark.parametrize("kind", ["NUMBER", "PERCENT", "RATING", "YES_NO", "COUNT", "DURATION"])
def test_no_value_is_a_dash(kind: str) -> None:
    assert metric_text(None, kind, "points") == "–"
    assert metric_text(pd.NA, kind, "points") == "–"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "adds_up", "said"),
    [
        ("119.8661", "FORMULA", "119.87 hours"),
        ("119.8650", "RATIO", "119.87 hours"),
        ("-4.6667", "AVERAGE", "−4.67 hours"),
        ("0.1234", "FORMULA", "0.1234 hours"),
        ("119.8661", "SUM", "119.8661 hours"),
        ("119.8661", "LAST", "119.8661 hours"),
        ("119.8661", "", "119.8661 hours"),
    ],
)
def test_averages_and_formulas_are_shown_with_two_decimals(
    value: str, adds_up: str, said: str
) -> None:
    assert metric_text(Decimal(value), "NUMBER", "hours", adds_up=adds_up) == said
