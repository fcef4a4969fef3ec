"""The team page: for administrators alone, who invite people, change roles and remove access."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import browser_sessions, statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.people import archive
from zixly_data.settings import Settings
from zixly_ui.team import member_forms

LINK = re.compile(r"http://localhost:\d+/link#[a-z]+=[A-Za-z0-9_-]{43}")
ADMIN, EDITOR, VIEWER = 0, 1, 2


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """Admin, Editor and Viewer, in this order in the table of the team."""
    return new_team()


def open_person(team: Team, row: int) -> PageRun:
    return open_page(team.admin, "team").click_row(row)


def give_second_factor(admin: sa.Engine, person: Identity) -> None:
    statements.run(
        admin,
        "insert into zixly.second_factors"
        " (tenant_id, user_id, secret, last_step, recovery_hashes, confirmed_at)"
        " values (:t, :id, 'JBSWY3DPEHPK3PXP', 0, array[]::bytea[], now())",
        t=person.tenant_id, id=person.user_id,
    )  # fmt: skip


def set_role(admin: sa.Engine, person: Identity, role: str) -> None:
    change = "update zixly.users set role = :role where id = :id"
    statements.run(admin, change, role=role, id=person.user_id)


def test_an_admin_sees_who_is_who(cole: Identity, support: Identity, vera: Identity) -> None:
    page = open_page(cole, "team")
    assert "3 people: 1 admin, 1 editor and 1 viewer." in page.headings
    rights = {row["email"]: (row["role"], row["status"]) for row in page.downloaded()}
    assert rights == {
        cole.email: ("ADMIN", "ACTIVE"),
        support.email: ("EDITOR", "ACTIVE"),
        vera.email: ("VIEWER", "ACTIVE"),
    }
    assert re.search(r"Delete records.*– No.*✓ Yes.*✓ Yes", page.text)


def test_an_admin_of_another_tenant_sees_their_own_team_alone(team: Team, cole: Identity) -> None:
    page = open_page(team.admin, "team")
    assert "3 people: 1 admin, 1 editor and 1 viewer." in page.headings
    own = {person.email for person in (team.admin, team.editor, team.viewer)}
    assert {row["email"] for row in page.downloaded()} == own
    assert cole.email not in page.text


def test_others_get_a_calm_page_without_a_name_on_it(team: Team) -> None:
    assert team.admin.email in open_page(team.admin, "team").text
    for person in (team.editor, team.viewer):
        page = open_page(person, "team")
        assert "You do not have access to this page" in page.text
        assert team.admin.email not in page.text
        assert not page.offers("Download CSV")
        assert "Team" not in page.menu


def test_an_invitation_is_shown_once_listed_sent_again_and_withdrawn(team: Team) -> None:
    page = open_page(team.admin, "team").press("Invite person")
    for typed, told in (
        ("", "This is required."),
        ("not an address", "This is not an email address."),
        (team.editor.email, "This person is already in your team."),
    ):
        assert told in page.fill(Email=typed).press("Send invitation").dialog
    page.fill(Email="new@company.example")
    page.choose("Role", "Editor: also adds and changes records").press("Send invitation")
    link, message = (code.value for code in page.app.code)
    assert LINK.fullmatch(link)
    assert "Admin has invited you to join Team" in message
    assert link in message
    page.press("Done")
    assert "new@company.example was invited." in page.alerts
    assert "Pending invitations" in page.headings
    assert link not in page.text

    page.press("Invite person").fill(Email="New@Company.example").press("Send invitation")
    assert "This person already has an open invitation." in page.dialog
    page.reload().click_row(0, "Pending invitations")
    assert "new@company.example was invited by Admin" in page.dialog
    again = page.press("Send again").app.code[0].value
    assert LINK.fullmatch(again)
    assert again != link
    page.press("Done").click_row(0, "Pending invitations").press("Withdraw")
    assert "The invitation for new@company.example was withdrawn." in page.alerts
    assert "Pending invitations" not in page.headings


def test_a_role_changes_and_the_person_meets_it_at_their_next_click(team: Team) -> None:
    theirs = open_page(team.editor, "clients")
    assert theirs.offers("Add client")
    page = open_person(team, EDITOR).press("Change role")
    assert "Editor is already an editor." in page.dialog
    page.choose("Role", "Viewer: sees all clients, figures and reports").press("Change role")
    assert "Editor is now a viewer." in page.alerts
    assert "3 people: 1 admin and 2 viewers." in page.headings

    theirs.press("Add client")
    assert not theirs.offers("Add client")
    assert theirs.dialog == ""


@pytest.mark.parametrize(
    ("choice", "ends"),
    [("Use the saved version", "Editor remains a viewer."), ("Keep my version", "is now an")],
)
def test_the_second_to_change_a_role_sees_both_and_chooses(
    team: Team, admin: sa.Engine, choice: str, ends: str
) -> None:
    page = open_person(team, EDITOR)
    set_role(admin, team.editor, "VIEWER")
    page.choose("Role", "Admin: also manages the team").press("Change role")
    assert "Someone else saved this record while you were editing it." in page.dialog
    assert "| Role | **Admin** | **Viewer** |" in page.dialog
    assert ends in page.press(choice).alerts


def test_somebody_is_deactivated_and_comes_back(team: Team) -> None:
    theirs = open_page(team.viewer, "clients")
    page = open_person(team, VIEWER).press("Deactivate")
    assert "Viewer was deactivated" in page.alerts
    assert any("1 other can no longer sign in." in heading for heading in page.headings)
    theirs.go("financials")
    assert "Your session has ended" in theirs.text
    assert theirs.field("Email")

    page.click_row(VIEWER).press("Reactivate")
    assert "Viewer was reactivated" in page.alerts


def test_a_deletion_wants_the_address_and_leaves_an_archive(
    team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_forms, "settings", lambda: Settings(home=tmp_path))
    page = open_person(team, VIEWER)
    assert "Their audit entries are archived" in page.dialog
    page.fill(To_confirm="Viewer").press("Delete permanently")
    assert "The address you typed does not match this person's address." in page.dialog
    page.fill(To_confirm=team.viewer.email.upper()).press("Delete permanently")
    assert (
        "Viewer was deleted. Their audit entries are archived, and "
        f"{team.viewer.email} can be invited again."
    ) in page.alerts
    assert "2 people: 1 admin and 1 editor." in page.headings
    (archived,) = (tmp_path / "archive" / team.tenant_id).glob("*.jsonl.gz")
    assert {entry["table_name"] for entry in archive.read(archived)} >= {"users"}


def test_the_last_admin_is_told_why_not(team: Team) -> None:
    page = open_person(team, ADMIN)
    assert "This is you." in page.dialog
    page.press("Deactivate")
    assert (
        "This is the last active administrator of the organisation. "
        "Make someone else an administrator first."
    ) in page.dialog
    assert page.headings[0].startswith("3 people")


def test_an_admin_who_steps_down_meets_a_calm_page(team: Team, admin: sa.Engine) -> None:
    set_role(admin, team.editor, "ADMIN")
    page = open_person(team, ADMIN)
    page.choose("Role", "Editor: also adds and changes records").press("Change role")
    assert "You do not have access to this page" in page.text
    assert team.editor.email not in page.text
    assert "Editor · Team" in page.sidebar


def test_a_link_for_a_new_password_is_shown_once(team: Team) -> None:
    page = open_person(team, EDITOR).press("Create password link")
    link = page.app.code[0].value
    assert LINK.fullmatch(link)
    assert "#password=" in link
    page.close()
    assert page.dialog == ""
    assert link not in page.text
    assert not page.click_row(EDITOR).app.code


def test_a_lost_phone_is_forgotten_and_a_second_factor_required_of_everyone(
    team: Team, admin: sa.Engine
) -> None:
    for person in (team.admin, team.editor):
        give_second_factor(admin, person)
    page = open_person(team, EDITOR)
    assert "two-step sign-in on" in page.dialog
    page.press("Turn off two-step sign-in")
    assert "Two-step sign-in is off for Editor." in page.alerts
    assert "It is optional. 1 of 3 people has set it up." in page.text

    theirs = open_page(browser_sessions.open_session(admin, team.editor.email), "clients")
    assert theirs.offers("Add client")
    page.press("Require it for everyone")
    assert "2 people have not set it up yet." in page.dialog
    assert "You are one of them." not in page.dialog
    page.press("Require it")
    assert "Two-step sign-in is now required for everyone." in page.alerts
    theirs.press("Add client")
    assert not theirs.offers("Add client")
    assert "two-step sign-in" in theirs.text

    page.press("Make it optional")
    assert "It is optional." in page.text
    assert theirs.go("clients").offers("Add client")
