"""The database goes away under people's hands, and comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn, enter, impatient
from tests.support.servers.live_app import COLE, LiveApp

pytestmark = pytest.mark.browser


def test_signing_in_says_so_and_keeps_the_address_typed(page: Page, live_app: LiveApp) -> None:
    page.goto(live_app.url)
    with live_app.without_database():
        enter(page, COLE, live_app.password(COLE))
        expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
        expect(page.get_by_label("Email")).to_have_value(COLE)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)


def test_a_click_waits_for_the_database_and_then_happens(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    sign_in(page, COLE)
    impatient(page)
    with live_app.without_database():
        page.get_by_role("link", name="Service delivery profitability").click()
        expect(page.get_by_text("Zixly carries on as soon as it is back")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(f"{live_app.url}/profitability")
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def test_opening_a_page_meanwhile_is_calm_and_can_be_tried_again(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    sign_in(page, COLE)
    with live_app.without_database():
        page.goto(f"{live_app.url}/profitability?period=2024-Q1")
        expect(page.get_by_text("The database cannot be reached just now")).to_be_visible()
        expect(page.get_by_text("Traceback")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)
    expect(page).to_have_url(f"{live_app.url}/profitability?period=2024-Q1")
