"""The team page: for admins alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.stage import downloaded
from tests.live_app import COLE, SARAH, SUPPORT, VERA

pytestmark = pytest.mark.browser


def test_an_admin_sees_who_is_who(page: Page, sign_in: SignIn) -> None:
    sign_in(page, COLE, "/team")
    expect(
        page.get_by_role("heading", name="3 people: 1 admin, 1 editor and 1 viewer.")
    ).to_be_visible()
    found = {row["email"]: (row["role"], row["status"]) for row in downloaded(page, "Download CSV")}
    assert found == {
        COLE: ("ADMIN", "ACTIVE"),
        SUPPORT: ("EDITOR", "ACTIVE"),
        VERA: ("VIEWER", "ACTIVE"),
    }


def test_an_admin_of_another_tenant_sees_their_own_team_alone(page: Page, sign_in: SignIn) -> None:
    sign_in(page, SARAH, "/team")
    expect(page.get_by_role("heading", name="1 person: 1 admin.")).to_be_visible()
    assert [row["email"] for row in downloaded(page, "Download CSV")] == [SARAH]


def test_what_each_role_may_do_is_said_in_words(page: Page, sign_in: SignIn) -> None:
    sign_in(page, COLE, "/team")
    rights = page.get_by_role("row", name="Delete what was recorded")
    expect(rights).to_contain_text("– No✓ Yes✓ Yes")


@pytest.mark.parametrize("email", [SUPPORT, VERA])
def test_others_get_a_calm_page_without_a_name_on_it(
    page: Page, sign_in: SignIn, email: str
) -> None:
    sign_in(page, email, "/team")
    expect(page.get_by_text("This page is for another role")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text(COLE)
    expect(page.get_by_role("button", name="Download CSV")).to_have_count(0)
