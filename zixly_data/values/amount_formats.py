"""The formats in which people and programs write an amount, the same in forms, grids and files.

`8.000,00`, `1'234.50`, `AUD 5`, `€5`, `5 CR`, a lone dash for zero. `amounts` reads the plain
number that is left once these are resolved.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Literal

from zixly_data.errors import InvalidInput
from zixly_data.values.currencies import CODES, COMMON
from zixly_data.values.currency_names import SYMBOLS, parse_currency_name

Mark = Literal[".", ","]
# `?` is a mark that could be either, an empty text none at all.
DetectedMark = Literal[".", ",", "?", ""]

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_APOSTROPHES = re.compile(r"(?<=[0-9])['’](?=[0-9]{3})")
_GROUPS = re.compile(r"[0-9][\s\u00a0\u2007\u2009\u202f'’]+[0-9]")
_DASH = re.compile(r"\$? ?[-−–—]")
_CURRENCY = r"[A-Z]{3}|[A-Z]{1,2}\$|[€£¥₹₱₩฿]"
_BEFORE = re.compile(rf"([-−–+(]? ?)({_CURRENCY}) ?(?=[^A-Za-z])(.+)")
_AFTER = re.compile(rf"(.*?[0-9.,)]) ?({_CURRENCY})( ?[-−–)]?)")
_AFTER_NAME = re.compile(r"(.*?[0-9.,)]) ?([A-Za-z][A-Za-z .$-]+)")
_CREDIT_DEBIT = re.compile(r"(.*[0-9.,]) ?(CR|DR)\.?", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9][0-9.,]*|[.,][0-9]+")
# What is left of an amount or a number without its currency, spaces and the sign.
_FIGURE = re.compile(
    r"[0-9]+[.,]?[0-9]*|[.,][0-9]+"
    r"|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]*)?"
    r"|[0-9]{1,3}(?:\.[0-9]{2,3})*\.[0-9]{3}(?:,[0-9]*)?"
)
_LONGEST_FIGURE = 60
_BESIDE_FIGURE = " ()+-−–$%"
_SWAPPED = str.maketrans(".,", ",.")


def single_spaces(text: str) -> str:
    """Return the text with one plain space for any run of spaces, and none at its ends."""
    return _SPACES.sub(" ", text).strip()


def is_dash(text: str) -> bool:
    """Return whether the text is a lone dash, with which spreadsheets and books write zero."""
    return bool(_DASH.fullmatch(text))


def without_currency(text: str) -> tuple[str, str | None]:
    """Split an amount and the currency before or after it, as its code. `$` alone is none."""
    if match := _BEFORE.fullmatch(text):
        rest, sign = match[1].strip() + match[3], match[2]
    elif match := _AFTER.fullmatch(text):
        rest, sign = match[1] + match[3].strip(), match[2]
    else:
        return _split_name(text)
    code = sign if sign in CODES else SYMBOLS.get(sign)
    return (rest, code) if code else (text, None)


def without_direction(text: str, field: str) -> tuple[str, bool]:
    """Return the amount without CR or DR, and whether DR makes it negative.

    Raises InvalidInput naming `field` if it has a sign as well.
    """
    match = _CREDIT_DEBIT.fullmatch(text)
    if match is None:
        return text, False
    bare, direction = match[1], match[2].upper()
    if bare[0] in "-−–(":
        raise InvalidInput(
            f"“{shorten(text)}” has a sign and {direction}. Use only one of them.", field=field
        )
    return bare, direction == "DR"


def detect_mark(text: str) -> DetectedMark:
    """Detect the decimal mark of one number."""
    match = _DIGITS.search(_SPACES.sub("", _APOSTROPHES.sub("", text)))
    if match is None:
        return ""
    digits = match[0]
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return ""
    if points and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    marks: tuple[Mark, Mark] = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return marks[1]
    before, _, after = digits.partition(marks[0])
    could_be_thousands = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    return "?" if could_be_thousands and not _GROUPS.search(text) else marks[0]


def is_thousands_comma(text: str) -> bool:
    """Return whether the only mark is a comma that could separate thousands: `1,234`."""
    return "." not in text and text.count(",") == 1 and detect_mark(text) == "?"


def both_meanings(original: str, bare: str) -> str:
    """Return the sentence for a number whose mark could be either: `“1.234” could be …`."""
    point, comma = (bare.replace(mark, "") for mark in ",.")
    return f"“{shorten(original)}” could be {point.replace(',', '')} or {comma.replace(',', '.')}."


def parse_with_mark(
    parse: Callable[[str, str], Decimal], original: str, bare: str, mark: Mark | None, field: str
) -> Decimal:
    """Parse `bare` with `parse`, which reads a decimal point, by this or its detected mark.

    Raises InvalidInput naming `field`, with the `original` text, also if the mark could be either.
    """
    bare = _APOSTROPHES.sub(" ", bare)
    own_mark = mark or detect_mark(bare)
    if own_mark == "?":
        raise InvalidInput(
            f"{both_meanings(original, bare)} Choose whether the decimal mark is a point or a "
            "comma.",
            field=field,
        )
    try:
        return parse(bare.translate(_SWAPPED) if own_mark == "," else bare, field)
    except InvalidInput as error:
        sentence = str(error)
        if own_mark == ",":
            sentence = sentence.replace("1,234.50", "1.234,50").replace("4.8", "4,8")
        quoted, _, rest = sentence.partition("”")
        if rest and quoted.startswith("“"):
            sentence = f"“{shorten(original)}”{rest}"
        raise InvalidInput(sentence, field=field) from None


def shorten(text: str) -> str:
    """Return the text for a sentence, at most 40 characters of it."""
    return text if len(text) <= 40 else f"{text[:40]}…"


def could_be_figure(text: str) -> bool:
    """Return whether a text with a mark is one figure, so that its mark says something."""
    if len(text) > _LONGEST_FIGURE or not ("." in text or "," in text):
        return False
    bare = without_currency(single_spaces(text))[0]
    if suffix := _CREDIT_DEBIT.fullmatch(bare):
        bare = suffix[1]
    digits = _SPACES.sub("", _APOSTROPHES.sub("", bare)).strip(_BESIDE_FIGURE)
    return _FIGURE.fullmatch(digits) is not None


def _split_name(text: str) -> tuple[str, str | None]:
    """Split an amount and the name or code of a currency behind it: `5 aud`, `5 Euro`."""
    match = _AFTER_NAME.fullmatch(text)
    if match is None or _CREDIT_DEBIT.fullmatch(text):
        return text, None
    name = match[2].strip()
    if len(name) == 3 and name.upper() not in COMMON:  # `5 all` and `5 try` are no currencies.
        return text, None
    try:
        return match[1], parse_currency_name(name)
    except InvalidInput:
        return text, None
