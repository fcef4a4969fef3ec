"""The pages that a link from a mail leads to: an invitation, and a new password."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import statements
from tests.support.page_runs import PageRun, open_link_page
from zixly_data.access import one_time_links
from zixly_data.identity import Identity, Role
from zixly_data.people import invitations
from zixly_data.values.ids import new_id

PASSWORD = "a pass phrase for the first day"
NewTeam = Callable[[], Team]


def invite(team: Team, email: str) -> str:
    """Invites somebody as an editor; returns the link's token."""
    return invitations.invite(team.admin, email, Role.EDITOR, row_id=new_id("inv"))


def open_invitation(token: str, person: Identity | None = None) -> PageRun:
    return open_link_page("invitation", f"invitation.{token}", person)


def join(page: PageRun, name: str, password: str = PASSWORD) -> PageRun:
    return page.fill(("Your name", name), ("Choose a password", password)).press("Join")


def expect_closed(page: PageRun, title: str) -> None:
    assert title in page.headings
    assert not page.offers("Join")
    assert "Go to sign-in" in page.text


def test_an_invited_editor_joins_and_is_in(new_team: NewTeam) -> None:
    team = new_team()
    page = open_invitation(invite(team, "operations@new.example"))
    assert any(heading.startswith("Join Team") and heading.endswith("as Editor")
               for heading in page.headings)  # fmt: skip
    assert page.sidebar == ""
    assert join(page, "Olive Operations").send() == "/"
    page.go("clients")
    assert "Olive Operations" in page.sidebar
    assert "Editor · Team" in page.sidebar
    assert page.offers("Add client")


def test_a_password_that_is_guessed_first_is_refused_beside_its_field(new_team: NewTeam) -> None:
    page = join(
        open_invitation(invite(new_team(), "careless@new.example")), "Careless", "passwordpassword"
    )
    assert "too common. Choose another" in page.below("Choose a password")
    assert page.typed("Your name") == ("Careless",)
    join(page, "Careful").send()
    assert "Careful" in page.go("clients").sidebar


def test_a_used_an_expired_and_a_withdrawn_invitation_say_which(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    team = new_team()
    used, expired, withdrawn = (invite(team, f"{state}@new.example") for state in ("u", "e", "w"))
    join(open_invitation(used), "Ursula").send()
    change = "update zixly.invitations set {} where email = :email and tenant_id = :t"
    for email, what in (
        ("e@new.example", "expires_at = now() - interval '1 hour'"),
        ("w@new.example", "withdrawn_at = now()"),
    ):
        statements.run(admin, change.format(what), email=email, t=team.tenant_id)
    expect_closed(open_invitation(used), "This invitation has already been used")
    expect_closed(open_invitation(expired), "This invitation has expired")
    expect_closed(open_invitation(withdrawn), "This invitation has been withdrawn")
    expect_closed(open_invitation(f"{used[:-6]}invent"), "This invitation link is not valid")


def test_somebody_signed_in_makes_room_first(new_team: NewTeam) -> None:
    team = new_team()
    page = open_invitation(invite(team, "roommate@new.example"), team.editor)
    assert f"({team.editor.email})" in page.text
    assert not page.offers("Join")
    assert page.press("Sign out and continue").send() == "/invitation"
    join(page.go("invitation"), "Roommate").send()
    assert "roommate@new.example" in page.go("clients").sidebar


def test_a_link_opens_its_own_page_and_no_other(new_team: NewTeam) -> None:
    page = open_invitation(invite(new_team(), "curious@new.example"))
    for name in ("clients", "team", "overview"):
        assert page.go(name).offers("Sign in")
    for name in ("new_password", "set_up"):
        assert "No link is open in this browser" in page.go(name).headings


@pytest.mark.parametrize("has_second_factor", [True, False])
def test_a_link_for_a_new_password_does_not_replace_the_second_factor(
    new_team: NewTeam, admin: sa.Engine, has_second_factor: bool
) -> None:
    person = new_team().editor
    token, secret = one_time_links.new_token(), pyotp.random_base32()
    if has_second_factor:
        statements.run(
            admin,
            "insert into zixly.second_factors"
            " (tenant_id, user_id, secret, last_step, recovery_hashes, confirmed_at)"
            " values (:t, :id, :secret, 0, '{}', now())",
            t=person.tenant_id, id=person.user_id, secret=secret,
        )  # fmt: skip
    statements.run(
        admin,
        "insert into zixly.password_resets (tenant_id, user_id, token_hash)"
        " values (:t, :id, sha256(convert_to(:token, 'UTF8')))",
        t=person.tenant_id, id=person.user_id, token=token,
    )  # fmt: skip
    page = open_link_page("new_password", f"password.{token}")
    page.fill(New_password=PASSWORD).press("Save password")
    if has_second_factor:
        assert "Enter your code" in page.headings
        assert not any("data-zixly-send" in node.value for node in page.app.get("html"))
        page.fill(Code=pyotp.TOTP(secret).now()).press("Continue")
    assert page.send() == "/"
    assert person.email in page.go("clients").sidebar
    expect_closed(
        open_link_page("new_password", f"password.{token}"), "This link has already been used"
    )
