"""Figures, comparisons and names in words."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.values.amounts import parse_money
from zixly_ui.components.formatting import (
    decimal_text,
    describe_change,
    money,
    people_order,
    percent,
    plural,
)

amounts = st.decimals(Decimal("-999999999999.99"), Decimal("999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("45000", "AUD", "$45,000.00"),
        ("1200", "USD", "US$1,200.00"),
        ("1200", "NZD", "NZ$1,200.00"),
        ("0.5", "GBP", "£0.50"),
        ("1", "EUR", "€1.00"),
        ("1200", "SGD", "SGD 1,200.00"),
        ("-500", "AUD", "−$500.00"),
        ("-500", "SGD", "−SGD 500.00"),
        ("0", "AUD", "$0.00"),
        ("-0.004", "AUD", "$0.00"),
        ("999999999999999999.99", "AUD", "$999,999,999,999,999,999.99"),
    ],
)
def test_money_is_exact_and_says_its_currency(amount: str, currency: str, text: str) -> None:
    assert money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("45000", "$45.0k"),
        ("1234567", "$1.2M"),
        ("-1250", "−$1.3k"),
        ("999.49", "$999"),
        ("999.50", "$1.0k"),
        ("999949", "$999.9k"),
        ("999950", "$1.0M"),
        ("999950000", "$1.0B"),
        ("0", "$0"),
        ("-0.4", "$0"),
    ],
)
def test_compact_money_never_shows_a_thousand_thousands(amount: str, text: str) -> None:
    assert money(Decimal(amount), "AUD", compact=True) == text


def test_money_without_cents_is_rounded_half_up() -> None:
    assert money(Decimal("1234.50"), "AUD", cents=False) == "$1,235"
    assert money(Decimal("-0.5"), "AUD", cents=False) == "−$1"


def test_what_is_absent_is_a_dash() -> None:
    assert {money(None, "AUD"), percent(None), decimal_text(None)} == {"–"}
    assert money(pd.NA, "AUD") == "–"  # type: ignore[arg-type]


@given(amounts)
def test_written_money_can_be_typed_back(amount: Decimal) -> None:
    assert parse_money(money(amount, "AUD")) == amount


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        ("0.4894", "48.9%"),
        ("-0.05", "−5.0%"),
        ("1", "100.0%"),
        ("0.00049", "0.0%"),
        ("12", "1,200.0%"),
    ],
)
def test_a_fraction_is_a_percentage(fraction: str, text: str) -> None:
    assert percent(Decimal(fraction)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("95.2500", "95.25"), ("1234.0", "1,234"), ("-0.5", "−0.5"), ("100", "100")]
)
def test_a_plain_figure_has_no_idle_zeros(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("current", "previous", "words"),
    [
        ("112", "100", "up 12% vs October"),
        ("97", "100", "down 3% vs October"),
        ("100", "100", "the same as October"),
        ("100.1", "100", "about the same as October"),
        ("100", None, "no comparison: nothing was recorded in October"),
        (None, "100", "nothing was recorded"),
        ("100", "0", "up from zero in October"),
        ("-5", "0", "down from zero in October"),
        ("100", "-50", "up from a loss in October"),
        ("-80", "-50", "down from a loss in October"),
        ("-80", "50", "down to a loss, from a profit in October"),
        ("0", "0", "the same as October"),
    ],
)
def test_a_comparison_is_honest(current: str | None, previous: str | None, words: str) -> None:
    now, then = (None if each is None else Decimal(each) for each in (current, previous))
    assert describe_change(now, then, "October") == words


def test_one_record_two_records() -> None:
    assert [plural(n, "record") for n in (0, 1, 1200)] == ["0 records", "1 record", "1,200 records"]
    assert plural(2, "entry", "entries") == "2 entries"


def test_people_are_sorted_as_people_expect() -> None:
    names = ["Zoe", "émile", "adam", "Emma", "Éric", "Adam"]
    assert sorted(names, key=people_order) == ["Adam", "adam", "émile", "Emma", "Éric", "Zoe"]
