"""Parses the durations of cells, as people and time trackers write them, to exact seconds.

`1:30` and `01:30:00` are hours and minutes, as in a spreadsheet; `1h 30m`, `90 min`, `1,5 Std.` and
`PT1H30M` name their units, in English or German. A day of a text is refused: it may be 24 hours or
a day of work. A bare number has the unit of its column's heading or of its metric.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.cells.numbers import parse_number

HOUR = 3600
_DECIMALS = Decimal("0.0001")
_UNITS: dict[int, tuple[str, ...]] = {
    604_800: ("week", "weeks", "wk", "wks", "woche", "wochen"),
    86_400: ("d", "day", "days", "tag", "tage"),
    HOUR: ("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"),
    60: ("m", "min", "mins", "minute", "minutes", "minuten"),
    1: ("s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden"),
}
_SECONDS = {name: seconds for seconds, names in _UNITS.items() for name in names}
# Letters that alone say nothing of a heading: `Amount (m)`, `Result (d)`.
_UNNAMED = frozenset({"d", "m", "s"})

_CLOCK = re.compile(r"([0-9]{1,6}):([0-9]{1,2})(?::([0-9]{1,2}(?:[.,][0-9]{1,6})?))?")
_HOURS_MINUTES = re.compile(r"([0-9]{1,6}) ?h ?([0-9]{2})", re.IGNORECASE)
_PART = re.compile(r"([0-9][0-9.,]*) ?([a-z]+)\.?(?: ?(?:,|and|und|&) ?| )?", re.IGNORECASE)
_ISO = re.compile(
    r"P(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9.,]+)H)?(?:([0-9.,]+)M)?(?:([0-9.,]+)S)?)?",
    re.IGNORECASE,
)
_HOURS_AFTER = re.compile(r" ?(?:h|hrs?|hours?|std|stunden?)\.?", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")
_LONGEST = 60
_EXAMPLE = "Write it like 1:30 or 1.5."


@dataclass(frozen=True)
class DurationUnits:
    """The seconds of the unit of a metric, and those of a bare number in the file."""

    metric: int
    number: int


def unit_seconds(unit: str) -> int | None:
    """Return the seconds of a unit of time, such as that of a metric; None for any other unit."""
    return _SECONDS.get(unit.strip().rstrip(".").casefold())


def heading_seconds(heading: str) -> int | None:
    """Return the seconds of the unit that a heading names: 60 for `Duration (min)`."""
    units = (word.casefold() for word in _WORDS.findall(heading))
    return next((_SECONDS[unit] for unit in units if unit in _SECONDS.keys() - _UNNAMED), None)


def parse_duration(
    text: str, mark: DecimalMark | None, units: DurationUnits, field: str
) -> Fraction:
    """Return the seconds of a duration.

    Raises InvalidInput with `field` if the text is not a duration, is negative with a unit, or
    could be two durations: `5:30` of a metric in minutes, `1d 2h`.
    """
    bare = " ".join(text.split())
    if len(bare) > _LONGEST:
        raise _refusal(bare, field)
    if bare[:1] in "-−–(" and re.search(r"[a-z:]", bare, re.IGNORECASE):
        raise InvalidInput(f"“{bare}” is below zero. A duration must be 0 or more.", field=field)
    if match := _CLOCK.fullmatch(_without_hours(bare)):
        return _from_clock(bare, match, units, field)
    if match := _HOURS_MINUTES.fullmatch(bare):
        return _from_clock(bare, match, DurationUnits(HOUR, HOUR), field)
    if bare[:1] in "Pp" and (match := _ISO.fullmatch(bare)) and any(match.groups()):
        sizes = zip((86_400, HOUR, 60, 1), match.groups(), strict=True)
        return sum((_number(part, mark, field) * size for size, part in sizes if part), Fraction())
    if bare[-1:].isalpha() or bare.endswith("."):
        return _from_parts(bare, mark, units, field)
    return _number(bare, mark, field) * units.number


def in_unit(seconds: Fraction, size: int) -> Decimal:
    """Return a duration in a unit of `size` seconds, to four decimals, half up: 0.3333 hours."""
    exact = seconds / size
    with localcontext(prec=40):
        quotient = Decimal(exact.numerator) / Decimal(exact.denominator)
        return quotient.quantize(_DECIMALS, ROUND_HALF_UP)


def duration_text(seconds: Decimal) -> str:
    """Return seconds as hours, minutes and seconds, `30:00:00`, to the millisecond: a spreadsheet
    keeps a fraction of a day, which is not exact."""
    minutes, rest = divmod(abs(seconds).quantize(Decimal("0.001"), ROUND_HALF_UP), 60)
    sign = "-" if seconds < 0 else ""
    shown = f"{rest:06.3f}".removesuffix(".000")
    return f"{sign}{int(minutes) // 60}:{int(minutes) % 60:02}:{shown}"


def _without_hours(text: str) -> str:
    """Return a time without the unit behind it, as of `1:30 h`."""
    if ":" in text and (match := re.search(r"[^0-9:.,]", text)):
        return text[: match.start()] if _HOURS_AFTER.fullmatch(text, match.start()) else text
    return text


def _from_clock(text: str, match: re.Match[str], units: DurationUnits, field: str) -> Fraction:
    shown = match[3] if match.re is _CLOCK else None
    if shown is None and units.metric < HOUR:
        raise InvalidInput(
            f"“{text}” may be hours and minutes, or minutes and seconds. Write it like 0:05:30.",
            field=field,
        )
    minutes, seconds = int(match[2]), Fraction((shown or "0").replace(",", "."))
    if minutes > 59 or seconds >= 60:
        excess = f"{minutes} minutes" if minutes > 59 else f"{shown} seconds"
        raise InvalidInput(
            f"“{text}” has {excess} beside larger units. There are at most 59. {_EXAMPLE}",
            field=field,
        )
    return int(match[1]) * HOUR + minutes * 60 + seconds


def _from_parts(text: str, mark: DecimalMark | None, units: DurationUnits, field: str) -> Fraction:
    """Return the sum of `2h 15m`: each unit once, the larger first."""
    total, place, last = Fraction(), 0, 0
    while place < len(text):
        match = _PART.match(text, place)
        size = _SECONDS.get(match[2].casefold()) if match else None
        if match is None or size is None or (last and size >= last):
            raise _refusal(text, field)
        if size > HOUR and size != units.metric:
            raise InvalidInput(
                f"“{text}” counts days or weeks, which may be working time. Write it in hours.",
                field=field,
            )
        number = _own_number(match[1].rstrip(",."), mark, field)
        if last and number >= 60:
            raise InvalidInput(
                f"“{text}” has {match[1]} {match[2]} beside larger units. There are at most 59. "
                f"{_EXAMPLE}",
                field=field,
            )
        total, place, last = total + number * size, match.end(), size
    return total


def _own_number(text: str, mark: DecimalMark | None, field: str) -> Fraction:
    """Return a number beside a unit: its own decimal mark counts, unless it is ambiguous."""
    try:
        return Fraction(parse_number(text, None, field))
    except InvalidInput:
        return _number(text, mark, field)


def _number(text: str, mark: DecimalMark | None, field: str) -> Fraction:
    if not any(letter.isdigit() for letter in text) or text.endswith("%"):
        raise _refusal(text, field)
    try:
        return Fraction(parse_number(text, mark, field))
    except InvalidInput as error:
        # An ambiguous number is one in either reading.
        raise (
            error if mark is None and "could be" in str(error) else _refusal(text, field)
        ) from None


def _refusal(text: str, field: str) -> InvalidInput:
    shown = text if len(text) <= 40 else f"{text[:40]}…"
    return InvalidInput(f"“{shown}” is not a duration. {_EXAMPLE}", field=field)
