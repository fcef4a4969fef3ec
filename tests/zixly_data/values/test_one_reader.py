"""An amount has one meaning: forms, grids and files read the same texts to the same amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zixly_data.errors import InvalidInput
from zixly_data.imports.rows import values
from zixly_data.records.month_cells import parse_amount
from zixly_data.tables.financials import FINANCIALS
from zixly_data.tables.overheads import OVERHEADS

TEXTS = {
    "5": "5.00",
    "-": "0.00",
    "–": "0.00",
    "$ -": "0.00",
    "1,234": "1234.00",
    "1,234.50": "1234.50",
    "8.000,00": "8000.00",
    "1.234.567": "1234567.00",
    "1234,5": "1234.50",
    "1'234.50": "1234.50",
    "1’234": "1234.00",
    "1 234,50": "1234.50",
    "1\u00a0234\u202f567.50": "1234567.50",
    "(500.00)": "-500.00",
    "(1.500,25)": "-1500.25",
    "5-": "-5.00",
    "−5.5": "-5.50",
    "5 CR": "5.00",
    "5,000.00 DR": "-5000.00",
    "$5": "5.00",
    "AUD 5": "5.00",
    "5 AUD": "5.00",
    "A$1,234.50": "1234.50",
    "-AUD 5": "-5.00",
    "(AUD 5.10)": "-5.10",
}
REFUSED = {
    "12x": "“12x” is not an amount.",
    "1.234": "“1.234” could be 1.234 or 1234.",
    "1.2345": "“1.2345” has more than two decimal places.",
    "-5 DR": "“-5 DR” has a sign and DR.",
    "1,23,4": "“1,23,4” is not an amount.",
}


def in_form(text: str) -> str:
    return str(FINANCIALS.entered["revenue"].parse(text, "AUD"))


def in_grid(text: str) -> str:
    return str(parse_amount(text, "revenue", "AUD"))


def in_file(text: str) -> str:
    mark = values.decimal_mark([text], cents=True)
    column = values.money([text], "Revenue", mark)
    if column.problems:
        raise InvalidInput(column.problems[0])
    return str(column.values[0])


READERS = pytest.mark.parametrize("read", [in_form, in_grid, in_file])


@READERS
@pytest.mark.parametrize("text", TEXTS)
def test_an_amount_is_the_same_in_form_grid_and_file(read: object, text: str) -> None:
    assert callable(read)
    assert read(text) == TEXTS[text]


@READERS
@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_is_refused_everywhere(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(InvalidInput) as refused:
        read(text)
    assert str(refused.value).startswith(REFUSED[text])


@given(st.text("0123456789.,'-() $ARUD", max_size=12).filter(str.strip))
def test_any_text_is_the_same_amount_or_refused_everywhere(text: str) -> None:
    outcomes = set()
    for read in (in_form, in_grid, in_file):
        try:
            outcomes.add(read(text))
        except InvalidInput:
            outcomes.add("refused")
    assert len(outcomes) == 1


@pytest.mark.parametrize("text", ["USD 5", "5 EUR", "€5", "NZ$5"])
def test_an_amount_in_another_currency_is_refused_with_both(text: str) -> None:
    for read in (in_form, in_grid):
        with pytest.raises(
            InvalidInput, match=r"these amounts are in AUD\. Enter an amount in AUD"
        ):
            read(text)
    assert in_file(text) == "5.00", "control: a file is compared with the currency of its row"
    with pytest.raises(InvalidInput, match="names a currency"):
        OVERHEADS.entered["expenses"].parse(text)
    assert str(OVERHEADS.entered["expenses"].parse("$5")) == "5.00", "control"
