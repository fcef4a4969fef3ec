"""A period of calendar days: its name, its months, and the earlier periods to compare it with.

A period includes both its first and its last day. "Today" is always an argument, since it depends
on the tenant's time zone.
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
    """The days from `start` to `end`, both included. `label` is the text people read."""

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
        return self.label if self.key == "all" else self._without_preset().label

    @property
    def slug(self) -> str:
        """Part of a file name, independent of today: `2024-03`, `2024-q1`, `fy2024`, `all`."""
        key = self.key if self.key == "all" else self._without_preset().key
        return f"{self.start}-to-{self.end}" if key == CUSTOM else key.lower()

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def months(self) -> list[date]:
        """Return the first day of each month that overlaps the period, oldest first."""
        return [add_months(self.start.replace(day=1), n) for n in range(self._month_count())]

    def previous(self) -> Period:
        """Return the period of the same length that ends the day before this one starts.

        The length of whole months is counted in months, of other periods in days. The period
        before `all` precedes every record.
        """
        end = self.start - timedelta(days=1)
        if self._is_whole_months():
            start = add_months(self.start, -self._month_count())
        else:
            start = end - timedelta(days=self.days - 1)
        return self._same_kind(start, end)

    def year_before(self) -> Period:
        """Return the same days a year earlier; 29 February becomes 28, whole months stay whole."""
        return self.shifted(-12)

    def shifted(self, months: int) -> Period:
        """Return the same days `months` later (earlier, if negative); whole months stay whole."""
        return self._same_kind(add_months(self.start, months), self._shift_day(self.end, months))

    def is_partial(self, today: date) -> bool:
        """Return whether the period has begun and ends after today."""
        return self.start <= today < self.end

    def elapsed(self, today: date) -> Period:
        """Return the part up to and including today.

        A period that is over is returned unchanged. So is one that has not begun, as records may
        be dated ahead.
        """
        return custom(self.start, today) if self.is_partial(today) else self

    def like_for_like(self, today: date) -> tuple[Period, Period]:
        """Return the elapsed part, and the same part of the previous period.

        Periods of whole months are matched by month and day: 1–22 November with 1–22 October, and
        1 January – 28 February (whole months so far) with 1 October – 30 November. If the earlier
        month is shorter, its part ends with the month: 1–30 March is matched with all of February.
        Other periods are matched by number of days.
        """
        previous = self.previous()
        if not self.is_partial(today):
            return self, previous
        if self._is_whole_months():
            end = self._shift_day(today, -self._month_count())
        else:
            end = previous.start + (today - self.start)
        part = previous if end == previous.end else custom(previous.start, end)
        return self.elapsed(today), part

    def _month_count(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def _is_whole_months(self) -> bool:
        return self.start.day == 1 and self.end == month_end(self.end)

    def _is_financial_year(self) -> bool:
        return _FINANCIAL_YEAR_KEY.fullmatch(self.key) is not None

    def _shift_day(self, day: date, months: int) -> date:
        shifted = add_months(day, months)
        ends_month = self._is_whole_months() and day == month_end(day)
        return month_end(shifted) if ends_month else shifted

    def _without_preset(self) -> Period:
        """Return the same days by their own name: `2024-03` for `last-month`."""
        return self._same_kind(self.start, self.end)

    def _same_kind(self, start: date, end: date) -> Period:
        if self._is_financial_year():
            return financial_year(start)
        return _standard_or_custom(start, end)


def custom(start: date, end: date) -> Period:
    """Return the `custom` period of these days, labelled by month if they are whole months."""
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
    """Return the calendar month that begins on `start`."""
    return Period(f"{start:%Y-%m}", start, month_end(start), month_name(start))


def quarter(start: date) -> Period:
    """Return the calendar quarter that begins on `start`."""
    number, end = (start.month + 2) // 3, month_end(add_months(start, 2))
    months = f"{MONTH_NAMES[start.month - 1][:3]}–{MONTH_NAMES[end.month - 1][:3]}"
    label = f"Q{number} {start.year} ({months})"
    return Period(f"{start.year}-Q{number}", start, end, label)


def financial_year(start: date) -> Period:
    """Return the twelve months from `start`, named after the year in which they end."""
    end = month_end(add_months(start, 11))
    label = f"FY{end.year} ({short_month(start)} – {short_month(end)})"
    return Period(f"FY{end.year}", start, end, label)


def _standard_or_custom(start: date, end: date) -> Period:
    if start.day == 1 and end == month_end(start):
        return month(start)
    if start.day == 1 and start.month % 3 == 1 and end == month_end(add_months(start, 2)):
        return quarter(start)
    return custom(start, end)
