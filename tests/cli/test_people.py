"""Whose rows a command sees, and what operators do for people."""

from __future__ import annotations

import re

import sqlalchemy as sa

from tests.cli.command_line import PASSWORD, Q1_2024, REPORT, CommandLine


def test_an_unknown_user_is_refused_in_a_sentence(loaded: CommandLine) -> None:
    refused = loaded(*REPORT, "--as", "stranger@example.com", "--format", "csv")

    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        "There is no active user with the email address stranger@example.com.",
        "List the users with: python -m zixly_data user list",
    ]


def test_an_inactive_user_is_refused_the_same_way(loaded: CommandLine, operator: sa.Engine) -> None:
    added = loaded(
        "user", "add", "gone@zixly.com.au", "--name", "Gone", "--role", "viewer",
        "--tenant", "zixly-org-001",
    )  # fmt: skip
    assert PASSWORD.fullmatch(added.stdout.strip())
    assert loaded(*REPORT, "--as", "GONE@zixly.com.au", "--format", "csv").stdout == Q1_2024

    with operator.begin() as everyone:
        everyone.execute(
            sa.text("update zixly.users set status = 'INACTIVE' where email = 'gone@zixly.com.au'")
        )

    refused = loaded(*REPORT, "--as", "gone@zixly.com.au", "--format", "csv")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "no active user" in refused.stderr


def test_as_sarah_none_of_zixly_s_rows(loaded: CommandLine) -> None:
    created = loaded("tenant", "create", "abc-org-001", "ABC Construction", "--currency", "AUD")
    assert created.returncode == 0, created.stderr
    added = loaded(
        "user", "add", "sarah@abcconstruction.com.au", "--name", "Sarah", "--role", "ADMIN",
        "--tenant", "abc-org-001",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr

    report = loaded(*REPORT, "--as", "sarah@abcconstruction.com.au", "--format", "csv")
    export = loaded("export", "financials", "--as", "sarah@abcconstruction.com.au")

    assert report.stdout == Q1_2024.splitlines(keepends=True)[0]
    assert len(export.stdout.splitlines()) == 1
    assert loaded(*REPORT, "--as", "cole@zixly.com.au", "--format", "csv").stdout == Q1_2024


def test_a_session_of_the_command_line_ends_with_the_command(
    loaded: CommandLine, operator: sa.Engine
) -> None:
    loaded(*REPORT, "--as", "cole@zixly.com.au")

    with operator.connect() as everyone:
        still_open = everyone.execute(
            sa.text("""
                select count(*) from zixly.sessions
                where kind = 'OPERATOR' and revoked_at is null and expires_at > now()
                  and created_at > (select max(created_at) from zixly.tenants
                                    where id = 'zixly-org-001')
            """)
        ).scalar_one()
    assert still_open == 0


def test_a_new_password_is_printed_and_nothing_else(loaded: CommandLine) -> None:
    changed = loaded("user", "password", "vera@zixly.com.au")

    assert changed.returncode == 0
    assert PASSWORD.fullmatch(changed.stdout.strip())


def test_a_taken_address_is_refused(loaded: CommandLine) -> None:
    refused = loaded(
        "user", "add", "Cole@Zixly.com.au", "--name", "Cole", "--role", "ADMIN",
        "--tenant", "zixly-org-001",
    )  # fmt: skip
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "A user with this email address exists already." in refused.stderr


def test_users_are_listed(loaded: CommandLine) -> None:
    listed = loaded("user", "list")
    assert re.search(r"support@zixly\.com\.au +Support Team +EDITOR +ACTIVE", listed.stdout)
