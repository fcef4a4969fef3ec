"""The team page: for admins alone, who invite people, change roles and remove access."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.support import organisations as companies
from tests.support.organisations import Company
from tests.support.pages import choose, dialog, downloaded, eventually, sql
from tests.support.servers.live_app import COLE, SARAH, SUPPORT, VERA, LiveApp
from zixly_data.people import archive

pytestmark = pytest.mark.browser

LINK = re.compile(r"http://localhost:\d+/link#[a-z]+=[A-Za-z0-9_-]{43}")


def test_an_admin_sees_who_is_who(visit: Visit) -> None:
    page = visit(COLE, "/team")
    expect(
        page.get_by_role("heading", name="3 people: 1 admin, 1 editor and 1 viewer.")
    ).to_be_visible()
    found = {row["email"]: (row["role"], row["status"]) for row in downloaded(page, "Download CSV")}
    assert found == {
        COLE: ("ADMIN", "ACTIVE"),
        SUPPORT: ("EDITOR", "ACTIVE"),
        VERA: ("VIEWER", "ACTIVE"),
    }


def test_an_admin_of_another_tenant_sees_their_own_team_alone(visit: Visit) -> None:
    page = visit(SARAH, "/team")
    expect(page.get_by_role("heading", name="1 person: 1 admin.")).to_be_visible()
    assert [row["email"] for row in downloaded(page, "Download CSV")] == [SARAH]


def test_what_each_role_may_do_is_said_in_words(visit: Visit) -> None:
    page = visit(COLE, "/team")
    rights = page.get_by_role("row", name="Delete what was recorded")
    expect(rights).to_contain_text("– No✓ Yes✓ Yes")


@pytest.mark.parametrize("email", [SUPPORT, VERA])
def test_others_get_a_calm_page_without_a_name_on_it(visit: Visit, email: str) -> None:
    page = visit(email, "/team")
    expect(page.get_by_text("This page is for another role")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text(COLE)
    expect(page.get_by_role("button", name="Download CSV")).to_have_count(0)


@pytest.fixture
def company(live_app: LiveApp) -> Company:
    return companies.found(live_app)


def test_an_invitation_is_shown_once_listed_sent_again_and_withdrawn(
    page: Page, live_app: LiveApp, company: Company
) -> None:
    companies.enter_as(page, live_app, company.ada, "/team")
    page.get_by_role("button", name="Invite user").click()
    invite = dialog(page).get_by_role("button", name="Invite", exact=True)
    invite.click()
    expect(dialog(page)).to_contain_text("This is needed.")
    dialog(page).get_by_label("Email").fill("not an address")
    invite.click()
    expect(dialog(page)).to_contain_text("This is not an email address.")
    dialog(page).get_by_label("Email").fill(company.ed)
    invite.click()
    expect(dialog(page)).to_contain_text("This person is in your team already.")
    dialog(page).get_by_label("Email").fill("new@company.example")
    choose(page, "Role", "Editor: also records and changes")
    invite.click()
    link = LINK.search(dialog(page).locator("code").first.inner_text())
    assert link is not None
    message = dialog(page).locator("code").nth(1)
    expect(message).to_contain_text("Ada invites you to work with Company")
    expect(message).to_contain_text(link[0])
    dialog(page).get_by_role("button", name="Done").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Invited: new@company.example.")
    expect(page.get_by_role("heading", name="Invited")).to_be_visible()
    eventually(lambda: link[0] in page.content(), False)

    page.get_by_role("button", name="Invite user").click()
    dialog(page).get_by_label("Email").fill("New@Company.example")
    invite.click()
    expect(dialog(page)).to_contain_text("This person has an open invitation already.")

    waiting = companies.open_invitation(page, live_app)
    expect(waiting).to_contain_text("new@company.example was invited by Ada")
    waiting.get_by_role("button", name="Send again").click()
    again = LINK.search(waiting.locator("code").first.inner_text())
    assert again is not None
    assert again[0] != link[0]
    waiting.get_by_role("button", name="Done").click()

    waiting = companies.open_invitation(page, live_app)
    waiting.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text(
        "Withdrawn: the invitation of new@company.example."
    )
    expect(page.get_by_role("heading", name="Invited")).to_have_count(0)


def test_a_role_changes_and_the_person_meets_it_at_their_next_click(
    page: Page, another_browser: Callable[[], Page], live_app: LiveApp, company: Company
) -> None:
    theirs = another_browser()
    companies.enter_as(theirs, live_app, company.ed, "/clients")
    expect(theirs.get_by_role("button", name="Add client")).to_be_visible()

    companies.enter_as(page, live_app, company.ada, "/team")
    ed = companies.open_person(page, live_app, 1)
    ed.get_by_role("button", name="Change role").click()
    expect(ed).to_contain_text("Ed is an editor already.")
    choose(page, "Role", "Viewer: sees all clients, figures and reports")
    ed.get_by_role("button", name="Change role").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Ed is now a viewer.")
    expect(page.get_by_role("heading", name="3 people: 1 admin and 2 viewers.")).to_be_visible()

    theirs.get_by_role("button", name="Add client").click()
    expect(theirs.get_by_role("button", name="Add client")).to_have_count(0)
    expect(dialog(theirs)).to_have_count(0)


def test_the_second_to_change_a_role_sees_both_and_chooses(
    page: Page, live_app: LiveApp, company: Company
) -> None:
    companies.enter_as(page, live_app, company.ada, "/team")
    for choice, ends in (("Take theirs", "Ed stays a viewer."), ("Keep mine", "Ed is now an")):
        ed = companies.open_person(page, live_app, 1)
        sql(live_app, "update zixly.users set role = 'VIEWER' where email = :e", e=company.ed)
        choose(page, "Role", "Admin: also looks after the team")
        ed.get_by_role("button", name="Change role").click()
        expect(ed).to_contain_text("Someone else saved this record while you were editing it.")
        expect(ed.get_by_role("row", name="Role")).to_contain_text("AdminViewer")
        ed.get_by_role("button", name=choice).click()
        expect(page.get_by_test_id("stAlert").first).to_contain_text(ends)
        sql(live_app, "update zixly.users set role = 'EDITOR' where email = :e", e=company.ed)


def test_somebody_is_deactivated_and_comes_back(
    page: Page, another_browser: Callable[[], Page], live_app: LiveApp, company: Company
) -> None:
    theirs = another_browser()
    companies.enter_as(theirs, live_app, company.vi, "/clients")

    companies.enter_as(page, live_app, company.ada, "/team")
    companies.open_person(page, live_app, 2).get_by_role("button", name="Deactivate").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Vi was deactivated")
    expect(page.get_by_role("heading", name="1 other can no longer sign in.")).to_be_visible()

    theirs.get_by_role("link", name="Financials").click()
    expect(theirs.get_by_text("Your session has ended").first).to_be_visible()

    companies.open_person(page, live_app, 2).get_by_role("button", name="Reactivate").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Vi was reactivated")
    companies.enter_as(theirs, live_app, company.vi)


def test_a_deletion_wants_the_address_and_leaves_an_archive(
    page: Page, live_app: LiveApp, company: Company
) -> None:
    companies.enter_as(page, live_app, company.ada, "/team")
    vi = companies.open_person(page, live_app, 2)
    vi.get_by_text("Delete …").click()
    expect(vi).to_contain_text("Their audit entries are archived")
    vi.get_by_label("To confirm, type their email address").fill("Vi")
    vi.get_by_role("button", name="Delete for good").click()
    expect(vi).to_contain_text("The address you typed is not the address of this person.")
    vi.get_by_label("To confirm, type their email address").fill(company.vi.upper())
    vi.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text(
        f"Vi was deleted. Their audit entries are archived, and {company.vi} can be invited again."
    )
    expect(page.get_by_role("heading", name="2 people: 1 admin and 1 editor.")).to_be_visible()
    (archived,) = (live_app.home / "archive" / company.tenant_id).glob("*.jsonl.gz")
    assert {entry["table_name"] for entry in archive.read(archived)} >= {"users"}


def test_the_last_admin_is_told_why_not(page: Page, live_app: LiveApp, company: Company) -> None:
    companies.enter_as(page, live_app, company.ada, "/team")
    ada = companies.open_person(page, live_app, 0)
    expect(ada).to_contain_text("This is you.")
    ada.get_by_role("button", name="Deactivate").click()
    expect(ada).to_contain_text(
        "This is the last active administrator of the organisation. "
        "Make somebody else an administrator first."
    )
    expect(page.get_by_role("heading", name="3 people")).to_be_attached()


def test_an_admin_who_steps_down_meets_a_calm_page(
    page: Page, live_app: LiveApp, company: Company
) -> None:
    sql(live_app, "update zixly.users set role = 'ADMIN' where email = :email", email=company.ed)
    companies.enter_as(page, live_app, company.ada, "/team")
    ada = companies.open_person(page, live_app, 0)
    choose(page, "Role", "Editor: also records and changes")
    ada.get_by_role("button", name="Change role").click()
    expect(page.get_by_text("This page is for another role")).to_be_visible()
    expect(page.get_by_test_id("stMain")).not_to_contain_text(company.ed)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Editor · Company")


def test_a_link_for_a_new_password_is_shown_once(
    page: Page, live_app: LiveApp, company: Company
) -> None:
    companies.enter_as(page, live_app, company.ada, "/team")
    ed = companies.open_person(page, live_app, 1)
    ed.get_by_role("button", name="New password link").click()
    link = LINK.search(ed.locator("code").first.inner_text())
    assert link is not None
    assert "#password=" in link[0]
    ed.get_by_role("button", name="Close").click()
    expect(dialog(page)).to_have_count(0)
    expect(companies.open_person(page, live_app, 1).locator("code")).to_have_count(0)
    eventually(lambda: link[0] in page.content(), False)


def test_a_lost_phone_is_forgotten_and_a_second_factor_required_of_everyone(
    page: Page, another_browser: Callable[[], Page], live_app: LiveApp, company: Company
) -> None:
    companies.enter_as(page, live_app, company.ada, "/team")
    for email in (company.ada, company.ed):
        _give_second_factor(live_app, email)
    ed = companies.open_person(page, live_app, 1)
    expect(ed).to_contain_text("second factor on")
    ed.get_by_role("button", name="Switch off second factor").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("Ed's second factor is off")
    expect(page.get_by_text("It is up to each person. 1 of 3 people has one.")).to_be_visible()

    theirs = another_browser()
    companies.enter_as(theirs, live_app, company.ed, "/clients")
    expect(theirs.get_by_role("button", name="Add client")).to_be_visible()
    page.get_by_role("button", name="Require it of everyone").click()
    expect(dialog(page)).to_contain_text("2 people have none yet.")
    expect(dialog(page)).not_to_contain_text("You are one of them.")
    dialog(page).get_by_role("button", name="Require it").click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("everyone needs a second factor")
    theirs.get_by_role("button", name="Add client").click()
    expect(theirs.get_by_role("button", name="Add client")).to_have_count(0)
    expect(theirs.get_by_test_id("stMain")).to_contain_text("second factor")

    page.get_by_role("button", name="Leave it to each person").click()
    expect(page.get_by_text("It is up to each person.")).to_be_visible()
    theirs.goto(f"{live_app.url}/clients")
    expect(theirs.get_by_role("button", name="Add client")).to_be_visible()


def _give_second_factor(live_app: LiveApp, email: str) -> None:
    sql(
        live_app,
        "insert into zixly.second_factors"
        " (tenant_id, user_id, secret, last_step, recovery_hashes, confirmed_at)"
        " select tenant_id, id, 'JBSWY3DPEHPK3PXP', 0, array[]::bytea[], now()"
        " from zixly.users where email = :email",
        email=email,
    )
