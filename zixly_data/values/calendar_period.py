"""What a period of calendar days is: its name, its months, and what it may be compared with.

Both ends of a period belong to it. "Today" is always an argument, since it depends on the tenant's
time zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from zixly_data.values.dates import (
    MONTH_NAMES,
    add_months,
    date_range,
    month_end,
    month_name,
    short_month,
)

CUSTOM = "custom"

_FINANCIAL_YEAR_KEY = re.compile(r"(?:this|last)-fy|FY[0-9]{4}")


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
        return self.shifted(-12)

    def shifted(self, months: int) -> Period:
        """The same days so many months later (or earlier); whole months stay whole."""
        return self._like(add_months(self.start, months), self._shifted(self.end, months))

    def is_partial(self, today: date) -> bool:
        """Whether the period has begun but has days still to come."""
        return self.start <= today < self.end

    def elapsed(self, today: date) -> Period:
        """The part up to today, today included.

        A period that is over is returned as it is, and so is one that has not begun: records may
        be dated ahead.
        """
        return custom(self.start, today) if self.is_partial(today) else self

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
        part = previous if end == previous.end else custom(previous.start, end)
        return self.elapsed(today), part

    def _months_touched(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def _is_whole_months(self) -> bool:
        return self.start.day == 1 and self.end == month_end(self.end)

    def _is_financial_year(self) -> bool:
        return _FINANCIAL_YEAR_KEY.fullmatch(self.key) is not None

    def _shifted(self, day: date, months: int) -> date:
        moved = add_months(day, months)
        whole = self._is_whole_months() and day == month_end(day)
        return month_end(moved) if whole else moved

    def _by_shape(self) -> Period:
        return self._like(self.start, self.end)

    def _like(self, start: date, end: date) -> Period:
        if self._is_financial_year():
            return financial_year(start)
        return _named(start, end)


def custom(start: date, end: date) -> Period:
    """The `custom` period of these days; whole months are named as months."""
    if start.day != 1 or end != month_end(end):
        label = date_range(start, end)
    elif (start.year, start.month) == (end.year, end.month):
        label = month_name(start)
    elif start.year == end.year:
        label = f"{MONTH_NAMES[start.month - 1][:3]} – {short_month(end)}"
    else:
        label = f"{short_month(start)} – {short_month(end)}"
    return Period(CUSTOM, start, end, label)


def month(start: date) -> Period:
    """The calendar month that begins on `start`."""
    return Period(f"{start:%Y-%m}", start, month_end(start), month_name(start))


def quarter(start: date) -> Period:
    """The calendar quarter that begins on `start`."""
    number, end = (start.month + 2) // 3, month_end(add_months(start, 2))
    months = f"{MONTH_NAMES[start.month - 1][:3]}–{MONTH_NAMES[end.month - 1][:3]}"
    label = f"Q{number} {start.year} ({months})"
    return Period(f"{start.year}-Q{number}", start, end, label)


def financial_year(start: date) -> Period:
    """The twelve months from `start`, named after the year in which they end."""
    end = month_end(add_months(start, 11))
    label = f"FY{end.year} ({short_month(start)} – {short_month(end)})"
    return Period(f"FY{end.year}", start, end, label)


def _named(start: date, end: date) -> Period:
    if start.day == 1 and end == month_end(start):
        return month(start)
    if start.day == 1 and start.month % 3 == 1 and end == month_end(add_months(start, 2)):
        return quarter(start)
    return custom(start, end)
