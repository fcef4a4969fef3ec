"""Amounts and other figures as people type them, read exactly. No binary float is involved."""

from __future__ import annotations

import re
from decimal import Decimal

from zixly_data.errors import InvalidInput

LARGEST_DIGITS = 12
DECIMALS = 2

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_MINUS = "-−–"
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}([, ])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]*)?")


def parse_money(text: str, field: str = "amount") -> Decimal:
    """The amount someone typed, with exactly two decimals.

    Accepts `1,234.50`, `$1,234.50`, ` 1 234.50 `, `-5`, `5-` and, for a negative amount as
    accountants write it, `(1,234.50)`. The currency is the client's and never part of the amount.

    Raises InvalidInput naming `field` when it is no amount, has more than two decimals, or more
    than 12 digits before the point.
    """
    wanted = _SPACES.sub(" ", text).strip()
    if not wanted:
        raise InvalidInput("An amount is needed. Write it like 1,234.50.", field=field)
    bare, negative = _without_sign(wanted)
    found = _PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)
    if found is None:
        raise InvalidInput(
            f"“{_shown(wanted)}” is not an amount. Write it like 1,234.50.", field=field
        )
    before, _, after = bare.replace(",", "").replace(" ", "").partition(".")
    if len(after.rstrip("0")) > DECIMALS:
        raise InvalidInput(
            f"“{_shown(wanted)}” has more than two digits after the point. Round it to cents.",
            field=field,
        )
    if len(before.lstrip("0")) > LARGEST_DIGITS:
        raise InvalidInput(
            f"“{_shown(wanted)}” is too large: at most {LARGEST_DIGITS} digits before the point.",
            field=field,
        )
    amount = Decimal(f"{before or '0'}.{after[:DECIMALS]:0<{DECIMALS}}")
    return -amount if negative and amount else amount


def parse_number(text: str, field: str = "value") -> Decimal:
    """The number someone typed, with the decimals they typed: `4.8`, `1,234.5`, `-3`, `99.2%`.

    Raises InvalidInput naming `field` when it is no number.
    """
    wanted = _SPACES.sub(" ", text).strip()
    if not wanted:
        raise InvalidInput("A number is needed. Write it like 4.8.", field=field)
    bare, negative = _without_sign(wanted.removesuffix("%").rstrip())
    found = _PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)
    if found is None or "$" in wanted:
        raise InvalidInput(f"“{_shown(wanted)}” is not a number. Write it like 4.8.", field=field)
    number = Decimal(bare.replace(",", "").replace(" ", ""))
    return -number if negative and number else number


def checked_money(amount: Decimal, field: str = "amount") -> Decimal:
    """The same amount, if Zixly can hold it to the cent; PostgreSQL would round in silence.

    Raises InvalidInput naming `field` when it is no number, has a fraction of a cent, or more than
    12 digits before the point.
    """
    return checked_decimal(amount, field, LARGEST_DIGITS, DECIMALS)


def checked_decimal(amount: Decimal, field: str, largest_digits: int, decimals: int) -> Decimal:
    """The same number, if it has at most so many digits before the point and after it.

    Raises InvalidInput naming `field` otherwise, and for what is no number.
    """
    if not amount.is_finite():
        raise InvalidInput("This is not a number.", field=field)
    if amount and amount.adjusted() >= largest_digits:
        raise InvalidInput(
            f"This is too large: at most {largest_digits} digits before the point.", field=field
        )
    if amount != round(amount, decimals):
        raise InvalidInput(
            f"This has more than {decimals} digits after the point. Round it.", field=field
        )
    return amount


def _without_sign(wanted: str) -> tuple[str, bool]:
    """The digits without sign, brackets and dollar sign, and whether the amount is negative."""
    if wanted.startswith("(") and wanted.endswith(")"):
        return wanted[1:-1].strip().removeprefix("$").strip(), True
    bare = wanted.removeprefix("$").lstrip()
    for sign in _MINUS:
        if bare.startswith(sign):
            return bare[1:].lstrip().removeprefix("$").lstrip(), True
        if bare.endswith(sign):
            return bare[:-1].rstrip(), True
    if bare.startswith("+"):
        return bare[1:].lstrip().removeprefix("$").lstrip(), False
    return bare, False


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
