"""A server that has just started, and proxies in front of it: links, cookies, addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import drawn, enter, patient_page
from tests.browser.test_every_page import ENTRIES, expect_nothing_of_zixly, overheard
from tests.support.pages import sql
from tests.support.servers import reverse_proxy
from tests.support.servers.live_app import COLE, LiveApp
from zixly_ui.shell.request_headers import COOKIE

pytestmark = pytest.mark.browser

CLAIMED = "198.51.100.77"
QUERIES = {"client": "?id={}", "profitability": "?period=2024-Q1"}
CLOSED = [entry.url_path for entry in ENTRIES if not entry.open_to_all]
# Their browsers receive the most.
FIRST = ["client", "team"]


@pytest.fixture(scope="module")
def started(live_app: LiveApp) -> Iterator[LiveApp]:
    """A second server on the data of the first, just started, which trusts no proxy."""
    with live_app.another() as app:
        yield app


@pytest.fixture
def outside(browser: Browser) -> Iterator[Page]:
    """A browser that claims another address, and accepts the self-signed certificate."""
    context = browser.new_context(
        ignore_https_errors=True, extra_http_headers={"X-Forwarded-For": CLAIMED}
    )
    context.set_default_timeout(60_000)
    yield patient_page(context)
    context.close()


def shows_the_form_alone(page: Page, app: LiveApp, path: str) -> None:
    with overheard(page, app) as complaints:
        query = QUERIES.get(path, "").format(app.client_id("HBC-2024-001"))
        page.goto(f"{app.url}/{path}{query}")
        expect(page.get_by_label("Email")).to_be_visible()
        expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(0)
        expect_nothing_of_zixly(page, app)
    assert complaints == []


# ── a server that has just started: the first visit is the first test ───────────────────────────
def test_a_deep_link_on_a_fresh_server_shows_sign_in_and_then_that_page(
    page: Page, started: LiveApp
) -> None:
    page.goto(f"{started.url}/profitability?period=2024-Q1")
    expect(page.get_by_label("Email")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Harbor Bridge")
    enter(page, COLE, started.password(COLE))
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    expect(page).to_have_url(f"{started.url}/profitability?period=2024-Q1")


@pytest.mark.parametrize("path", FIRST)
def test_a_stranger_sees_nothing_but_the_form(
    context: BrowserContext, started: LiveApp, path: str
) -> None:
    shows_the_form_alone(patient_page(context), started, path)


@pytest.mark.nightly
@pytest.mark.parametrize("path", CLOSED)
def test_on_a_freshly_started_server_every_link_shows_a_stranger_only_the_form(
    context: BrowserContext, live_app: LiveApp, path: str
) -> None:
    with live_app.another() as fresh:
        shows_the_form_alone(patient_page(context), fresh, path)


def test_a_restart_of_the_app_keeps_the_session(
    page: Page, live_app: LiveApp, started: LiveApp
) -> None:
    secret = live_app.open_session(COLE)
    cookie = {"name": COOKIE, "value": secret, "url": started.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(started.url)
    expect(page.get_by_test_id("stSidebar")).to_contain_text(COLE)


# ── a reverse proxy with TLS ────────────────────────────────────────────────────────────────────
def signed_in_session(page: Page, app: LiveApp) -> tuple[str, str]:
    """Signs Cole in over TLS and opens a page; returns the newest session's address and browser."""
    enter(page, COLE, app.password(COLE))
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    drawn(page)
    # Only a live WebSocket responds to a click.
    page.get_by_role("link", name="Clients").click()
    expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
    ((address, agent),) = sql(
        app, "select address, user_agent from zixly.sessions where kind = 'BROWSER'"
             " order by created_at desc limit 1",
    )  # fmt: skip
    return str(address), str(agent)


def test_a_trusted_proxy_brings_the_address_and_a_secure_cookie(
    outside: Page, live_app: LiveApp, tmp_path: Path
) -> None:
    with reverse_proxy.running(tmp_path, live_app.port) as url:
        outside.goto(url)
        address, agent = signed_in_session(outside, live_app)
        (cookie,) = (c for c in outside.context.cookies() if c["name"] == "zixly_session")
        assert cookie["secure"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert address == CLAIMED
        assert "Chrome" in agent
        outside.get_by_role("button", name="Sign out").click()
        expect(outside.get_by_label("Email")).to_be_visible()
        assert not [c for c in outside.context.cookies() if c["name"] == "zixly_session"]


@pytest.mark.nightly
def test_a_proxy_nobody_named_is_not_believed(
    outside: Page, started: LiveApp, tmp_path: Path
) -> None:
    with reverse_proxy.running(tmp_path, started.port) as url:
        outside.goto(url)
        address, _ = signed_in_session(outside, started)
        (cookie,) = (c for c in outside.context.cookies() if c["name"] == "zixly_session")
        assert not cookie["secure"]
        assert address == "127.0.0.1"


@pytest.mark.nightly
def test_a_setting_makes_the_cookie_secure_behind_any_proxy(
    outside: Page, live_app: LiveApp, tmp_path: Path
) -> None:
    with (
        live_app.another(COOKIE_SECURE="true") as app,
        reverse_proxy.running(tmp_path, app.port) as url,
    ):
        outside.goto(url)
        signed_in_session(outside, app)
        (cookie,) = (c for c in outside.context.cookies() if c["name"] == "zixly_session")
        assert cookie["secure"]
