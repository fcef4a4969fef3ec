"""A headless Chromium and the real app for it: `live_app`, `page`, `sign_in(page, email)`.

`visit(email, path)` is quicker: whoever it is signs in once for all tests of a module.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.live_app import LiveApp, running

# The shell draws the same pages with a sixth less work.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class SignIn(Protocol):
    def __call__(self, page: Page, email: str, path: str = "/") -> None: ...


class Visit(Protocol):
    def __call__(self, email: str, path: str = "/") -> Page: ...


@pytest.fixture(scope="session")
def live_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    """The app with the demo scenario as loaded on 22 November 2026, on a fresh data folder."""
    with running(tmp_path_factory.mktemp("live"), date(2026, 11, 22)) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else the one Playwright installed."""
    # A busy machine draws a page slowly; waiting longer costs nothing where it does not.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser: cookies of its own."""
    fresh = browser.new_context(viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(20_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def sign_in(live_app: LiveApp) -> SignIn:
    """Opens `path`, signs in as `email` and waits until the signed-in frame is there."""

    def do(page: Page, email: str, path: str = "/") -> None:
        page.goto(live_app.url + path)
        enter(page, email, live_app.password(email))
        expect(page.get_by_role("button", name="Sign out")).to_be_attached(timeout=20_000)
        _drawn(page)

    return do


@pytest.fixture(scope="session")
def browsers(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """The signed-in browsers, by email address."""
    signed_in: dict[str, BrowserContext] = {}
    yield signed_in
    for context in signed_in.values():
        context.close()


@pytest.fixture
def visit(
    browser: Browser, browsers: dict[str, BrowserContext], live_app: LiveApp
) -> Iterator[Visit]:
    """Opens `path` as `email` on a page of its own, and waits until its title is there."""
    opened: list[Page] = []

    def do(email: str, path: str = "/") -> Page:
        if email not in browsers:
            browsers[email] = browser.new_context(viewport={"width": 1280, "height": 900})
            browsers[email].set_default_timeout(30_000)
        page = browsers[email].new_page()
        opened.append(page)
        page.goto(live_app.url + path)
        inside = page.get_by_role("button", name="Sign out")
        outside = page.get_by_role("button", name="Sign in")
        # A new browser loads all of Streamlit's scripts first, on a busy machine for long.
        inside.or_(outside).first.wait_for(state="attached", timeout=60_000)
        if outside.count():
            # The first time, or somebody ended the session in between.
            enter(page, email, live_app.password(email))
        expect(inside).to_be_attached(timeout=60_000)
        expect(page.get_by_role("heading").first).to_be_visible()
        _drawn(page)
        return page

    yield do
    for page in opened:
        page.close()


def enter(page: Page, email: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def _drawn(page: Page) -> None:
    """The page's script has run to its end. A click before that may hit what is drawn anew."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)
