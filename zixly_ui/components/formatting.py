"""Figures, dates and names as Australian business owners read them.

Amounts and fractions come in as exact decimals and are rounded half up, here and nowhere before;
an absent one (`None` or `pandas.NA`) is written as a dash. Negative figures carry a true minus.
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
    """Whether a cell of a frame holds nothing."""
    return value is None or value is pd.NA


def money(
    amount: Decimal | None, currency: str, *, cents: bool = True, compact: bool = False
) -> str:
    """`$45,000.00`, `−$500.00`, `SGD 1,200.00`; `$45,000` without cents; `$45.0k` compact."""
    if amount is None or is_absent(amount):
        return ABSENT
    if compact:
        return _signed(amount, sign(currency), *_scaled(amount))
    return _signed(amount, sign(currency), _grouped(abs(amount), 2 if cents else 0), "")


def percent(fraction: Decimal | None, decimals: int = 1) -> str:
    """`48.9%` for 0.4894."""
    if fraction is None or is_absent(fraction):
        return ABSENT
    return _signed(fraction, "", _grouped(abs(fraction) * 100, decimals), "%")


def decimal_text(value: Decimal | None) -> str:
    """A plain figure with its thousands separated and no idle zeros: `1,234.5`, `96`."""
    if value is None or is_absent(value):
        return ABSENT
    digits = f"{abs(value):,f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return _signed(value, "", digits, "")


def days(count: Decimal) -> str:
    """`1 day`, `28.5 days`."""
    return f"{decimal_text(count)} {'day' if count == 1 else 'days'}"


def relative_change(current: Decimal | None, previous: Decimal | None) -> Decimal | None:
    """The change as a fraction of `previous`, or None where a fraction would mislead.

    It would where one of the two is absent, and where the comparison starts from nothing or from a
    loss.
    """
    if current is None or previous is None or is_absent(current) or is_absent(previous):
        return None
    return (current - previous) / previous if previous > 0 else None


def describe_change(current: Decimal | None, previous: Decimal | None, baseline: str) -> str:
    """An honest comparison in words: `up 12% on October`.

    `than` names what it is compared with. Without a comparison it says why, and never shows a
    percentage of nothing or of a loss.
    """
    if current is None or is_absent(current):
        return "nothing was recorded"
    if previous is None or is_absent(previous):
        return f"no comparison: nothing was recorded in {baseline}"
    if current == previous:
        return f"the same as {baseline}"
    way = "up" if current > previous else "down"
    fraction = relative_change(current, previous)
    if fraction is None:
        return f"{way} from {'zero' if previous == 0 else 'a loss'} in {baseline}"
    if current < 0:
        return f"down to a loss, from a profit in {baseline}"
    if abs(fraction) < Decimal("0.005"):
        return f"about the same as {baseline}"
    return f"{way} {percent(abs(fraction), 0)} on {baseline}"


def clock_time(instant: datetime, time_zone: str) -> str:
    """`22 Nov 2026, 14:05`, as a clock in the time zone shows it."""
    there = instant.astimezone(ZoneInfo(time_zone))
    return f"{short_date(there.date())}, {there:%H:%M}"


def plural(count: int, singular: str, several: str | None = None) -> str:
    """`1 record`, `1,200 records`; `several` where an s is not enough: `2 entries`."""
    noun = singular if count == 1 else several or f"{singular}s"
    return f"{count:,} {noun}".replace("-", _MINUS)


def people_order(name: str) -> tuple[str, str]:
    """A sort key for names: capitals and accents make no difference, ties keep one order."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(x for x in letters if not unicodedata.combining(x)), name


def _signed(value: Decimal, before: str, digits: str, after: str) -> str:
    is_negative = value < 0 and any(digit in "123456789" for digit in digits)
    return f"{_MINUS if is_negative else ''}{before}{digits}{after}"


def _grouped(size: Decimal, decimals: int) -> str:
    return f"{size.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"


def _scaled(amount: Decimal) -> tuple[str, str]:
    """The digits and the letter of a compact amount. 999,950 is 1.0M, not 1,000.0k."""
    size, tenth = abs(amount), Decimal("0.05")
    for unit, letter in ((_BILLION, "B"), (_MILLION, "M"), (_THOUSAND, "k")):
        if size >= unit - (unit * tenth / 1000 if letter != "k" else Decimal("0.5")):
            return _grouped(size / unit, 1), letter
    return _grouped(size, 0), ""


def period_phrase(period: Period, before: str) -> str:
    """`before` and the period's name; nothing for all time, which needs no saying."""
    return "" if period.key == "all" else f"{before}{period.name}"
