"""The team: administrators see who is who, nobody else does, and nobody sees another tenant's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import Team
from zixly_data import team
from zixly_data.errors import AccessDenied
from zixly_data.identity import Identity

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
        "id", "full_name", "email", "role", "status", "created_at",
    ]  # fmt: skip
