"""Signing in and out as people do it, in a real browser against the real app."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import SignIn, enter
from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data.operations import operator

pytestmark = pytest.mark.browser

PEOPLE = [
    (COLE, "Admin · Zixly"),
    (SUPPORT, "Editor · Zixly"),
    (VERA, "Viewer · Zixly"),
    (SARAH, "Admin · ABC Construction"),
]


@pytest.mark.parametrize(("email", "badge"), PEOPLE)
def test_each_person_signs_in_and_sees_who_they_are(
    page: Page, sign_in: SignIn, email: str, badge: str
) -> None:
    sign_in(page, email)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(email)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(badge)


def test_the_session_is_a_cookie_no_script_can_read(
    page: Page, context: BrowserContext, sign_in: SignIn
) -> None:
    sign_in(page, COLE)
    (session,) = (one for one in context.cookies() if one["name"] == "zixly_session")
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
    assert "zixly_session" not in page.evaluate("document.cookie")
    assert session["value"] not in page.content()


def test_a_reload_keeps_the_session(page: Page, sign_in: SignIn) -> None:
    sign_in(page, COLE)
    page.reload()
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)


def test_a_restart_of_the_app_keeps_the_session(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    sign_in(page, COLE)
    live_app.restart()
    page.goto(live_app.url)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)


def test_signing_out_ends_the_session_for_a_copied_cookie_too(
    page: Page,
    context: BrowserContext,
    another_browser: Callable[[], Page],
    sign_in: SignIn,
    live_app: LiveApp,
) -> None:
    sign_in(page, COLE)
    stolen = [one for one in context.cookies() if one["name"] == "zixly_session"]

    elsewhere = another_browser()
    elsewhere.context.add_cookies(stolen)  # type: ignore[arg-type]
    elsewhere.goto(live_app.url)
    expect(elsewhere.get_by_test_id("stSidebar")).to_contain_text(COLE)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Email")).to_be_visible()
    assert not [one for one in context.cookies() if one["name"] == "zixly_session"]

    elsewhere.reload()
    expect(elsewhere.get_by_text("Your session has ended")).to_be_visible()
    expect(elsewhere.get_by_label("Email")).to_be_visible()


def test_a_deep_link_on_a_fresh_server_shows_sign_in_and_then_that_page(
    page: Page, live_app: LiveApp
) -> None:
    live_app.restart()
    page.goto(f"{live_app.url}/profitability?period=2024-Q1")
    expect(page.get_by_label("Email")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Harbor Bridge")

    enter(page, COLE, live_app.password(COLE))
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    expect(page).to_have_url(f"{live_app.url}/profitability?period=2024-Q1")


@pytest.mark.parametrize(
    "path", ["/team", "/clients", "/client?id=ckpi_001", "/overview", "/admin"]
)
def test_a_stranger_sees_nothing_but_the_form(page: Page, live_app: LiveApp, path: str) -> None:
    page.goto(live_app.url + path)
    expect(page.get_by_label("Email")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Harbor Bridge")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (COLE, "not the password"),
        ("nobody@zixly.com.au", "not the password"),
        (COLE, "x" * 100),
        (COLE, "é" * 60),
        ("'; DROP TABLE users; --", "' OR 1=1 --"),
    ],
)
def test_whatever_does_not_match_gets_the_same_sentence(
    page: Page, context: BrowserContext, live_app: LiveApp, email: str, password: str
) -> None:
    page.goto(live_app.url)
    enter(page, email, password)
    expect(page.get_by_role("alert")).to_contain_text("email address and password do not match")
    expect(page.get_by_label("Email")).to_have_value(email)
    assert not [one for one in context.cookies() if one["name"] == "zixly_session"]


def test_an_empty_form_says_what_is_missing(page: Page, live_app: LiveApp) -> None:
    page.goto(live_app.url)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter your email address")


def test_email_is_compared_without_case(page: Page, live_app: LiveApp) -> None:
    page.goto(live_app.url)
    enter(page, COLE.upper(), live_app.password(COLE))
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)


def test_a_new_password_ends_the_session_at_the_next_click(
    page: Page, sign_in: SignIn, live_app: LiveApp
) -> None:
    sign_in(page, VERA)
    operator.set_password(live_app.admin_url, VERA, live_app.password(VERA))
    page.get_by_role("link", name="Clients").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    expect(page.get_by_label("Email")).to_be_visible()


@pytest.mark.parametrize("email", [SUPPORT, VERA])
def test_only_an_admin_may_open_the_team_page(page: Page, sign_in: SignIn, email: str) -> None:
    sign_in(page, email, "/team")
    expect(page.get_by_text("This page is for another role")).to_be_visible()
    expect(page.get_by_role("link", name="Team")).to_have_count(0)


def test_an_admin_has_the_team_page_in_the_menu(page: Page, sign_in: SignIn) -> None:
    sign_in(page, COLE)
    expect(page.get_by_role("link", name="Team")).to_be_visible()


def test_no_page_breaks_the_content_security_policy(page: Page, live_app: LiveApp) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(live_app.url)
    enter(page, COLE, live_app.password(COLE))
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    assert not [text for text in complaints if "Content Security Policy" in text]
