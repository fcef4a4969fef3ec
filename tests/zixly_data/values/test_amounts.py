"""Amounts of money as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.errors import InvalidInput
from zixly_data.values.amounts import parse_money, parse_number

cents = st.decimals(
    min_value=Decimal("-999999999999.99"), max_value=Decimal("999999999999.99"), places=2
)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,234.50", "1234.50"),
        ("$1,234.50", "1234.50"),
        ("(1,234.50)", "-1234.50"),
        ("($1,234.50)", "-1234.50"),
        ("-5", "-5.00"),
        ("−5", "-5.00"),
        ("5-", "-5.00"),
        ("-$5", "-5.00"),
        ("$-5", "-5.00"),
        ("+5", "5.00"),
        (" 1 234.50 ", "1234.50"),
        ("1\u00a0234\u202f567.5", "1234567.50"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("007", "7.00"),
        ("5.1000", "5.10"),
        ("-0", "0.00"),
        ("999,999,999,999.99", "999999999999.99"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed: str, amount: str) -> None:
    assert str(parse_money(typed)) == amount


@pytest.mark.parametrize(
    "typed",
    [
        "12k5",
        "1e5",
        "NaN",
        "Infinity",
        "1 23",
        "--5",
        "(-5)",
        "5²",
        "٣",
        ".",
        "$",
        "()",
        "1,234 567,890",
        "'; DROP TABLE financials; --",
        "1__0",
    ],
)
def test_an_invalid_amount_is_refused_with_a_message(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_money(typed, "revenue")
    assert str(refused.value) == f"“{typed}” is not an amount. Write it like 1,234.50."
    assert refused.value.field == "revenue"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "is missing"),
        ("   ", "is missing"),
        ("10.0050", "more than two decimal places"),
        ("1,2345", "more than two decimal places"),
        ("1000000000000", "too large"),
        ("9" * 10_000, "too large"),
    ],
)
def test_an_amount_that_does_not_fit_is_refused_in_words(typed: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as refused:
        parse_money(typed)
    assert len(str(refused.value)) < 150


@given(cents)
def test_every_amount_survives_being_written_out(amount: Decimal) -> None:
    assert parse_money(f"{amount:,.2f}") == amount
    assert parse_money(f"{amount:.2f}") == amount
    assert parse_money(f"({abs(amount):,.2f})") == -abs(amount)


@given(st.text(max_size=30))
def test_any_text_is_an_exact_amount_or_a_sentence(typed: str) -> None:
    try:
        outcome = f"{parse_money(typed):f}"
    except InvalidInput as refused:
        outcome = str(refused)
    assert outcome.endswith(".") or outcome[-3] == "."


@pytest.mark.parametrize(
    ("typed", "number"),
    [("4.8", "4.8"), (" 1,234.5 ", "1234.5"), ("-3", "-3"), ("99.25%", "99.25"), ("0", "0")],
)
def test_numbers_are_read_with_the_decimals_typed(typed: str, number: str) -> None:
    assert str(parse_number(typed)) == number


@pytest.mark.parametrize("typed", ["", "12k5", "$5", "4,8", "4.8/5", "NaN", "%"])
def test_an_invalid_number_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_number(typed, "metric_value")
    assert refused.value.field == "metric_value"
