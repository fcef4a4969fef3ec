"""Somebody leaves while their page is open: from the next click on they get nothing, anywhere."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import enter
from tests.support import known_passwords
from tests.support.pages import ZIXLY, dialog, download_button, own_client, remove_client, sql
from tests.support.servers.live_app import LiveApp
from zixly_data.identity import Role
from zixly_data.operations import operator

pytestmark = pytest.mark.browser

PASSWORD = "four plain words here"
_numbers = count(1)


@dataclass(frozen=True)
class Somebody:
    """An editor of Zixly who is about to leave."""

    live_app: LiveApp
    email: str

    def sign_in(self, page: Page, path: str = "/") -> None:
        page.goto(self.live_app.url + path)
        enter(page, self.email, PASSWORD)
        expect(page.get_by_role("button", name="Sign out")).to_be_attached()

    def leaves(self) -> None:
        self._set("status = 'INACTIVE'")

    def comes_back(self) -> None:
        self._set("status = 'ACTIVE'")

    def becomes_a_viewer(self) -> None:
        self._set("role = 'VIEWER'")

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
    known_passwords.give(live_app.admin_url, email, PASSWORD)
    person = Somebody(live_app, email)
    yield person
    person.is_deleted()


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    made = own_client(live_app, "Client of the one who leaves")
    yield made
    remove_client(live_app, made)


def shows_nothing(page: Page) -> None:
    expect(page.get_by_text("Your session has ended").first).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text("Harbor Bridge")


def open_another_page(page: Page) -> None:
    page.get_by_role("link", name="Clients", exact=True).click()


def reload(page: Page) -> None:
    page.reload()


def press_a_button(page: Page) -> None:
    page.get_by_role("button", name="Add client").click()


def search(page: Page) -> None:
    page.get_by_role("textbox", name="Search").fill("Bondi")
    page.get_by_role("textbox", name="Search").press("Enter")


@pytest.mark.parametrize(
    ("click", "ended_by"),
    [
        (open_another_page, Somebody.leaves),
        (reload, Somebody.leaves),
        (press_a_button, Somebody.leaves),
        (search, Somebody.leaves),
        (press_a_button, Somebody.is_deleted),
    ],
)
def test_the_next_click_on_an_open_page_gets_nothing(
    page: Page,
    somebody: Somebody,
    click: Callable[[Page], None],
    ended_by: Callable[[Somebody], None],
) -> None:
    somebody.sign_in(page, "/clients")
    expect(page.get_by_role("button", name="Add client")).to_be_visible()
    ended_by(somebody)
    click(page)
    shows_nothing(page)
    expect(page.get_by_label("Email")).to_be_visible()
    expect(dialog(page)).to_have_count(0)


def test_a_form_that_is_open_saves_nothing(
    page: Page, somebody: Somebody, client: str, live_app: LiveApp
) -> None:
    somebody.sign_in(page, f"/client?id={client}")
    page.get_by_role("button", name="Edit client").click()
    dialog(page).get_by_label("Client name").fill("Renamed after leaving")
    somebody.leaves()
    dialog(page).get_by_role("button", name="Save").click()
    shows_nothing(page)
    assert _name(live_app, client) == "Client of the one who leaves"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        # A file with an address of its own, and one that the page makes.
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
    somebody.sign_in(page, path)
    with page.expect_download():
        download_button(page).click()
    files: list[object] = []
    page.on("download", lambda download: files.append(download))
    somebody.leaves()
    download_button(page).click()
    expect(says(page)).to_be_visible()
    assert files == []


def test_a_link_to_a_page_shows_the_sign_in_form(page: Page, somebody: Somebody) -> None:
    somebody.sign_in(page)
    somebody.leaves()
    page.goto(f"{somebody.live_app.url}/profitability?period=2024-Q1")
    shows_nothing(page)
    enter(page, somebody.email, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("email address and password do not match")


def test_a_replayed_cookie_opens_nothing_and_comes_back_to_life_never(
    page: Page, context: BrowserContext, another_browser: Callable[[], Page], somebody: Somebody
) -> None:
    somebody.sign_in(page, "/profitability?period=2024-Q1")
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    with page.expect_download():
        download_button(page).click()
    (media,) = {url for url in requested if "/media/" in url}
    files = (media, "/download/clients.csv")
    cookies = [one for one in context.cookies() if one["name"] == "zixly_session"]
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
        # Reactivated, they sign in anew; the old session stays dead.
        somebody.comes_back()

    somebody.sign_in(page, "/clients")
    expect(page.get_by_role("button", name="Add client")).to_be_visible()


def test_an_editor_who_became_a_viewer_cannot_save_an_open_form(
    page: Page, somebody: Somebody, client: str, live_app: LiveApp
) -> None:
    somebody.sign_in(page, f"/client?id={client}")
    page.get_by_role("button", name="Edit client").click()
    dialog(page).get_by_label("Client name").fill("Renamed by a viewer")
    somebody.becomes_a_viewer()
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your role does not allow this.").first).to_be_visible()
    assert _name(live_app, client) == "Client of the one who leaves"

    page.reload()
    expect(page.get_by_role("heading", name="Client of the one who leaves").first).to_be_visible()
    expect(page.get_by_role("button", name="Edit client")).to_have_count(0)


def _name(live_app: LiveApp, client: str) -> object:
    return sql(live_app, "select client_name from zixly.client_kpis where id = :id", id=client)[0][
        0
    ]


def _status(live_app: LiveApp, url: str, secret: str) -> int:
    """What the server answers to somebody who kept the address and the cookie."""
    connection = http.client.HTTPConnection("localhost", live_app.port, timeout=60)
    try:
        connection.request(
            "GET", url.removeprefix(live_app.url), headers={"Cookie": f"zixly_session={secret}"}
        )
        return connection.getresponse().status
    finally:
        connection.close()
