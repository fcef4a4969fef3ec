"""Clients in a browser: a row that is clicked, two editors at once, a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.support.pages import click_row, dialog, download_button, own_client, remove_client, sql
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp

pytestmark = pytest.mark.browser


@pytest.fixture
def client(live_app: LiveApp) -> Iterator[str]:
    row_id = own_client(live_app, "Neutral Name")
    yield row_id
    remove_client(live_app, row_id)


def test_a_click_on_a_row_opens_the_client(visit: Visit, live_app: LiveApp) -> None:
    page = visit(VERA, "/clients?q=HBC-2024")
    expect(page.get_by_role("heading", name="1 of ")).to_be_visible()
    click_row(page, page.get_by_test_id("stDataFrame"), 0)
    expect(
        page.get_by_role("heading", name="Harbor Bridge Construction", exact=True)
    ).to_be_visible()
    client = live_app.client_id("HBC-2024-001")
    expect(page).to_have_url(f"{live_app.url}/client?id={client}&period=all")


# Every day: the same story without a browser in `test_client_page.py`.
@pytest.mark.nightly
def test_the_second_of_two_editors_sees_both_versions_and_keeps_their_own(
    visit: Visit, live_app: LiveApp, client: str
) -> None:
    mine, theirs = (visit(email, f"/client?id={client}") for email in (SUPPORT, COLE))
    for page in (mine, theirs):
        page.get_by_role("button", name="Edit client").click()
        expect(_name(page)).to_have_value("Neutral Name")
    _name(theirs).fill("Name by Cole")
    dialog(theirs).get_by_role("button", name="Save changes").click()
    expect(theirs.get_by_role("heading", name="Name by Cole", exact=True)).to_be_visible()

    _name(mine).fill("Name by Support")
    dialog(mine).get_by_role("button", name="Save changes").click()
    expect(dialog(mine)).to_contain_text(
        "Someone else saved this record while you were editing it."
    )
    expect(dialog(mine).get_by_role("table")).to_contain_text("Name by Support")
    expect(dialog(mine).get_by_role("table")).to_contain_text("Name by Cole")
    dialog(mine).get_by_role("button", name="Keep my version").click()
    expect(dialog(mine)).to_have_count(0)
    expect(mine.get_by_role("heading", name="Name by Support", exact=True)).to_be_visible()
    query = "select client_name from zixly.client_kpis where id = :id"
    assert sql(live_app, query, id=client) == [("Name by Support",)]


@pytest.mark.parametrize("path", ["/clients", "/client?id={}&period=all"])
def test_a_phone_shows_the_page_without_scrolling_sideways(
    visit: Visit, live_app: LiveApp, path: str
) -> None:
    page = visit(SUPPORT, path.format(live_app.client_id("HBC-2024-001")), PHONE)
    expect(download_button(page).last).to_be_visible()
    overhang = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    assert overhang <= 0


def _name(page: Page) -> Locator:
    return dialog(page).get_by_label("Name", exact=True)
