"""Periods of calendar days: the months, quarters and financial years that pages ask about.

A period has a stable key, which is what stands in a link:

    this-month  last-month      calendar months
    this-quarter  last-quarter  calendar quarters (with a financial year from January, April,
                                July or October they are its quarters too)
    this-fy  last-fy            financial years, starting in the tenant's month
    last-12-months              the twelve whole months before this one; this month is not in it
    all                         every date a record may have: 2000 to 2100
    2024-03                     a month by name
    2024-Q1                     a calendar quarter by name
    FY2024                      the financial year that ends in 2024
    custom                      from a first to a last day, given beside the key

What a `Period` can answer stands in `calendar_period`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from zixly_data.errors import InvalidInput, InvalidPeriod
from zixly_data.values import calendar_period
from zixly_data.values.calendar_period import CUSTOM, Period
from zixly_data.values.dates import (
    EARLIEST,
    LATEST,
    add_months,
    date_range,
    parse_date,
    within_range,
)

__all__ = ["ALL", "CUSTOM", "Period", "between", "parse", "presets", "quarters"]

FIRST_QUARTERS_OF = 2024
ALL = Period("all", EARLIEST, LATEST, "All time")

_MONTH_KEY = re.compile(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])")
_QUARTER_KEY = re.compile(r"(20[0-9]{2}|2100)-Q([1-4])")
_FY_KEY = re.compile(r"FY(20[0-9]{2}|2100)")


def presets(today: date, financial_year_start: int = 7) -> list[Period]:
    """The periods relative to today, in the order of a menu, `all` last."""
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = add_months(month, -((month.month - financial_year_start) % 12))
    this_month, this_quarter = calendar_period.month(month), calendar_period.quarter(quarter)
    this_year = calendar_period.financial_year(year)
    last_month, last_quarter = this_month.previous(), this_quarter.previous()
    last_year = this_year.previous()
    twelve_start, twelve_end = add_months(month, -12), month - timedelta(days=1)
    twelve = calendar_period.custom(twelve_start, twelve_end)
    return [
        _relative("this-month", "This month", this_month),
        _relative("last-month", "Last month", last_month),
        _relative("this-quarter", "This quarter", this_quarter),
        _relative("last-quarter", "Last quarter", last_quarter),
        _relative("this-fy", "This financial year", this_year),
        _relative("last-fy", "Last financial year", last_year),
        _relative("last-12-months", "Last 12 months", twelve),
        ALL,
    ]


def quarters(today: date, since: int = FIRST_QUARTERS_OF) -> list[Period]:
    """The calendar quarters by name, from today's back to the first of the year `since`."""
    first = date(since, 1, 1)
    count = ((today.year - since) * 12 + today.month - 1) // 3 + 1
    return [calendar_period.quarter(add_months(first, 3 * n)) for n in reversed(range(count))]


def parse(
    key: str,
    today: date,
    financial_year_start: int = 7,
    start: date | str | None = None,
    end: date | str | None = None,
) -> Period:
    """The period a key names; `start` and `end` belong to `custom` and are ignored otherwise.

    `start` and `end` may be text, as they stand in a link.

    Raises InvalidPeriod for an unknown key, a missing, impossible or out-of-range day, and a last
    day before the first.
    """
    if key == CUSTOM:
        return between(start, end)
    if found := _MONTH_KEY.fullmatch(key):
        return calendar_period.month(date(int(found[1]), int(found[2]), 1))
    if found := _QUARTER_KEY.fullmatch(key):
        return calendar_period.quarter(date(int(found[1]), int(found[2]) * 3 - 2, 1))
    if found := _FY_KEY.fullmatch(key):
        begins = date(int(found[1]), financial_year_start, 1)
        return calendar_period.financial_year(
            begins if financial_year_start == 1 else add_months(begins, -12)
        )
    for period in presets(today, financial_year_start):
        if period.key == key:
            return period
    shown = key if len(key) <= 30 else f"{key[:30]}…"
    raise InvalidPeriod(
        f"There is no period “{shown}”.", field="period", advice="Choose a period from the list."
    )


def between(start: date | str | None, end: date | str | None) -> Period:
    """The `custom` period from the first to the last day.

    Raises InvalidPeriod when a day is missing, impossible or out of range, or the last day comes
    before the first; `field` is `start` or `end`.
    """
    first, last = _day(start, "start", "first"), _day(end, "end", "last")
    if last < first:
        raise InvalidPeriod(
            f"The period ends before it starts: {date_range(first, first)} comes after "
            f"{date_range(last, last)}.",
            field="end",
        )
    return calendar_period.custom(first, last)


def _day(value: date | str | None, field: str, which: str) -> date:
    if value is None or value == "":
        raise InvalidPeriod(f"The period needs a {which} day.", field=field)
    try:
        return parse_date(value, field) if isinstance(value, str) else within_range(value, field)
    except InvalidInput as error:
        raise InvalidPeriod(str(error), field=field) from error


def _relative(key: str, words: str, period: Period) -> Period:
    return replace(period, key=key, label=f"{words}, {period.label}")
