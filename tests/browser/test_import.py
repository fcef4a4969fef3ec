"""Import: from a file that nobody prepared to figures on the pages, and back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, drawn
from tests.support import organisations as companies
from tests.support.import_page import (
    CAFE,
    HEAD,
    Books,
    expect_answer,
    figures,
    give,
    import_all,
    opened_books,
    pick,
    press,
    said,
)
from tests.support.pages import click_row, dialog, download_button, sql, table_below
from tests.support.servers.live_app import VERA, LiveApp

pytestmark = pytest.mark.browser

BEFORE = [("2024-04-02", "100.00", "40.00")]
APRIL = """Takings of April,,,

Who,When,Takings,Remark
Harbour Café,2/04/2024,"$150.00",corrected
Harbour Cafe Pty Ltd,3/04/2024,"1,250.50",
Kiosk at the Pier,4/04/2024,(20.00),refund
Total,,"1,380.50",
"""


@pytest.fixture
def books(live_app: LiveApp) -> Books:
    return opened_books(live_app)


def test_a_file_goes_in_is_on_the_pages_and_comes_out_again(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "takings.csv", APRIL)
    expect(page.get_by_text("The names of the columns do not say what this is.")).to_be_visible()
    drawn(page)
    # In the menu there is a page of this name.
    page.get_by_test_id("stMain").get_by_text("Financials", exact=True).last.click()

    expect(said(page, "No column says the date.")).to_be_visible()
    pick(page, "Client: name", "Who")
    pick(page, "Date", "When")
    pick(page, "Revenue", "Takings")
    pick(page, "Note", "Remark")
    press(page, "Use these columns")

    expect(page.get_by_text("Does the day or the month come first in “When”?")).to_be_visible()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    expect(page.get_by_role("button", name="Import ")).to_have_count(0)
    page.get_by_text("Day first: 2/04/2024 is 2 Apr 2024").click()

    expect_answer(page, "1 row changes, 2 cannot be imported.")
    expect(page.get_by_text("Line 7 is a total, which is not imported.")).to_be_visible()
    pick(page, "Harbour Cafe Pty Ltd · 1 row", f"It is {CAFE}")
    pick(page, "Kiosk at the Pier · 1 row", "Add as a new client")
    press(page, "Use these choices")

    expect_answer(page, "2 rows are new, 1 changes.")
    expect(page.get_by_text("1 row has a negative amount: a credit")).to_be_visible()
    page.get_by_role("tab", name="Changes (1)").click()
    page.get_by_role("tabpanel").get_by_test_id("stDataFrame").scroll_into_view_if_needed()
    changes = page.get_by_role("tabpanel").locator("[role=gridcell]")
    expect(changes.filter(has_text="100.00")).to_be_attached()
    expect(changes.filter(has_text="150.00")).to_be_attached()
    assert figures(live_app, books) == BEFORE

    import_all(
        page, "Import 2 new and 1 changed rows", "Imported 2 new and 1 changed rows of takings.csv."
    )
    assert figures(live_app, books) == [
        ("2024-04-02", "150.00", "40.00"),
        ("2024-04-03", "1250.50", "0.00"),
        ("2024-04-04", "-20.00", "0.00"),
    ]
    page.get_by_role("link", name="Go to Financials").click()
    expect(page.get_by_role("heading", name="$1,380.50 revenue")).to_be_visible()

    page.goto(f"{live_app.url}/import")
    click_row(page, table_below(page, "Earlier imports"), 0)
    expect(dialog(page)).to_contain_text("Ed imported financials on")
    expect(dialog(page)).to_contain_text("2 new, 1 changed.")
    expect(dialog(page)).to_contain_text("New rows: revenue AUD 1,230.50")
    dialog(page).get_by_role("button", name="Undo this import").click()
    expect(said(page, "Undone: the import of takings.csv.")).to_be_visible()
    assert figures(live_app, books) == BEFORE
    page.goto(f"{live_app.url}/financials?period=all")
    expect(page.get_by_role("heading", name="on $100.00 revenue")).to_be_visible()
    page.goto(f"{live_app.url}/clients")
    expect(page.get_by_role("heading", name="1 client")).to_be_visible()
    expect(page.get_by_text("Kiosk at the Pier")).to_have_count(0)


def test_what_cannot_be_read_is_refused_in_words_and_the_next_file_is_taken(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "figures.csv", "<!doctype html><title>Sign in</title>")
    expect(said(page, "figures.csv was not taken. The file is a web page")).to_be_visible()
    expect(said(page, "download the file again")).to_be_visible()
    give(page, "figures.csv", HEAD + f"{CAFE},2024-05-01,5,1,\n")
    expect_answer(page, "1 row is new.")
    expect(said(page, "was not taken")).to_have_count(0)


def test_rejected_rows_are_downloaded_mended_and_imported(
    page: Page, live_app: LiveApp, books: Books, tmp_path: Path
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "may.csv", HEAD + f"{CAFE},2024-05-01,5,1,\n{CAFE},2024-05-02,lots,1,\n")
    expect_answer(page, "1 row is new, 1 cannot be imported.")
    page.get_by_role("tab", name="Cannot be imported (1)").click()
    with page.expect_download() as offered:
        download_button(page, "Download what cannot be imported").click()
    import_all(page, "Import 1 new row and leave 1 row out", "Imported 1 new row of may.csv.")
    with page.expect_download() as download:
        download_button(page, "Download what could not be imported").click()
    assert download.value.suggested_filename == "may-rejected.csv"
    rejected = Path(download.value.path()).read_text("utf-8")
    assert rejected == Path(offered.value.path()).read_text("utf-8")
    assert "“lots” is not an amount" in rejected

    press(page, "Import another file")
    give(page, "may-mended.csv", rejected.replace("lots", "7", 1))
    expect_answer(page, "1 row is new.")
    import_all(page, "Import 1 new row", "Imported 1 new row of may-mended.csv.")
    assert figures(live_app, books) == [
        *BEFORE, ("2024-05-01", "5.00", "1.00"), ("2024-05-02", "7.00", "1.00"),
    ]  # fmt: skip


def test_the_same_file_twice_changes_nothing_and_says_when_it_came(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    file = HEAD + f"{CAFE},2024-05-01,5,1,\n{CAFE},2024-05-02,6,1,\n"
    give(page, "may.csv", file)
    import_all(page, "Import 2 new rows", "Imported 2 new rows of may.csv.")
    press(page, "Import another file")
    give(page, "again.csv", file)
    expect_answer(page, "2 rows are in Zixly already.")
    expect(said(page, "This very file was imported as may.csv on")).to_contain_text("by Ed")
    expect(page.get_by_text("There is nothing to import.")).to_be_visible()
    expect(page.get_by_role("button", name="Import ")).to_have_count(0)


def test_a_sheet_of_a_workbook_is_chosen_and_a_row_may_be_a_further_record(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Leads"
    for row in (["Client", "Deal Name", "Deal Stage", "Date"], [CAFE, "Wedding", "Inquiry", "1/3"]):
        workbook.active.append(row)
    sheet = workbook.create_sheet("Figures")
    for row in (["Client", "Date", "Revenue"], [CAFE, "2024-04-02", 30]):
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)

    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "book.xlsx", content.getvalue())
    expect(page.get_by_role("radio", name="Lead events")).to_be_checked()
    pick(page, "Which sheet?", "Figures (1 row)")
    expect(page.get_by_role("radio", name="Financials")).to_be_checked()
    expect_answer(page, "1 row changes.")
    page.get_by_text("A row on a day with a record is a further record").click()
    expect_answer(page, "1 row is new.")
    import_all(page, "Import 1 new row", "Imported 1 new row of book.xlsx.")
    assert figures(live_app, books) == [("2024-04-02", "30.00", "0.00"), *BEFORE]


def test_clients_come_first_where_there_are_none(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    other = companies.found(live_app)
    companies.enter_as(page, live_app, other.ed, "/import")
    expect(said(page, "There are no clients yet.")).to_be_visible()
    page.get_by_text("What can I import?").click()
    page.get_by_role("tab", name="Clients").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Sample file: clients").click()
    give(page, "clients.csv", Path(download.value.path()).read_bytes())
    expect_answer(page, "2 rows are new.")
    import_all(page, "Import 2 new rows", "Imported 2 new rows of clients.csv.")
    page.get_by_role("link", name="Go to Clients").click()
    expect(page.get_by_role("heading", name="2 clients")).to_be_visible()
    assert len(sql(live_app, "select 1 from zixly.client_kpis where tenant_id = :tenant",
                   tenant=books.company.tenant_id)) == 1  # fmt: skip


def test_viewers_and_strangers_find_no_way_in(
    page: Page, live_app: LiveApp, books: Books, visit: Visit
) -> None:
    page.goto(f"{live_app.url}/import")
    expect(page.get_by_label("Email")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(0)
    companies.enter_as(page, live_app, books.company.vi, "/import")
    expect(page.get_by_text("This page is for another role")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_role("link", name="Import")).to_have_count(0)
    page = visit(VERA, "/import")
    expect(page.get_by_text("This page is for another role")).to_be_visible()
