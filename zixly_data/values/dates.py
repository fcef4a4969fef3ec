"""Calendar dates as people type and read them.

A date of Zixly lies between 1 January 2000 and 31 December 2100, as the database checks; a year
such as 20245 is a slip of the finger, and the sentence says so.
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


def parse_date(text: str, field: str = "date") -> date:
    """The date someone typed: `2024-03-01`, `1/3/2024` (day first) or `1 March 2024`.

    Raises InvalidInput naming `field` when it is no date, or lies outside 2000 to 2100.
    """
    wanted = text.strip()
    if not wanted:
        raise InvalidInput("A date is needed. Write it like 1/3/2024.", field=field)
    year, month, day = _parts(wanted, field)
    if len(str(year)) != 4:
        raise InvalidInput(
            f"“{_shown(wanted)}” has the year {_shown(str(year))}. Write the year with four "
            "digits, like 2024.",
            field=field,
        )
    if not 1 <= month <= 12:
        raise InvalidInput(
            f"“{wanted}” is not a date: there is no month {month}. Write the day first, "
            "like 31/3/2024.",
            field=field,
        )
    if not 1 <= day <= monthrange(year, month)[1]:
        raise InvalidInput(
            f"“{wanted}” is not a date: {MONTH_NAMES[month - 1]} {year} has "
            f"{monthrange(year, month)[1]} days.",
            field=field,
        )
    return within_range(date(year, month, day), field)


def within_range(day: date, field: str = "date") -> date:
    """The same date, if Zixly can hold it. Raises InvalidInput naming `field` otherwise."""
    if not EARLIEST <= day <= LATEST:
        raise InvalidInput(
            f"{short_date(day)} is out of range. Choose a date from {short_date(EARLIEST)} "
            f"to {short_date(LATEST)}.",
            field=field,
        )
    return day


def short_date(day: date) -> str:
    """`1 Mar 2024`."""
    return f"{day.day} {MONTH_NAMES[day.month - 1][:3]} {day.year}"


def month_name(day: date) -> str:
    """`March 2024`."""
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"


def short_month(day: date) -> str:
    """`Mar 2024`."""
    return f"{MONTH_NAMES[day.month - 1][:3]} {day.year}"


def date_range(start: date, end: date) -> str:
    """`1–22 Nov 2026`, `1 Nov – 5 Dec 2026` or `1 Nov 2026 – 5 Jan 2027`."""
    if start == end:
        return short_date(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}–{short_date(end)}"
    if start.year == end.year:
        return f"{start.day} {MONTH_NAMES[start.month - 1][:3]} – {short_date(end)}"
    return f"{short_date(start)} – {short_date(end)}"


def month_end(day: date) -> date:
    """The last day of the month `day` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day `months` later (or earlier, when negative), or that month's last day."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def _parts(wanted: str, field: str) -> tuple[int, int, int]:
    if len(wanted) <= 40:
        if found := _ISO.fullmatch(wanted):
            return int(found[1]), int(found[2]), int(found[3])
        if found := _DAY_FIRST.fullmatch(wanted):
            return int(found[3]), int(found[2]), int(found[1])
        if found := _NAMED.fullmatch(wanted):
            for number, name in enumerate(MONTH_NAMES, start=1):
                if name.lower().startswith(found[2].lower()):
                    return int(found[3]), number, int(found[1])
    raise InvalidInput(
        f"“{_shown(wanted)}” is not a date. Write it like 1/3/2024.",
        field=field,
    )


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
