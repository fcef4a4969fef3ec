"""Zixly behind a reverse proxy with TLS: the cookie, the address on record, the live connection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import enter, patient_page
from tests.support.pages import sql
from tests.support.servers import reverse_proxy
from tests.support.servers.live_app import COLE, LiveApp

pytestmark = pytest.mark.browser

CLAIMED = "198.51.100.77"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    live = LiveApp(tmp_path_factory.mktemp("proxied"), date(2026, 11, 22))
    yield live
    live.close()


@pytest.fixture
def outside(browser: Browser) -> Iterator[Page]:
    """A browser that claims another address, and takes the throw-away certificate."""
    context = browser.new_context(
        ignore_https_errors=True, extra_http_headers={"X-Forwarded-For": CLAIMED}
    )
    context.set_default_timeout(60_000)
    yield patient_page(context)
    context.close()


def signed_in_session(page: Page, app: LiveApp) -> tuple[str, str]:
    """Signs Cole in over TLS and works a little; the newest session's address and browser."""
    enter(page, COLE, app.password(COLE))
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    # Only a live WebSocket answers a click.
    page.get_by_role("link", name="Clients").click()
    expect(page.get_by_role("heading", name="Clients", exact=True)).to_be_visible()
    ((address, agent),) = sql(
        app, "select address, user_agent from zixly.sessions where kind = 'BROWSER'"
             " order by created_at desc limit 1",
    )  # fmt: skip
    return str(address), str(agent)


def test_a_trusted_proxy_brings_the_address_and_a_secure_cookie(
    outside: Page, app: LiveApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The proxy and what stands before it, both of the operator.
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1, 10.1.2.3")
    app.restart()
    with reverse_proxy.running(tmp_path, app.port) as url:
        outside.goto(url)
        address, agent = signed_in_session(outside, app)
        (cookie,) = (c for c in outside.context.cookies() if c["name"] == "zixly_session")
        assert cookie["secure"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert address == CLAIMED
        assert "Chrome" in agent
        outside.get_by_role("button", name="Sign out").click()
        expect(outside.get_by_label("Email")).to_be_visible()
        assert not [c for c in outside.context.cookies() if c["name"] == "zixly_session"]


def test_a_proxy_nobody_named_is_not_believed(
    outside: Page, app: LiveApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TRUSTED_PROXIES", raising=False)
    app.restart()
    with reverse_proxy.running(tmp_path, app.port) as url:
        outside.goto(url)
        address, _ = signed_in_session(outside, app)
        (cookie,) = (c for c in outside.context.cookies() if c["name"] == "zixly_session")
        assert not cookie["secure"]
        assert address == "127.0.0.1"


def test_a_setting_makes_the_cookie_secure_whoever_stands_before(
    outside: Page, app: LiveApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOKIE_SECURE", "true")
    app.restart()
    with reverse_proxy.running(tmp_path, app.port) as url:
        outside.goto(url)
        signed_in_session(outside, app)
        (cookie,) = (c for c in outside.context.cookies() if c["name"] == "zixly_session")
        assert cookie["secure"]
