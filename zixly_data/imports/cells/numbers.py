"""One cell that is an amount or a number, as people and programs write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.mapping import DecimalMark
from zixly_data.imports.cells.table import Cell
from zixly_data.values import amounts
from zixly_data.values.currencies import CODES

# An amount that needs no reading. No -0.00: it would not be the text of any amount.
PLAIN_CENTS = re.compile(r"(?:-(?!0\.00))?(?:0|[1-9][0-9]{0,11})\.[0-9]{2}")
_QUICK = re.compile(
    r"(-?)\$?([1-9][0-9]{0,2}(?:,[0-9]{3}){0,3}|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?"
)

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_APOSTROPHES = re.compile(r"(?<=[0-9])['’](?=[0-9]{3})")
_DASH = re.compile(r"\$? ?[-−–—]")
_SYMBOLS = {
    "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "US$": "USD", "C$": "CAD", "CA$": "CAD",
    "S$": "SGD", "SG$": "SGD", "HK$": "HKD", "€": "EUR", "£": "GBP", "¥": "JPY",
}  # fmt: skip
_CURRENCY = r"[A-Z]{3}|[A-Z]{1,2}\$|[€£¥]"
_BEFORE = re.compile(rf"([-−–+(]? ?)({_CURRENCY}) ?(?=[^A-Za-z])(.+)")
_AFTER = re.compile(rf"(.*?[0-9.,)]) ?({_CURRENCY})( ?[-−–)]?)")
_SIDE = re.compile(r"(.*[0-9.,]) ?(CR|DR)\.?", re.IGNORECASE)
_MARKED = re.compile(r"[0-9][0-9.,]*|[.,][0-9]+")
_SWAPPED = str.maketrans(".,", ",.")
_YES_NO = {"yes": 1, "y": 1, "true": 1, "no": 0, "n": 0, "false": 0}


def decimal_mark(cells: Sequence[Cell], *, cents: bool = False) -> DecimalMark | None:
    """What stands before the decimals of a column; None where its cells could be read both ways.

    A point if nothing speaks for a comma. `1,234` and `1.234` alone say nothing; `1,234.50`, `12.5`
    and `1,234,567` do. Where some cells speak for the one and some for the other, nobody knows.
    Amounts have `cents` and no third decimal: there the comma of `1,234` is one of thousands.
    """
    said = set()
    others = set()
    for cell in cells:
        if cell.__class__ is str:
            if cell[-3:-2] == "." and PLAIN_CENTS.fullmatch(cell):
                said.add(".")
            else:
                others.add(cell)
    said |= {"." if cents and _is_thousands(text) else _says(text) for text in others} - {""}
    if "," in said:
        return None if "." in said else ","
    return "." if "." in said or not said else None


def quick_cents(text: str) -> str | None:
    """The text of a common amount whose decimals stand behind a point; None if it takes longer."""
    if found := _QUICK.fullmatch(text):
        return f"{found[1]}{found[2].replace(',', '')}.{found[3] or '':0<2}"
    return None


def money(text: str, mark: DecimalMark | None, field: str) -> Decimal:
    """The amount of a cell, to the cent.

    Raises InvalidInput naming `field` when it is none, or `mark` is None and it could be two.
    """
    wanted = _SPACES.sub(" ", text).strip()
    if _DASH.fullmatch(wanted):
        return Decimal("0.00")
    bare = _without_currency(wanted)[0]
    negative = False
    if side := _SIDE.fullmatch(bare):
        bare, negative = side[1], side[2].upper() == "DR"
        if bare[0] in "-−–(":
            raise InvalidInput(
                f"“{_shown(wanted)}” has a sign and {side[2].upper()}. Write one of them.",
                field=field,
            )
    amount = _parsed(amounts.parse_money, wanted, bare, mark, field)
    return -amount if negative and amount else amount


def number(text: str, mark: DecimalMark | None, field: str) -> Decimal:
    """The number of a cell, its per cent sign dropped. Raises InvalidInput naming `field`."""
    wanted = _SPACES.sub(" ", text).strip()
    if (said := _YES_NO.get(wanted.lower())) is not None:
        return Decimal(said)
    return _parsed(amounts.parse_number, wanted, wanted, mark, field)


def named_currencies(cells: Sequence[Cell]) -> dict[int, str]:
    """The currencies that amounts name (`USD 5`, `€5`), by row. A mere `$` names none."""
    named = {}
    for cell in {cell for cell in cells if isinstance(cell, str)}:
        if code := _without_currency(_SPACES.sub(" ", cell).strip())[1]:
            named[cell] = code
    if not named:
        return {}
    return {
        row: named[cell]
        for row, cell in enumerate(cells)
        if isinstance(cell, str) and cell in named
    }


def _says(text: str) -> str:
    """What a cell says about the decimal mark: `.`, `,`, `?` for either, nothing for neither."""
    wanted = _APOSTROPHES.sub("", text)
    found = _MARKED.search(_SPACES.sub("", wanted))
    if found is None:
        return ""
    digits = found[0]
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return ""
    if points and commas:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    mark, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    before, _, after = digits.partition(mark)
    could_group = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    if not could_group or re.search(r"[0-9][\s\u00a0\u2007\u2009\u202f'’]+[0-9]", text):
        return mark
    return "?"


def _is_thousands(text: str) -> bool:
    """A comma, three digits behind it, and nothing else that could be a mark."""
    return "." not in text and text.count(",") == 1 and _says(text) == "?"


def _parsed(
    parse: Callable[[str, str], Decimal],
    wanted: str,
    bare: str,
    mark: DecimalMark | None,
    field: str,
) -> Decimal:
    bare = _APOSTROPHES.sub(" ", bare)
    said = mark or _says(bare)
    if said == "?":
        point, comma = (bare.replace(mark, "") for mark in ",.")
        raise InvalidInput(
            f"“{_shown(wanted)}” could be {point.replace(',', '')} or "
            f"{comma.replace(',', '.')}. Say whether a point or a comma stands before the "
            "decimals.",
            field=field,
        )
    try:
        return parse(bare.translate(_SWAPPED) if said == "," else bare, field)
    except InvalidInput as error:
        sentence = str(error)
        if said == ",":
            sentence = sentence.replace("1,234.50", "1.234,50").replace("4.8", "4,8")
        quoted, _, rest = sentence.partition("”")
        if rest and quoted.startswith("“"):
            sentence = f"“{_shown(wanted)}”{rest}"
        raise InvalidInput(sentence, field=field) from None


def _without_currency(text: str) -> tuple[str, str | None]:
    """The amount without the currency that stands before or after it, and the currency's code."""
    if found := _BEFORE.fullmatch(text):
        rest, sign = found[1].strip() + found[3], found[2]
    elif found := _AFTER.fullmatch(text):
        rest, sign = found[1] + found[3].strip(), found[2]
    else:
        return text, None
    code = sign if sign in CODES else _SYMBOLS.get(sign)
    return (rest, code) if code else (text, None)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
