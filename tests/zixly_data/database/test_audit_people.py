"""What people do about people is on the trail: each step of a story leaves its entry, in words too.

A new tenant with Admin, Editor and Viewer; every entry says who, what, about whom, from where.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Team
from tests.support.second_factors import HERE, Clock, account_of, browser_session, enrol
from zixly_data.access import account, one_time_links, second_factor, sessions
from zixly_data.database.connection import Database
from zixly_data.errors import LastAdmin
from zixly_data.identity import Role
from zixly_data.operations import operator
from zixly_data.people import audit, invitations, team, tenants
from zixly_data.values import ids
from zixly_data.values import period as periods
from zixly_data.values.frames import rows
from zixly_ui.audit.text import sentence

PASSWORD = "correct horse battery staple"
Told = Callable[[], list[str]]


@pytest.fixture
def crew(new_team: Callable[[], Team]) -> Team:
    return new_team()


@pytest.fixture
def told(crew: Team) -> Told:
    """What the trail says since it was last asked, the oldest first: `who | sentence | where`."""
    known: set[str] = set()

    def ask() -> list[str]:
        tenant = tenants.get(crew.admin)
        ever = periods.parse("all", tenant.today())
        found = rows(audit.entries(crew.admin, ever, tenant.time_zone, limit=None))
        new = [each for each in reversed(found) if each["id"] not in known]
        known.update(each["id"] for each in new)
        return [f"{sentence(each)} | {_or(each['address'])}" for each in new]

    ask()
    return ask


def test_an_invitation_from_sending_to_signing_in(crew: Team, told: Told) -> None:
    invitation = ids.new_id("inv")
    invitations.invite(crew.admin, "cleo@new.example", Role.VIEWER, row_id=invitation)
    _, token = invitations.send_again(crew.admin, invitation)
    assert told() == [
        "Admin invited cleo@new.example as a viewer. | command line",
        "Admin sent the invitation for cleo@new.example again. | command line",
    ]
    joined = one_time_links.accept_invitation(token, "Cleo", PASSWORD, HERE)
    ticket = sessions.issue_ticket(joined, HERE)
    secret = sessions.redeem_ticket(ticket, HERE, "Firefox")
    sessions.end_session(secret)
    assert told() == [
        "cleo@new.example accepted the invitation for cleo@new.example. | –",
        "Cleo joined the team as a viewer. | –",
        f"Cleo set a new password. | {HERE}",
        f"Cleo signed in. | {HERE}",
        f"Cleo signed out. | {HERE}",
    ]


def test_an_invitation_withdrawn(crew: Team, told: Told) -> None:
    invitation = ids.new_id("inv")
    invitations.invite(crew.admin, "cleo@new.example", Role.EDITOR, row_id=invitation)
    invitations.withdraw(crew.admin, invitation)
    assert told() == [
        "Admin invited cleo@new.example as an editor. | command line",
        "Admin withdrew the invitation for cleo@new.example. | command line",
    ]


def test_roles_leaving_and_coming_back(crew: Team, told: Told, tmp_path: Path) -> None:
    team.change_role(crew.admin, crew.viewer.user_id, Role.EDITOR)
    team.deactivate(crew.admin, crew.editor.user_id)
    team.reactivate(crew.admin, crew.editor.user_id)
    with pytest.raises(LastAdmin):
        team.change_role(crew.admin, crew.admin.user_id, Role.VIEWER)
    team.delete(crew.admin, crew.viewer.user_id, crew.viewer.email, tmp_path)
    assert told() == [
        "Admin changed the role of Viewer, from Viewer to Editor. | command line",
        "Admin deactivated Editor. | command line",
        "Admin reactivated Editor. | command line",
        "Admin deleted Viewer. | command line",
    ]


def test_failures_to_sign_in_are_noted_for_those_who_exist(crew: Team, told: Told) -> None:
    sessions.record_failure(crew.editor.email.upper(), HERE)
    sessions.record_failure("nobody@nowhere.example", HERE)
    assert told() == [f"Someone failed to sign in as Editor. | {HERE}"]


def test_passwords(crew: Team, told: Told, database: Database) -> None:
    operator.set_password(database.held.admin_url, crew.editor.email, PASSWORD)
    editor = operator.open_session(database.held.admin_url, crew.editor.email)
    told()
    account.change_password(editor, PASSWORD, f"{PASSWORD} 2", HERE)
    assert told() == ["Editor set a new password. | command line"]
    asked = one_time_links.request_reset(crew.editor.email, HERE)
    assert asked is not None
    one_time_links.reset_password(asked.token, f"{PASSWORD} 3", HERE)
    assert told() == [
        f"Editor requested a link to set a new password. | {HERE}",
        f"Editor set a new password. | {HERE}",
    ]
    team.reset_link(crew.admin, crew.editor.user_id)
    assert told() == ["Admin created a password link for Editor. | command line"]
    operator.set_password(database.held.admin_url, crew.editor.email, PASSWORD)
    assert told() == ["The operator set the password of Editor. | command line"]


def test_a_second_factor(crew: Team, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock().install(monkeypatch)
    secret = browser_session(crew.editor)
    told()
    _, codes = enrol(secret, clock)
    second_factor.check(account_of(crew.editor), codes[0], crew.editor.email, HERE)
    second_factor.remove(secret)
    enrol(secret, clock)
    team.remove_second_factor(crew.admin, crew.editor.user_id)
    tenants.change_security(crew.admin, True)
    assert told() == [
        f"Editor turned on two-step sign-in. | {HERE}",
        f"Editor signed in with a recovery code. | {HERE}",
        f"Editor turned off two-step sign-in. | {HERE}",
        f"Editor turned on two-step sign-in. | {HERE}",
        "Admin turned off two-step sign-in for Editor. | command line",
        "Admin made two-step sign-in required for everyone. | command line",
    ]


def test_sessions_ended_and_rows_taken_away(crew: Team, told: Told) -> None:
    other = browser_session(crew.viewer)
    told()
    account.end_session(crew.viewer, sessions.identify(other).session_id)
    audit.note_export(crew.viewer, "financials", 12, {"from": "2024-01-01"})
    assert told() == [
        "Viewer ended another of their sessions. | command line",
        "Viewer exported financial records: 12 rows. | command line",
    ]


def _or(address: Any) -> str:
    return address if isinstance(address, str) else "–"
