"""From an empty folder to the demo, with one command each."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from tests.cli.command_line import PASSWORD, Q1_2024, REPORT, CommandLine


def test_the_demo_then_the_report_as_csv_to_the_byte(empty: CommandLine) -> None:
    """Each command starts the embedded server and, as the last one out, stops it."""
    assert empty("demo").returncode == 0

    report = empty(*REPORT, "--as", "cole@zixly.com.au", "--format", "csv")

    assert (report.returncode, report.stdout, report.stderr) == (0, Q1_2024, "")
    assert not (empty.home / "postgres" / "cluster" / "data" / "postmaster.pid").exists()


def test_a_report_before_anything_is_set_up_advises_to_migrate(tmp_path: Path) -> None:
    refused = CommandLine(tmp_path / "home")(*REPORT, "--as", "cole@zixly.com.au")

    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "Run: python -m zixly_data migrate" in refused.stderr


def test_the_demo_prints_each_address_with_its_password(loaded: CommandLine) -> None:
    lines = (loaded.home / "first-output").read_text().splitlines()

    assert [line.split()[0] for line in lines] == [
        "cole@zixly.com.au", "support@zixly.com.au", "vera@zixly.com.au",
    ]  # fmt: skip
    passwords = [line.split()[1] for line in lines]
    assert all(PASSWORD.fullmatch(password) for password in passwords)
    assert len(set(passwords)) == 3


def test_no_password_is_kept_in_clear(loaded: CommandLine, operator: sa.Engine) -> None:
    password = (loaded.home / "first-output").read_text().split()[1]
    with operator.connect() as everyone:
        kept = everyone.execute(sa.text("select string_agg(u::text, ' ') from zixly.users u"))
        assert password not in str(kept.scalar_one())
        audited = everyone.execute(
            sa.text("select string_agg(a::text, ' ') from zixly.audit_log a")
        )
        text = str(audited.scalar_one())
        assert password not in text
        assert "$2b$" not in text


def test_a_second_demo_says_so_and_changes_nothing(loaded: CommandLine) -> None:
    again = loaded("demo")

    assert (again.returncode, again.stdout) == (0, "")
    assert "loaded already" in again.stderr
    assert loaded(*REPORT, "--as", "cole@zixly.com.au", "--format", "csv").stdout == Q1_2024


def test_prepare_loads_no_second_demo(loaded: CommandLine) -> None:
    assert loaded("prepare").stdout == ""
