"""The currencies Zixly supports: the active codes of ISO 4217 without funds, metals and test codes.

A list rather than a library: it changes about once a year, and the libraries that contain it add
megabytes of unused names and rules. The database checks only the form of a code, so an amendment
needs a line here and no migration.
"""

from __future__ import annotations

from typing import Final

from zixly_data.errors import InvalidInput

COMMON: Final = ("AUD", "NZD", "USD", "GBP", "EUR", "SGD", "HKD", "JPY", "CAD", "INR")
"""Currencies listed first in menus."""

_ISO_4217 = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW
    KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""

CODES: Final = frozenset(_ISO_4217.split())

_SYMBOLS: Final = {"AUD": "$", "NZD": "NZ$", "USD": "US$", "GBP": "£", "EUR": "€"}


def parse_currency(code: str, field: str = "currency") -> str:
    """Return the typed code in capitals.

    Raises InvalidInput naming `field` if it is not a currency of ISO 4217.
    """
    currency = code.strip().upper()
    if not currency:
        raise InvalidInput(
            "The currency is missing. Use a three-letter code like AUD.", field=field
        )
    if currency not in CODES:
        excerpt = code.strip() if len(code.strip()) <= 20 else f"{code.strip()[:20]}…"
        raise InvalidInput(
            f"“{excerpt}” is not a currency. Use a three-letter code like AUD or NZD.", field=field
        )
    return currency


def sign(currency: str) -> str:
    """Return the prefix of an amount: `$` for AUD, `NZ$`, `US$`, `£`, `€`, otherwise `SGD `."""
    return _SYMBOLS.get(currency, f"{currency} ")
