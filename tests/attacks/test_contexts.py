"""A kept context, an appended statement, and the texts of another organisation's statements.

The attacker has the password of the pages' login and a session of their own. The server shows them
1,024 bytes of a statement; `test_protocol` checks its whole text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import SERVERS
from tests.support.database.attacks import Intruder, driver_of, intruder, run_in_one_message
from tests.support.servers import own_database, prepared
from tests.support.servers.prepared import COLE, SARAH, VERA, Stage
from zixly_data.database import administration, connection
from zixly_data.database.connection import Database
from zixly_data.errors import ZixlyError
from zixly_data.exports import record_files
from zixly_data.exports.csv_copy import copy_rows
from zixly_data.exports.record_files import Rows, Table
from zixly_data.operations import operator
from zixly_data.values.client_filter import ClientFilter

pytestmark = pytest.mark.nightly

WANTED = "a client's secret name"
KEEP = "select set_config('kept.context', current_setting('app.context'), false); "
USE = (
    "set local role zixly_viewer; "
    "select set_config('app.context', current_setting('kept.context'), true); "
    "select count(*) from zixly.client_kpis"
)


@pytest.fixture(scope="module", params=SERVERS)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    home = tmp_path_factory.mktemp(request.param)
    with (
        prepared.running(request.param, Stage.LIVE, home) as settings,
        own_database.opened(settings) as database,
    ):
        yield database


def _intruder(live: Database, email: str) -> Iterator[Intruder]:
    identity = operator.open_session(live.logins.admin_url, email)
    with intruder(live.logins.app_url, identity) as somebody:
        yield somebody


@pytest.fixture
def vera_intrudes(live: Database) -> Iterator[Intruder]:
    yield from _intruder(live, VERA)


@pytest.fixture
def sarah_intrudes(live: Database) -> Iterator[Intruder]:
    yield from _intruder(live, SARAH)


@pytest.mark.parametrize("guarded", [True, False])
def test_a_person_deactivated_while_their_message_runs(
    live: Database, vera_intrudes: Intruder, guarded: bool
) -> None:
    """Without the guard, the second transaction of the message reads on."""
    owner = administration.admin_engine(live.logins.admin_url)
    present = "app.present(text)"
    with owner.begin() as superuser:
        source: str = superuser.execute(
            sa.text("select pg_get_functiondef(cast(:f as regprocedure))"), {"f": present}
        ).scalar_one()
    guard = "if transaction_timestamp() = statement_timestamp() then"
    assert guard in source
    message = (
        f"begin; select app.present('{vera_intrudes.identity.secret}'); {KEEP} commit; "
        f"select pg_sleep(1); begin; {USE}"
    )
    own = vera_intrudes.connection
    own.autocommit = True
    answers: list[object] = []

    def attack() -> None:
        try:
            answers.append(vera_intrudes.run(message)[0][0])
        except psycopg.Error as error:
            answers.append(error.sqlstate)
        own.rollback()

    def deactivate(status: str) -> None:
        with owner.begin() as superuser:
            superuser.execute(
                sa.text("update zixly.users set status = :status where id = :id"),
                {"status": status, "id": vera_intrudes.identity.user_id},
            )

    try:
        if not guarded:
            with owner.begin() as superuser:
                administration.run_script(superuser, source.replace(guard, "if false then"))
        attacking = threading.Thread(target=attack)
        attacking.start()
        attacking.join(0.5)
        deactivate("INACTIVE")
        attacking.join()
    finally:
        deactivate("ACTIVE")
        with owner.begin() as superuser:
            administration.run_script(superuser, source)
    (answer,) = answers
    assert answer == "28000" if guarded else isinstance(answer, int) and answer > 0


def test_a_second_statement_behind_an_injected_one(live: Database) -> None:
    cole = operator.open_session(live.logins.admin_url, COLE)
    injected = "select 1; commit; set role zixly_admin; select 1"
    with pytest.raises(ZixlyError, match="42601"), connection.scoped(cole) as scoped:
        scoped.exec_driver_sql(injected)
    with connection.scoped(cole) as scoped:
        run_in_one_message(scoped, injected)


@pytest.mark.parametrize("table", Table)
def test_reading_the_filter_of_another_organisations_export(
    live: Database, sarah_intrudes: Intruder, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    cole = operator.open_session(live.logins.admin_url, COLE)
    texts: list[str] = []

    def look_while_copying(on: sa.Connection, *args: object) -> int:
        count = copy_rows(on, *args)  # type: ignore[arg-type]
        texts.extend(_statements_of_others(sarah_intrudes))
        return count

    monkeypatch.setattr(record_files, "copy_rows", look_while_copying)
    wanted = ClientFilter(search=WANTED)
    record_files.write(cole, Rows(table, client_filter=wanted)).content.close()

    copies = [text for text in texts if text.startswith("copy (")]
    assert copies, "the statement was there to be read"
    assert not [text for text in texts if "secret name" in text or cole.tenant_id in text]


def test_a_filter_inside_a_statement_would_be_read(
    live: Database, sarah_intrudes: Intruder
) -> None:
    """Control: the way the driver's own cursor for COPY binds parameters."""
    cole = operator.open_session(live.logins.admin_url, COLE)
    with connection.scoped(cole) as scoped:
        with (
            psycopg.ClientCursor(driver_of(scoped)) as cursor,
            cursor.copy("copy (select %s) to stdout", (WANTED,)) as lines,
        ):
            assert b"".join(lines)
        assert any("secret name" in text for text in _statements_of_others(sarah_intrudes))


def _statements_of_others(attacker: Intruder) -> list[str]:
    attacker.begin()
    attacker.run("reset role")
    query = "select query from pg_stat_activity where pid <> pg_backend_pid() and query <> ''"
    texts = [row[0] for row in attacker.run(query)]
    attacker.connection.rollback()
    return texts
