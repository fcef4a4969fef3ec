"""An administrator changes the role of a person who is working in another browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import go_in
from tests.support import organisations as companies
from tests.support.organisations import Company
from tests.support.pages import choose, dialog
from tests.support.servers.live_app import LiveApp

pytestmark = pytest.mark.browser


@pytest.fixture
def company(live_app: LiveApp) -> Company:
    return companies.new_company(live_app)


def test_a_role_changes_and_the_person_meets_it_at_their_next_click(
    page: Page, another_browser: Callable[[], Page], live_app: LiveApp, company: Company
) -> None:
    theirs = another_browser()
    go_in(theirs, live_app, company.ed, "/clients")
    expect(theirs.get_by_role("button", name="Add client")).to_be_visible()

    go_in(page, live_app, company.ada, "/team")
    ed = companies.open_person(page, live_app, 1)
    ed.get_by_role("button", name="Change role").click()
    expect(ed).to_contain_text("Ed is already an editor.")
    choose(page, "Role", "Viewer: sees all clients, figures and reports")
    ed.get_by_role("button", name="Change role").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Ed is now a viewer.")
    expect(page.get_by_role("heading", name="3 people: 1 admin and 2 viewers.")).to_be_visible()

    theirs.get_by_role("button", name="Add client").click()
    expect(theirs.get_by_role("button", name="Add client")).to_have_count(0)
    expect(dialog(theirs)).to_have_count(0)
