"""Signing in and out as people do it, in a real browser against the real app."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import enter
from tests.support.servers.live_app import COLE, LiveApp

pytestmark = pytest.mark.browser


def test_cole_signs_in_by_a_cookie_that_no_script_can_read_and_that_a_reload_keeps(
    page: Page, context: BrowserContext, live_app: LiveApp
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(live_app.url)
    enter(page, COLE.upper(), live_app.password(COLE))
    frame = page.get_by_test_id("stSidebar")
    expect(frame).to_contain_text(COLE)
    expect(frame).to_contain_text("Admin · Zixly")
    (session,) = (cookie for cookie in context.cookies() if cookie["name"] == "zixly_session")
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert "zixly_session" not in page.evaluate("document.cookie")
    assert session["value"] not in page.content()
    page.reload()
    expect(frame).to_contain_text(COLE)
    assert not [text for text in complaints if "Content Security Policy" in text]


def test_signing_out_ends_the_session_for_a_copied_cookie_too(
    page: Page, context: BrowserContext, another_browser: Callable[[], Page], live_app: LiveApp
) -> None:
    page.goto(live_app.url)
    enter(page, COLE, live_app.password(COLE))
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)
    stolen = [cookie for cookie in context.cookies() if cookie["name"] == "zixly_session"]
    elsewhere = another_browser()
    elsewhere.context.add_cookies(stolen)  # type: ignore[arg-type]
    elsewhere.goto(live_app.url)
    expect(elsewhere.get_by_test_id("stSidebar")).to_contain_text(COLE)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Email")).to_be_visible()
    assert not [cookie for cookie in context.cookies() if cookie["name"] == "zixly_session"]

    elsewhere.reload()
    expect(elsewhere.get_by_text("Your session has ended")).to_be_visible()
    expect(elsewhere.get_by_label("Email")).to_be_visible()


def test_a_pair_that_does_not_match_sets_no_cookie_and_keeps_the_address(
    page: Page, context: BrowserContext, live_app: LiveApp
) -> None:
    page.goto(live_app.url)
    enter(page, "nobody@zixly.com.au", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("email address or password is incorrect")
    expect(page.get_by_label("Email")).to_have_value("nobody@zixly.com.au")
    assert not [cookie for cookie in context.cookies() if cookie["name"] == "zixly_session"]
