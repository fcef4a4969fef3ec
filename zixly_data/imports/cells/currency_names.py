"""The names of currencies as other programs export them: `Australian Dollar - AUD`, `A$`, `aud`."""

from __future__ import annotations

import re
from typing import Final

from zixly_data.values.currencies import CODES, parse_currency

SYMBOLS: Final = {
    "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "US$": "USD", "C$": "CAD", "CA$": "CAD",
    "S$": "SGD", "SG$": "SGD", "HK$": "HKD", "€": "EUR", "£": "GBP", "¥": "JPY", "R$": "BRL",
    "NT$": "TWD", "FJ$": "FJD", "₹": "INR", "₱": "PHP", "₩": "KRW", "฿": "THB",
}  # fmt: skip
"""The signs that belong to one currency. `$` alone belongs to many."""

# In the singular and without case. A name that several countries share, such as dollar, is absent.
_NAMES: Final = {
    "AUD": ("australian dollar", "aussie dollar", "australia dollar", "australischer dollar"),
    "NZD": ("new zealand dollar", "nz dollar", "neuseeland-dollar"),
    "USD": ("us dollar", "u.s. dollar", "united states dollar", "american dollar", "us-dollar",
            "united states of america dollar"),
    "GBP": ("british pound", "pound sterling", "british pound sterling", "uk pound", "sterling",
            "great british pound", "united kingdom pound", "britisches pfund"),
    "EUR": ("euro",),
    "SGD": ("singapore dollar", "singapore-dollar"),
    "HKD": ("hong kong dollar", "hongkong-dollar"),
    "JPY": ("japanese yen", "japan yen", "yen", "japanischer yen"),
    "CAD": ("canadian dollar", "canada dollar", "kanadischer dollar"),
    "INR": ("indian rupee", "india rupee"),
    "CHF": ("swiss franc", "schweizer franken", "switzerland franc"),
    "CNY": ("chinese yuan", "yuan renminbi", "chinese yuan renminbi", "renminbi", "yuan",
            "china yuan renminbi"),
    "FJD": ("fijian dollar", "fiji dollar"),
    "PGK": ("papua new guinean kina", "papua new guinea kina", "kina"),
    "IDR": ("indonesian rupiah", "indonesia rupiah", "rupiah"),
    "MYR": ("malaysian ringgit", "malaysia ringgit", "ringgit"),
    "PHP": ("philippine peso", "philippines peso"),
    "THB": ("thai baht", "thailand baht", "baht"),
    "VND": ("vietnamese dong", "vietnam dong"),
    "KRW": ("south korean won", "korean won"),
    "TWD": ("new taiwan dollar", "taiwan dollar", "taiwan new dollar"),
    "ZAR": ("south african rand", "south africa rand", "rand"),
    "AED": ("united arab emirates dirham", "uae dirham", "emirati dirham"),
    "SAR": ("saudi riyal", "saudi arabian riyal"),
    "ILS": ("israeli new shekel", "israeli shekel", "new israeli shekel"),
    "TRY": ("turkish lira", "turkey lira"),
    "BRL": ("brazilian real", "brazil real"),
    "MXN": ("mexican peso", "mexico peso"),
    "DKK": ("danish krone", "denmark krone"),
    "NOK": ("norwegian krone", "norway krone"),
    "SEK": ("swedish krona", "sweden krona"),
    "PLN": ("polish zloty", "polish złoty", "poland zloty"),
    "CZK": ("czech koruna", "czech republic koruna"),
    "HUF": ("hungarian forint",),
}  # fmt: skip
_CODES_BY_NAME = {name: code for code, names in _NAMES.items() for name in names}
_CODE = re.compile(r"(?<![^\W_])[A-Z]{3}(?![^\W_])")
_SEPARATORS = " \t-–—:,/()[]"
_ARTICLES = re.compile(r"(?:the|in) ")


def parse_currency_name(text: str, field: str = "currency") -> str:
    """Return the code of a currency: AUD for `Australian Dollar - AUD`, `A$`, `aud`.

    A code beside a name that is not in the list counts. `$` and `Dollars` are no currency, because
    several countries have one. Raises InvalidInput naming `field`, also if name and code disagree.
    """
    bare = " ".join(text.split())
    if bare.upper() in SYMBOLS:
        return SYMBOLS[bare.upper()]
    if bare.upper() in CODES:
        return bare.upper()
    codes = [str(code) for code in dict.fromkeys(_CODE.findall(bare)) if code in CODES]
    if len(codes) == 1:
        name = _trim(bare.replace(codes[0], " "))
        if _code_of(name) in (None, codes[0]):
            return codes[0]
    elif not codes and (code := _code_of(_trim(bare))):
        return code
    return parse_currency(text, field)


def _code_of(name: str) -> str | None:
    """Return the code of a name or sign, None for an unknown one."""
    if code := SYMBOLS.get(name.upper()):
        return code
    key = _ARTICLES.sub("", name.casefold())
    return _CODES_BY_NAME.get(key) or _CODES_BY_NAME.get(key.removesuffix("s"))


def _trim(text: str) -> str:
    return " ".join(text.strip(_SEPARATORS).split())
