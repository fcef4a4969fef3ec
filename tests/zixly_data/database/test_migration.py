"""Migrating: twice, by two processes at once, by permitted logins, with a message for others."""

from __future__ import annotations

import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from tests.conftest import SERVERS
from tests.support.database.structure import structure
from tests.support.servers import prepared
from tests.support.servers.prepared import Stage
from tests.zixly_data.database.conftest import NewDatabase
from zixly_data.database import administration, logins, migration
from zixly_data.database.connection import Database
from zixly_data.database.logins import APP_LOGIN
from zixly_data.errors import NotPrepared
from zixly_data.operations import demo
from zixly_data.postgres import server
from zixly_data.settings import Settings

ROOT = Path(__file__).parents[3]


def test_a_second_time_changes_nothing(new_database: NewDatabase) -> None:
    books = new_database()
    assert migration.migrate(books)
    before = structure(books.admin_url)

    assert migration.migrate(books) == []

    assert structure(books.admin_url) == before
    assert migration.is_current(books.admin_url)


def test_changed_functions_are_replayed_and_come_out_the_same(new_database: NewDatabase) -> None:
    books = new_database()
    migration.migrate(books)
    before = structure(books.admin_url)
    with administration.admin_engine(books.admin_url).begin() as owner:
        owner.execute(sa.text("update app_private.replayed set fingerprint = 'older'"))
        owner.execute(sa.text("grant select on zixly.users to zixly_viewer"))
    assert not migration.is_current(books.admin_url)

    assert migration.migrate(books) == ["updated functions and policies to this version"]

    assert structure(books.admin_url) == before


def test_two_at_once_make_one_database(new_database: NewDatabase) -> None:
    """Separate processes on an empty database; all but one have nothing left to do."""
    books = new_database()
    program = """
import sys
from zixly_data.database import logins, migration
server_logins = logins.Logins(sys.argv[1], sys.argv[2], sys.argv[3], lambda: None)
print(len(migration.migrate(server_logins)))
"""

    def process(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, books.app_url, books.auth_url, books.admin_url],
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    with ThreadPoolExecutor(3) as at_once:
        ended = list(at_once.map(process, range(3)))

    assert [run.returncode for run in ended] == [0, 0, 0], [run.stderr for run in ended]
    assert sorted(run.stdout.strip() for run in ended) == ["0", "0", "2"]
    assert migration.is_current(books.admin_url)


def test_without_an_administrators_address_a_message_says_what_is_needed(
    database: Database,
) -> None:
    with pytest.raises(NotPrepared, match="administrator login") as refused:
        migration.migrate(replace(database.logins, admin_url=""))
    assert refused.value.advice == "Set DATABASE_URL for this command."


def test_the_pages_login_may_not_migrate(database: Database) -> None:
    with pytest.raises(NotPrepared, match="cannot migrate") as refused:
        migration.migrate(replace(database.logins, admin_url=database.logins.app_url))
    assert "administrator" in refused.value.advice


@pytest.mark.parametrize("kind", SERVERS)
def test_an_administrator_who_is_no_superuser_migrates_and_loads_the_demo(
    kind: str, tmp_path: Path
) -> None:
    """A login as on a hosted server, on a server without Zixly: it may create roles, owns
    the database, and bypasses nothing."""
    with prepared.running(kind, Stage.EMPTY, tmp_path) as settings:
        url = settings.database_url
        own = None if url else server.start(tmp_path)
        superuser = url.get_secret_value() if url else own.address.url() if own else ""
        password = secrets.token_hex(12)
        engine = administration.admin_engine(superuser)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as root:
            root.execute(sa.text(f"create role hosted login createrole password '{password}'"))
            root.execute(sa.text("create database books owner hosted"))
        address = sa.make_url(superuser).set(username="hosted", password=password, database="books")
        hosted = address.render_as_string(hide_password=False)
        server_logins = logins.open_logins(Settings(home=tmp_path, database_url=SecretStr(hosted)))
        try:
            assert migration.migrate(server_logins)
            assert migration.migrate(server_logins) == []
            assert len(demo.load(hosted)) == 3
        finally:
            if own:
                own.close()


def test_the_logins_get_the_passwords_of_the_data_folder(
    database: Database, admin: sa.Engine
) -> None:
    """An operator who lost the passwords, or moved the folder, regains access by migrating."""
    with admin.begin() as superuser:
        superuser.execute(sa.text(f"alter role {APP_LOGIN} password 'something else'"))
    engine = administration.admin_engine(database.logins.app_url)
    with pytest.raises(sa.exc.OperationalError):
        engine.connect()

    migration.migrate(database.logins)

    with engine.connect() as login:
        assert login.execute(sa.text("select current_user")).scalar_one() == APP_LOGIN
