"""The doctor says what is wrong, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support.servers.command_line import Ended
from zixly_data.operations.doctor import machine


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


def test_the_doctor_reads_every_table_and_page(zixly: Callable[..., Ended]) -> None:
    diagnosis = zixly("doctor")
    read = re.search(r"ok     (\d+) of (\d+) tables were read", diagnosis.stdout)
    assert read is not None
    assert read[1] == read[2]
    assert "Data checksums are on" in diagnosis.stdout
    assert "Every page agrees with its checksum" in diagnosis.stdout


def test_the_doctor_finds_a_table_that_cannot_be_read(
    zixly: Callable[..., Ended], admin: sa.Engine
) -> None:
    with admin.begin() as everyone:
        everyone.execute(sa.text("create table public.torn (n integer)"))
        everyone.execute(sa.text("insert into public.torn values (1)"))
        query = "select current_setting('data_directory') || '/' || pg_relation_filepath('torn')"
        path = Path(everyone.execute(sa.text(query)).scalar_one())
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as everyone:
        everyone.execute(sa.text("checkpoint"))
    path.rename(path.with_suffix(".gone"))
    try:
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as everyone:
            everyone.execute(sa.text("discard all"))
        diagnosis = zixly("doctor")
    finally:
        path.with_suffix(".gone").rename(path)
        with admin.begin() as everyone:
            everyone.execute(sa.text("drop table public.torn"))
    assert diagnosis.returncode == 1
    assert "tables cannot be read: public.torn." in diagnosis.stdout
    assert "restore the database from a backup" in diagnosis.stdout


def test_the_doctor_finds_a_disk_that_is_nearly_full(
    zixly: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "database stops when the disk is full" not in zixly("doctor").stdout
    monkeypatch.setattr(machine, "_LOW_DISK_SPACE", 10**18)
    diagnosis = zixly("doctor")
    assert diagnosis.returncode == 1
    assert "Free up space: the database stops when the disk is full." in diagnosis.stdout
    # It makes a checkpoint, for which such a disk may have no room.
    assert "were not compared with their checksums: a disk is nearly full" in diagnosis.stdout


def test_the_doctor_finds_a_limit_of_open_files_that_is_too_low(
    zixly: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ulimit -n" not in zixly("doctor").stdout
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (1_024, 1_024))
    diagnosis = zixly("doctor")
    assert diagnosis.returncode == 1
    assert "may open 1,024 files and connections, at most 1,024." in diagnosis.stdout
    assert "LimitNOFILE=" in diagnosis.stdout
