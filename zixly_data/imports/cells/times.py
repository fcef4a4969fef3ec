"""Parses the times of cells: a time of day on the date of the row, or an instant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.table import Cell
from zixly_data.values.dates import short_date
from zixly_data.values.times import instant, may_be_on, parse_time

_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T| +)([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)"
    r"(?: *(Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?",
    re.IGNORECASE,
)
_SHORTEST_INSTANT = len("2024-03-04T22:30Z")
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


def local_days(
    cells: Sequence[Cell], time_zone: str, heading: str
) -> tuple[Sequence[Cell], list[str]]:
    """Return the cells with each instant that has an offset as its day in the time zone, and a
    sentence for the person if there are any.

    `2024-03-04T22:30:00Z` is 2024-03-05 in Brisbane. Nothing changes if all are midnight: programs
    write days so, which are the same everywhere.
    """
    moments: dict[str, datetime] = {}
    for text in {cell for cell in cells if isinstance(cell, str)}:
        if len(text) >= _SHORTEST_INSTANT and (moment := _parse_instant(text)):
            moments[text] = moment
    if all(moment.time() == time() for moment in moments.values()):
        return cells, []
    zone = ZoneInfo(time_zone)
    days = {text: moment.astimezone(zone).date() for text, moment in moments.items()}
    # The example is one whose day differs from the one written, if there is one.
    example = min(moments, key=lambda text: (days[text] == moments[text].date(), text))
    sentence = (
        f"“{heading}” has times with a time zone. Their days are those in {time_zone}: {example} "
        f"is {short_date(days[example])}."
    )
    return [
        days[cell].isoformat() if isinstance(cell, str) and cell in days else cell for cell in cells
    ], [sentence]


def _parse_instant(text: str) -> datetime | None:
    """Return the instant with its offset; None if the text has none, or is no instant."""
    match = _INSTANT.fullmatch(" ".join(text.split()))
    if match is None or match[3] is None:
        return None
    try:
        written = datetime.fromisoformat(f"{match[1]}T{match[2]}")
        return written.replace(tzinfo=timezone(_offset(match[3])))
    except ValueError:
        return None


def _offset(text: str) -> timedelta:
    if text.isalpha():
        return timedelta()
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if text[0] == "-" else size


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
