"""Times of day in a time zone: typed as `14:30`, kept as instants."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from zixly_data.errors import InvalidInput
from zixly_data.values.dates import short_date

_TIME = re.compile(
    r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?(?: *([ap])\.?m\.?)?", re.IGNORECASE
)


def parse_time(text: str, field: str = "time") -> time:
    """Read a time of day: `14:30`, `2.30 pm`, `14:30:05`. Raises InvalidInput naming the field."""
    bare = text.strip()
    if len(bare) <= 20 and (match := _TIME.fullmatch(bare)):
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if half := match[4]:
            # 12 am is midnight, 12 pm is noon.
            hour = hour % 12 + 12 * (half.lower() == "p") if 1 <= hour <= 12 else 24
        if hour < 24 and minute < 60 and second < 60:
            return time(hour, minute, second)
    shown = bare if len(bare) <= 40 else f"{bare[:40]}…"
    raise InvalidInput(f"“{shown}” is not a time. Write it like 14:30.", field=field)


def instant(day: date, clock: time, time_zone: str, field: str = "time") -> datetime:
    """Return the moment of a time of day in the time zone, in UTC.

    Raises InvalidInput for a time that clocks skip or show twice on this day.
    """
    zone = ZoneInfo(time_zone)
    first = datetime.combine(day, clock, zone)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        is_skipped = _round_trip(first) != first.replace(tzinfo=None)
        reason = (
            "does not exist, because clocks go forward then"
            if is_skipped
            else "occurs twice, because clocks go back then"
        )
        raise InvalidInput(
            f"{clock:%H:%M} on {short_date(day)} {reason}. Enter a time at least an hour earlier "
            "or later, or none.",
            field=field,
        )
    return first.astimezone(UTC)


def time_text(moment: datetime, time_zone: str) -> str:
    """Return the time of day as `14:30`, or `14:30:05` if it has seconds."""
    local = moment.astimezone(ZoneInfo(time_zone))
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def validate_instant(moment: datetime, field: str = "time") -> datetime:
    """Return the moment. Raises InvalidInput naming the field if it has no time zone."""
    if moment.tzinfo is None:
        raise InvalidInput("The time has no time zone.", field=field)
    return moment


def may_be_on(moment: datetime, day: date) -> bool:
    """Return whether the moment lies on this day somewhere in the world, as the database checks."""
    start = datetime.combine(day, time(), UTC)
    return start - timedelta(hours=14) <= moment < start + timedelta(hours=36)


def _round_trip(moment: datetime) -> datetime:
    """Return the local time that the moment has once it went through UTC."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None)
