"""Calendar dates as people type and read them.

Dates lie between 1 January 2000 and 31 December 2100, as the database checks. A year such as 20245
is a typing error and has an error message of its own.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from zixly_data.errors import InvalidInput

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_ISO = re.compile(r"([0-9]+)-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]+)")
_NAMED = re.compile(r"([0-9]{1,2})\s+([A-Za-z]{3,9})\.?,?\s+([0-9]+)")


def parse_calendar_month(text: str, field: str = "month") -> int:
    """Return a month of every year: `7`, `July` or `Jul` is 7.

    Raises InvalidInput naming `field`.
    """
    typed = text.strip()
    for number, name in enumerate(MONTH_NAMES, start=1):
        if typed.lower() in (name.lower(), name[:3].lower(), str(number)):
            return number
    raise InvalidInput(
        f"“{_shorten(typed)}” is not a month. Use a name such as July, or a number from 1 to 12.",
        field=field,
    )


def parse_date(text: str, field: str = "date") -> date:
    """Return the typed date: `2024-03-01`, `1/3/2024` (day first) or `1 March 2024`.

    Raises InvalidInput naming `field` if the text is not a date from 2000 to 2100.
    """
    text = text.strip()
    if not text:
        raise InvalidInput("The date is missing. Write it like 1/3/2024.", field=field)
    year, month, day = _parse_parts(text, field)
    if len(str(year)) != 4:
        raise InvalidInput(
            f"“{_shorten(text)}” has the year {_shorten(str(year))}. Write the year with four "
            "digits, like 2024.",
            field=field,
        )
    if not 1 <= month <= 12:
        raise InvalidInput(
            f"“{text}” is not a date: there is no month {month}. Write the day first, "
            "like 31/3/2024.",
            field=field,
        )
    if not 1 <= day <= monthrange(year, month)[1]:
        raise InvalidInput(
            f"“{text}” is not a date: {MONTH_NAMES[month - 1]} {year} has "
            f"{monthrange(year, month)[1]} days.",
            field=field,
        )
    return within_range(date(year, month, day), field)


def within_range(day: date, field: str = "date") -> date:
    """Return the date if it lies in 2000 to 2100. Raises InvalidInput naming `field` otherwise."""
    if not EARLIEST <= day <= LATEST:
        raise InvalidInput(
            f"{short_date(day)} is out of range. Choose a date from {short_date(EARLIEST)} "
            f"to {short_date(LATEST)}.",
            field=field,
        )
    return day


def short_date(day: date) -> str:
    """Format a date as `1 Mar 2024`."""
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}"


def month_name(day: date) -> str:
    """Format the month of a date as `March 2024`."""
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


def short_month(day: date) -> str:
    """Format the month of a date as `Mar 2024`."""
    return f"{MONTH_NAMES[day.month - 1][:3]} {day.year}"


def date_range(start: date, end: date) -> str:
    """Format two dates as `1–22 Nov 2026`, `1 Nov – 5 Dec 2026` or `1 Nov 2026 – 5 Jan 2027`."""
    if start == end:
        return short_date(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{short_date(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTH_NAMES[start.month - 1][:3]} – {short_date(end)}"
    return f"{short_date(start)} – {short_date(end)}"


def month_end(day: date) -> date:
    """Return the last day of the month that contains `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later (earlier, if negative), or that month's last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def _parse_parts(text: str, field: str) -> tuple[int, int, int]:
    if len(text) <= 40:
        if match := _ISO.fullmatch(text):
            return int(match[1]), int(match[2]), int(match[3])
        if match := _DAY_FIRST.fullmatch(text):
            return int(match[3]), int(match[2]), int(match[1])
        if match := _NAMED.fullmatch(text):
            for number, name in enumerate(MONTH_NAMES, start=1):
                if name.lower().startswith(match[2].lower()):
                    return int(match[3]), number, int(match[1])
    raise InvalidInput(
        f"“{_shorten(text)}” is not a date. Write it like 1/3/2024.",
        field=field,
    )


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
