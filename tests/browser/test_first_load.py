"""The first page takes a thin line seconds, not half a minute, and the next load next to nothing.

What it takes is measured by `bench/first_load.py`, with times.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, PHONE
from tests.browser.page_loads import load
from tests.support.servers.live_app import COLE, LiveApp
from zixly_ui.http import compressed_copies
from zixly_ui.shell.request_headers import COOKIE

pytestmark = pytest.mark.browser

FIRST, SECOND = 2_500_000, 100_000
SHIFT = 0.1


@pytest.fixture(scope="module")
def _stored_copies() -> None:
    """As `make` and the Dockerfile do; nothing to do in an environment that they created."""
    compressed_copies.store()


def _empty_page(browser: Browser, live_app: LiveApp, **options: object) -> Page:
    """A page of Cole's in a browser of its own, with an empty cache."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    secret = live_app.open_session(COLE)
    context.add_cookies([{"name": COOKIE, "value": secret, "url": live_app.url}])
    return context.new_page()


@pytest.mark.usefixtures("_stored_copies")
def test_the_overview_is_small_and_the_second_time_tiny(
    browser: Browser, live_app: LiveApp
) -> None:
    page = _empty_page(browser, live_app, viewport=DESK)
    first = load(page, live_app.url)
    assert any("PlotlyChart" in address for address in first.size_by_address), "all of it"
    assert any("embed" in address for address in first.size_by_address), "all of it"
    assert first.size < FIRST, first.size_by_address
    again = page.context.new_page()
    second = load(again, live_app.url)
    assert second.frames > 10_000, "the page itself"
    assert second.size < SECOND, second.size_by_address
    page.context.close()


@pytest.mark.parametrize(
    ("path", "size"),
    [
        pytest.param("/", DESK, id="overview"),
        *(
            pytest.param(path, size, id=f"{path}-{name}", marks=pytest.mark.nightly)
            for path in ("/", "/profitability", "/clients")
            for name, size in (("desk", DESK), ("phone", PHONE))
            if (path, name) != ("/", "desk")
        ),
    ],
)
def test_what_is_read_stays_in_its_place(
    browser: Browser, live_app: LiveApp, path: str, size: dict[str, int]
) -> None:
    page = _empty_page(browser, live_app, viewport=size)
    measured = load(page, live_app.url + path)
    assert measured.paint > 0, "the browser observed"
    assert measured.shift < SHIFT, measured.shifts
    page.context.close()
