"""Whose rows a command sees, and what operators do for people."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlalchemy as sa

from tests.conftest import Team
from tests.support.servers.command_line import PASSWORD, Q1_2024, REPORT, Ended

HEADER = Q1_2024.splitlines(keepends=True)[0]


def test_an_unknown_user_is_refused_in_a_sentence(zixly: Callable[..., Ended]) -> None:
    refused = zixly(*REPORT, "--as", "stranger@example.com", "--format", "csv")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        "There is no active user with the email address stranger@example.com.",
        "List the users with: python -m zixly_data user list",
    ]


def test_an_inactive_user_is_refused_the_same_way(
    zixly: Callable[..., Ended], admin: sa.Engine, new_team: Callable[[], Team]
) -> None:
    team = new_team()
    email = f"gone@{team.tenant_id}.example"
    added = zixly(
        "user", "add", email, "--name", "Gone", "--role", "viewer", "--tenant", team.tenant_id
    )
    assert PASSWORD.fullmatch(added.stdout.strip())
    served = zixly(*REPORT, "--as", email.upper(), "--format", "csv")
    assert (served.returncode, served.stdout) == (0, HEADER)

    with admin.begin() as everyone:
        everyone.execute(
            sa.text("update zixly.users set status = 'INACTIVE' where email = :email"),
            {"email": email},
        )

    refused = zixly(*REPORT, "--as", email, "--format", "csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no active user" in refused.stderr


def test_as_sarah_her_own_rows_and_none_of_zixly_s(zixly: Callable[..., Ended]) -> None:
    report = zixly(*REPORT, "--as", "sarah@abcconstruction.com.au", "--format", "csv")
    export = zixly("export", "financials", "--as", "sarah@abcconstruction.com.au")

    header, *rows = report.stdout.splitlines()
    assert header + "\n" == HEADER
    assert len(rows) == 2
    for zixly_s in ("HBC-2024-001", "SLF-2024-003", "BES-2024-002"):
        assert zixly_s not in report.stdout
    assert sorted(line.split(",")[-1] for line in export.stdout.splitlines()[1:]) == [
        "fin_abc_001", "fin_abc_002",
    ]  # fmt: skip
    assert zixly(*REPORT, "--as", "cole@zixly.com.au", "--format", "csv").stdout == Q1_2024


def test_an_organisation_is_made_and_its_first_person_sees_nothing_yet(
    zixly: Callable[..., Ended],
) -> None:
    created = zixly("tenant", "create", "made-here", "Made Here", "--currency", "NZD")
    assert created.returncode == 0, created.stderr
    assert "--tenant made-here" in created.stderr
    zixly("user", "add", "ada@made.example", "--name", "Ada", "--role", "ADMIN",
          "--tenant", "made-here")  # fmt: skip

    assert re.search(
        r"made-here +Made Here +– +Australia/Brisbane +NZD", zixly("tenant", "list").stdout
    )
    report = zixly(*REPORT, "--as", "ada@made.example", "--format", "csv")
    assert (report.returncode, report.stdout) == (0, HEADER)


def test_a_session_of_the_command_line_ends_with_the_command(
    zixly: Callable[..., Ended], admin: sa.Engine
) -> None:
    sessions = sa.text("""
        select id, revoked_at is null and expires_at > now() as is_open
        from zixly.sessions where kind = 'OPERATOR'
    """)

    def known() -> dict[str, bool]:
        with admin.connect() as everyone:
            return {row.id: row.is_open for row in everyone.execute(sessions)}

    before = known()
    zixly(*REPORT, "--as", "cole@zixly.com.au")
    assert [is_open for id_, is_open in known().items() if id_ not in before] == [False]


def test_a_new_password_is_printed_and_nothing_else(
    zixly: Callable[..., Ended], new_team: Callable[[], Team]
) -> None:
    changed = zixly("user", "password", new_team().viewer.email)

    assert changed.returncode == 0
    assert PASSWORD.fullmatch(changed.stdout.strip())


def test_a_taken_address_is_refused(zixly: Callable[..., Ended]) -> None:
    refused = zixly(
        "user", "add", "Cole@Zixly.com.au", "--name", "Cole", "--role", "ADMIN",
        "--tenant", "zixly-org-001",
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "A user with this email address already exists." in refused.stderr


def test_users_are_listed(zixly: Callable[..., Ended]) -> None:
    listed = zixly("user", "list")
    assert re.search(r"support@zixly\.com\.au +Support Team +EDITOR +ACTIVE", listed.stdout)
