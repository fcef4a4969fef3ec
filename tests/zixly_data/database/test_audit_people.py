"""Actions on people are on the audit trail: each step leaves its entry, in words too.

A new tenant with Admin, Editor and Viewer. Every entry has its person, action, subject and address.
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
def new_entries(crew: Team) -> Told:
    """The new entries since the last call, the oldest first: `sentence | address`."""
    known_ids: set[str] = set()

    def ask() -> list[str]:
        tenant = tenants.get(crew.admin)
        ever = periods.parse("all", tenant.today())
        entries = rows(audit.page(crew.admin, ever, tenant.time_zone).frame)
        new = [entry for entry in reversed(entries) if entry["id"] not in known_ids]
        known_ids.update(entry["id"] for entry in new)
        return [f"{sentence(entry)} | {_or(entry['address'])}" for entry in new]

    ask()
    return ask


def test_an_invitation_from_sending_to_signing_in(crew: Team, new_entries: Told) -> None:
    invitation = ids.new_id("inv")
    invitations.invite(crew.admin, "cleo@new.example", Role.VIEWER, row_id=invitation)
    _, token = invitations.send_again(crew.admin, invitation)
    assert new_entries() == [
        "Admin invited cleo@new.example as a viewer. | command line",
        "Admin sent the invitation for cleo@new.example again. | command line",
    ]
    joined = one_time_links.accept_invitation(token, "Cleo", PASSWORD, HERE)
    ticket = sessions.issue_ticket(joined, HERE)
    secret = sessions.redeem_ticket(ticket, HERE, "Firefox")
    sessions.end_session(secret)
    assert new_entries() == [
        "cleo@new.example accepted the invitation for cleo@new.example. | –",
        "Cleo joined the team as a viewer. | –",
        f"Cleo set a new password. | {HERE}",
        f"Cleo signed in. | {HERE}",
        f"Cleo signed out. | {HERE}",
    ]


def test_an_invitation_withdrawn(crew: Team, new_entries: Told) -> None:
    invitation = ids.new_id("inv")
    invitations.invite(crew.admin, "cleo@new.example", Role.EDITOR, row_id=invitation)
    invitations.withdraw(crew.admin, invitation)
    assert new_entries() == [
        "Admin invited cleo@new.example as an editor. | command line",
        "Admin withdrew the invitation for cleo@new.example. | command line",
    ]


def test_roles_leaving_and_coming_back(crew: Team, new_entries: Told, tmp_path: Path) -> None:
    team.change_role(crew.admin, crew.viewer.user_id, Role.EDITOR)
    team.deactivate(crew.admin, crew.editor.user_id)
    team.reactivate(crew.admin, crew.editor.user_id)
    with pytest.raises(LastAdmin):
        team.change_role(crew.admin, crew.admin.user_id, Role.VIEWER)
    team.delete(crew.admin, crew.viewer.user_id, crew.viewer.email, tmp_path)
    assert new_entries() == [
        "Admin changed the role of Viewer, from Viewer to Editor. | command line",
        "Admin deactivated Editor. | command line",
        "Admin reactivated Editor. | command line",
        "Admin deleted Viewer. | command line",
    ]


def test_failed_sign_ins_are_recorded_for_existing_people(crew: Team, new_entries: Told) -> None:
    sessions.record_failure(crew.editor.email.upper(), HERE)
    sessions.record_failure("nobody@nowhere.example", HERE)
    assert new_entries() == [f"Someone failed to sign in as Editor. | {HERE}"]


def test_passwords(crew: Team, new_entries: Told, database: Database) -> None:
    operator.set_password(database.logins.admin_url, crew.editor.email, PASSWORD)
    editor = operator.open_session(database.logins.admin_url, crew.editor.email)
    new_entries()
    account.change_password(editor, PASSWORD, f"{PASSWORD} 2", HERE)
    assert new_entries() == ["Editor set a new password. | command line"]
    reset = one_time_links.request_reset(crew.editor.email, HERE)
    assert reset is not None
    one_time_links.reset_password(reset.token, f"{PASSWORD} 3", HERE)
    assert new_entries() == [
        f"Editor requested a link to set a new password. | {HERE}",
        f"Editor set a new password. | {HERE}",
    ]
    team.reset_link(crew.admin, crew.editor.user_id)
    assert new_entries() == ["Admin created a password link for Editor. | command line"]
    operator.set_password(database.logins.admin_url, crew.editor.email, PASSWORD)
    assert new_entries() == ["The operator set the password of Editor. | command line"]


def test_a_second_factor(crew: Team, new_entries: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock().install(monkeypatch)
    secret = browser_session(crew.editor)
    new_entries()
    _, codes = enrol(secret, clock)
    second_factor.check(account_of(crew.editor), codes[0], crew.editor.email, HERE)
    second_factor.remove(secret)
    enrol(secret, clock)
    team.remove_second_factor(crew.admin, crew.editor.user_id)
    tenants.change_security(crew.admin, True)
    assert new_entries() == [
        f"Editor turned on two-step sign-in. | {HERE}",
        f"Editor signed in with a recovery code. | {HERE}",
        f"Editor turned off two-step sign-in. | {HERE}",
        f"Editor turned on two-step sign-in. | {HERE}",
        "Admin turned off two-step sign-in for Editor. | command line",
        "Admin made two-step sign-in required for everyone. | command line",
    ]


def test_sessions_ended_and_rows_taken_away(crew: Team, new_entries: Told) -> None:
    other_session = browser_session(crew.viewer)
    new_entries()
    account.end_session(crew.viewer, sessions.identify(other_session).session_id)
    audit.note_export(crew.viewer, "financials", 12, {"from": "2024-01-01"})
    assert new_entries() == [
        "Viewer ended another of their sessions. | command line",
        "Viewer exported financial records: 12 rows. | command line",
    ]


def _or(address: Any) -> str:
    return address if isinstance(address, str) else "–"
