"""Amounts and other numbers as people type them, parsed exactly without binary floats."""

from __future__ import annotations

import re
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.values import amount_formats as formats

LARGEST_DIGITS = 12
DECIMALS = 2

_MINUS = "-−–"
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}([, ])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]*)?")


def parse_money(
    text: str,
    field: str = "amount",
    currency: str | None = None,
    mark: formats.Mark | None = None,
) -> Decimal:
    """Return the typed amount with exactly two decimals.

    Accepts `1,234.50`, `8.000,00`, `1'234.50`, ` 1 234.50 `, `$5`, `-5`, `5-`, `(5.00)`, the
    accountants' notation of a negative amount, `5 CR`, `5 DR` as −5, and a lone dash as zero. As
    amounts have cents, `1,234` is a thousand; `1.234` is refused with both meanings. The amount may
    name `currency`, and no other. `mark` is the decimal mark if something else decides it.

    Raises InvalidInput naming `field` if the text is not an amount, is in another currency, has
    more than two decimals, or has more than 12 digits before the point.
    """
    original = formats.single_spaces(text)
    bare, named = formats.without_currency(original)
    if named is not None and named != currency:
        reason, what = (
            (f"is in {named}, but these amounts are in {currency}", f"an amount in {currency}")
            if currency
            else ("names a currency", "the amount alone")
        )
        raise InvalidInput(f"“{formats.shorten(original)}” {reason}. Enter {what}.", field=field)
    if mark is None and formats.is_thousands_comma(bare):
        mark = "."
    if mark is None and formats.detect_mark(bare) == "?":
        raise InvalidInput(
            f"{formats.both_meanings(original, bare)} Write it with cents, like 1,234.00.",
            field=field,
        )
    return read_amount(original, mark, field)


def read_amount(text: str, mark: formats.Mark | None, field: str) -> Decimal:
    """Return the amount in this text with exactly two decimals, in any currency.

    `mark` is the decimal mark of its column; the text decides if it is None. Forms and grids read
    with `parse_money`, which knows the currency.

    Raises InvalidInput as `parse_money` does, and if `mark` is None and the text is ambiguous.
    """
    original = formats.single_spaces(text)
    if formats.is_dash(original):
        return Decimal("0.00")
    bare, is_negative = formats.without_direction(formats.without_currency(original)[0], field)
    amount = formats.parse_with_mark(_parse_cents, original, bare, mark, field)
    return -amount if is_negative and amount else amount


def _parse_cents(text: str, field: str) -> Decimal:
    """Return the amount written with a decimal point."""
    text = formats.single_spaces(text)
    if not text:
        raise InvalidInput("The amount is missing. Write it like 1,234.50.", field=field)
    bare, negative = _without_sign(text)
    if not _is_number(bare):
        raise InvalidInput(
            f"“{formats.shorten(text)}” is not an amount. Write it like 1,234.50.", field=field
        )
    whole, _, fraction = bare.replace(",", "").replace(" ", "").partition(".")
    if len(fraction.rstrip("0")) > DECIMALS:
        raise InvalidInput(
            f"“{formats.shorten(text)}” has more than two decimal places. Round it to cents.",
            field=field,
        )
    if len(whole.lstrip("0")) > LARGEST_DIGITS:
        raise InvalidInput(
            f"“{formats.shorten(text)}” is too large: at most {LARGEST_DIGITS} digits before the "
            "decimal point.",
            field=field,
        )
    amount = Decimal(f"{whole or '0'}.{fraction[:DECIMALS]:0<{DECIMALS}}")
    return -amount if negative and amount else amount


def parse_number(text: str, field: str = "value") -> Decimal:
    """Return the typed number with its decimals as typed: `4.8`, `1,234.5`, `-3`, `99.2%`.

    Raises InvalidInput naming `field` if the text is not a number.
    """
    text = formats.single_spaces(text)
    if not text:
        raise InvalidInput("The number is missing. Write it like 4.8.", field=field)
    bare, negative = _without_sign(text.removesuffix("%").rstrip())
    if not _is_number(bare) or "$" in text:
        raise InvalidInput(
            f"“{formats.shorten(text)}” is not a number. Write it like 4.8.", field=field
        )
    number = Decimal(bare.replace(",", "").replace(" ", ""))
    return -number if negative and number else number


def validate_money(amount: Decimal, field: str = "amount") -> Decimal:
    """Return the amount if it fits numeric(14, 2), to which PostgreSQL would round it silently.

    Raises InvalidInput naming `field` if the amount is not finite, has a fraction of a cent, or has
    more than 12 digits before the point.
    """
    return validate_decimal(amount, field, LARGEST_DIGITS, DECIMALS)


def validate_decimal(amount: Decimal, field: str, largest_digits: int, decimals: int) -> Decimal:
    """Return the number if it has at most `largest_digits` digits before the point and `decimals`
    after it.

    Raises InvalidInput naming `field` otherwise, and if the number is not finite.
    """
    if not amount.is_finite():
        raise InvalidInput("This is not a number.", field=field)
    if amount and amount.adjusted() >= largest_digits:
        raise InvalidInput(
            f"This is too large: at most {largest_digits} digits before the decimal point.",
            field=field,
        )
    if amount != round(amount, decimals):
        raise InvalidInput(f"This has more than {decimals} decimal places. Round it.", field=field)
    return amount


def _is_number(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text))


def _without_sign(text: str) -> tuple[str, bool]:
    """Return the text without sign, brackets and dollar sign, and whether it is negative."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip().removeprefix("$").strip(), True
    bare = text.removeprefix("$").lstrip()
    for sign in _MINUS:
        if bare.startswith(sign):
            return bare[1:].lstrip().removeprefix("$").lstrip(), True
        if bare.endswith(sign):
            return bare[:-1].rstrip(), True
    if bare.startswith("+"):
        return bare[1:].lstrip().removeprefix("$").lstrip(), False
    return bare, False
