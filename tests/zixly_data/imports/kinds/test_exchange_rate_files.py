"""Files of exchange rates, as people have them: read whole, or each bad line named in words."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from zixly_data.imports import FileRefused, exchange_rate_files
from zixly_data.imports.exchange_rate_files import RateFile

MARCH, APRIL = date(2024, 3, 1), date(2024, 4, 1)


def read(content: str | bytes, target_currency: str = "AUD") -> RateFile:
    data = content.encode() if isinstance(content, str) else content
    return exchange_rate_files.read("rates.csv", data, target_currency)


def rates_in(file: RateFile) -> list[tuple[date, str, str, str]]:
    assert [str(bad_line) for bad_line in file.bad] == []
    return [
        (rate.month, rate.currency, rate.into_currency, format(rate.rate.normalize(), "f"))
        for rate in file.rates
    ]


@pytest.mark.parametrize(
    "content",
    [
        "month,currency,rate\n2024-03,NZD,0.9132\n2024-04,USD,1.5\n",
        "MONTH,Currency,Rate\r\n2024-03-01,nzd,0.9132\r\n2024-04-30,usd,1.50\r\n",
        "\ufeffmonth;currency;rate\n2024-03;NZD;0,9132\n2024-04;USD;1,5\n",
        "Month\tCurrency\tRate\n3/2024\tNZD\t.9132\n4/2024\tUSD\t1.5\n",
        "Rate,To currency,Date,From currency\n0.9132,AUD,31-Mar-2024,NZD\n1.5,AUD,30/04/2024,USD\n",
        "month,currency,into_currency,rate,source_system\n"
        "2024-03-01,NZD,AUD,0.91320000,manual\n2024-04-01,USD,AUD,1.50000000,file\n",
        "Rates of the bank,,\n\nmonth,currency,rate\nMar 2024,NZD,0.9132\nApr 2024,USD,1.5\n",
    ],
)  # fmt: skip
def test_a_file_is_read_however_it_is_written(content: str) -> None:
    assert rates_in(read(content)) == [
        (MARCH, "NZD", "AUD", "0.9132"),
        (APRIL, "USD", "AUD", "1.5"),
    ]


def test_a_column_says_into_which_currency_and_an_empty_cell_means_the_usual_one() -> None:
    file = read("month,currency,rate,into_currency\n2024-03,NZD,0.6,usd\n2024-03,NZD,0.9,\n")
    assert [line[2:] for line in rates_in(file)] == [("USD", "0.6"), ("AUD", "0.9")]
    assert rates_in(read("month,currency,rate\n2024-03,AUD,1.1\n", "NZD"))[0][2] == "NZD"


def test_a_workbook_is_read_as_it_shows() -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Month", "Currency", "Rate"],
        [date(2024, 3, 31), "NZD", 0.9132],
        ["2024-04", "USD", 1.5],
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    assert [line[3] for line in rates_in(read(content.getvalue()))] == ["0.9132", "1.5"]


def test_every_bad_line_is_named_with_its_number_its_value_and_the_reason() -> None:
    file = read(
        "month,currency,rate\n"
        "2024-03,NZD,0.9132\n"
        "2024-13,NZD,0.9\n"
        ",NZD,0.9\n"
        "1999-12,NZD,0.9\n"
        "2024-04,KIWI,0.9\n"
        "2024-04,,0.9\n"
        "2024-04,AUD,0.9\n"
        "2024-04,NZD,abc\n"
        "2024-04,NZD,\n"
        "2024-04,NZD,0\n"
        "2024-04,NZD,-1\n"
        "2024-04,NZD,2000000000\n"
        "2024-04,NZD,0.1234567891\n"
        "31/03/2024,NZD,0.9\n"
        "2024-04,NZD,0.9\n"
    )
    assert [(rate.month, rate.rate) for rate in file.rates] == [
        (MARCH, Decimal("0.9132")),
        (APRIL, Decimal("0.9")),
    ]
    assert [str(bad_line) for bad_line in file.bad] == [
        "Line 3: “2024-13” is not a month. Enter it like 2024-03.",
        "Line 4: Enter a month, like 2024-03.",
        "Line 5: “1999-12”: 1 Dec 1999 is out of range. Choose a date from 1 Jan 2000 to 31 Dec 2100.",  # noqa: E501
        "Line 6: “KIWI” is not a currency. Use a three-letter code like AUD or NZD.",
        "Line 7: The currency is missing. Use a three-letter code like AUD.",
        "Line 8: “AUD”: A rate needs two different currencies.",
        "Line 9: “abc” is not a number. Write it like 0.9132.",
        "Line 10: Enter a rate, like 0.9132.",
        "Line 11: “0”: A rate must be more than zero and at most 1,000,000,000.",
        "Line 12: “-1”: A rate must be more than zero and at most 1,000,000,000.",
        "Line 13: “2000000000”: A rate must be more than zero and at most 1,000,000,000.",
        "Line 14: “0.1234567891”: This has more than 8 decimal places. Round it.",
        "Line 15: “31/03/2024”: Line 2 already has a rate from NZD to AUD for March 2024.",
    ]


@pytest.mark.parametrize("rate", ["1,234", "0,913", "91%"])
def test_what_could_mean_two_rates_is_not_guessed(rate: str) -> None:
    """One comma and three digits is a thousand to some and a fraction to others."""
    file = read(f'month,currency,rate\n2024-03,NZD,0.9132\n2024-04,NZD,"{rate}"\n')
    assert [rate.rate for rate in file.rates] == [Decimal("0.9132")]
    assert [bad_line.line for bad_line in file.bad] == [3]
    assert f"“{rate}”" in str(file.bad[0])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("month,currency\n2024-03,NZD\n", "The file has no column “rate”."),
        ("currency,rate\nNZD,0.9\n", "The file has no column “month”. Its columns are “currency”"),
        ("month,currency,rate\n", "no rows below them"),
        ("%PDF-1.7", "a PDF"),
    ],
)
def test_what_is_no_file_of_rates_is_refused_in_words(content: str, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence) as refused:
        read(content)
    assert refused.value.advice


def test_a_workbook_with_several_sheets_is_not_guessed_at() -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Other")):
        for row in (["month", "currency", "rate"], ["2024-03", "NZD", "0.9"]):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(FileRefused, match="several sheets"):
        read(content.getvalue())
