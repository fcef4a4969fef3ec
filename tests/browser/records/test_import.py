"""Import: from an unprepared file to figures, and undone; stopped half-way; on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, drawn, go_in, impatient
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
from tests.support.pages import click_row, dialog, sql, table_below
from tests.support.servers import window
from tests.support.servers.live_app import LiveApp
from zixly_data.imports.files.opening import LARGEST_FILE

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
    go_in(page, live_app, books.company.ed, "/import")
    give(page, "takings.csv", APRIL)
    expect(page.get_by_text("The column names do not show what the file contains.")).to_be_visible()
    drawn(page)
    # The menu has a page with this name.
    page.get_by_test_id("stMain").get_by_text("Financials", exact=True).last.click()

    expect(said(page, "No column is chosen for the date.")).to_be_visible()
    pick(page, "Client: name", "Who")
    pick(page, "Date", "When")
    pick(page, "Revenue", "Takings")
    pick(page, "Note", "Remark")
    press(page, "Use these columns")

    expect(page.get_by_text("Does the day or the month come first in “When”?")).to_be_visible()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    expect(page.get_by_role("button", name="Import ")).to_have_count(0)
    page.get_by_text("Day first: 2/04/2024 is 2 Apr 2024").click()
    page.get_by_text("Corrections of those records.").click()

    expect_answer(page, "1 row will change and 2 wait for an answer.")
    expect(page.get_by_text("Line 7 is a total and is not imported.")).to_be_visible()
    pick(page, "Harbour Cafe Pty Ltd · 1 row", f"Same as {CAFE}")
    pick(page, "Kiosk at the Pier · 1 row", "Add as a new client")
    press(page, "Use these choices")

    expect_answer(page, "2 rows are new and 1 will change.")
    expect(page.get_by_text("1 row has a negative amount: a credit")).to_be_visible()
    page.get_by_role("tab", name="Changes (1)").click()
    page.get_by_role("tabpanel").get_by_test_id("stDataFrame").scroll_into_view_if_needed()
    changes = page.get_by_role("tabpanel").locator("[role=gridcell]")
    expect(changes.filter(has_text="100.00")).to_be_attached()
    expect(changes.filter(has_text="150.00")).to_be_attached()
    assert figures(live_app, books) == BEFORE

    import_all(
        page,
        "Import 2 new and 1 changed rows",
        "Imported 2 new and 1 changed rows from takings.csv.",
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
    expect(dialog(page)).to_contain_text("2 new and 1 changed.")
    expect(dialog(page)).to_contain_text("New rows: revenue AUD 1,230.50")
    dialog(page).get_by_role("button", name="Undo this import").click()
    expect(said(page, "The import of takings.csv was undone.")).to_be_visible()
    assert figures(live_app, books) == BEFORE
    page.goto(f"{live_app.url}/financials?period=all")
    expect(page.get_by_role("heading", name="on $100.00 revenue")).to_be_visible()
    page.goto(f"{live_app.url}/clients")
    expect(page.get_by_role("heading", name="1 client")).to_be_visible()
    expect(page.get_by_text("Kiosk at the Pier")).to_have_count(0)


@pytest.mark.nightly
def test_cancel_stops_a_long_import_and_leaves_nothing_of_it(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    first = date(2015, 1, 1)
    rows = [
        f"{CAFE},{first + timedelta(days=number % 3000)},{number}.50,1.00,row {number}\n"
        for number in range(100_000)
    ]
    go_in(page, live_app, books.company.ed, "/import")
    give(page, "long.csv", HEAD + "".join(rows))
    new = page.get_by_role("heading", name="100,000 rows are new.")
    expect(new).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Showing the first 500 of 100,000 rows.")).to_be_visible()

    press(page, "Import 100,000 new rows")
    impatient(page)
    written = page.get_by_text(re.compile(r"^[1-9][0-9,]* of 100,000 rows written"))
    expect(written).to_be_visible(timeout=120_000)
    press(page, "Cancel")
    expect(said(page, "so nothing was imported")).to_be_visible(timeout=60_000)
    assert figures(live_app, books) == BEFORE
    expect(new).to_be_visible()
    expect(page.get_by_role("button", name="Import 100,000 new rows")).to_be_enabled()
    assert sql(live_app, "select 1 from zixly.imports where tenant_id = :tenant",
               tenant=books.company.tenant_id) == []  # fmt: skip


@pytest.mark.nightly
def test_on_a_phone_no_step_scrolls_sideways(
    another_browser: Callable[[], Page], live_app: LiveApp, books: Books
) -> None:
    page = another_browser()
    page.set_viewport_size(PHONE)
    go_in(page, live_app, books.company.ed, "/import")
    expect(page.get_by_text("What can I import?")).to_be_visible()
    _expect_no_scroll(page)
    rows = f"{CAFE},3/04/2024,5,1,{'a long note ' * 20}\nPier Kiosk,4/04/2024,x,1,\n"
    give(page, "a-name-that-is-rather-long-for-a-phone-of-this-width.csv", HEAD + rows)
    page.get_by_text("Day first").click()
    expect_answer(page, "1 row is new and 1 cannot be imported.")
    page.get_by_text("Columns: recognised").click()
    expect(page.get_by_role("button", name="Use these columns")).to_be_visible()
    _expect_no_scroll(page)
    import_all(page, "Import 1 new row, leave out 1 row", "Imported 1 new row")
    _expect_no_scroll(page)


def _expect_no_scroll(page: Page) -> None:
    wide = """() => { const main = document.querySelector('[data-testid=stMain]');
        return main.scrollWidth <= main.clientWidth }"""
    page.wait_for_function(wide)


@pytest.mark.nightly
def test_a_person_reads_why_a_file_was_not_received(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    # Without a browser: tests/zixly_ui/http/test_uploads.py.
    secret = go_in(page, live_app, books.company.ed, "/import")
    with window.opened(live_app, secret) as other:
        for file in ("a", "b"):
            assert other.put(window.body(b"a" * LARGEST_FILE), file)[0] == 204
        give(page, "figures.csv", HEAD + "x" * 2_000_000)
        expect(page.get_by_text("Your files would take more than 100 MB together.")).to_be_visible()
        for file in ("a", "b"):
            other.ask("DELETE", file)
    page.reload()
    give(page, "figures.csv", APRIL)
    expect(page.get_by_text("The column names do not show what the file contains.")).to_be_visible()
