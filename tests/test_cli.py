"""The command line as its users meet it: a process of its own, an empty data folder, exit statuses.

The sentences of the stories:
    the demo, then the report for Q1 2024, exact on standard output and nothing else there
    an unknown or an inactive user is refused in a sentence, exit status 2
    as Sarah of ABC Construction, nothing of Zixly's
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from zixly_data import logins, migration
from zixly_data.logins import Logins
from zixly_data.settings import Settings

ROOT = Path(__file__).parents[1]
REPORT = ["report", "profitability", "--from", "2024-01-01", "--to", "2024-03-31"]
Q1_2024 = """\
client_id,client_name,currency,revenue,expenses,profit,margin
HBC-2024-001,Harbor Bridge Construction,AUD,45000.00,24000.00,21000.00,0.4667
SLF-2024-003,Sydney Law Firm,AUD,25000.00,12000.00,13000.00,0.5200
BES-2024-002,Bondi E-commerce Store,AUD,24000.00,12000.00,12000.00,0.5000
"""
PASSWORD = re.compile(r"[a-z]{4}(-[a-z]{4}){4}")


class CommandLine:
    """`python -m zixly_data` on a data folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        bare = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_")}
        return subprocess.run(
            [sys.executable, "-m", "zixly_data", *arguments],
            cwd=ROOT, env={**bare, "ZIXLY_HOME": str(self.home), "COLUMNS": "100", **environment},
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("empty") / "home")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A data folder with the demo, its server kept up between the commands."""
    line = CommandLine(tmp_path_factory.mktemp("loaded") / "home")
    first = line("demo")
    assert first.returncode == 0, first.stderr
    (line.home / "first-output").write_text(first.stdout)
    held = logins.logins(Settings(home=line.home))
    yield line
    held.close()


@pytest.fixture(scope="module")
def operator(loaded: CommandLine) -> Iterator[sa.Engine]:
    held: Logins = logins.logins(Settings(home=loaded.home))
    engine = migration.admin_engine(held.admin_url)
    yield engine
    engine.dispose()
    held.close()


# ── from an empty folder ────────────────────────────────────────────────────────────────────────
def test_the_demo_then_the_report_as_csv_to_the_byte(empty: CommandLine) -> None:
    """Each command starts the embedded server and, as the last one out, stops it."""
    assert empty("demo").returncode == 0

    report = empty(*REPORT, "--as", "cole@zixly.com.au", "--format", "csv")

    assert (report.returncode, report.stdout, report.stderr) == (0, Q1_2024, "")
    assert not (empty.home / "postgres" / "cluster" / "data" / "postmaster.pid").exists()


def test_before_the_demo_the_doctor_says_what_to_do(tmp_path: Path) -> None:
    found = CommandLine(tmp_path / "home")("doctor")

    assert found.returncode == 1
    assert "0 of 8 roles are there." in found.stdout
    assert "Run: python -m zixly_data migrate" in found.stdout


def test_a_report_before_anything_is_set_up_advises_to_migrate(tmp_path: Path) -> None:
    refused = CommandLine(tmp_path / "home")(*REPORT, "--as", "cole@zixly.com.au")

    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "Run: python -m zixly_data migrate" in refused.stderr


# ── with the demo ───────────────────────────────────────────────────────────────────────────────
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


def test_the_table_adds_the_totals(loaded: CommandLine) -> None:
    table = loaded(*REPORT, "--as", "vera@zixly.com.au", "--format", "table")

    assert table.returncode == 0
    lines = [line.split() for line in table.stdout.splitlines()]
    assert ["AUD", "3", "94,000.00", "48,000.00", "46,000.00", "0.4894"] in lines


def test_totals_are_per_currency(loaded: CommandLine) -> None:
    table = loaded("report", "profitability", "--period", "2025-02", "--as", "vera@zixly.com.au")

    totals = table.stdout.partition("Totals")[2].splitlines()[2:]
    assert [line.split()[0] for line in totals] == ["AUD", "NZD"]


def test_json_is_exact(loaded: CommandLine) -> None:
    document = json.loads(loaded(*REPORT, "--as", "cole@zixly.com.au", "--format", "json").stdout)

    assert document["period"]["from"] == "2024-01-01"
    assert document["rows"][0]["profit"] == "21000.00"
    assert document["totals"] == [
        {"currency": "AUD", "clients": 3, "revenue": "94000.00", "expenses": "48000.00",
         "profit": "46000.00", "margin": "0.4894"}
    ]  # fmt: skip


def test_the_same_by_month(loaded: CommandLine) -> None:
    report = loaded(
        "report", "monthly", "--period", "2024-Q1", "--as", "cole@zixly.com.au", "--format", "csv"
    )

    lines = report.stdout.splitlines()
    assert lines[0] == "month," + Q1_2024.splitlines()[0]
    assert "2024-02-01,HBC-2024-001,Harbor Bridge Construction,AUD,15000.00,8000.00,7000.00,0.4667" in lines  # fmt: skip # noqa: E501
    assert len(lines) == 1 + 9


@pytest.mark.parametrize(
    ("kind", "first_columns"),
    [
        ("clients", "id,client_id,client_name"),
        ("financials", "id,record_date,client_kpi_id"),
        ("lead-events", "id,event_date,client_kpi_id"),
        ("custom-metrics", "id,record_date,client_kpi_id"),
    ],
)
def test_everything_can_be_exported(loaded: CommandLine, kind: str, first_columns: str) -> None:
    export = loaded("export", kind, "--as", "vera@zixly.com.au")

    assert (export.returncode, export.stderr) == (0, "")
    header, *rows = export.stdout.splitlines()
    assert header.startswith(first_columns)
    assert "version" not in header
    assert len(rows) > 5


# ── who may ─────────────────────────────────────────────────────────────────────────────────────
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


# ── people ──────────────────────────────────────────────────────────────────────────────────────
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


# ── bad input ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "2024-03-31", "--to", "2024-01-01"], "The period ends before it starts"),
        (["--from", "2024-01-01", "--to", "20245-01-01"], "Write the year with four digits"),
        (["--from", "yesterday-ish", "--to", "2024-01-01"], "yesterday-ish"),
        ([], "The period needs a first day."),
        (["--period", "2024-Q9"], "There is no period"),
        (["--period", "2024-Q1", "--from", "2024-01-01"], "The period is given twice."),
    ],
)
def test_a_bad_period_is_one_sentence(
    loaded: CommandLine, arguments: list[str], sentence: str
) -> None:
    refused = loaded("report", "profitability", "--as", "cole@zixly.com.au", *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_setting_that_cannot_be_used_is_named(loaded: CommandLine) -> None:
    refused = loaded("user", "list", PORT="many")

    assert refused.returncode == 2
    assert "The setting PORT cannot be used" in refused.stderr


def test_a_server_that_is_not_there_is_one_sentence(loaded: CommandLine) -> None:
    refused = loaded("migrate", DATABASE_URL="postgresql://postgres:secret@127.0.0.1:1/x")

    assert refused.returncode == 2
    assert "The database cannot be reached just now." in refused.stderr
    assert "secret" not in refused.stderr


def test_an_unexpected_error_is_written_down_and_not_shown(loaded: CommandLine) -> None:
    """An address that is none is the caller's slip; what nobody foresaw goes to a file."""
    refused = loaded("migrate", DATABASE_URL="mongodb-not-an-address://secret@there:nowhere/x")

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    (incident,) = (loaded.home / "incidents").iterdir()
    assert str(incident) in refused.stderr
    assert "Traceback" in incident.read_text()
    assert stat.S_IMODE(incident.stat().st_mode) == 0o600


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
    assert loaded("doctor").returncode == 0


@pytest.mark.parametrize("arguments", [[], ["report"], ["user"], ["tenant"]])
def test_help_lists_what_there_is(loaded: CommandLine, arguments: list[str]) -> None:
    shown = loaded(*arguments, "--help")
    assert shown.returncode == 0
    assert "Commands" in shown.stdout
