"""Months and exchange rates as people write them, read exactly or refused in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zixly_data.errors import InvalidInput
from zixly_data.records.exchange_rate_drafts import checked_rate, parse_month, parse_rate


@pytest.mark.parametrize(
    "text", ["2024-03", "2024-3", " 2024-03-01 ", "3/2024", "03/2024", "March 2024", "mar  2024"]
)
def test_a_month_is_read_as_people_write_it(text: str) -> None:
    assert parse_month(text) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a month, like 2024-03."),
        ("2024-13", "“2024-13” is not a month. Enter it like 2024-03."),
        ("2024-03-15", "“2024-03-15” is not a month. Enter it like 2024-03."),
        ("March", "“March” is not a month."),
        ("Smarch 2024", "“Smarch 2024” is not a month."),
        ("0000-01", "“0000-01” is not a month."),
        ("1999-12", "1 Dec 1999 is out of range."),
        ("2101-01", "1 Jan 2101 is out of range."),
        ("x" * 90, f"“{'x' * 40}…” is not a month."),
    ],
)
def test_what_is_no_month_is_said_in_words(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_month(text, "some_field")
    assert str(refused.value).startswith(sentence)
    assert refused.value.field == "some_field"


@pytest.mark.parametrize(
    ("text", "rate"),
    [("0.9132", "0.9132"), (" .5 ", "0.5"), ("1", "1"), ("15,650.25", "15650.25"), ("+1.2", "1.2")],
)
def test_a_rate_is_read_as_people_write_it(text: str, rate: str) -> None:
    assert parse_rate(text) == Decimal(rate)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a rate, like 0.9132."),
        ("abc", "“abc” is not a number. Write it like 0.9132."),
        ("0,913", "“0,913” is unclear. Enter the rate with a point, like 0.9132."),
        ("1,234", "“1,234” is unclear."),
        ("91%", "“91%” is unclear."),
        ("$0.91", "“$0.91” is not a number."),
        ("0", "A rate must be more than zero and at most 1,000,000,000."),
        ("-0.9", "A rate must be more than zero"),
        ("(0.9)", "A rate must be more than zero"),
        ("99999999999", "A rate must be more than zero and at most"),
        ("0.1234567891", "This has more than 8 decimal places. Round it."),
    ],
)
def test_what_is_no_rate_is_said_in_words(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_rate(text, "some_field")
    assert str(refused.value).startswith(sentence)
    assert refused.value.field == "some_field"


def test_signalling_nothing_is_no_rate() -> None:
    with pytest.raises(InvalidInput, match="not a number"):
        checked_rate(Decimal("sNaN"))
