"""Invitations: who may invite, what is listed, and that a new link ends the old one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from zixly_data.access import one_time_links
from zixly_data.access.one_time_links import LinkState
from zixly_data.errors import AccessDenied, AlreadyExists, InvalidInput, LinkClosed, NotFound
from zixly_data.identity import Identity, Role
from zixly_data.people import invitations, team
from zixly_data.values.ids import new_id

NewTeam = Callable[[], Team]
PASSWORD = "a long pass phrase"


def invite(by: Identity, email: str, role: Role = Role.VIEWER) -> str:
    return invitations.invite(by, email, role, row_id=new_id("inv"))


def only(by: Identity) -> dict[str, object]:
    """The one invitation that waits for an answer."""
    (row,) = invitations.pending(by).to_dict("records")
    return {str(name): value for name, value in row.items()}


def test_an_invitation_waits_for_seven_days(new_team: NewTeam) -> None:
    ours = new_team()
    token = invite(ours.admin, "  New@Person.example ", Role.EDITOR)
    waiting = only(ours.admin)
    assert (waiting["email"], waiting["role"], waiting["state"], waiting["invited_by"]) == (
        "New@Person.example", "EDITOR", "OPEN", "Admin",
    )  # fmt: skip
    left = waiting["expires_at"] - datetime.now(UTC)  # type: ignore[operator]
    assert timedelta(days=6, hours=23) < left <= timedelta(days=7)
    assert one_time_links.invitation(token).state is LinkState.OPEN


def test_the_token_is_kept_by_nobody(new_team: NewTeam, admin: sa.Engine) -> None:
    ours = new_team()
    token = invite(ours.admin, "new@person.example")
    with admin.connect() as everyone:
        for table in ("invitations", "audit_log"):
            texts = everyone.execute(
                sa.text(f"select t::text from zixly.{table} as t where tenant_id = :tenant"),
                {"tenant": ours.tenant_id},
            ).scalars()
            assert not [each for each in texts if token in each]


def test_whoever_accepts_is_not_listed_any_more(new_team: NewTeam) -> None:
    ours = new_team()
    email = f"new@{ours.tenant_id}.example"
    token = invite(ours.admin, email, Role.EDITOR)
    account = one_time_links.accept_invitation(token, "New Person", PASSWORD, "192.0.2.1")
    assert invitations.pending(ours.admin).empty
    joined = team.members(ours.admin).set_index("id").loc[account.user_id]
    assert (joined["email"], joined["role"]) == (email, "EDITOR")


def test_an_expired_invitation_says_so_and_can_be_sent_again(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    ours = new_team()
    late = f"late@{ours.tenant_id}.example"
    old = invite(ours.admin, late)
    with admin.begin() as everyone:
        everyone.execute(
            sa.text("update zixly.invitations set expires_at = now() where tenant_id = :tenant"),
            {"tenant": ours.tenant_id},
        )
    assert only(ours.admin)["state"] == "EXPIRED"
    with pytest.raises(LinkClosed):
        one_time_links.accept_invitation(old, "Late", PASSWORD, "192.0.2.1")

    email, new = invitations.send_again(ours.admin, str(only(ours.admin)["id"]))
    assert email == late
    assert only(ours.admin)["state"] == "OPEN"
    assert one_time_links.invitation(old).state is LinkState.UNKNOWN
    one_time_links.accept_invitation(new, "Late", PASSWORD, "192.0.2.1")


def test_a_withdrawn_invitation_opens_nothing_and_frees_the_address(new_team: NewTeam) -> None:
    ours = new_team()
    token = invite(ours.admin, "new@person.example")
    waiting = str(only(ours.admin)["id"])
    invitations.withdraw(ours.admin, waiting)
    assert one_time_links.invitation(token).state is LinkState.WITHDRAWN
    with pytest.raises(LinkClosed):
        one_time_links.accept_invitation(token, "New", PASSWORD, "192.0.2.1")
    for again in (invitations.withdraw, invitations.send_again):
        with pytest.raises(NotFound, match="accepted or withdrawn"):
            again(ours.admin, waiting)
    invite(ours.admin, "new@person.example")
    assert only(ours.admin)["state"] == "OPEN"


def test_an_accepted_invitation_can_be_neither_sent_again_nor_withdrawn(
    new_team: NewTeam,
) -> None:
    ours = new_team()
    token = invite(ours.admin, f"new@{ours.tenant_id}.example")
    accepted = str(only(ours.admin)["id"])
    one_time_links.accept_invitation(token, "New", PASSWORD, "192.0.2.1")
    for change in (invitations.withdraw, invitations.send_again):
        with pytest.raises(NotFound, match="accepted or withdrawn"):
            change(ours.admin, accepted)


@pytest.mark.parametrize("email", ["", "nobody", "two words@example.com", "a" * 250 + "@b.cd"])
def test_what_is_no_address_is_refused(new_team: NewTeam, email: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        invite(new_team().admin, email)
    assert refused.value.field == "email"


def test_members_and_those_already_invited_are_refused(new_team: NewTeam) -> None:
    ours = new_team()
    with pytest.raises(AlreadyExists, match="already in your team"):
        invite(ours.admin, ours.viewer.email.upper())
    invite(ours.admin, "new@person.example")
    with pytest.raises(AlreadyExists, match="already has an open invitation"):
        invite(ours.admin, "NEW@person.example")


def test_a_member_of_another_team_can_be_invited_and_nothing_tells_that_they_are_one(
    new_team: NewTeam,
) -> None:
    ours, others = new_team(), new_team()
    token = invite(ours.admin, others.viewer.email)
    with pytest.raises(AlreadyExists):
        one_time_links.accept_invitation(token, "Twice", PASSWORD, "192.0.2.1")
    assert only(ours.admin)["state"] == "OPEN"


def test_only_administrators_of_the_own_team_see_and_do_any_of_it(new_team: NewTeam) -> None:
    ours, others = new_team(), new_team()
    invite(ours.admin, "new@person.example")
    waiting = str(only(ours.admin)["id"])
    for person in (ours.editor, ours.viewer):
        with pytest.raises(AccessDenied):
            invitations.pending(person)
        with pytest.raises(AccessDenied):
            invite(person, "friend@person.example")
        for change in (invitations.withdraw, invitations.send_again):
            with pytest.raises(AccessDenied):
                change(person, waiting)
    assert invitations.pending(others.admin).empty
    for change in (invitations.withdraw, invitations.send_again):
        with pytest.raises(NotFound):
            change(others.admin, waiting)
    assert only(ours.admin)["state"] == "OPEN"
