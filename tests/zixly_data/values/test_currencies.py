"""Currencies: the codes of ISO 4217 and the symbols of amounts."""

from __future__ import annotations

import pytest

from zixly_data.errors import InvalidInput
from zixly_data.values.currencies import CODES, COMMON, parse_currency, sign


def test_a_code_is_read_in_any_case() -> None:
    assert parse_currency(" nzd ") == "NZD"


@pytest.mark.parametrize("code", ["AUX", "A$", "dollars", "XAU", "🦘", "'; DROP TABLE"])
def test_an_unknown_currency_is_refused_in_words(code: str) -> None:
    with pytest.raises(InvalidInput, match="is not a currency") as refused:
        parse_currency(code, "currency")
    assert refused.value.field == "currency"


def test_a_missing_currency_and_an_endless_one_are_refused_in_short() -> None:
    with pytest.raises(InvalidInput, match="missing"):
        parse_currency("  ")
    with pytest.raises(InvalidInput) as refused:
        parse_currency("A" * 10_000)
    assert len(str(refused.value)) < 120


def test_every_code_has_three_capitals_and_the_menu_is_made_of_them() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in CODES)
    assert len(CODES) > 150
    assert CODES.issuperset(COMMON)


def test_only_the_home_currency_is_a_bare_dollar() -> None:
    assert [sign(code) for code in ("AUD", "NZD", "USD", "GBP", "EUR", "SGD")] == (
        ["$", "NZ$", "US$", "£", "€", "SGD "]
    )
