"""Parses the amounts and numbers of cells, in the formats that people and programs write."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.currency_names import SYMBOLS, parse_currency_name
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.cells.table import Cell
from zixly_data.values import amounts
from zixly_data.values.currencies import CODES, COMMON

# An amount that needs no parsing. Not -0.00: no amount is written so.
PLAIN_CENTS = re.compile(r"(?:-(?!0\.00))?(?:0|[1-9][0-9]{0,11})\.[0-9]{2}")
_QUICK = re.compile(
    r"(-?)\$?([1-9][0-9]{0,2}(?:,[0-9]{3}){0,3}|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?"
)

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_APOSTROPHES = re.compile(r"(?<=[0-9])['’](?=[0-9]{3})")
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
_YES_NO = {"yes": 1, "y": 1, "true": 1, "no": 0, "n": 0, "false": 0}


def decimal_mark(cells: Sequence[Cell], *, cents: bool = False) -> DecimalMark | None:
    """Detect the decimal mark of a column; None if its cells could be read in both ways.

    Only cells that could be figures count: `see 13.02.2024` says nothing about the others.
    A point unless a cell needs a comma. `1,234` and `1.234` alone are ambiguous; `1,234.50`, `12.5`
    and `1,234,567` are not. If some cells need a point and some a comma, the mark is None. Amounts
    have `cents` and no third decimal: there the comma of `1,234` separates thousands.
    """
    marks = set()
    texts = set()
    for cell in cells:
        if cell.__class__ is str:
            if cell[-3:-2] == "." and PLAIN_CENTS.fullmatch(cell):
                marks.add(".")
            else:
                texts.add(cell)
    marks |= {
        "." if cents and _is_thousands_comma(text) else _detect_mark(text)
        for text in texts
        if _could_be_figure(text)
    } - {""}
    if "," in marks:
        return None if "." in marks else ","
    return "." if "." in marks or not marks else None


def quick_cents(text: str) -> str | None:
    """Return the text of a common amount with a decimal point; None if it needs full parsing."""
    if match := _QUICK.fullmatch(text):
        return f"{match[1]}{match[2].replace(',', '')}.{match[3] or '':0<2}"
    return None


def parse_money(text: str, mark: DecimalMark | None, field: str) -> Decimal:
    """Parse the amount of a cell, to the cent.

    Raises InvalidInput with `field` if it is not an amount, or `mark` is None and it is ambiguous.
    """
    stripped = _SPACES.sub(" ", text).strip()
    if _DASH.fullmatch(stripped):
        return Decimal("0.00")
    bare = _without_currency(stripped)[0]
    negative = False
    if suffix := _CREDIT_DEBIT.fullmatch(bare):
        bare, negative = suffix[1], suffix[2].upper() == "DR"
        if bare[0] in "-−–(":
            raise InvalidInput(
                f"“{_shorten(stripped)}” has a sign and {suffix[2].upper()}. Use only one of them.",
                field=field,
            )
    amount = _parse(amounts.parse_money, stripped, bare, mark, field)
    return -amount if negative and amount else amount


def parse_number(text: str, mark: DecimalMark | None, field: str) -> Decimal:
    """Parse the number of a cell, without its per cent sign. Raises InvalidInput with `field`."""
    stripped = _SPACES.sub(" ", text).strip()
    if (yes_no := _YES_NO.get(stripped.lower())) is not None:
        return Decimal(yes_no)
    return _parse(amounts.parse_number, stripped, stripped, mark, field)


def named_currencies(cells: Sequence[Cell]) -> dict[int, str]:
    """Return the currencies in amounts (`USD 5`, `€5`), by row. `$` alone is no currency."""
    codes = {}
    for cell in {cell for cell in cells if isinstance(cell, str)}:
        if code := _without_currency(_SPACES.sub(" ", cell).strip())[1]:
            codes[cell] = code
    if not codes:
        return {}
    return {
        row: codes[cell]
        for row, cell in enumerate(cells)
        if isinstance(cell, str) and cell in codes
    }


def read_amount(cell: Cell, mark: DecimalMark) -> Decimal | None:
    """Return the amount in a cell, None if it has none."""
    if isinstance(cell, Decimal):
        return cell
    if not isinstance(cell, str):
        return None
    if PLAIN_CENTS.fullmatch(cell):
        return Decimal(cell)
    try:
        return parse_money(cell, mark, "")
    except InvalidInput:
        return None


def _could_be_figure(text: str) -> bool:
    if len(text) > _LONGEST_FIGURE or not ("." in text or "," in text):
        return False
    bare = _without_currency(_SPACES.sub(" ", text).strip())[0]
    if suffix := _CREDIT_DEBIT.fullmatch(bare):
        bare = suffix[1]
    digits = _SPACES.sub("", _APOSTROPHES.sub("", bare)).strip(_BESIDE_FIGURE)
    return _FIGURE.fullmatch(digits) is not None


def _detect_mark(text: str) -> str:
    """Detect the decimal mark of a cell: `.`, `,`, `?` if ambiguous, empty without a mark."""
    compact = _APOSTROPHES.sub("", text)
    match = _DIGITS.search(_SPACES.sub("", compact))
    if match is None:
        return ""
    digits = match[0]
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return ""
    if points and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    mark, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    before, _, after = digits.partition(mark)
    could_be_thousands = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    if not could_be_thousands or re.search(r"[0-9][\s\u00a0\u2007\u2009\u202f'’]+[0-9]", text):
        return mark
    return "?"


def _is_thousands_comma(text: str) -> bool:
    """Return whether the only mark is a comma that could separate thousands."""
    return "." not in text and text.count(",") == 1 and _detect_mark(text) == "?"


def _parse(
    parse: Callable[[str, str], Decimal],
    original: str,
    bare: str,
    mark: DecimalMark | None,
    field: str,
) -> Decimal:
    bare = _APOSTROPHES.sub(" ", bare)
    cell_mark = mark or _detect_mark(bare)
    if cell_mark == "?":
        point, comma = (bare.replace(mark, "") for mark in ",.")
        raise InvalidInput(
            f"“{_shorten(original)}” could be {point.replace(',', '')} or "
            f"{comma.replace(',', '.')}. Choose whether the decimal mark is a point or a "
            "comma.",
            field=field,
        )
    try:
        return parse(bare.translate(_SWAPPED) if cell_mark == "," else bare, field)
    except InvalidInput as error:
        sentence = str(error)
        if cell_mark == ",":
            sentence = sentence.replace("1,234.50", "1.234,50").replace("4.8", "4,8")
        quoted, _, rest = sentence.partition("”")
        if rest and quoted.startswith("“"):
            sentence = f"“{_shorten(original)}”{rest}"
        raise InvalidInput(sentence, field=field) from None


def _without_currency(text: str) -> tuple[str, str | None]:
    """Split an amount and the currency before or after it; the currency is returned as its code."""
    if match := _BEFORE.fullmatch(text):
        rest, sign = match[1].strip() + match[3], match[2]
    elif match := _AFTER.fullmatch(text):
        rest, sign = match[1] + match[3].strip(), match[2]
    else:
        return _split_name(text)
    code = sign if sign in CODES else SYMBOLS.get(sign)
    return (rest, code) if code else (text, None)


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


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
