"""Two-step sign-in on two devices, and a file that opens for one person only."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.request import Request, urlopen

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, drawn, enter, go_in
from tests.support import known_passwords
from tests.support.pages import eventually
from tests.support.servers.live_app import LiveApp
from zixly_data.identity import Role
from zixly_data.operations import operator

pytestmark = pytest.mark.browser

PASSWORD = "four words make passwords"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Newcomer:
    tenant_id: str
    email: str


@pytest.fixture
def newcomer(live_app: LiveApp) -> Newcomer:
    """The only person in an organisation, its administrator."""
    number = next(_numbers)
    tenant_id, email = f"account-{number:03}", f"nell@account-{number}.example"
    operator.create_tenant(live_app.admin_url, tenant_id, "Nell and Daughters")
    operator.add_user(live_app.admin_url, tenant_id, email, "Nell", Role.ADMIN)
    known_passwords.give(live_app.admin_url, email, PASSWORD)
    return Newcomer(tenant_id, email)


@pytest.fixture
def another_browser(another_browser: Callable[[], Page]) -> Callable[[], Page]:
    """On a phone."""

    def make() -> Page:
        page = another_browser()
        page.set_viewport_size(PHONE)
        return page

    return make


def set_up(page: Page) -> tuple[pyotp.TOTP, str, list[str]]:
    """Types the shown key into an app, and its code into the page. Returns the app, the code
    that has been used, and the recovery codes."""
    # What is clicked while the page is still being drawn may be drawn anew under the click.
    drawn(page)
    page.get_by_text("Can’t scan it?").click()
    key = page.get_by_test_id("stCode").inner_text()
    app = pyotp.TOTP("".join(key.split()))
    code = app.now()
    page.get_by_label("Enter the 6-digit code").fill(code)
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Save your recovery codes")).to_be_visible()
    drawn(page)
    return app, code, page.get_by_test_id("stCode").inner_text().split()


def next_code(app: pyotp.TOTP) -> str:
    """The code of the next half minute, because the current one has been used."""
    return app.at(int(time.time()) + 30)


def answer(page: Page, code: str) -> None:
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Continue").click()


# Every day: the same without a browser in `test_second_factor_step.py`.
@pytest.mark.nightly
def test_a_second_factor_is_set_up_by_its_square_and_asked_for_on_another_device(
    page: Page, live_app: LiveApp, newcomer: Newcomer, another_browser: Callable[[], Page]
) -> None:
    go_in(page, live_app, newcomer.email, "/account")
    page.get_by_role("button", name="Set up").click()
    square = page.get_by_alt_text("QR code for your authenticator app")
    expect(square).to_be_visible()
    assert square.evaluate("image => image.naturalWidth") > 100, "the picture is really drawn"
    app, used, codes = set_up(page)
    assert len(set(codes)) == 10
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert all(code in download.value.path().read_text() for code in codes)
    page.get_by_role("link", name="Clients").click()
    expect(page.get_by_role("heading", name="Save your recovery codes")).to_be_visible()
    page.get_by_role("button", name="I have saved them").click()
    expect(page.get_by_role("heading", name="Save your recovery codes")).to_have_count(0)
    eventually(lambda: codes[0] in page.content(), False)

    phone = another_browser()
    phone.goto(live_app.url + "/account")
    enter(phone, newcomer.email, PASSWORD)
    expect(phone.get_by_text("Lost your phone?")).to_be_visible()
    expect(phone.get_by_test_id("stSidebarNav")).to_have_count(0)
    assert not [c for c in phone.context.cookies() if c["name"] == "zixly_session"]
    answer(phone, used)  # a moment ago, to switch it on
    expect(phone.get_by_role("alert")).to_contain_text("incorrect or was already used")
    answer(phone, next_code(app))
    expect(phone.get_by_text("10 recovery codes left")).to_be_visible()


def test_a_file_created_for_a_person_opens_only_with_their_session(
    page: Page, live_app: LiveApp, newcomer: Newcomer
) -> None:
    go_in(page, live_app, newcomer.email, "/team")
    (cookie,) = (c for c in page.context.cookies() if c["name"] == "zixly_session")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").first.click()
    address = download.value.url
    assert "/media/" in address

    def status(secret: str) -> int:
        request = Request(address, headers={"Cookie": f"zixly_session={secret}"})
        try:
            with urlopen(request, timeout=60) as response:
                return int(response.status)
        except OSError as error:
            return int(getattr(error, "code", 0))

    assert status("invented") == 401
    assert status(cookie["value"]) == 200
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Email")).to_be_visible()
    assert status(cookie["value"]) == 401
