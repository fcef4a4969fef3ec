"""Tables with a column for each month become a row for each amount, and lose none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.conftest import Team
from tests.support.awkward_files import saved, workbook
from tests.support.imports import proposed
from zixly_data.imports import ADD, FileRefused, Kind, open_file
from zixly_data.imports.cells.table import Table
from zixly_data.imports.previews import sums
from zixly_data.imports.recognition import header_key

XERO = """Income by Contact
Acme Services
For the 3 months ended 31 March 2024

Contact,Jan 2024,Feb 2024,Mar 2024,Total
Harbour Cafe,1000.00,500.00,0.00,1500.00
Kea Group,0.00,300.00,50.00,350.00
Total,1000.00,800.00,50.00,1850.00
"""
FOUNDER = """,Oct 2026,Nov 2026,Dec 2026
Harbor Bridge Construction,15000,15000,15000
Bondi E-commerce Store,8000,8000,8000
"""
PROFIT_AND_LOSS = """Books of 2024
,Jan,Feb,Mar,Total
Revenue,,,,
Harbour Cafe,1000,500,,1500
Kea Group,0,300,n/a,300
Total Revenue,1000,800,0,1800
Expenses
Harbour Cafe,100,50,,150
Total Expenses,100,50,,150
Profit,900,750,0,1650
"""
BY_CLIENT = """Client;Jan-24;Feb-24;Mrz-24
Hafen Café;;;
Umsatz;1.000,50;500;
Kosten;300;200;10
Kea;;;
Umsatz;5;6;7
Summe;1;2;3
"""
TWO_COLUMNS = """Customer,,31 Mar 2024,30 Apr 2024,Q1
Harbour,Revenue,1,2,3
Harbour,Expenses,1,2,3
Total Tools,Revenue,9,9,18
Grand total,,11,13,24
"""
NEWEST_FIRST = """Sales by Contact
,31 Mar 2024,29 Feb 2024,31 Jan 2024,YTD
Harbour Cafe,1,2,3,6
"Smith, Jan",4,,-,4
Total,5,2,3,10
"""


def opened(content: str | bytes) -> Table:
    """The only table of a file."""
    data = content.encode() if isinstance(content, str) else content
    (table,) = open_file("file.csv", data).tables
    return table


def rows(table: Table) -> list[tuple[object, ...]]:
    """The rows, each month as `2024-03` and the amount as in the file."""
    return [
        tuple(f"{cell:%Y-%m}" if isinstance(cell, date) else cell for cell in row)
        for row in zip(*table.columns, strict=True)
    ]


def total(table: Table) -> Decimal:
    """The sum of the amounts."""
    return sum((Decimal(str(cell)) for cell in table.columns[-1]), Decimal(0))


def test_a_founder_s_sheet_has_a_row_for_each_client_and_month() -> None:
    table = opened(FOUNDER)
    assert table.header == ("Client", "Month", "Amount")
    assert rows(table)[:2] == [
        ("Harbor Bridge Construction", "2026-10", "15000"),
        ("Harbor Bridge Construction", "2026-11", "15000"),
    ]
    assert total(table) == 69_000
    assert table.lines == (2, 2, 2, 3, 3, 3)
    assert table.notes == (
        "The table has a column for each month (Oct 2026 to Dec 2026). Each amount was read as a "
        "row of its own, dated on the first day of its month: 6 in all.",
    )


def test_xero_s_report_says_by_its_title_that_amounts_are_income() -> None:
    table = opened(XERO)
    assert table.header == ("Contact", "Type", "Month", "Amount")
    assert rows(table)[0] == ("Harbour Cafe", "Income", "2024-01", "1000.00")
    assert total(table) == 1850
    assert table.totals == (8,)
    assert table.notes[1:] == (
        "2 amounts are zero and are left out.",
        "The column “Total” has totals and is left out.",
        "The title names the amounts, so each row has the type Income.",
    )
    assert opened(XERO.replace("Income by", "Expenses by")).columns[1][0] == "Expense"
    assert "Type" not in opened(XERO.replace("Income by", "Profit by")).header


def test_revenue_and_expenses_in_lines_of_their_own_are_the_type_of_the_rows_below() -> None:
    table = opened(PROFIT_AND_LOSS)
    assert table.header == ("Client", "Type", "Month", "Amount")
    assert rows(table) == [
        ("Harbour Cafe", "Revenue", "2024-01", "1000"),
        ("Harbour Cafe", "Revenue", "2024-02", "500"),
        ("Kea Group", "Revenue", "2024-02", "300"),
        ("Kea Group", "Revenue", "2024-03", "n/a"),
        ("Harbour Cafe", "Expenses", "2024-01", "100"),
        ("Harbour Cafe", "Expenses", "2024-02", "50"),
    ]
    assert table.totals == (6, 9, 10)
    assert "Lines 3 and 7 name the rows below." in table.notes[-1]


def test_clients_above_their_revenue_and_expenses_are_filled_down() -> None:
    table = opened(BY_CLIENT)
    assert table.header == ("Client", "Type", "Month", "Amount")
    assert rows(table)[:3] == [
        ("Hafen Café", "Umsatz", "2024-01", "1.000,50"),
        ("Hafen Café", "Umsatz", "2024-02", "500"),
        ("Hafen Café", "Kosten", "2024-01", "300"),
    ]
    assert rows(table)[-1] == ("Kea", "Umsatz", "2024-03", "7")
    assert table.totals == (7,)


def test_a_second_column_of_texts_stays_and_a_client_called_total_tools_too() -> None:
    table = opened(TWO_COLUMNS)
    assert table.header == ("Customer", "Type", "Month", "Amount")
    assert rows(table)[2:] == [
        ("Harbour", "Expenses", "2024-03", "1"),
        ("Harbour", "Expenses", "2024-04", "2"),
        ("Total Tools", "Revenue", "2024-03", "9"),
        ("Total Tools", "Revenue", "2024-04", "9"),
    ]
    assert table.totals == (5,)


def test_months_may_run_backwards_and_a_name_is_no_month() -> None:
    table = opened(NEWEST_FIRST)
    assert [row[2:] for row in rows(table)] == [
        ("2024-03", "1"), ("2024-02", "2"), ("2024-01", "3"), ("2024-03", "4"),
    ]  # fmt: skip
    assert rows(table)[-1][0] == "Smith, Jan"


def test_a_workbook_s_headings_may_be_dates() -> None:
    table = opened(
        workbook(["Client", date(2024, 1, 1), date(2024, 2, 1), "Total"],
                 ["Harbour", 100, 50.5, 150.5], ["Kea", None, 7, 7], ["Total", 100, 57.5, 157.5])
    )  # fmt: skip
    assert rows(table) == [
        ("Harbour", "2024-01", Decimal(100)), ("Harbour", "2024-02", Decimal("50.5")),
        ("Kea", "2024-02", Decimal(7)),
    ]  # fmt: skip
    assert table.totals == (4,)


@pytest.mark.parametrize(
    "headings",
    [
        "Jan 2024,Feb 2024", "January 2024,February 2024", "Jan-24,Feb-24", "Jan '24,Feb '24",
        "2024-01,2024-02", "2024/1,2024/2", "01/2024,02/2024", "Jan 24,Feb 24", "2024 Jan,2024 Feb",
        "31 Jan 2024,29 Feb 2024", "31/01/2024,29/02/2024", "2024-01-31,2024-02-29",
        "Januar 2024,Februar 2024", "Jan. 2024,Feb. 2024", "\"Jan 31, 2024\",\"Feb 29, 2024\"",
        "JAN-2024,FEB-2024",
    ],
)  # fmt: skip
def test_months_are_read_as_people_write_them(headings: str) -> None:
    table = opened(f"Client,{headings}\nKea,1,2\nMoa,3,4\n")
    assert {row[1] for row in rows(table)} == {"2024-01", "2024-02"}


@pytest.mark.parametrize(
    "headings",
    [
        "Jan 2024,Mar 2024,Feb 2024",  # not in order
        "Jan 2024,Jan 2024,Feb 2024",  # one twice
        "1/1/2024,1/2/2024,1/3/2024",  # days of January, or months
        "01/03/2024,02/03/2024,03/03/2024",
    ],
)
def test_headings_that_are_no_certain_months_are_refused(headings: str) -> None:
    with pytest.raises(FileRefused, match="do not name different months in order") as refusal:
        opened(f"Name,{headings}\nKea,1,2,3\n")
    assert "Name each column by its month, like Jan 2024" in (refusal.value.advice or "")


def test_months_without_a_year_are_ordinary_columns_with_a_note() -> None:
    table = opened("Client,Jan,Feb,Mar\nKea,1,2,3\n")
    assert table.header == ("Client", "Jan", "Feb", "Mar")
    assert table.notes == (
        "The columns Jan, Feb and Mar have no year. If they are months, write the year in their "
        "names, like Jan 2024, and import the file again.",
    )
    two_years = opened("For 1 July 2023 to 30 June 2024\nClient,Jan,Feb,Mar\nKea,1,2,3\n")
    assert two_years.header == ("Client", "Jan", "Feb", "Mar")


@pytest.mark.parametrize("year", [2026, "2026", "Year: 2026"])
def test_a_year_above_the_months_is_theirs(year: object) -> None:
    table = opened(workbook([None, year], ["No.", None, "Oct", "Nov"], [1, "Kea", 5, 6]))
    assert table.header == ("No.", "Client", "Month", "Amount")
    assert {row[2] for row in rows(table)} == {"2026-10", "2026-11"}
    numbered = opened(",,Oct 2026,Nov 2026\n1,Kea,5,6\n2,Moa,7,8\n")
    assert numbered.header == ("(column 1)", "Client", "Month", "Amount")


def test_the_name_of_a_sheet_may_be_the_year_of_its_months() -> None:
    book = Workbook()
    for name in ("2023", "2024"):
        sheet = book.create_sheet(name)
        sheet.append(["Client", "Jan", "Feb", "Mar"])
        sheet.append(["Kea", 1, 2, 3])
    tables = open_file("book.xlsx", saved(book)).tables
    assert [rows(table)[0] for table in tables] == [
        ("Kea", "2023-01", Decimal(1)), ("Kea", "2024-01", Decimal(1)),
    ]  # fmt: skip


def test_a_client_with_parts_and_a_total_of_them_counts_once() -> None:
    """QuickBooks lists the jobs of a client below its name, and their total."""
    table = opened(
        ",Jan 2024,Feb 2024,Total\nHarbour Cafe,,,\n   Kitchen,5.00,7.00,12.00\n"
        "   Bar,1.00,,1.00\nTotal Harbour Cafe,6.00,7.00,13.00\nKea,2.00,,2.00\n"
        "TOTAL,$8.00,$7.00,$15.00\n"
    )
    assert total(table) == 15
    assert (table.totals, table.notes[-1]) == ((5, 7), "Line 2 has no amounts and is left out.")


def test_columns_of_months_that_hold_no_amounts_stay() -> None:
    table = opened(
        "Client Name,Start Month,End Month,Revenue\nKea,Mar 2024,Apr 2024,500\n"
        "Moa,Mar 2024,May 2024,500\n"
    )
    assert table.header == ("Client Name", "Start Month", "End Month", "Revenue")


def test_the_header_of_next_month_s_file_is_the_same() -> None:
    later = XERO.replace("Jan 2024,Feb 2024,Mar 2024", "Feb 2024,Mar 2024,Apr 2024")
    assert header_key(opened(XERO)) == header_key(opened(later))
    assert header_key(opened(XERO)) != header_key(opened(FOUNDER))


def test_a_founder_s_sheet_comes_in(new_team: Callable[[], Team]) -> None:
    team = new_team()
    clients = dict.fromkeys(("Harbor Bridge Construction", "Bondi E-commerce Store"), ADD)
    proposal = proposed(team.editor, Kind.FINANCIALS, FOUNDER, clients=clients)
    (row,) = sums(proposal)
    assert (row["rows"], row["revenue"], row["expenses"]) == (6, Decimal("69000.00"), 0)


_CENTS = st.none() | st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
_TABLES = st.integers(1, 12).flatmap(
    lambda months: st.lists(
        st.lists(_CENTS, min_size=months, max_size=months), min_size=1, max_size=8
    )
)
_NOTATIONS: list[Callable[[Decimal], str]] = [
    str,
    lambda amount: f'"{amount:,.2f}"',
    lambda amount: f'"${amount:,.2f}"' if amount >= 0 else f'"(${-amount:,.2f})"',
]


@given(_TABLES, st.booleans(), st.sampled_from(_NOTATIONS))
def test_the_sum_of_all_cells_stays(
    cells: list[list[Decimal | None]], has_totals: bool, write: Callable[[Decimal], str]
) -> None:
    """Whatever the table, its amounts add up to the same in rows, with totals beside them or not.

    The first cell is filled: a table without an amount is not one of months.
    """
    cells[0][0] = cells[0][0] or Decimal("1.00")
    months = [f"{date(2024, month, 1):%b %Y}" for month in range(1, len(cells[0]) + 1)]
    lines = [",".join(["Client", *months])]
    for number, row in enumerate(cells):
        amounts = ["" if amount is None else write(amount) for amount in row]
        lines.append(",".join([f"Client {number}", *amounts]))
    if has_totals:
        sums_of_months = [sum((a or Decimal(0) for a in column), Decimal("0.00"))
                          for column in zip(*cells, strict=True)]  # fmt: skip
        lines.append(",".join(["Total", *map(write, sums_of_months)]))
    table = opened("\n".join(lines))
    written = table.columns[-1]
    read = [
        Decimal(str(cell).replace(",", "").replace("$", "").replace("(", "-").rstrip(")"))
        for cell in written
    ]
    assert sum(read) == sum(amount or 0 for row in cells for amount in row)
    assert len(read) == sum(bool(amount) for row in cells for amount in row)
