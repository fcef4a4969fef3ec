"""One exchange rate, as entered and as stored: one unit of a currency in another currency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.amounts import parse_number, validate_decimal
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import MONTH_NAMES, within_range

LARGEST = Decimal(1_000_000_000)

_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-0?1)?")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_NAMED = re.compile(r"([a-z]{3,9})\.? +([0-9]{4})", re.IGNORECASE)
_DIGITS, _DECIMALS = 10, 8


@dataclass(frozen=True)
class ExchangeRate(RateDraft):
    """A stored rate. `version` counts its changes."""

    id: str = ""
    version: int = 0


def parse_month(text: str, field: str = "month") -> date:
    """Parse a month to its first day: `2024-03`, `2024-03-01`, `3/2024`, `March 2024`.

    Raises InvalidInput naming `field`.
    """
    month_text = " ".join(text.split())
    if not month_text:
        raise InvalidInput("Enter a month, like 2024-03.", field=field)
    year = month = 0
    if match := _YEAR_FIRST.fullmatch(month_text):
        year, month = int(match[1]), int(match[2])
    elif match := _MONTH_FIRST.fullmatch(month_text):
        year, month = int(match[2]), int(match[1])
    elif match := _NAMED.fullmatch(month_text):
        matches = [name.lower().startswith(match[1].lower()) for name in MONTH_NAMES]
        year, month = int(match[2]), matches.index(True) + 1 if any(matches) else 0
    if not 1 <= month <= 12 or year < 1:
        raise InvalidInput(
            f"“{_shorten(month_text)}” is not a month. Enter it like 2024-03.", field=field
        )
    return within_range(date(year, month, 1), field)


def parse_rate(text: str, field: str = "rate") -> Decimal:
    """Parse a rate such as `0.9132`. Raises InvalidInput naming `field`.

    Refuses `0,913`, which would be read as 913, and `91%`.
    """
    rate_text = text.strip()
    if not rate_text:
        raise InvalidInput("Enter a rate, like 0.9132.", field=field)
    if "%" in rate_text or ("," in rate_text and "." not in rate_text):
        raise InvalidInput(
            f"“{_shorten(rate_text)}” is unclear. Enter the rate with a point, like 0.9132.",
            field=field,
        )
    try:
        number = parse_number(rate_text, field)
    except InvalidInput as error:
        raise InvalidInput(str(error).replace("4.8", "0.9132"), field=field) from None
    return checked_rate(number, field)


def checked_rate(rate: Decimal, field: str = "rate") -> Decimal:
    """Return the rate if it is positive and can be stored. Raises InvalidInput naming `field`."""
    if rate.is_finite() and not 0 < rate <= LARGEST:
        raise InvalidInput(f"A rate must be more than zero and at most {LARGEST:,}.", field=field)
    return validate_decimal(rate, field, _DIGITS, _DECIMALS)


def checked_draft(draft: RateDraft) -> RateDraft:
    """Return the draft with its month's first day and its currencies in capitals.

    Raises InvalidInput naming the field to change.
    """
    currency = parse_currency(draft.currency)
    target_currency = parse_currency(draft.into_currency, "into_currency")
    if currency == target_currency:
        raise InvalidInput("A rate needs two different currencies.", field="currency")
    month = within_range(draft.month, "month").replace(day=1)
    return RateDraft(
        month, currency, target_currency, checked_rate(draft.rate), draft.source_system
    )


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
