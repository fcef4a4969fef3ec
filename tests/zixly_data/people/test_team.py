"""The team: administrators see who is who and change it; nobody else does, nor in another team."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.access import one_time_links, sessions
from zixly_data.access.one_time_links import LinkState
from zixly_data.database.connection import Database
from zixly_data.errors import (
    AccessDenied,
    Conflict,
    NotFound,
    SecondFactorNeeded,
    SessionEnded,
    SignInRefused,
)
from zixly_data.figures import client_totals
from zixly_data.identity import Identity, Role
from zixly_data.operations import operator
from zixly_data.people import team, tenants

NewTeam = Callable[[], Team]


def test_an_administrator_sees_everyone_of_the_own_tenant(new_team: NewTeam) -> None:
    ours, others = new_team(), new_team()
    listed = team.members(ours.admin)
    assert list(listed["full_name"]) == ["Admin", "Editor", "Viewer"]
    assert list(listed["role"]) == ["ADMIN", "EDITOR", "VIEWER"]
    assert set(listed["status"]) == {"ACTIVE"}
    assert list(listed["email"]) == [p.email for p in (ours.admin, ours.editor, ours.viewer)]
    now = datetime.now(UTC)
    assert all(now - timedelta(hours=1) < at <= now for at in listed["created_at"])
    assert not set(listed["id"]) & set(team.members(others.admin)["id"])


def test_editors_and_viewers_are_denied(support: Identity, vera: Identity, cole: Identity) -> None:
    for person in (support, vera):
        with pytest.raises(AccessDenied):
            team.members(person)
    assert {"cole@zixly.com.au", "support@zixly.com.au"} <= set(team.members(cole)["email"])


def test_no_column_could_hold_a_secret(cole: Identity) -> None:
    assert list(team.members(cole).columns) == [
        "id", "full_name", "email", "role", "status", "second_factor", "created_at",
    ]  # fmt: skip


def test_a_role_counts_from_the_next_statement_on(new_team: NewTeam) -> None:
    ours = new_team()
    books.client(ours)
    team.change_role(ours.admin, ours.editor.user_id, Role.VIEWER)
    # The editor's identity still says EDITOR; the database knows better.
    with pytest.raises(AccessDenied):
        books.client(ours)
    assert len(client_totals.list_clients(ours.editor)) == 1
    team.change_role(ours.admin, ours.editor.user_id, Role.ADMIN)
    assert len(team.members(ours.editor)) == 3


def test_the_second_to_change_a_role_is_told_of_the_first(new_team: NewTeam) -> None:
    ours = new_team()
    person, seen = ours.viewer.user_id, Role.VIEWER
    team.change_role(ours.admin, person, Role.EDITOR, seen=seen)
    with pytest.raises(Conflict) as told:
        team.change_role(ours.admin, person, Role.ADMIN, seen=seen)
    assert told.value.current is Role.EDITOR
    assert list(team.members(ours.admin)["role"]) == ["ADMIN", "EDITOR", "EDITOR"]
    # Both want the same, or the second has seen it.
    team.change_role(ours.admin, person, Role.EDITOR, seen=seen)
    team.change_role(ours.admin, person, Role.ADMIN, seen=Role.EDITOR)
    assert list(team.members(ours.admin)["role"]) == ["ADMIN", "EDITOR", "ADMIN"]


def test_whoever_is_deactivated_is_out_and_their_old_session_stays_dead(
    new_team: NewTeam, database: Database
) -> None:
    ours = new_team()
    team.deactivate(ours.admin, ours.viewer.user_id)
    with pytest.raises(SignInRefused):
        operator.open_session(database.logins.admin_url, ours.viewer.email)
    for _ in range(2):
        with pytest.raises(SessionEnded):
            client_totals.list_clients(ours.viewer)
        with pytest.raises(SessionEnded):
            sessions.identify(ours.viewer.secret)
        team.reactivate(ours.admin, ours.viewer.user_id)
    again = operator.open_session(database.logins.admin_url, ours.viewer.email)
    assert again.user_id == ours.viewer.user_id


def test_what_a_leaver_recorded_stays(new_team: NewTeam, tmp_path: Path) -> None:
    ours = new_team()
    client = books.client(ours)
    team.delete(ours.admin, ours.editor.user_id, ours.editor.email, tmp_path)
    assert list(client_totals.list_clients(ours.admin)["id"]) == [client]


def test_a_reset_link_is_for_one_member_and_on_the_trail(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    ours = new_team()
    token = team.reset_link(ours.admin, ours.viewer.user_id)
    link = one_time_links.reset_link(token)
    assert (link.state, link.email) == (LinkState.OPEN, ours.viewer.email)
    with admin.connect() as everyone:
        noted = everyone.execute(
            sa.text("""
                select user_id, row_id from zixly.audit_log
                where tenant_id = :tenant and action = 'PASSWORD_RESET_ASKED'
            """),
            {"tenant": ours.tenant_id},
        ).all()
    assert [tuple(row) for row in noted] == [(ours.admin.user_id, ours.viewer.user_id)]


def test_a_member_is_found_by_address_within_the_own_team(new_team: NewTeam) -> None:
    ours, others = new_team(), new_team()
    assert team.find(ours.admin, f" {ours.viewer.email.upper()} ") == ours.viewer.user_id
    with pytest.raises(NotFound, match="Nobody in your team"):
        team.find(ours.admin, others.viewer.email)


def test_nobody_but_an_administrator_of_the_team_changes_anything(
    new_team: NewTeam, tmp_path: Path
) -> None:
    ours, others = new_team(), new_team()
    target = ours.viewer.user_id
    deeds: tuple[Callable[[Identity], object], ...] = (
        lambda by: team.change_role(by, target, Role.ADMIN),
        lambda by: team.deactivate(by, target),
        lambda by: team.reactivate(by, target),
        lambda by: team.delete(by, target, ours.viewer.email, tmp_path),
        lambda by: team.reset_link(by, target),
        lambda by: team.remove_second_factor(by, target),
    )
    before = team.members(ours.admin)
    for deed in deeds:
        for person in (ours.editor, ours.viewer):
            with pytest.raises(AccessDenied):
                deed(person)
        with pytest.raises(NotFound):
            deed(others.admin)
    assert team.members(ours.admin).equals(before)
    assert not list(tmp_path.rglob("*.gz"))


def test_a_second_factor_is_required_of_everyone_by_an_administrator_alone(
    new_team: NewTeam, admin: sa.Engine
) -> None:
    ours, others = new_team(), new_team()
    for person in (ours.editor, ours.viewer):
        with pytest.raises(AccessDenied):
            tenants.change_security(person, True)
    assert not tenants.get(ours.admin).second_factor_required

    _in_a_browser(admin, ours)
    tenants.change_security(ours.admin, True)
    # Whoever has none sees nothing any more, the administrator who asked for it included.
    for person in (ours.admin, ours.editor, ours.viewer):
        with pytest.raises(SecondFactorNeeded):
            client_totals.list_clients(person)
    assert client_totals.list_clients(others.viewer).empty

    _give_second_factor(admin, ours.admin)
    assert list(team.members(ours.admin)["second_factor"]) == [True, False, False]
    tenants.change_security(ours.admin, False)
    assert client_totals.list_clients(ours.viewer).empty


def _in_a_browser(admin: sa.Engine, ours: Team) -> None:
    """As if the three had signed in at the page: the operator is never asked for a factor."""
    with admin.begin() as everyone:
        everyone.execute(
            sa.text("update zixly.sessions set kind = 'BROWSER' where tenant_id = :tenant"),
            {"tenant": ours.tenant_id},
        )


def _give_second_factor(admin: sa.Engine, person: Identity) -> None:
    with admin.begin() as everyone:
        everyone.execute(
            sa.text("""
                insert into zixly.second_factors
                  (tenant_id, user_id, secret, last_step, recovery_hashes, confirmed_at)
                values (:tenant, :person, 'JBSWY3DPEHPK3PXP', 0, array[]::bytea[], now())
            """),
            {"tenant": person.tenant_id, "person": person.user_id},
        )
