"""Dates as people type and read them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.errors import InvalidInput
from zixly_data.values import dates

days = st.dates(dates.EARLIEST, dates.LATEST)


@pytest.mark.parametrize(
    "typed",
    [
        "2024-03-01",
        "1/3/2024",
        "01/03/2024",
        "1.3.2024",
        "1-3-2024",
        "1 Mar 2024",
        "1 march 2024",
        " 1 Mar. 2024 ",
        "1 March, 2024",
    ],
)
def test_the_first_of_march_is_read_however_it_is_written(typed: str) -> None:
    assert dates.parse_date(typed) == date(2024, 3, 1)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1/3/20245", "has the year 20245"),
        ("20245-03-01", "has the year 20245"),
        ("1/3/24", "has the year 24"),
        ("29/2/2023", "February 2023 has 28 days"),
        ("3/31/2024", "no month 31"),
        ("0/3/2024", "March 2024 has 31 days"),
        ("1/3/1999", "out of range"),
        ("1/3/2101", "out of range"),
        ("yesterday", "is not a date"),
        ("1 Foo 2024", "is not a date"),
        ("٢٠٢٤-٠٣-٠١", "is not a date"),
        ("", "The date is missing"),
        ("1/3/" + "9" * 9_000, "is not a date"),
    ],
)
def test_an_invalid_date_is_refused_with_a_message(typed: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message) as refused:
        dates.parse_date(typed, "record_date")
    assert refused.value.field == "record_date"
    assert len(str(refused.value)) < 150


@given(days)
def test_every_date_survives_being_written_out(day: date) -> None:
    assert dates.parse_date(day.isoformat()) == day
    assert dates.parse_date(f"{day.day}/{day.month}/{day.year}") == day
    assert dates.parse_date(dates.short_date(day)) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_a_sentence(typed: str) -> None:
    try:
        outcome = dates.short_date(dates.parse_date(typed))
    except InvalidInput as refused:
        outcome = str(refused)
    assert outcome.endswith(".") or outcome[-4:].isdigit()


def test_a_month_later_stays_within_the_month() -> None:
    assert dates.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert dates.add_months(date(2024, 1, 31), -2) == date(2023, 11, 30)


def test_a_range_says_month_and_year_only_once() -> None:
    assert dates.date_range(date(2026, 11, 1), date(2026, 11, 22)) == "1–22 Nov 2026"
    assert dates.date_range(date(2026, 11, 1), date(2026, 12, 5)) == "1 Nov – 5 Dec 2026"
    assert dates.date_range(date(2026, 11, 1), date(2027, 1, 5)) == "1 Nov 2026 – 5 Jan 2027"
    assert dates.date_range(date(2026, 11, 1), date(2026, 11, 1)) == "1 Nov 2026"
