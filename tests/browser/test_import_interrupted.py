"""Import: what happens when something comes in between. Nothing is half done, nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, impatient
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
    press,
    said,
)
from tests.support.pages import click_row, dialog, sql, table_below, take
from tests.support.servers.live_app import LiveApp

pytestmark = pytest.mark.browser

BEFORE = [("2024-04-02", "100.00", "40.00")]
MAY = HEAD + f"{CAFE},2024-05-01,5,1,\n"


@pytest.fixture
def books(live_app: LiveApp) -> Books:
    return opened_books(live_app)


def test_cancel_stops_a_long_import_and_leaves_nothing_of_it(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    first = date(2015, 1, 1)
    rows = [
        f"{CAFE},{first + timedelta(days=number % 3000)},{number % 977}.50,1.00,row {number}\n"
        for number in range(100_000)
    ]
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "long.csv", HEAD + "".join(rows))
    new = page.get_by_role("heading", name="100,000 rows are new.")
    expect(new).to_be_visible(timeout=120_000)
    expect(page.get_by_text("The first 1,000 of 100,000 rows.")).to_be_visible()

    press(page, "Import 100,000 new rows")
    impatient(page)
    written = page.get_by_text(re.compile(r"^[1-9][0-9,]* of 100,000 rows written"))
    expect(written).to_be_visible(timeout=120_000)
    press(page, "Cancel")
    expect(said(page, "nothing of it was imported")).to_be_visible(timeout=60_000)
    assert figures(live_app, books) == BEFORE
    expect(new).to_be_visible()
    expect(page.get_by_role("button", name="Import 100,000 new rows")).to_be_enabled()
    assert sql(live_app, "select 1 from zixly.imports where tenant_id = :tenant",
               tenant=books.company.tenant_id) == []  # fmt: skip


def test_what_moved_meanwhile_is_shown_before_anything_is_written(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "april.csv", HEAD + f"{CAFE},2024-04-02,150,40,\n{CAFE},2024-05-01,5,1,\n")
    expect_answer(page, "1 row is new, 1 changes.")
    sql(live_app, "update zixly.financials set revenue = 150, note = null where id = :id",
        id=books.record)  # fmt: skip
    press(page, "Import 1 new and 1 changed rows")
    expect(said(page, "Somebody changed records that the file is about.")).to_be_visible()
    expect_answer(page, "1 row is new, 1 is in Zixly already.")
    assert figures(live_app, books) == [("2024-04-02", "150.00", "40.00")]
    import_all(page, "Import 1 new row", "Imported 1 new row of april.csv.")
    assert len(figures(live_app, books)) == 2


def test_a_month_closed_meanwhile_keeps_its_rows_out(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "may.csv", MAY)
    expect_answer(page, "1 row is new.")
    sql(live_app, "insert into zixly.closed_months (tenant_id, id, month)"
        " values (:tenant, 'clm_' || :tenant, '2024-05-01')",
        tenant=books.company.tenant_id)  # fmt: skip
    press(page, "Import 1 new row")
    expect(said(page, "Nothing was imported.")).to_be_visible()
    expect_answer(page, "1 row cannot be imported.")
    reasons = page.get_by_role("tabpanel").get_by_test_id("stDataFrame")
    reasons.scroll_into_view_if_needed()
    expect(reasons.locator("[role=gridcell]").filter(has_text="is closed.")).to_be_attached()
    assert figures(live_app, books) == BEFORE


def test_an_import_that_somebody_worked_on_since_is_not_undone(
    page: Page, live_app: LiveApp, books: Books
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "may.csv", MAY + f"{CAFE},2024-05-02,6,1,\n")
    import_all(page, "Import 2 new rows", "Imported 2 new rows of may.csv.")
    sql(live_app, "update zixly.financials set revenue = 7 where tenant_id = :tenant"
        " and record_date = '2024-05-02'", tenant=books.company.tenant_id)  # fmt: skip
    press(page, "Undo")
    dialog(page).get_by_role("button", name="Undo this import").click()
    expect(dialog(page)).to_contain_text("nothing was undone: Harbour Café, 2 May 2024")
    assert [row[1] for row in figures(live_app, books)] == ["100.00", "5.00", "7.00"]


def test_an_import_is_undone_once(
    page: Page, live_app: LiveApp, books: Books, another_browser: Callable[[], Page]
) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "may.csv", MAY)
    import_all(page, "Import 1 new row", "Imported 1 new row of may.csv.")
    theirs = another_browser()
    companies.enter_as(theirs, live_app, books.company.ada, "/import")
    click_row(theirs, table_below(theirs, "Earlier imports"), 0)
    expect(dialog(theirs)).to_contain_text("Ed imported financials")
    press(page, "Undo")
    dialog(page).get_by_role("button", name="Undo this import").click()
    expect(said(page, "Undone: the import of may.csv.")).to_be_visible()
    dialog(theirs).get_by_role("button", name="Undo this import").click()
    expect(dialog(theirs)).to_contain_text("This import was undone already.")
    assert figures(live_app, books) == BEFORE


def test_leaving_the_page_loses_nothing(page: Page, live_app: LiveApp, books: Books) -> None:
    companies.enter_as(page, live_app, books.company.ed, "/import")
    give(page, "may.csv", HEAD + f"{CAFE},3/04/2024,5,1,\nPier Kiosk,4/04/2024,6,1,\n")
    page.get_by_text("Day first: 3/04/2024 is 3 Apr 2024").click()
    press_all = page.get_by_role("button", name="Use these choices")
    expect(press_all).to_be_visible()
    page.get_by_role("combobox", name="Pier Kiosk · 1 row").click()
    take(page.get_by_role("option", name="Leave out its rows", exact=True))
    press_all.click()
    expect_answer(page, "1 row is new, 1 is left out.")
    page.get_by_role("link", name="Clients", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Clients")).to_be_visible()
    page.get_by_role("link", name="Import", exact=True).click()
    expect_answer(page, "1 row is new, 1 is left out.")
    expect(page.get_by_role("radio", name="Day first: 3/04/2024 is 3 Apr 2024")).to_be_checked()


def test_on_a_phone_no_step_scrolls_sideways(
    another_browser: Callable[[], Page], live_app: LiveApp, books: Books
) -> None:
    page = another_browser()
    page.set_viewport_size(PHONE)
    companies.enter_as(page, live_app, books.company.ed, "/import")
    expect(page.get_by_text("What can I import?")).to_be_visible()
    _expect_no_scroll(page)
    rows = f"{CAFE},3/04/2024,5,1,{'a long note ' * 20}\nPier Kiosk,4/04/2024,x,1,\n"
    give(page, "a-name-that-is-rather-long-for-a-phone-of-this-width.csv", HEAD + rows)
    page.get_by_text("Day first").click()
    expect_answer(page, "1 row is new, 1 cannot be imported.")
    page.get_by_text("Columns: recognised").click()
    expect(page.get_by_role("button", name="Use these columns")).to_be_visible()
    _expect_no_scroll(page)
    import_all(page, "Import 1 new row and leave 1 row out", "Imported 1 new row")
    _expect_no_scroll(page)


def _expect_no_scroll(page: Page) -> None:
    wide = """() => { const main = document.querySelector('[data-testid=stMain]');
        return main.scrollWidth <= main.clientWidth }"""
    page.wait_for_function(wide)
