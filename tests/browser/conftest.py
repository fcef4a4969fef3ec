"""A headless Chromium and the real app for it: `live_app`, `page`, `visit(email, path)`.

`visit` and `go_in` sign in with the cookie of a session opened in the database. Only the tests of
signing in use the sign-in form: `enter(page, email, password)`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from datetime import date
from typing import Protocol
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

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

from tests.support import evidence
from tests.support.servers import mailbox
from tests.support.servers.live_app import LiveApp, running
from tests.support.servers.mailbox import Mailbox
from zixly_ui.shell.request_headers import COOKIE

# The headless shell draws the same pages with a sixth less work.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # All pages of a browser share a process, and so its compiled scripts: see `Shelf`.
    "--process-per-site",
    # No page lives long enough for optimised scripts to pay off.
    "--js-flags=--no-opt --no-maglev",
]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

# The console messages of each window.
_consoles: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


class Shelf:
    """Browsers that are not in use, each as if it were new: without cookies, stored data or
    pages.

    A new browser compiles several megabytes of Streamlit's scripts before it shows
    anything, which takes longer than all its other work. A reused browser still has them: a
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
                storage = {"origin": origin, "storageTypes": "all"}
                devtools.send("Storage.clearDataForOrigin", storage)
            self._put_back += 1
            if self._put_back % 10 == 0:
                # Without this, a busy process keeps more than a gigabyte of closed pages.
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the contents of each window of a failed test, and its console messages."""
    report = yield
    if report.failed and call.when == "call":
        windows = [page for page in _consoles if not page.is_closed()]
        for number, page in enumerate(windows, start=1):
            lines = [page.url, *_consoles[page], "", ""]
            with suppress(Error):
                evidence.keep(page.screenshot(timeout=5_000), f"window-{number}.png")
                lines.append(page.locator("body").inner_text(timeout=5_000))
            evidence.keep("\n".join(lines), f"window-{number}.txt")
    return report


class Visit(Protocol):
    def __call__(self, email: str, path: str = "/", size: ViewportSize = DESK) -> Page: ...


@pytest.fixture(scope="session")
def box() -> Iterator[Mailbox]:
    with mailbox.running() as server:
        yield server


@pytest.fixture(scope="session")
def live_app(box: Mailbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    """The app with the demo scenario as loaded on 22 November 2026, on its own data folder.

    It may send emails, and runs behind a proxy of the operator and another in front of it.
    """
    settings = {
        "SMTP_HOST": mailbox.HOST,
        "SMTP_PORT": str(box.port),
        "SMTP_SECURITY": "none",
        "TRUSTED_PROXIES": "127.0.0.1, 10.1.2.3",
    }
    with running(tmp_path_factory.mktemp("live"), date(2026, 11, 22), **settings) as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium if it is installed, otherwise Playwright's."""
    # A busy machine draws a page slowly; a longer limit costs nothing on an idle one.
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
    """One person's browser, with its own cookies."""
    own = shelf.take()
    yield own
    shelf.put_back(own)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return patient_page(context)


@pytest.fixture
def another_browser(shelf: Shelf) -> Iterator[Callable[[], Page]]:
    """An empty page in another browser, of another person or on another machine."""
    opened: list[BrowserContext] = []

    def open_one() -> Page:
        opened.append(shelf.take())
        return patient_page(opened[-1])

    yield open_one
    for context in opened:
        shelf.put_back(context)


@pytest.fixture(scope="session")
def session_secrets() -> dict[str, str]:
    """The secrets of the sessions opened so far, by email address."""
    return {}


@pytest.fixture
def visit(shelf: Shelf, session_secrets: dict[str, str], live_app: LiveApp) -> Iterator[Visit]:
    """Opens `path` as `email` on a separate page, and waits until it has been drawn."""
    browsers: dict[str, BrowserContext] = {}

    def do(email: str, path: str = "/", size: ViewportSize = DESK) -> Page:
        if email not in browsers:
            browsers[email] = shelf.take()
        page = patient_page(browsers[email])
        page.set_viewport_size(size)
        secret = session_secrets.get(email)
        session_secrets[email] = go_in(page, live_app, email, path, secret)
        return page

    yield do
    for browser in browsers.values():
        shelf.put_back(browser)


def go_in(
    page: Page, live_app: LiveApp, email: str, path: str = "/", secret: str | None = None
) -> str:
    """Open `path` in a session of `email`, a new one if `secret` is no longer valid; return
    the secret that was used."""
    inside = page.get_by_role("button", name="Sign out")
    outside = page.get_by_role("button", name="Sign in")
    if secret is not None:
        _give_session(page, live_app, secret)
        page.goto(live_app.url + path)
        inside.or_(outside).first.wait_for(state="attached")
    if secret is None or outside.count():
        secret = live_app.open_session(email)
        _give_session(page, live_app, secret)
        page.goto(live_app.url + path)
    expect(inside).to_be_attached()
    expect(page.get_by_role("heading").first).to_be_visible()
    drawn(page)
    return secret


def _give_session(page: Page, live_app: LiveApp, secret: str) -> None:
    cookie = {"name": COOKIE, "value": secret, "url": live_app.url, "httpOnly": True}
    page.context.add_cookies([{**cookie, "sameSite": "Lax"}])  # type: ignore[list-item]


def enter(page: Page, email: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def patient_page(context: BrowserContext) -> Page:
    """A page on which clicks, typing and checks wait for its script: until that has
    ended, Streamlit shows old and new elements together, and a click may hit an old one."""
    page = context.new_page()
    _consoles[page] = lines = []
    page.on("console", lambda message: lines.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: lines.append(f"error: {error}"))
    page.add_locator_handler(_running(page), lambda: drawn(page), no_wait_after=True)
    return page


def impatient(page: Page) -> None:
    """From now on check the page and click on it while its script runs, too."""
    page.remove_locator_handler(_running(page))


def drawn(page: Page) -> None:
    """Wait until the page's script has ended."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def _running(page: Page) -> Locator:
    return page.locator("[data-testid=stApp][data-test-script-state=running]")
