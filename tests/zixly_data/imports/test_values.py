"""Cells of one column as texts for the books, exact or with a reason in words."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zixly_data.exports.csv_file import guard
from zixly_data.imports.cells.mapping import DateOrder, DecimalMark
from zixly_data.imports.cells.table import Cell
from zixly_data.imports.rows import values
from zixly_data.imports.rows.values import ColumnValues

cents = st.decimals(
    min_value=Decimal("-999999999999.99"), max_value=Decimal("999999999999.99"), places=2
).map(lambda amount: amount or Decimal("0.00"))


def one(read: ColumnValues) -> str | None:
    """What the only cell says; the reason where it is wrong."""
    (value,) = read.values
    return read.problems.get(0, value)


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("1234.50", None, "1234.50"),
        ("1234", None, "1234.00"),
        ("1234.5", None, "1234.50"),
        ("007", None, "7.00"),
        ("$1,234.50", None, "1234.50"),
        ("(1,234.50)", None, "-1234.50"),
        ("($1,234.50)", None, "-1234.50"),
        ("-$5", None, "-5.00"),
        ("$-5", None, "-5.00"),
        ("5-", None, "-5.00"),
        ("+5", None, "5.00"),
        ("−5", None, "-5.00"),
        ("-0.00", None, "0.00"),
        ("1 234,50", None, "1234.50"),
        ("1\u202f234,50", None, "1234.50"),
        ("1.234.567", None, "1234567.00"),
        ("1,234,567", None, "1234567.00"),
        ("1'234.50", None, "1234.50"),
        ("1,234", ".", "1234.00"),
        ("1.234", ",", "1234.00"),
        ("1.234,50", ",", "1234.50"),
        ("12,5", ",", "12.50"),
        ("12.5", ".", "12.50"),
        ("AUD 5", None, "5.00"),
        ("5 AUD", None, "5.00"),
        ("AUD -5", None, "-5.00"),
        ("-AUD 5", None, "-5.00"),
        ("(AUD 5.10)", None, "-5.10"),
        ("A$5", None, "5.00"),
        ("€5,50", None, "5.50"),
        ("5 €", None, "5.00"),
        ("AUD $1,234.50", None, "1234.50"),
        ("5 CR", None, "5.00"),
        ("5.00DR", None, "-5.00"),
        ("$5.00 dr", None, "-5.00"),
        (" -   ", None, "0.00"),
        ("$ -", None, "0.00"),
        (Decimal("1234.5"), ",", "1234.50"),
        (Decimal("-0.1"), None, "-0.10"),
        (Decimal("0"), None, "0.00"),
        (Decimal("1E+3"), None, "1000.00"),
        (None, None, None),
    ],
)
def test_an_amount_is_read_to_the_cent(
    cell: Cell, mark: DecimalMark | None, amount: str | None
) -> None:
    assert one(values.money([cell], "Revenue", mark)) == amount


@pytest.mark.parametrize(
    ("cell", "mark", "reason"),
    [
        ("abc", None, "“abc” is not an amount. Write it like 1,234.50."),
        ("12.5%", None, "“12.5%” is not an amount. Write it like 1,234.50."),
        ("1.234,50", ".", "“1.234,50” is not an amount. Write it like 1,234.50."),
        ("1,234.50", ",", "“1,234.50” is not an amount. Write it like 1.234,50."),
        ("12.5", ",", "“12.5” is not an amount. Write it like 1.234,50."),
        ("1234.505", None, "“1234.505” has more than two decimal places. Round it to"),
        ("AUD 0.123", None, "“AUD 0.123” has more than two decimal places."),
        ("1,234", None, "“1,234” could be 1234 or 1.234. Choose whether the decimal mark is a"),
        ("1.234", None, "“1.234” could be 1.234 or 1234. Choose whether the decimal mark is a"),
        ("-5 DR", None, "“-5 DR” has a sign and DR. Use only one of them."),
        ("(-5)", None, "“(-5)” is not an amount."),
        ("XXX 5", None, "“XXX 5” is not an amount."),
        ("1e5", None, "“1e5” is not an amount."),
        ("٣", None, "“٣” is not an amount."),
        ("1234567890123", None, "“1234567890123” is too large: at most 12 digits before"),
        (
            "#REF!",
            None,
            "“#REF!” is a spreadsheet error. Correct or clear the cell there.",
        ),
        ("#NORESULT!", None, "The formula in this cell has no stored result."),
        (Decimal("33.333"), None, "“33.333” has more than two decimal places."),
        (Decimal("1E+15"), None, "“1000000000000000” is too large"),
        (True, None, "“TRUE” is not valid here. Use an amount, like 1,234.50."),
        (
            date(2024, 3, 1),
            None,
            "The date 1 Mar 2024 is not valid here. Use an amount",
        ),
    ],
)
def test_what_is_no_amount_says_why(cell: Cell, mark: DecimalMark | None, reason: str) -> None:
    read = values.money([cell], "Revenue", mark)
    assert read.values == [None]
    assert read.problems[0].startswith(reason)


@given(st.lists(cents.map(lambda amount: format(amount, "f")), min_size=1))
def test_amounts_of_our_own_export_are_themselves(amounts: list[str]) -> None:
    assert values.decimal_mark(amounts) == "."
    assert values.money(amounts, "Revenue", None) == ColumnValues(amounts, {})


@given(cents, st.sampled_from(["{:,.2f}", "{:.2f}"]), st.sampled_from([",", " ", "\u202f"]))
@example(Decimal("-0.01"), "{:,.2f}", ",")
def test_an_amount_is_the_same_however_it_is_grouped(
    amount: Decimal, shape: str, group: str
) -> None:
    written = shape.format(amount).replace(",", group)
    exact = format(amount, "f")
    assert one(values.money([written], "Revenue", ".")) == exact
    swapped = written.translate(str.maketrans(",.", ".,"))
    assert one(values.money([swapped], "Revenue", ",")) == exact


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["5", "1234", None], "."),
        (["1234.50"], "."),
        (["1,234", "5.5"], "."),
        (["1,234,567"], "."),
        (["1.234", "5,5"], ","),
        (["1.234.567"], ","),
        (["0,500"], ","),
        (["1234,500"], ","),
        (["1 234,567"], ","),
        (["1,234"], None),
        (["1.234", "12", "-3.456"], None),
        (["1,234.50", "1.234,50"], None),
        (["1.50", "1,50"], None),
        ([Decimal("1.234")], "."),
        ([Decimal("1.5"), "1,234"], None),
        ([], "."),
    ],
)
def test_a_column_s_decimal_mark_is_found_or_asked_for(
    cells: list[Cell], mark: DecimalMark | None
) -> None:
    assert values.decimal_mark(cells) == mark


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1,234", "$12,500", "(1,000)"], "."),
        (["1,234", "5,50"], None),
        (["1.234", "2.500"], None),
        (["1.234,50", "2.500"], ","),
    ],
)
def test_an_amount_has_no_third_decimal(cells: list[Cell], mark: DecimalMark | None) -> None:
    assert values.decimal_mark(cells, cents=True) == mark


def test_a_currency_that_an_amount_names_is_told() -> None:
    cells = ["AUD 5", "5", "$5", "€5", "US$ 5", "(NZD 5)", "XXX 5", "5 GBP", Decimal(5), None]
    assert values.named_currencies(cells) == {
        0: "AUD", 3: "EUR", 4: "USD", 5: "NZD", 7: "GBP",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("4.8", "4.8"),
        ("12.5%", "12.5"),
        ("12.5 %", "12.5"),
        ("-3", "-3"),
        ("1,234.5", "1234.5"),
        ("99.1234", "99.1234"),
        ("0", "0"),
        ("yes", "1"),
        ("No", "0"),
        (True, "1"),
        (False, "0"),
        (Decimal("12.5"), "12.5"),
        (Decimal("1E+2"), "100"),
        (None, None),
        ("99.12345", "This has more than 4 decimal places. Round it."),
        ("12345678901", "This is too large: at most 10 digits before the decimal point."),
        ("$5", "“$5” is not a number. Write it like 4.8."),
        ("good", "“good” is not a number. Write it like 4.8."),
        (
            date(2024, 3, 1),
            "The date 1 Mar 2024 is not valid here. Use a number, like 4.8.",
        ),
    ],
)
def test_a_number_is_read_to_four_decimals(cell: Cell, number: str | None) -> None:
    assert one(values.numbers([cell], "Score", None)) == number


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-01", "2024-3-1", "2024/03/01", "20240301", "1/03/2024", "01/03/24", "1.3.2024",
        "1-3-2024", "1 Mar 24", "1-Mar-2024", "1Mar2024", "1/Mar/24", "1 March 2024",
        "1st Mar. 2024", "March 1, 2024", "Fri 1 Mar 2024", "Friday, 1 March 2024", "Mar 2024",
        "Mar-24", "March 2024", "2024-03", "3/2024", "03-2024", " 1/03/2024 ",
        "1/03/2024 12:00:00 AM", "1/03/2024, 9:30 am",
        "2024-03-01T00:00:00Z", "2024-03-01 23:59:59.123+11:00", "2024-03-01T09:30", "45352",
        "45352.5", date(2024, 3, 1), Decimal(45352), Decimal("45352.75"), Decimal(20240301),
    ],
)  # fmt: skip
def test_a_date_is_read_however_it_is_written(cell: Cell) -> None:
    assert one(values.dates([cell], "Date", "DMY")) == "2024-03-01"


@pytest.mark.parametrize(
    ("cell", "order", "reason"),
    [
        ("31/2/2024", "DMY", "“31/2/2024” is not a date: February 2024 has 29 days."),
        (
            "1/13/2024",
            "DMY",
            "“1/13/2024” is not a date: there is no month 13. Write the day first",
        ),
        ("13/1/2024", "MDY", "“13/1/2024” is not a date: there is no month 13. Write the month"),
        (
            "1/3/2024",
            None,
            "“1/3/2024” could be 1 Mar 2024 or 3 Jan 2024. Choose whether the day or",
        ),
        ("1/3/20245", "DMY", "“1/3/20245” has the year 20245."),
        ("1/3/85", "DMY", "1 Mar 1985 is out of range. Choose a date from 1 Jan 2000"),
        ("2101-01-01", None, "1 Jan 2101 is out of range."),
        ("Mar 24", None, "“Mar 24” is not a date."),
        ("24-Mar", None, "“24-Mar” is not a date."),
        ("1 Mai 2024", None, "“1 Mai 2024” is not a date."),
        ("soon", None, "“soon” is not a date. Write it like 1/3/2024."),
        ("2024", None, "“2024” is not a date."),
        ("12345", None, "“12345” is not a date."),
        ("#N/A", None, "“#N/A” is a spreadsheet error."),
        (date(1999, 12, 31), None, "31 Dec 1999 is out of range."),
        (Decimal(2024), None, "“2024” is not a date."),
        (True, None, "“TRUE” is not valid here. Use a date, like 1/3/2024."),
    ],
)
def test_what_is_no_date_says_why(cell: Cell, order: DateOrder | None, reason: str) -> None:
    read = values.dates([cell], "Date", order)
    assert read.values == [None]
    assert read.problems[0].startswith(reason)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["13/1/2024", "2/1/2024"], "DMY"),
        (["1/13/2024", "1/2/2024"], "MDY"),
        (["13/1/2024", "1/13/2024"], "DMY"),
        (["1/2/2024", "3/4/2024 10:00"], None),
        (["1-2-24"], None),
        (["3/3/2024"], "DMY"),
        (["2024-03-01", "1 Mar 24", "45352", "Mar 2024"], "DMY"),
        ([date(2024, 3, 1), Decimal(45352), None], "DMY"),
        ([date(2024, 3, 1), "1/2/2024"], None),
        ([], "DMY"),
    ],
)
def test_which_part_of_a_date_comes_first_is_found_or_asked_for(
    cells: list[Cell], order: DateOrder | None
) -> None:
    assert values.date_order(cells) == order


def test_dates_of_both_orders_leave_those_out_that_cannot_be() -> None:
    read = values.dates(["13/1/2024", "1/13/2024", "1/2/2024"], "Date", None)
    assert read.values == ["2024-01-13", None, "2024-02-01"]
    assert list(read.problems) == [1]


def test_a_number_among_dates_of_a_csv_is_no_date() -> None:
    assert values.dates(["45352", "45353"], "Date", None).values == ["2024-03-01", "2024-03-02"]
    assert list(values.dates(["45352", "2024-03-02"], "Date", None).problems) == [0]


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_day_is_the_same_in_every_dress(day: date) -> None:
    for cell in (day, day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d %b %Y}", f"{day:%Y%m%d}",
                 Decimal((day - date(1899, 12, 30)).days)):  # fmt: skip
        assert one(values.dates([cell], "Date", "DMY")) == day.isoformat()
    assert one(values.dates([f"{day:%m/%d/%Y}"], "Date", "MDY")) == day.isoformat()


@pytest.mark.parametrize(
    ("cell", "longest", "text"),
    [
        ("Acme", 200, "Acme"),
        ("  Acme \t Pty  Ltd ", 200, "Acme Pty Ltd"),
        ("'=HYPERLINK", 200, "=HYPERLINK"),
        ("'Tis", 200, "'Tis"),
        ("one\r\ntwo", 2000, "one\ntwo"),
        ("one\r\ntwo", 200, "one two"),
        (Decimal("1001"), 200, "1001"),
        (Decimal("0.5"), 200, "0.5"),
        (date(2024, 3, 1), 200, "2024-03-01"),
        (True, 200, "TRUE"),
        (" ", 200, None),
        (None, 200, None),
        ("x" * 101, 100, "This is too long: 101 characters. The limit is 100."),
        ("a\x7fb", 200, "This has control characters, which names and notes cannot have."),
        ("a\x07b", 200, "This has control characters, which names and notes cannot have."),
        ("#VALUE!", 200, "“#VALUE!” is a spreadsheet error. Correct or clear the cell"),
        ("#1 Plumbing", 200, "#1 Plumbing"),
    ],
)
def test_a_text_is_what_people_see(cell: Cell, longest: int, text: str | None) -> None:
    found = one(values.texts([cell], "Client", longest))
    assert found == text or (found or "").startswith(text or "nothing")


@given(
    st.text(alphabet=st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), min_size=1)
)
def test_a_text_of_our_own_export_is_itself(text: str) -> None:
    name = " ".join(text.split())
    read = values.texts([guard(name)], "Client", 200)
    assert read == ColumnValues([name or None], {}) or name in values._ERRORS or len(name) > 200


def test_each_row_has_its_own_value_and_reason_though_texts_repeat() -> None:
    read = values.money(["5", "x", None, "5", "x"], "Revenue", None)
    assert read.values == ["5.00", None, None, "5.00", None]
    assert list(read.problems) == [1, 4]


@pytest.mark.slow
def test_plain_columns_are_read_at_once() -> None:
    count = 100_000
    plain = {
        values.money: [f"{row}.50" for row in range(count)],
        values.dates: [str(date(2020, 1, 1) + timedelta(row % 2000)) for row in range(count)],
        values.texts: [f"Note {row}" for row in range(count)],
    }
    for read, cells in plain.items():
        started = time.process_time()
        assert not read(cells, "Column", "." if read is values.money else 200).problems  # type: ignore[arg-type, operator]
        assert time.process_time() - started < 0.6, read
