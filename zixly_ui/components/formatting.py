"""Figures, dates and names in the format that Australian business owners read.

Amounts and fractions are exact decimals and are rounded here, half up, and nowhere before. An
absent value (`None` or `pandas.NA`) is written as a dash. Negative figures have a true minus.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pandas as pd

from zixly_data.values.currencies import sign
from zixly_data.values.dates import date_range, month_name, short_date, short_month
from zixly_data.values.period import Period

__all__ = [
    "ABSENT",
    "clock_time",
    "date_range",
    "days",
    "decimal_text",
    "describe_change",
    "is_absent",
    "money",
    "month_name",
    "people_order",
    "percent",
    "plural",
    "relative_change",
    "short_date",
    "short_month",
]

ABSENT = "–"

_MINUS = "\N{MINUS SIGN}"
_THOUSAND, _MILLION, _BILLION = Decimal(10**3), Decimal(10**6), Decimal(10**9)


def is_absent(value: object) -> bool:
    """Return whether a cell of a frame is empty."""
    return value is None or value is pd.NA


def money(
    amount: Decimal | None, currency: str, *, cents: bool = True, compact: bool = False
) -> str:
    """Return the amount with its currency: `$45,000.00`, `−$500.00`, `SGD 1,200.00`.

    `$45,000` without cents; `$45.0k` compact.
    """
    if amount is None or is_absent(amount):
        return ABSENT
    if compact:
        return _signed(amount, sign(currency), *_scaled(amount))
    return _signed(amount, sign(currency), _grouped(abs(amount), 2 if cents else 0), "")


def percent(fraction: Decimal | None, decimals: int = 1) -> str:
    """Return `48.9%` for 0.4894."""
    if fraction is None or is_absent(fraction):
        return ABSENT
    return _signed(fraction, "", _grouped(abs(fraction) * 100, decimals), "%")


def decimal_text(value: Decimal | None) -> str:
    """Return a plain figure with thousands separators and no trailing zeros: `1,234.5`, `96`."""
    if value is None or is_absent(value):
        return ABSENT
    digits = f"{abs(value):,f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return _signed(value, "", digits, "")


def days(count: Decimal) -> str:
    """Return `1 day`, `28.5 days`."""
    return f"{decimal_text(count)} {'day' if count == 1 else 'days'}"


def relative_change(current: Decimal | None, previous: Decimal | None) -> Decimal | None:
    """Return the change as a fraction of `previous`, or None where a fraction would mislead.

    That is so if either value is absent, or if `previous` is zero or a loss.
    """
    if current is None or previous is None or is_absent(current) or is_absent(previous):
        return None
    return (current - previous) / previous if previous > 0 else None


def describe_change(current: Decimal | None, previous: Decimal | None, baseline: str) -> str:
    """Return the comparison in words: `up 12% vs October`.

    `baseline` is the name of the earlier period. Where there is no comparison the text gives the
    reason, never a percentage of zero or of a loss.
    """
    if current is None or is_absent(current):
        return "nothing was recorded"
    if previous is None or is_absent(previous):
        return f"no comparison: nothing was recorded in {baseline}"
    if current == previous:
        return f"the same as {baseline}"
    direction = "up" if current > previous else "down"
    fraction = relative_change(current, previous)
    if fraction is None:
        return f"{direction} from {'zero' if previous == 0 else 'a loss'} in {baseline}"
    if current < 0:
        return f"down to a loss, from a profit in {baseline}"
    if abs(fraction) < Decimal("0.005"):
        return f"about the same as {baseline}"
    return f"{direction} {percent(abs(fraction), 0)} vs {baseline}"


def clock_time(instant: datetime, time_zone: str) -> str:
    """Return `22 Nov 2026, 14:05`, local time in the time zone."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{short_date(local.date())}, {local:%H:%M}"


def plural(count: int, singular: str, plural_noun: str | None = None) -> str:
    """Return `1 record`, `1,200 records`; `plural_noun` is an irregular plural: `2 entries`."""
    noun = singular if count == 1 else plural_noun or f"{singular}s"
    return f"{count:,} {noun}".replace("-", _MINUS)


def people_order(name: str) -> tuple[str, str]:
    """Return a sort key for names that ignores case and accents; ties keep one order."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)), name


def _signed(value: Decimal, before: str, digits: str, after: str) -> str:
    is_negative = value < 0 and any(digit in "123456789" for digit in digits)
    return f"{_MINUS if is_negative else ''}{before}{digits}{after}"


def _grouped(size: Decimal, decimals: int) -> str:
    return f"{size.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def _scaled(amount: Decimal) -> tuple[str, str]:
    """Return the digits and the letter of a compact amount. 999,950 is 1.0M, not 1,000.0k."""
    size, tenth = abs(amount), Decimal("0.05")
    for unit, letter in ((_BILLION, "B"), (_MILLION, "M"), (_THOUSAND, "k")):
        if size >= unit - (unit * tenth / 1000 if letter != "k" else Decimal("0.5")):
            return _grouped(size / unit, 1), letter
    return _grouped(size, 0), ""


def period_phrase(period: Period, preposition: str) -> str:
    """Return `preposition` followed by the period's name; nothing for all time."""
    return "" if period.key == "all" else f"{preposition}{period.name}"
