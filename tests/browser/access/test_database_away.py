"""The database becomes unavailable while people work, and returns."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, enter, impatient
from tests.support.pages import dialog, own_client, remove_client, sql
from tests.support.servers.live_app import COLE, SUPPORT, LiveApp

pytestmark = pytest.mark.browser


def test_signing_in_shows_a_message_and_keeps_the_typed_address(
    page: Page, live_app: LiveApp
) -> None:
    page.goto(live_app.url)
    with live_app.without_database():
        enter(page, COLE, live_app.password(COLE))
        expect(page.get_by_role("alert")).to_contain_text("is unavailable at the moment")
        expect(page.get_by_label("Email")).to_have_value(COLE)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)


def test_a_click_waits_for_the_database_and_then_happens(visit: Visit, live_app: LiveApp) -> None:
    page = visit(COLE)
    impatient(page)
    with live_app.without_database():
        page.get_by_role("link", name="Service delivery profitability").click()
        expect(page.get_by_text("Zixly continues once it is back")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(f"{live_app.url}/profitability")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


# Every day: the click above, and the same page without a browser in `shell/test_session.py`.
@pytest.mark.nightly
def test_opening_a_page_without_a_database_shows_a_message_and_can_be_retried(
    visit: Visit, live_app: LiveApp
) -> None:
    page = visit(COLE)
    with live_app.without_database():
        page.goto(f"{live_app.url}/profitability?period=2024-Q1")
        expect(page.get_by_text("The database is unavailable at the moment")).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)
    expect(page).to_have_url(f"{live_app.url}/profitability?period=2024-Q1")


def test_a_form_that_is_being_saved_is_saved_when_the_database_is_back(
    visit: Visit, live_app: LiveApp
) -> None:
    client = own_client(live_app, "Recorded Test & Co")
    page = visit(SUPPORT, f"/financials?period=2024-Q1&client={client}")
    page.get_by_role("button", name="Record figures").click()
    typed = {"Date": "31/3/2024", "Revenue": "1234.50", "Expenses": "1000",
             "Note (optional)": "typed at length"}  # fmt: skip
    for label, text in typed.items():
        dialog(page).get_by_label(label, exact=True).fill(text)
    impatient(page)
    with live_app.without_database():
        dialog(page).get_by_role("button", name="Save").click()
        expect(page.get_by_text("Your entries are kept")).to_be_visible()
        for label, text in typed.items():
            expect(dialog(page).get_by_label(label, exact=True)).to_have_value(text)
    expect(page.get_by_test_id("stMain").get_by_role("status").first).to_contain_text(
        "Saved: Recorded Test & Co, 31 Mar 2024, revenue $1,234.50, expenses $1,000.00."
    )
    query = "select revenue::text, note from zixly.financials where client_kpi_id = :client"
    assert sql(live_app, query, client=client) == [("1234.50", "typed at length")]
    remove_client(live_app, client)
