"""The doctor says what is wrong, and what to do about it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.command_line import CommandLine


def test_before_the_demo_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    found = CommandLine(tmp_path / "home")("doctor")

    assert found.returncode == 1
    assert "0 of 8 roles are there." in found.stdout
    assert "Run: python -m zixly_data migrate" in found.stdout


def test_the_doctor_finds_everything_in_order(loaded: CommandLine, operator: sa.Engine) -> None:
    found = loaded("doctor")

    assert found.returncode == 0, found.stdout
    assert "Row-level security is forced on every table." in found.stdout
    assert "Zixly has 1 active administrator." in found.stdout
    assert found.stdout.splitlines()[-1] == "Everything is in order."


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
        (
            "update zixly.users set role = 'EDITOR' where email = 'cole@zixly.com.au'",
            "update zixly.users set role = 'ADMIN' where email = 'cole@zixly.com.au'",
            "Zixly has 0 active administrators.",
        ),
        (
            "update app_private.replayed set fingerprint = 'of another version'",
            None,
            "The database is not up to date.",
        ),
    ],
)
def test_the_doctor_finds_what_was_harmed(
    loaded: CommandLine, operator: sa.Engine, harm: str, repair: str | None, sentence: str
) -> None:
    with operator.begin() as everyone:
        everyone.execute(sa.text(harm))
    try:
        found = loaded("doctor")
        assert found.returncode == 1
        assert f"WRONG  {sentence}" in found.stdout
    finally:
        if repair is None:
            loaded("migrate")
        else:
            with operator.begin() as everyone:
                everyone.execute(sa.text(repair))
