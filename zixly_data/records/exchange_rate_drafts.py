"""One exchange rate as people enter it, and as it stands: one unit of a currency in another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.values.amounts import parse_number, validate_decimal
from zixly_data.values.currencies import parse_currency
from zixly_data.values.dates import MONTH_NAMES, within_range

LARGEST = Decimal(1_000_000_000)
# Month, currency, into_currency: what a rate is of.
Key = tuple[date, str, str]

_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})(?:-0?1)?")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})/([0-9]{4})")
_NAMED = re.compile(r"([a-z]{3,9})\.? +([0-9]{4})", re.IGNORECASE)
_DIGITS, _DECIMALS = 10, 8


@dataclass(frozen=True)
class RateDraft:
    """What a person enters: one unit of `currency` is `rate` of `into_currency` in this month."""

    month: date
    currency: str
    into_currency: str
    rate: Decimal
    source_system: str = "manual"

    @property
    def key(self) -> Key:
        """What the rate is of, whatever it is."""
        return self.month, self.currency, self.into_currency


@dataclass(frozen=True)
class ExchangeRate(RateDraft):
    """A rate as it stands. `version` counts its changes."""

    id: str = ""
    version: int = 0


def parse_month(text: str, field: str = "month") -> date:
    """The first day of a month someone typed: `2024-03`, `2024-03-01`, `3/2024`, `March 2024`.

    Raises InvalidInput naming `field`.
    """
    wanted = " ".join(text.split())
    if not wanted:
        raise InvalidInput("A month is needed. Write it like 2024-03.", field=field)
    year = month = 0
    if found := _YEAR_FIRST.fullmatch(wanted):
        year, month = int(found[1]), int(found[2])
    elif found := _MONTH_FIRST.fullmatch(wanted):
        year, month = int(found[2]), int(found[1])
    elif found := _NAMED.fullmatch(wanted):
        begins = [name.lower().startswith(found[1].lower()) for name in MONTH_NAMES]
        year, month = int(found[2]), begins.index(True) + 1 if any(begins) else 0
    if not 1 <= month <= 12 or year < 1:
        raise InvalidInput(
            f"“{_shown(wanted)}” is not a month. Write it like 2024-03.", field=field
        )
    return within_range(date(year, month, 1), field)


def parse_rate(text: str, field: str = "rate") -> Decimal:
    """The rate someone typed, like `0.9132`. Raises InvalidInput naming `field`.

    `0,913` is refused, for it would be read as 913, and so is `91%`.
    """
    wanted = text.strip()
    if not wanted:
        raise InvalidInput("A rate is needed. Write it like 0.9132.", field=field)
    if "%" in wanted or ("," in wanted and "." not in wanted):
        raise InvalidInput(
            f"“{_shown(wanted)}” can be misread. Write the rate with a point, like 0.9132.",
            field=field,
        )
    try:
        number = parse_number(wanted, field)
    except InvalidInput as error:
        raise InvalidInput(str(error).replace("4.8", "0.9132"), field=field) from None
    return checked_rate(number, field)


def checked_rate(rate: Decimal, field: str = "rate") -> Decimal:
    """The same rate, if it can be one and Zixly can hold it. Raises InvalidInput naming `field`."""
    if rate.is_finite() and not 0 < rate <= LARGEST:
        raise InvalidInput(f"A rate is more than zero, and at most {LARGEST:,}.", field=field)
    return validate_decimal(rate, field, _DIGITS, _DECIMALS)


def checked_draft(draft: RateDraft) -> RateDraft:
    """The draft with its month's first day and its currencies in capitals.

    Raises InvalidInput; `field` names what to change.
    """
    currency = parse_currency(draft.currency)
    target_currency = parse_currency(draft.into_currency, "into_currency")
    if currency == target_currency:
        raise InvalidInput("A rate is between two different currencies.", field="currency")
    month = within_range(draft.month, "month").replace(day=1)
    return RateDraft(
        month, currency, target_currency, checked_rate(draft.rate), draft.source_system
    )


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
