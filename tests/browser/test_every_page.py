"""Every page of the menu, as each role: complete, without errors or requests to other servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.conftest import Visit
from tests.support.pages import sql
from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data.identity import Role
from zixly_ui.shell.navigation import MENU

pytestmark = pytest.mark.browser

ENTRIES = [entry for entries in MENU.values() for entry in entries]
ROLES = {COLE: Role.ADMIN, SUPPORT: Role.EDITOR, VERA: Role.VIEWER, SARAH: Role.ADMIN}
FAILED = "[data-testid=stAlertContentError], [data-testid=stException], .st-key-unavailable"


# Every day: the most there is to see, and the organisation that must see nothing of the other. The
# pages of all roles are opened without a browser in `test_permission_matrix.py`.
@pytest.mark.parametrize(
    "email",
    [COLE, *(pytest.param(email, marks=pytest.mark.nightly) for email in (SARAH, SUPPORT, VERA))],
)
def test_each_role_walks_every_page_of_its_menu(
    visit: Visit, live_app: LiveApp, email: str
) -> None:
    page = visit(email)
    own = [
        entry
        for entry in ENTRIES
        if entry.menu_role is not None and ROLES[email].includes(entry.menu_role)
    ]
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links).to_have_count(len(own))
    for place, entry in enumerate(own):
        expect(links.nth(place).locator("p").first).to_have_text(entry.title)
    with overheard(page, live_app) as complaints:
        for entry in own:
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=entry.title).click()
            _expect_whole(page, entry.title)
            if email == SARAH:
                expect_nothing_of_zixly(page, live_app)
    assert complaints == []


def _expect_settled(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()
    expect(page.get_by_role("heading").first).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)


def _expect_whole(page: Page, title: str) -> None:
    """The page with this title has been drawn completely, without errors."""
    expect(page.get_by_role("heading", level=1, name=title, exact=True)).to_be_visible()
    _expect_settled(page)
    expect(page.locator(FAILED)).to_have_count(0)
    expect(page.get_by_text("Traceback")).to_have_count(0)


def expect_nothing_of_zixly(page: Page, live_app: LiveApp) -> None:
    """No name or number of Zixly's clients is on the page, visible or not."""
    everything = page.content()
    rows = sql(
        live_app,
        "select client_name, client_id, id from zixly.client_kpis"
        " where tenant_id = 'zixly-org-001'",
    )
    assert len(rows) > 3
    # The page may repeat text from its address.
    secrets = {word for row in rows for word in row if word not in page.url}
    assert sorted(word for word in secrets if word in everything) == []


@contextmanager
def overheard(page: Page, live_app: LiveApp) -> Iterator[list[str]]:
    """The page's console errors, and its requests to other servers."""
    complaints: list[str] = []
    ours = urlsplit(live_app.url).netloc

    def heed(url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != ours:
            complaints.append(f"asks {address.netloc}")

    def note(message: ConsoleMessage) -> None:
        # Below a deep link Streamlit looks for its server first: /team/_stcore/health.
        if message.type == "error" and "/_stcore/" not in message.location["url"]:
            complaints.append(f"{message.text} {message.location['url']}")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: heed(request.url))
    page.on("websocket", lambda socket: heed(socket.url))
    yield complaints
