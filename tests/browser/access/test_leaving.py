"""A person leaves while their page is open: from the next click they have no access, anywhere."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import go_in
from tests.support.pages import ZIXLY, dialog, download_button, sql
from tests.support.servers.live_app import LiveApp
from zixly_data.identity import Role
from zixly_data.operations import operator

pytestmark = pytest.mark.browser

_numbers = count(1)


@dataclass(frozen=True)
class Somebody:
    """An editor of Zixly who is about to leave."""

    live_app: LiveApp
    email: str

    def go_in(self, page: Page, path: str = "/") -> None:
        go_in(page, self.live_app, self.email, path)

    def leaves(self) -> None:
        self._set("status = 'INACTIVE'")

    def comes_back(self) -> None:
        self._set("status = 'ACTIVE'")

    def is_deleted(self) -> None:
        sql(self.live_app, "delete from zixly.users where email = :email", email=self.email)

    def _set(self, change: str) -> None:
        sql(
            self.live_app,
            f"update zixly.users set {change} where email = :email",
            email=self.email,
        )


@pytest.fixture
def somebody(live_app: LiveApp) -> Iterator[Somebody]:
    email = f"somebody-{next(_numbers)}@zixly.example.com"
    operator.add_user(live_app.admin_url, ZIXLY, email, "Somebody", Role.EDITOR)
    person = Somebody(live_app, email)
    yield person
    person.is_deleted()


def shows_nothing(page: Page) -> None:
    expect(page.get_by_text("Your session has ended").first).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Harbor Bridge")


def press_a_button(page: Page) -> None:
    page.get_by_role("button", name="Add client").click()


def reload(page: Page) -> None:
    page.reload()


@pytest.mark.parametrize("click", [press_a_button, reload])
def test_the_next_click_on_an_open_page_gets_nothing(
    page: Page, somebody: Somebody, click: Callable[[Page], None]
) -> None:
    somebody.go_in(page, "/clients")
    expect(page.get_by_role("button", name="Add client")).to_be_visible()
    somebody.leaves()
    click(page)
    shows_nothing(page)
    expect(page.get_by_label("Email")).to_be_visible()
    expect(dialog(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        # A file with its own address, and a file that the page creates.
        ("/clients", lambda page: page.get_by_role("heading", name="Your session has ended.")),
        (
            "/profitability?period=2024-Q1",
            lambda page: page.get_by_test_id("stDownloadButtonError"),
        ),
    ],
)
def test_a_download_brings_no_file(
    page: Page, somebody: Somebody, path: str, says: Callable[[Page], Locator]
) -> None:
    somebody.go_in(page, path)
    with page.expect_download():
        download_button(page).click()
    files: list[object] = []
    page.on("download", lambda download: files.append(download))
    somebody.leaves()
    download_button(page).click()
    expect(says(page)).to_be_visible()
    assert files == []


def test_a_replayed_cookie_opens_nothing_and_is_never_valid_again(
    page: Page, context: BrowserContext, another_browser: Callable[[], Page], somebody: Somebody
) -> None:
    somebody.go_in(page, "/profitability?period=2024-Q1")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    with page.expect_download():
        download_button(page).click()
    (media,) = {url for url in requested if "/media/" in url}
    files = (media, "/download/clients.csv")
    cookies = [cookie for cookie in context.cookies() if cookie["name"] == "zixly_session"]
    secret = cookies[0]["value"]
    assert 401 not in {_status(somebody.live_app, file, secret) for file in files}

    somebody.leaves()
    for _ in range(2):
        assert {_status(somebody.live_app, file, secret) for file in files} == {401}
        replayed = another_browser()
        replayed.context.add_cookies(cookies)  # type: ignore[arg-type]
        replayed.goto(f"{somebody.live_app.url}/clients")
        shows_nothing(replayed)
        replayed.close()
        # Reactivated, they sign in again; the old session remains invalid.
        somebody.comes_back()

    somebody.go_in(page, "/clients")
    expect(page.get_by_role("button", name="Add client")).to_be_visible()


def _status(live_app: LiveApp, url: str, secret: str) -> int:
    """The server's response to a person who kept the address and the cookie."""
    connection = http.client.HTTPConnection("localhost", live_app.port, timeout=60)
    try:
        connection.request(
            "GET", url.removeprefix(live_app.url), headers={"Cookie": f"zixly_session={secret}"}
        )
        return connection.getresponse().status
    finally:
        connection.close()
