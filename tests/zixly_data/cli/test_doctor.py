"""The doctor says what is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support.servers.command_line import Ended


@pytest.mark.parametrize(
    ("harm", "repair", "sentence"),
    [
        (
            "alter table zixly.financials no force row level security",
            "alter table zixly.financials force row level security",
            "Row-level security is not forced on: financials.",
        ),
        (
            "grant select on zixly.client_kpis to zixly_app",
            "revoke select on zixly.client_kpis from zixly_app",
            "The login zixly_app has rights of its own.",
        ),
        (
            "alter role zixly_auth bypassrls",
            "alter role zixly_auth nobypassrls",
            "The login zixly_auth has rights of its own.",
        ),
    ],
)
def test_the_doctor_finds_what_was_harmed(
    zixly: Callable[..., Ended], admin: sa.Engine, harm: str, repair: str, sentence: str
) -> None:
    assert f"FAIL   {sentence}" not in zixly("doctor").stdout
    with admin.begin() as everyone:
        everyone.execute(sa.text(harm))
    try:
        diagnosis = zixly("doctor")
    finally:
        with admin.begin() as everyone:
            everyone.execute(sa.text(repair))
    assert diagnosis.returncode == 1
    assert f"FAIL   {sentence}" in diagnosis.stdout


def test_the_doctor_finds_an_older_database_and_migrate_mends_it(
    zixly: Callable[..., Ended], admin: sa.Engine
) -> None:
    with admin.begin() as everyone:
        everyone.execute(
            sa.text("update app_private.replayed set fingerprint = 'of another version'")
        )
    try:
        diagnosis = zixly("doctor")
    finally:
        mended = zixly("migrate")
    assert diagnosis.returncode == 1
    assert "FAIL   The database is not up to date." in diagnosis.stdout
    assert mended.returncode == 0
    assert "not up to date" not in zixly("doctor").stdout


def test_the_doctor_finds_an_organisation_without_an_administrator(
    zixly: Callable[..., Ended], admin: sa.Engine, new_team: Callable[[], Team]
) -> None:
    team = new_team()
    demote = sa.text("update zixly.users set role = :role where id = :id and tenant_id = :tenant")
    ada = {"id": team.admin.user_id, "tenant": team.tenant_id}
    with admin.begin() as everyone:
        # The database would not let it come to this.
        everyone.execute(sa.text("set local session_replication_role = replica"))
        everyone.execute(demote, {**ada, "role": "EDITOR"})
    try:
        diagnosis = zixly("doctor")
    finally:
        with admin.begin() as everyone:
            everyone.execute(demote, {**ada, "role": "ADMIN"})
    assert diagnosis.returncode == 1
    assert f"--role ADMIN --tenant {team.tenant_id}" in diagnosis.stdout
    assert f"--role ADMIN --tenant {team.tenant_id}" not in zixly("doctor").stdout
