"""The periods people choose from: months, quarters, financial years and custom ranges of days.

A period has a stable key, used in links:

    this-month  last-month      calendar months
    this-quarter  last-quarter  calendar quarters (with a financial year from January, April,
                                July or October they are its quarters too)
    this-fy  last-fy            financial years, starting in the tenant's month
    last-12-months              the twelve whole months before this one
    all                         every date a record may have: 2000 to 2100
    2024-03                     a month by name
    2024-Q1                     a calendar quarter by name
    FY2024                      the financial year that ends in 2024
    custom                      from a first to a last day, given beside the key

`calendar_period` defines `Period`.
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
    """Return the periods relative to today in menu order, `all` last."""
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = add_months(month, -((month.month - financial_year_start) % 12))
    this_month, this_quarter = calendar_period.month(month), calendar_period.quarter(quarter)
    this_year = calendar_period.financial_year(year)
    last_month, last_quarter = this_month.previous(), this_quarter.previous()
    last_year = this_year.previous()
    twelve_start, twelve_end = add_months(month, -12), month - timedelta(days=1)
    last_twelve = calendar_period.custom(twelve_start, twelve_end)
    return [
        _relative("this-month", "This month", this_month),
        _relative("last-month", "Last month", last_month),
        _relative("this-quarter", "This quarter", this_quarter),
        _relative("last-quarter", "Last quarter", last_quarter),
        _relative("this-fy", "This financial year", this_year),
        _relative("last-fy", "Last financial year", last_year),
        _relative("last-12-months", "Last 12 months", last_twelve),
        ALL,
    ]


def quarters(today: date, since: int = FIRST_QUARTERS_OF) -> list[Period]:
    """Return the calendar quarters, latest first, from today's to the first of the year `since`."""
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
    """Return the period of a key; `start` and `end` apply to `custom` alone.

    `start` and `end` may be text, as in a link.

    Raises InvalidPeriod for an unknown key, a missing, impossible or out-of-range day, and a last
    day before the first.
    """
    if key == CUSTOM:
        return between(start, end)
    if match := _MONTH_KEY.fullmatch(key):
        return calendar_period.month(date(int(match[1]), int(match[2]), 1))
    if match := _QUARTER_KEY.fullmatch(key):
        return calendar_period.quarter(date(int(match[1]), int(match[2]) * 3 - 2, 1))
    if match := _FY_KEY.fullmatch(key):
        first_day = date(int(match[1]), financial_year_start, 1)
        return calendar_period.financial_year(
            first_day if financial_year_start == 1 else add_months(first_day, -12)
        )
    for period in presets(today, financial_year_start):
        if period.key == key:
            return period
    excerpt = key if len(key) <= 30 else f"{key[:30]}…"
    raise InvalidPeriod(
        f"There is no period “{excerpt}”.", field="period", advice="Choose a period from the list."
    )


def between(start: date | str | None, end: date | str | None) -> Period:
    """Return the `custom` period from the first to the last day.

    Raises InvalidPeriod if a day is missing, impossible or out of range, or the last day precedes
    the first; `field` is `start` or `end`.
    """
    first, last = _parse_day(start, "start", "first"), _parse_day(end, "end", "last")
    if last < first:
        raise InvalidPeriod(
            f"The period ends before it starts: {date_range(first, first)} is after "
            f"{date_range(last, last)}.",
            field="end",
        )
    return calendar_period.custom(first, last)


def _parse_day(value: date | str | None, field: str, ordinal: str) -> date:
    if value is None or value == "":
        raise InvalidPeriod(f"Enter the {ordinal} day of the period.", field=field)
    try:
        return parse_date(value, field) if isinstance(value, str) else within_range(value, field)
    except InvalidInput as error:
        raise InvalidPeriod(str(error), field=field) from error


def _relative(key: str, name: str, period: Period) -> Period:
    return replace(period, key=key, label=f"{name}, {period.label}")
