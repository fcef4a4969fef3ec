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

"Today" is always an argument, since it depends on the tenant's time zone. Both ends of a period
belong to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from zixly_data.dates import (
    EARLIEST,
    LATEST,
    MONTH_NAMES,
    add_months,
    date_range,
    month_end,
    month_name,
    parse_date,
    short_month,
    within_range,
)
from zixly_data.errors import InvalidInput, InvalidPeriod

CUSTOM = "custom"
FIRST_QUARTERS_OF = 2024

_MONTH_KEY = re.compile(r"(20[0-9]{2}|2100)-(0[1-9]|1[0-2])")
_QUARTER_KEY = re.compile(r"(20[0-9]{2}|2100)-Q([1-4])")
_FY_KEY = re.compile(r"FY(20[0-9]{2}|2100)")
_FY_NAMES = ("this-fy", "last-fy")


@dataclass(frozen=True)
class Period:
    """The days from `start` to `end`, both included; `label` is what a person reads."""

    key: str
    start: date
    end: date
    label: str

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def name(self) -> str:
        """The label without "this" or "last": `March 2024`, `Q1 2024 (Jan–Mar)`, `All time`."""
        return self.label if self.key == "all" else self._by_shape().label

    @property
    def slug(self) -> str:
        """For file names, and the same tomorrow: `2024-03`, `2024-q1`, `fy2024`, `all`."""
        key = self.key if self.key == "all" else self._by_shape().key
        return f"{self.start}-to-{self.end}" if key == CUSTOM else key.lower()

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def months(self) -> list[date]:
        """The first day of every month that has a day in the period, in order."""
        return [add_months(self.start.replace(day=1), n) for n in range(self._months_touched())]

    def previous(self) -> Period:
        """The period of the same shape that ends the day before this one starts.

        Whole months are followed back by as many whole months, other periods by as many days.
        What precedes `all` lies before any record.
        """
        end = self.start - timedelta(days=1)
        if self._is_whole_months():
            start = add_months(self.start, -self._months_touched())
        else:
            start = end - timedelta(days=self.days - 1)
        return self._like(start, end)

    def year_before(self) -> Period:
        """The same days one year earlier; 29 February becomes 28, whole months stay whole."""
        return self._like(add_months(self.start, -12), self._shifted(self.end, -12))

    def is_partial(self, today: date) -> bool:
        """Whether the period has begun but has days still to come."""
        return self.start <= today < self.end

    def elapsed(self, today: date) -> Period:
        """The part up to today, today included.

        A period that is over is returned as it is, and so is one that has not begun: records may
        be dated ahead.
        """
        return _custom(self.start, today) if self.is_partial(today) else self

    def like_for_like(self, today: date) -> tuple[Period, Period]:
        """What may be compared: the elapsed part, and the same part of the previous period.

        Of whole months, the same months and days count: 1–22 November against 1–22 October, and
        1 January – 28 February (whole months so far) against 1 October – 30 November. Where the
        earlier month is shorter, its part ends with the month: 1–30 March against all of
        February. Of other periods, as many days count.
        """
        previous = self.previous()
        if not self.is_partial(today):
            return self, previous
        if self._is_whole_months():
            end = self._shifted(today, -self._months_touched())
        else:
            end = previous.start + (today - self.start)
        part = previous if end == previous.end else _custom(previous.start, end)
        return self.elapsed(today), part

    def _months_touched(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def _is_whole_months(self) -> bool:
        return self.start.day == 1 and self.end == month_end(self.end)

    def _is_financial_year(self) -> bool:
        return self.key in _FY_NAMES or _FY_KEY.fullmatch(self.key) is not None

    def _shifted(self, day: date, months: int) -> date:
        moved = add_months(day, months)
        whole = self._is_whole_months() and day == month_end(day)
        return month_end(moved) if whole else moved

    def _by_shape(self) -> Period:
        return self._like(self.start, self.end)

    def _like(self, start: date, end: date) -> Period:
        if self._is_financial_year():
            return _financial_year(start)
        return _named(start, end)


def presets(today: date, financial_year_start: int = 7) -> list[Period]:
    """The periods relative to today, in the order of a menu, `all` last."""
    month = today.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = add_months(month, -((month.month - financial_year_start) % 12))
    this_month, this_quarter = _month(month), _quarter(quarter)
    this_year = _financial_year(year)
    last_month, last_quarter = this_month.previous(), this_quarter.previous()
    last_year = this_year.previous()
    twelve_start, twelve_end = add_months(month, -12), month - timedelta(days=1)
    twelve = _custom(twelve_start, twelve_end)
    return [
        _relative("this-month", "This month", this_month),
        _relative("last-month", "Last month", last_month),
        _relative("this-quarter", "This quarter", this_quarter),
        _relative("last-quarter", "Last quarter", last_quarter),
        _relative("this-fy", "This financial year", this_year),
        _relative("last-fy", "Last financial year", last_year),
        _relative("last-12-months", "Last 12 months", twelve),
        Period("all", EARLIEST, LATEST, "All time"),
    ]


def quarters(today: date, since: int = FIRST_QUARTERS_OF) -> list[Period]:
    """The calendar quarters by name, from today's back to the first of the year `since`."""
    first = date(since, 1, 1)
    count = ((today.year - since) * 12 + today.month - 1) // 3 + 1
    return [_quarter(add_months(first, 3 * n)) for n in reversed(range(count))]


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
        return _month(date(int(found[1]), int(found[2]), 1))
    if found := _QUARTER_KEY.fullmatch(key):
        return _quarter(date(int(found[1]), int(found[2]) * 3 - 2, 1))
    if found := _FY_KEY.fullmatch(key):
        begins = date(int(found[1]), financial_year_start, 1)
        return _financial_year(begins if financial_year_start == 1 else add_months(begins, -12))
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
    return _custom(first, last)


def _day(value: date | str | None, field: str, which: str) -> date:
    if value is None or value == "":
        raise InvalidPeriod(f"The period needs a {which} day.", field=field)
    try:
        return parse_date(value, field) if isinstance(value, str) else within_range(value, field)
    except InvalidInput as error:
        raise InvalidPeriod(str(error), field=field) from error


def _relative(key: str, words: str, period: Period) -> Period:
    return replace(period, key=key, label=f"{words}, {period.label}")


def _custom(start: date, end: date) -> Period:
    if start.day != 1 or end != month_end(end):
        label = date_range(start, end)
    elif (start.year, start.month) == (end.year, end.month):
        label = month_name(start)
    elif start.year == end.year:
        label = f"{MONTH_NAMES[start.month - 1][:3]} – {short_month(end)}"
    else:
        label = f"{short_month(start)} – {short_month(end)}"
    return Period(CUSTOM, start, end, label)


def _month(start: date) -> Period:
    return Period(f"{start:%Y-%m}", start, month_end(start), month_name(start))


def _quarter(start: date) -> Period:
    number, end = (start.month + 2) // 3, month_end(add_months(start, 2))
    months = f"{MONTH_NAMES[start.month - 1][:3]}–{MONTH_NAMES[end.month - 1][:3]}"
    label = f"Q{number} {start.year} ({months})"
    return Period(f"{start.year}-Q{number}", start, end, label)


def _financial_year(start: date) -> Period:
    end = month_end(add_months(start, 11))
    label = f"FY{end.year} ({short_month(start)} – {short_month(end)})"
    return Period(f"FY{end.year}", start, end, label)


def _named(start: date, end: date) -> Period:
    if start.day == 1 and end == month_end(start):
        return _month(start)
    if start.day == 1 and start.month % 3 == 1 and end == month_end(add_months(start, 2)):
        return _quarter(start)
    return _custom(start, end)
