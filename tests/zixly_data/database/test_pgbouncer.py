"""PgBouncer in transaction mode, where every transaction may get another person's connection."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests.support.database.attacks import intruder
from zixly_data.database.connection import _BEGIN, Database
from zixly_data.database.pool import create_pool, keep_plans
from zixly_data.identity import Identity

_PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(_PROGRAM is None, reason="PgBouncer is not installed here"),
]

WHO = "select tenant_id, current_user::text, app.role() from zixly.client_kpis group by 1"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder outside pytest's, which every new pytest closes to other accounts."""
    with tempfile.TemporaryDirectory(prefix="zixly-pgbouncer-") as place:
        yield Path(place)


@pytest.fixture(scope="module")
def pooler(database: Database, folder: Path) -> Iterator[str]:
    """The address of the pages' login behind a PgBouncer with three server connections."""
    address = sa.make_url(database.logins.app_url).set(drivername="postgresql")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "users").write_text(f'"zixly_app" "{address.password}"\n')
    (folder / "pgbouncer.ini").write_text(f"""
[databases]
{address.database} = host={address.host} port={address.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
""")
    command = [str(_PROGRAM), str(folder / "pgbouncer.ini")]
    account = None
    if os.geteuid() == 0:
        # PgBouncer refuses to run as root.
        account = "nobody"
        for place in (folder, *folder.iterdir()):
            shutil.chown(place, account)
    log = (folder / "log").open("w")
    running = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", user=account)
    url = address.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    try:
        _wait(url, Path(log.name))
        yield url
    finally:
        running.terminate()
        running.wait(10)
        log.close()


def test_two_hundred_transactions_of_five_people_never_cross(
    pooler: str,
    cole: Identity, support: Identity, vera: Identity, sarah: Identity, john: Identity,
) -> None:  # fmt: skip
    people = (cole, sarah, support, john, vera)
    opening = str(_BEGIN).replace(":secret", "%(secret)s")

    def work(number: int) -> list[object]:
        wrong: list[object] = []
        with psycopg.connect(pooler, prepare_threshold=None) as connection:
            for turn in range(20):
                identity = people[(number + turn) % len(people)]
                connection.execute(opening, {"secret": identity.secret})
                context = connection.execute(WHO).fetchall()
                role = identity.role
                if context != [(identity.tenant_id, f"zixly_{role.lower()}", str(role))]:
                    wrong.append((identity, context))
                connection.commit() if turn % 3 else connection.rollback()
                connection.execute("select 1")
                bare = connection.execute("select current_user::text, "
                    "coalesce(current_setting('app.context', true), '')").fetchone()  # fmt: skip
                if bare != ("zixly_app", ""):
                    wrong.append(bare)
                connection.commit()
        return wrong

    with ThreadPoolExecutor(10) as threads:
        assert [wrong for wrongs in threads.map(work, range(10)) for wrong in wrongs] == []


def test_settings_smuggled_into_a_pooled_session_open_no_tenant(
    pooler: str, vera: Identity, sarah: Identity
) -> None:
    """PgBouncer passes session settings to the next transaction. At worst, they stop it."""
    opening = str(_BEGIN).replace(":secret", "%(secret)s")
    with intruder(pooler, vera) as evil:
        evil.inject(
            "select set_config('app.context', current_setting('app.context'), false);"
            " set session statement_timeout = '59s'; set session search_path = public"
        )
        evil.connection.commit()
    for _ in range(10):
        with psycopg.connect(pooler, prepare_threshold=None) as connection:
            connection.execute("set local role zixly_admin")
            # The smuggled context is invalid in this transaction, and PostgreSQL may refuse it.
            with suppress(psycopg.errors.InvalidAuthorizationSpecification):
                assert connection.execute("select * from zixly.client_kpis").fetchall() == []
            connection.rollback()
            connection.execute(opening, {"secret": sarah.secret})
            assert connection.execute(WHO).fetchall() == [(sarah.tenant_id, "zixly_admin", "ADMIN")]


def _wait(url: str, log: Path) -> None:
    for _ in range(100):
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise AssertionError(f"PgBouncer did not start: {log.read_text()}")


def test_no_plans_are_kept_behind_a_pooler(
    pooler: str, database: Database, cole: Identity, sarah: Identity
) -> None:
    """Another client would run them under the same name."""
    text = "select distinct tenant_id from zixly.client_kpis"
    for url, keeps in ((pooler, False), (database.logins.app_url, True)):
        engine = create_pool(url, 1)
        try:
            for identity in (cole, sarah) * 5:
                with engine.begin() as connection:
                    connection.execute(_BEGIN, {"secret": identity.secret})
                    keep_plans(connection)
                    asked = connection.exec_driver_sql(text)
                    assert asked.scalars().all() == [identity.tenant_id]
                    kept = connection.exec_driver_sql(
                        "select statement from pg_prepared_statements"
                    )
                    statements = kept.scalars().all()
            assert (text in statements) is keeps
        finally:
            engine.dispose()
