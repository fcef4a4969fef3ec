"""Periods: the period in a link, the previous period, and comparable parts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zixly_data.errors import InvalidPeriod
from zixly_data.values import period as periods
from zixly_data.values.dates import EARLIEST, LATEST
from zixly_data.values.period import Period, parse

TODAY = date(2026, 11, 22)

days = st.dates(date(2001, 1, 1), date(2099, 12, 31))
year_starts = st.integers(1, 12)


@st.composite
def any_period(draw: st.DrawFn) -> Period:
    today, year_start = draw(days), draw(year_starts)
    menu = periods.presets(today, year_start)[:-1] + periods.quarters(today, since=today.year - 1)
    first, last = sorted((draw(days), draw(days)))
    month, year = parse(f"{first:%Y-%m}", today), parse(f"FY{last.year}", today, year_start)
    return draw(st.sampled_from([*menu, month, year, periods.between(first, last)]))


@pytest.mark.parametrize(
    ("key", "start", "end", "label"),
    [
        ("this-month", "2026-11-01", "2026-11-30", "This month, November 2026"),
        ("last-month", "2026-10-01", "2026-10-31", "Last month, October 2026"),
        ("this-quarter", "2026-10-01", "2026-12-31", "This quarter, Q4 2026 (Oct–Dec)"),
        ("last-quarter", "2026-07-01", "2026-09-30", "Last quarter, Q3 2026 (Jul–Sep)"),
        (
            "this-fy",
            "2026-07-01",
            "2027-06-30",
            "This financial year, FY2027 (Jul 2026 – Jun 2027)",
        ),
        (
            "last-fy",
            "2025-07-01",
            "2026-06-30",
            "Last financial year, FY2026 (Jul 2025 – Jun 2026)",
        ),
        ("last-12-months", "2025-11-01", "2026-10-31", "Last 12 months, Nov 2025 – Oct 2026"),
        ("all", "2000-01-01", "2100-12-31", "All time"),
        ("2024-03", "2024-03-01", "2024-03-31", "March 2024"),
        ("2024-Q1", "2024-01-01", "2024-03-31", "Q1 2024 (Jan–Mar)"),
        ("FY2024", "2023-07-01", "2024-06-30", "FY2024 (Jul 2023 – Jun 2024)"),
    ],
)
def test_a_key_means_these_days_on_22_november_2026(
    key: str, start: str, end: str, label: str
) -> None:
    expected = Period(key, date.fromisoformat(start), date.fromisoformat(end), label)
    assert parse(key, TODAY) == expected


def test_a_financial_year_may_start_with_the_calendar_year() -> None:
    year = parse("this-fy", TODAY, 1)
    assert (year.start, year.end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert year.name == "FY2026 (Jan 2026 – Dec 2026)"
    assert parse("FY2026", TODAY, 1).start == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("key", "name", "slug"),
    [
        ("last-month", "October 2026", "2026-10"),
        ("last-quarter", "Q3 2026 (Jul–Sep)", "2026-q3"),
        ("last-fy", "FY2026 (Jul 2025 – Jun 2026)", "fy2026"),
        ("last-12-months", "Nov 2025 – Oct 2026", "2025-11-01-to-2026-10-31"),
        ("all", "All time", "all"),
    ],
)
def test_name_and_slug_describe_the_days_and_not_the_button(key: str, name: str, slug: str) -> None:
    assert parse(key, TODAY).name == name
    assert parse(key, TODAY).slug == slug


@pytest.mark.parametrize(
    ("key", "start", "end", "message"),
    [
        ("next-decade", None, None, "There is no period “next-decade”."),
        ("2024-Q5", None, None, "There is no period “2024-Q5”."),
        ("20245-Q1", None, None, "There is no period “20245-Q1”."),
        ("", None, None, "There is no period “”."),
        ("custom", None, "2024-03-31", "Enter the first day of the period."),
        ("custom", "2024-03-31", "", "Enter the last day of the period."),
        (
            "custom",
            "2024-04-01",
            "2024-03-31",
            "The period ends before it starts: 1 Apr 2024 is after 31 Mar 2024.",
        ),
        (
            "custom",
            "20245-01-01",
            "2024-03-31",
            "“20245-01-01” has the year 20245. Write the year with four digits, like 2024.",
        ),
        (
            "custom",
            date(1999, 12, 31),
            "2024-03-31",
            "31 Dec 1999 is out of range. Choose a date from 1 Jan 2000 to 31 Dec 2100.",
        ),
    ],
)
def test_an_invalid_period_is_refused_with_a_message(
    key: str, start: date | str | None, end: date | str | None, message: str
) -> None:
    with pytest.raises(InvalidPeriod) as refused:
        parse(key, TODAY, start=start, end=end)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("this-month", "2026-10"),
        ("this-quarter", "2026-Q3"),
        ("this-fy", "FY2026"),
        ("2024-Q1", "2023-Q4"),
        ("2024-01", "2023-12"),
        ("FY2024", "FY2023"),
    ],
)
def test_before_a_month_comes_a_month_and_before_a_year_a_year(key: str, before: str) -> None:
    assert parse(key, TODAY).previous() == parse(before, TODAY)


def test_before_ten_days_come_ten_days_and_before_two_months_two_months() -> None:
    ten = periods.between("2024-03-05", "2024-03-14")
    assert ten.previous() == periods.between("2024-02-24", "2024-03-04")
    two = periods.between("2024-03-01", "2024-04-30")
    assert two.previous() == periods.between("2024-01-01", "2024-02-29")


def test_the_year_before_a_leap_february_is_a_whole_february() -> None:
    assert parse("2024-02", TODAY).year_before() == parse("2023-02", TODAY)
    assert parse("2025-02", TODAY).year_before() == parse("2024-02", TODAY)
    assert periods.between("2024-02-29", "2024-02-29").year_before().start == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("key", "today", "part", "compared_with"),
    [
        ("this-month", "2026-11-22", "1–22 Nov 2026", "1–22 Oct 2026"),
        ("this-month", "2023-03-30", "1–30 Mar 2023", "February 2023"),
        ("this-month", "2023-02-28", "This month, February 2023", "January 2023"),
        ("this-month", "2023-02-27", "1–27 Feb 2023", "1–27 Jan 2023"),
        ("this-quarter", "2023-02-15", "1 Jan – 15 Feb 2023", "1 Oct – 15 Nov 2022"),
        ("this-quarter", "2023-02-28", "Jan – Feb 2023", "Oct – Nov 2022"),
        ("this-fy", "2024-02-29", "Jul 2023 – Feb 2024", "Jul 2022 – Feb 2023"),
        ("this-fy", "2026-11-22", "1 Jul – 22 Nov 2026", "1 Jul – 22 Nov 2025"),
    ],
)
def test_a_part_is_compared_with_the_same_part(
    key: str, today: str, part: str, compared_with: str
) -> None:
    day = date.fromisoformat(today)
    elapsed, before = parse(key, day).like_for_like(day)
    assert (elapsed.label, before.label) == (part, compared_with)


def test_a_period_that_is_over_or_ahead_is_compared_whole() -> None:
    for key in ("2024-Q1", "2027-Q1"):
        whole = parse(key, TODAY)
        assert whole.elapsed(TODAY) == whole
        assert whole.like_for_like(TODAY) == (whole, whole.previous())


def test_quarters_run_back_from_todays_to_the_first_of_2024() -> None:
    keys = [quarter.key for quarter in periods.quarters(date(2025, 4, 1))]
    assert keys == ["2025-Q2", "2025-Q1", "2024-Q4", "2024-Q3", "2024-Q2", "2024-Q1"]


@given(any_period())
def test_the_period_before_ends_the_day_before(period: Period) -> None:
    before = period.previous()
    assert before.end + timedelta(days=1) == period.start
    assert before.start <= before.end


@given(any_period())
def test_the_months_cover_the_period_and_nothing_else(period: Period) -> None:
    months = period.months()
    covered = {(period.start + timedelta(days=n)).replace(day=1) for n in range(period.days)}
    assert months == sorted(covered)


@given(any_period(), days, year_starts)
def test_a_link_to_a_named_period_leads_back_to_it(
    period: Period, today: date, year_start: int
) -> None:
    for menu in (periods.presets(today, year_start), periods.quarters(today, today.year)):
        for item in menu:
            assert parse(item.key, today, year_start) == item
    # The financial year before that of 2000 begins before any date that can be entered.
    assume(period.start >= EARLIEST)
    custom = periods.between(period.start, period.end)
    assert parse("custom", today, start=str(period.start), end=str(period.end)) == custom


@given(any_period(), days)
def test_like_is_compared_with_like(period: Period, today: date) -> None:
    part, before = period.like_for_like(today)
    assert part.start == period.start
    assert before.start == period.previous().start
    assert before.end < part.start
    assert abs(before.days - part.days) <= 3
    if period.is_partial(today):
        assert part.end == today


@given(days, year_starts)
def test_today_lies_in_every_this_and_in_no_last(today: date, year_start: int) -> None:
    for period in periods.presets(today, year_start):
        assert period.contains(today) == (not period.key.startswith("last-"))


def test_all_is_every_date_the_database_accepts() -> None:
    everything = parse("all", TODAY)
    assert everything.contains(EARLIEST)
    assert everything.contains(LATEST)
    assert everything.previous().end < EARLIEST
