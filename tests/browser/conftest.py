"""A headless Chromium and the real app for it: `live_app`, `page`, `sign_in(page, email)`.

`visit(email, path)` is quicker: whoever it is signs in once for all tests of a process.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.support.servers.live_app import LiveApp, running

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
    # All pages of a browser share a process, and with it the scripts it has compiled: see `Shelf`.
    "--process-per-site",
    # No page lives long enough to get back what optimising its scripts costs.
    "--js-flags=--no-opt --no-maglev",
]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


class Shelf:
    """Browsers that nobody uses just now, each as if it were new: without cookies, without anything
    stored, without a page.

    A browser that really is new compiles several megabytes of Streamlit's scripts before it shows
    anything, which takes longer than all else it does. One that is used again has them still: a
    blank page of our site stays open in it and keeps its process alive.
    """

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._free: list[BrowserContext] = []
        self._put_back = 0

    def take(self) -> BrowserContext:
        return self._free.pop() if self._free else self._new()

    def put_back(self, context: BrowserContext) -> None:
        blank, *used = context.pages
        try:
            origins = {"{0.scheme}://{0.netloc}".format(urlsplit(page.url)) for page in used}
            for page in used:
                page.close()
            context.clear_cookies()
            context.clear_permissions()
            devtools = context.new_cdp_session(blank)
            for origin in origins:
                wanted = {"origin": origin, "storageTypes": "all"}
                devtools.send("Storage.clearDataForOrigin", wanted)
            self._put_back += 1
            if self._put_back % 10 == 0:
                # Left alone, a busy process lets more than a gigabyte of closed pages lie about.
                devtools.send("HeapProfiler.collectGarbage")
            devtools.detach()
        except Error:
            with suppress(Error):
                context.close()
        else:
            self._free.append(context)

    def _new(self) -> BrowserContext:
        context = self._chromium.new_context(viewport=DESK)
        context.set_default_timeout(60_000)
        blank = context.new_page()
        blank.route("**/*", _nothing)
        blank.goto("http://localhost/")
        blank.unroute_all()
        return context


def _nothing(route: Route) -> None:
    route.fulfill(body="", content_type="text/html")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of 240 tests in a browser on a machine busy with three, now and then one clicks where
    something was a moment ago. It may try once more; the summary names each that did (RERUN), and
    one that does so often wants mending."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


class SignIn(Protocol):
    def __call__(self, page: Page, email: str, path: str = "/") -> None: ...


class Visit(Protocol):
    def __call__(self, email: str, path: str = "/", size: ViewportSize = DESK) -> Page: ...


@pytest.fixture(scope="session")
def live_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    """The app with the demo scenario as loaded on 22 November 2026, on a fresh data folder."""
    with running(tmp_path_factory.mktemp("live"), date(2026, 11, 22)) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium where there is one, else the one Playwright installed."""
    # A busy machine draws a page slowly; waiting longer costs nothing where it does not.
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shelf(browser: Browser) -> Shelf:
    return Shelf(browser)


@pytest.fixture
def context(shelf: Shelf) -> Iterator[BrowserContext]:
    """One person's browser: cookies of its own."""
    own = shelf.take()
    yield own
    shelf.put_back(own)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return patient_page(context)


@pytest.fixture
def another_browser(shelf: Shelf) -> Iterator[Callable[[], Page]]:
    """An empty page in somebody else's browser, or in one's own on another machine."""
    opened: list[BrowserContext] = []

    def open_one() -> Page:
        opened.append(shelf.take())
        return patient_page(opened[-1])

    yield open_one
    for context in opened:
        shelf.put_back(context)


@pytest.fixture
def sign_in(live_app: LiveApp) -> SignIn:
    """Opens `path`, signs in as `email` and waits until the signed-in frame is there."""

    def do(page: Page, email: str, path: str = "/") -> None:
        page.goto(live_app.url + path)
        enter(page, email, live_app.password(email))
        expect(page.get_by_role("button", name="Sign out")).to_be_attached()
        drawn(page)

    return do


@pytest.fixture(scope="session")
def sessions() -> dict[str, list[Any]]:
    """The cookies of those who have signed in, by email address."""
    return {}


@pytest.fixture
def visit(shelf: Shelf, sessions: dict[str, list[Any]], live_app: LiveApp) -> Iterator[Visit]:
    """Opens `path` as `email` on a page of its own, and waits until its title is there."""
    browsers: dict[str, BrowserContext] = {}

    def do(email: str, path: str = "/", size: ViewportSize = DESK) -> Page:
        if email not in browsers:
            browsers[email] = shelf.take()
            browsers[email].add_cookies(sessions.get(email, []))
        page = patient_page(browsers[email])
        page.set_viewport_size(size)
        page.goto(live_app.url + path)
        inside = page.get_by_role("button", name="Sign out")
        outside = page.get_by_role("button", name="Sign in")
        inside.or_(outside).first.wait_for(state="attached")
        if outside.count():
            # The first time, or somebody ended the session in between.
            enter(page, email, live_app.password(email))
        expect(inside).to_be_attached()
        expect(page.get_by_role("heading").first).to_be_visible()
        drawn(page)
        sessions[email] = browsers[email].cookies()
        return page

    yield do
    for browser in browsers.values():
        shelf.put_back(browser)


def enter(page: Page, email: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def patient_page(context: BrowserContext) -> Page:
    """A page at which whoever clicks, types or looks waits while its script runs: until that has
    ended Streamlit shows old and new beside each other, and a click may hit what goes."""
    page = context.new_page()
    page.add_locator_handler(_running(page), lambda: drawn(page), no_wait_after=True)
    return page


def impatient(page: Page) -> None:
    """From now on look at the page and click on it while its script runs, too."""
    page.remove_locator_handler(_running(page))


def drawn(page: Page) -> None:
    """The page's script has run to its end."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def _running(page: Page) -> Locator:
    return page.locator("[data-testid=stApp][data-test-script-state=running]")
