"""Parses the times of cells: a time of day on the date of the row, or an instant."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.table import Cell
from zixly_data.values.times import instant, may_be_on, parse_time

_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T| +)([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(?: *(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?",
    re.IGNORECASE,
)
_OTHER_DAY = "The time is on another day than the date."


def read_time(cell: Cell, day: date, time_zone: str) -> str:
    """Return the moment as an ISO text in UTC.

    A time of day (`14:30`, a spreadsheet's fraction of a day) and a date with a time but no offset
    are in the tenant's time zone. An instant with an offset may lie on the date in any time zone:
    the tenant's may have changed since. Raises InvalidInput.
    """
    if isinstance(cell, Decimal) and 0 <= cell < 1:
        clock = datetime.min + timedelta(seconds=round(cell * 86_400))
        return _text(instant(day, clock.time(), time_zone))
    if not isinstance(cell, str):
        raise InvalidInput("This is not a time. Write it like 14:30.")
    text = " ".join(cell.split())
    match = _INSTANT.fullmatch(text) if len(text) <= 40 else None
    if match is None:
        return _text(instant(day, parse_time(text), time_zone))
    try:
        written = datetime.fromisoformat(f"{match[1]}T{match[2]}")
    except ValueError:
        raise InvalidInput(f"“{text}” is not a time. Write it like 14:30.") from None
    if match[3] is None:
        if written.date() != day:
            raise InvalidInput(_OTHER_DAY)
        return _text(instant(day, written.time(), time_zone))
    moment = written.replace(tzinfo=UTC) - _offset(match[3])
    if not may_be_on(moment, day):
        raise InvalidInput(_OTHER_DAY)
    return _text(moment)


def _offset(text: str) -> timedelta:
    if text.isalpha():
        return timedelta()
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if text[0] == "-" else size


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
