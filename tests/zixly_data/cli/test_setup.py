"""From an empty folder to the demo and the report, with one command each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from tests.support.servers import prepared
from tests.support.servers.command_line import (
    PASSWORD,
    Q1_2024,
    REPORT,
    CommandLine,
    CommandLineHere,
    Ended,
)
from tests.support.servers.prepared import Stage
from zixly_data.database import administration, logins
from zixly_data.settings import Settings


def test_the_demo_then_the_report_as_csv_to_the_byte(loaded: CommandLine) -> None:
    report = loaded(*REPORT, "--as", "cole@zixly.com.au", "--format", "csv")

    assert (report.returncode, report.stdout, report.stderr) == (0, Q1_2024, "")
    assert (loaded.home / "postgres" / "cluster" / "data" / "PG_VERSION").exists()
    assert not (loaded.home / "postgres" / "cluster" / "data" / "postmaster.pid").exists()


def test_after_the_demo_the_doctor_finds_everything_in_order(loaded: CommandLine) -> None:
    diagnosis = CommandLineHere(loaded.home)("doctor")

    assert diagnosis.returncode == 0, diagnosis.stdout
    assert "Row-level security is forced on every table." in diagnosis.stdout
    assert "Zixly has 1 active administrator." in diagnosis.stdout
    assert diagnosis.stdout.splitlines()[-1] == "No problems found."


def test_before_anything_is_set_up_report_and_doctor_say_what_to_do(tmp_path: Path) -> None:
    empty = CommandLineHere(tmp_path / "home")
    prepared.copy(Stage.EMPTY, empty.home)

    refused = empty(*REPORT, "--as", "cole@zixly.com.au")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Run: python -m zixly_data migrate" in refused.stderr

    diagnosis = empty("doctor")
    assert diagnosis.returncode == 1
    assert "0 of 8 roles exist." in diagnosis.stdout
    assert "Run: python -m zixly_data migrate" in diagnosis.stdout


def test_the_demo_prints_each_address_with_its_password(loaded: CommandLine) -> None:
    lines = (loaded.home / "first-output").read_text().splitlines()

    assert [line.split()[0] for line in lines] == [
        "cole@zixly.com.au", "support@zixly.com.au", "vera@zixly.com.au",
    ]  # fmt: skip
    passwords = [line.split()[1] for line in lines]
    assert all(PASSWORD.fullmatch(password) for password in passwords)
    assert len(set(passwords)) == 3


def test_no_password_is_kept_in_clear(loaded: CommandLine) -> None:
    password = (loaded.home / "first-output").read_text().split()[1]
    server_logins = logins.open_logins(Settings(home=loaded.home))
    try:
        with administration.admin_engine(server_logins.admin_url).connect() as everyone:
            kept = everyone.execute(sa.text("select string_agg(u::text, ' ') from zixly.users u"))
            audited = everyone.execute(
                sa.text("select string_agg(a::text, ' ') from zixly.audit_log a")
            )
            users, audit = str(kept.scalar_one()), str(audited.scalar_one())
    finally:
        server_logins.close()
    assert "$2b$" in users
    assert password not in users + audit
    assert "$2b$" not in audit


def test_a_second_demo_says_so_and_changes_nothing(zixly: Callable[..., Ended]) -> None:
    again = zixly("demo")

    assert (again.returncode, again.stdout) == (0, "")
    assert "already loaded" in again.stderr
    assert zixly(*REPORT, "--as", "cole@zixly.com.au", "--format", "csv").stdout == Q1_2024


def test_prepare_loads_no_second_demo(zixly: Callable[..., Ended]) -> None:
    prepared = zixly("prepare")

    assert (prepared.returncode, prepared.stdout) == (0, "")
    assert "up to date" in prepared.stderr
