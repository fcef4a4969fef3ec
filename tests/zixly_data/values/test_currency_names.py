"""Currencies as exporters write them, in a column of their own and beside amounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zixly_data.errors import InvalidInput
from zixly_data.imports.cells.numbers import named_currencies, parse_money
from zixly_data.values.currency_names import parse_currency_name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Australian Dollar - AUD", "AUD"),
        ("AUD (Australian Dollar)", "AUD"),
        ("AUD - Australian Dollar", "AUD"),
        ("Australian Dollar (AUD)", "AUD"),
        ("AUD: Australian Dollars", "AUD"),
        ("A$", "AUD"),
        ("AU$", "AUD"),
        ("aud", "AUD"),
        ("  Australian  dollars ", "AUD"),
        ("US Dollars", "USD"),
        ("U.S. Dollar", "USD"),
        ("United States Dollar", "USD"),
        ("USD $", "USD"),
        ("Euro", "EUR"),
        ("EUR - Euro", "EUR"),
        ("€", "EUR"),
        ("GBP £", "GBP"),
        ("British pounds", "GBP"),
        ("[NZD] New Zealand Dollar", "NZD"),
        ("Kenyan Shilling (KES)", "KES"),
    ],
)
def test_names_and_signs_of_currencies_are_their_codes(text: str, code: str) -> None:
    assert parse_currency_name(text) == code


@pytest.mark.parametrize(
    "text",
    ["$", "Dollar", "Dollars", "pounds", "Euro - AUD", "AUD - EUR", "XXX", "Fr", "Kea", "AUD/NZD"],
)
def test_what_could_be_several_currencies_is_none(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a currency") as refusal:
        parse_currency_name(text, "Currency")
    assert refusal.value.field == "Currency"


def test_a_missing_currency_says_so() -> None:
    with pytest.raises(InvalidInput, match="The currency is missing"):
        parse_currency_name(" ")


@pytest.mark.parametrize(
    ("text", "amount", "code"),
    [
        ("A$ 5", "5.00", "AUD"),
        ("5 AUD", "5.00", "AUD"),
        ("$5.00 AUD", "5.00", "AUD"),
        ("AUD $5.00", "5.00", "AUD"),
        ("5.00 aud", "5.00", "AUD"),
        ("5 Euro", "5.00", "EUR"),
        ("1,234.50 US Dollars", "1234.50", "USD"),
        ("(A$5.00)", "-5.00", "AUD"),
        ("-A$5", "-5.00", "AUD"),
        ("5 AUD-", "-5.00", "AUD"),
        ("$5", "5.00", None),
        ("5 CR", "5.00", None),
        ("5 DR", "-5.00", None),
    ],
)
def test_a_currency_beside_an_amount_is_read(text: str, amount: str, code: str | None) -> None:
    assert parse_money(text, ".", "Revenue") == Decimal(amount)
    assert named_currencies([text]) == ({0: code} if code else {})


@pytest.mark.parametrize("text", ["5 all", "5 try", "5 hours", "5 Dollar"])
def test_other_words_behind_an_amount_are_no_currency(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not an amount"):
        parse_money(text, ".", "Revenue")
