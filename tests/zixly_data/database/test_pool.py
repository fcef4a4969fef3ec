"""A pooled connection carries nothing from one identity to the next."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import ABC, Team
from tests.support.database import rows
from tests.support.database.attacks import run_in_one_message
from tests.support.depth import examples
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.errors import (
    AccessDenied,
    DatabaseUnavailable,
    InvalidInput,
    SessionEnded,
    TookTooLong,
    ZixlyError,
)
from zixly_data.figures import client_totals
from zixly_data.identity import Identity, Role
from zixly_data.records import clients
from zixly_data.tables.clients import ClientDraft
from zixly_data.values import ids

ZIXLY = "zixly-org-001"
# Without the nameless one of the statement itself.
HELD_CURSORS = "select * from pg_cursors where name <> ''"
WHO = "select tenant_id, current_user, app.role(), app.user_id() from client_kpis group by 1"
THREADS, SECONDS = 32, float(examples(8))
Transaction = Callable[[Identity], AbstractContextManager[sa.Connection]]


@pytest.fixture(autouse=True)
def _one_connection_for_everybody(database: Database) -> Iterator[None]:
    """Starts with empty pools, so that a connection is certainly shared."""
    database.app.dispose()
    yield
    database.app.dispose()


def context_of(identity: Identity) -> tuple[str, str, str, str]:
    with connection.scoped(identity) as scoped:
        return context_in(scoped)


def context_in(scoped: sa.Connection) -> tuple[str, str, str, str]:
    row = scoped.exec_driver_sql(WHO).one()
    return (row[0], row[1], row[2], row[3])


def own(identity: Identity) -> tuple[str, str, str, str]:
    role = identity.role
    return (identity.tenant_id, f"zixly_{role.lower()}", str(role), identity.user_id)


def test_thirty_two_threads_of_five_people(
    cole: Identity, support: Identity, vera: Identity, sarah: Identity, john: Identity
) -> None:
    """Five identities, three roles, two tenants, one small pool; some give up in the middle."""
    people = (cole, sarah, support, john, vera)
    counts: Counter[str] = Counter()
    wrong: list[object] = []
    until = time.monotonic() + SECONDS

    def work(number: int) -> None:
        turn = number
        while time.monotonic() < until and not wrong:
            turn += 1
            identity = people[turn % len(people)]
            try:
                context = context_of(identity)
                if turn % 7 == 0:
                    with connection.scoped(identity) as scoped:
                        run_in_one_message(scoped, "set role zixly_admin; select 1 / 0")
            except DatabaseUnavailable:
                counts["waited too long for a connection"] += 1
                continue
            except ZixlyError:
                counts["gave up in the middle"] += 1
            if context != own(identity):
                wrong.append((identity, context))
            counts["transactions"] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert counts["transactions"] > 500
    assert counts["gave up in the middle"] > 50


SMUGGLED = [
    "set role zixly_admin",
    "set session characteristics as transaction read only",
    "set search_path = public",
    "set statement_timeout = 1",
    "set timezone = 'Asia/Tokyo'",
    "set row_security = off",
    "set app.context = 'abc-org-001|sarah|ADMIN|x|00'",
    "select set_config('app.context', current_setting('app.context'), false)",
    "commit; set role zixly_admin",
    "commit; set session authorization default; begin",
    "commit; set default_transaction_read_only = on; begin",
    "declare held cursor with hold for select * from zixly.financials",
    "prepare planned as select * from zixly.financials",
    "listen gossip",
    "savepoint s; set role zixly_editor; release s",
    "set client_encoding = 'LATIN1'",
    "set datestyle = 'German'",
]


@pytest.mark.parametrize("statement", SMUGGLED)
def test_settings_smuggled_in_by_one_person_do_not_reach_the_next(
    admin: sa.Engine, database: Database, cole: Identity, sarah: Identity, statement: str
) -> None:
    with connection.scoped(cole) as his:
        backend = his.exec_driver_sql("select pg_backend_pid()").scalar_one()
        run_in_one_message(his, statement)
    with connection.scoped(sarah) as hers:
        assert hers.exec_driver_sql("select pg_backend_pid()").scalar_one() == backend
        assert hers.exec_driver_sql(WHO).one() == own(sarah)
        hers.exec_driver_sql("update client_kpis set client_name = client_name")  # not read-only
        assert hers.exec_driver_sql("select pg_sleep(0.01)").all()  # no timeout
        assert hers.exec_driver_sql(HELD_CURSORS).all() == []
        assert hers.exec_driver_sql("select * from pg_prepared_statements").all() == []
        assert hers.exec_driver_sql("select pg_listening_channels()").all() == []
        assert hers.exec_driver_sql("show timezone").scalar_one() == "UTC"
        assert hers.exec_driver_sql("show client_encoding").scalar_one() == "UTF8"
        assert hers.exec_driver_sql("select '2024-03-01'::date::text").scalar_one() == "2024-03-01"
        hers.rollback()  # fmt: skip


CONTEXT = "select coalesce(current_setting('app.context', true), '')"


def test_identifying_gives_the_transaction_no_rights(cole: Identity) -> None:
    for function, has_context in (("identify", False), ("present", True)):
        with connection.unscoped() as nobody:
            asked = sa.text(f"select user_id from app.{function}(:secret)")
            assert nobody.execute(asked, {"secret": cole.secret}).scalar_one() == cole.user_id
            assert bool(nobody.exec_driver_sql(CONTEXT).scalar_one()) is has_context
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                nobody.exec_driver_sql("select * from zixly.client_kpis")
            nobody.rollback()


def test_after_identifying_the_next_transaction_is_reset_as_ever(cole: Identity) -> None:
    connection.identify(cole.secret)
    with connection.scoped(cole) as his:
        backend = his.exec_driver_sql("select pg_backend_pid()").scalar_one()
        his.exec_driver_sql("set datestyle = 'German'")
    with connection.unscoped() as nobody:
        assert nobody.exec_driver_sql("select pg_backend_pid()").scalar_one() == backend
        assert nobody.exec_driver_sql("show datestyle").scalar_one().startswith("ISO")
        assert nobody.exec_driver_sql(CONTEXT).scalar_one() == ""


def test_a_lock_smuggled_in_is_not_held(admin: sa.Engine, cole: Identity, sarah: Identity) -> None:
    """On a server where no superuser took these functions away."""
    with admin.begin() as superuser:
        superuser.exec_driver_sql("grant execute on function pg_advisory_lock(bigint) to public")
    held = "select count(*) from pg_locks where locktype = 'advisory'"
    try:
        with connection.scoped(cole) as his:
            his.exec_driver_sql("select pg_advisory_lock(4711)")
            assert his.exec_driver_sql(held).scalar_one() == 1
        with connection.scoped(sarah) as hers:
            assert hers.exec_driver_sql(held).scalar_one() == 0
    finally:
        with admin.begin() as superuser:
            superuser.exec_driver_sql(
                "revoke execute on function pg_advisory_lock(bigint) from public"
            )


def test_a_commit_smuggled_in_ends_the_context(cole: Identity) -> None:
    for again in ("commit", "commit; begin", "rollback; begin", "commit and chain"):
        with connection.scoped(cole) as his:
            run_in_one_message(his, again)
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                his.exec_driver_sql("select * from zixly.client_kpis")
            his.rollback()
        with connection.scoped(cole) as his:
            run_in_one_message(his, f"{again}; set role zixly_admin")
            assert his.exec_driver_sql("select * from zixly.client_kpis").all() == []


def test_a_statement_prepared_by_another_identity(cole: Identity, sarah: Identity) -> None:
    """Even within one session, a plan is created again for another role."""
    opening = sa.text("select set_config('role', 'zixly_admin', true) from app.present(:secret)")
    with connection.unscoped() as app:
        app.execute(opening, {"secret": cole.secret})
        app.exec_driver_sql("prepare planned as select distinct tenant_id from zixly.financials")
        assert app.exec_driver_sql("execute planned").scalars().all() == [ZIXLY]
        app.exec_driver_sql("reset role")
        app.execute(opening, {"secret": sarah.secret})
        assert app.exec_driver_sql("execute planned").scalars().all() == [ABC]


def test_after_an_error_the_next_transaction_is_clean(cole: Identity, sarah: Identity) -> None:
    for failure in ("select 1 / 0", "select nothing", "copy (select 1) to stdout", "select '\0'"):
        with pytest.raises(ZixlyError), connection.scoped(cole) as his:
            his.exec_driver_sql(failure)
        assert context_of(sarah) == own(sarah)


def test_a_question_that_takes_too_long_is_not_called_an_absent_database(cole: Identity) -> None:
    with pytest.raises(TookTooLong, match="too long"), connection.scoped(cole) as his:
        run_in_one_message(his, "set local statement_timeout = '20ms'; select pg_sleep(5)")


def test_a_snapshot_ends_with_its_transaction(cole: Identity, sarah: Identity) -> None:
    """The next transaction on the same connection sees committed data, as another person."""
    level = "select current_setting('transaction_isolation'), pg_backend_pid()"
    with connection.reporting(cole) as scoped:
        inside, first = scoped.exec_driver_sql(level).one()
        assert context_in(scoped) == own(cole)
    with connection.scoped(sarah) as scoped:
        after, second = scoped.exec_driver_sql(level).one()
        assert context_in(scoped) == own(sarah)
    assert (inside, after) == ("repeatable read", "read committed")
    assert first == second, "or the test shows nothing"


def test_within_one_moment_a_person_s_questions_share_a_transaction(
    cole: Identity, sarah: Identity
) -> None:
    def transaction_in(by: Identity, transaction: Transaction) -> Any:
        with transaction(by) as open_one:
            assert context_in(open_one) == own(by)
            return open_one.exec_driver_sql("select pg_backend_pid(), now()").one()

    reading, reporting, scoped = connection.reading, connection.reporting, connection.scoped
    assert transaction_in(cole, reading).now != transaction_in(cole, reading).now
    with connection.snapshot(cole):
        first = transaction_in(cole, reading)
        with connection.snapshot(cole):
            assert transaction_in(cole, reporting) == first
        assert transaction_in(cole, reading) == first
        # Writers and other readers use separate connections.
        assert transaction_in(cole, scoped).now != first.now
        assert transaction_in(sarah, reading).now != first.now
    assert transaction_in(cole, reading).now != first.now


def test_a_refusal_within_a_snapshot_has_our_message_and_ends_it(
    cole: Identity, sarah: Identity
) -> None:
    with (
        connection.snapshot(cole),
        pytest.raises(InvalidInput),
        connection.reading(cole) as transaction,
    ):
        transaction.exec_driver_sql("select 'x'::date")
    assert context_of(sarah) == own(sarah)
    with (
        pytest.raises(SessionEnded),
        connection.snapshot(replace(cole, secret="0" * 43)),
    ):
        pytest.fail("nobody was let in")
    assert context_of(cole) == own(cole)


def test_a_dropped_connection(admin: sa.Engine, cole: Identity, sarah: Identity) -> None:
    with connection.scoped(cole) as his:
        backend = his.exec_driver_sql("select pg_backend_pid()").scalar_one()
        _terminate(admin, backend)
        with pytest.raises(sa.exc.OperationalError):
            his.exec_driver_sql("select 1")
        his.rollback()
    assert context_of(sarah) == own(sarah)
    # Dropped while idle in the pool: nobody notices.
    with connection.scoped(cole) as his:
        backend = his.exec_driver_sql("select pg_backend_pid()").scalar_one()
    _terminate(admin, backend)
    assert context_of(sarah) == own(sarah)


def test_the_database_goes_away_and_comes_back(
    admin: sa.Engine, database: Database, cole: Identity
) -> None:
    with admin.begin() as superuser:
        superuser.exec_driver_sql("alter role zixly_app connection limit 0")
        superuser.exec_driver_sql(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'zixly_app'"
        )
    try:
        with pytest.raises(DatabaseUnavailable):
            context_of(cole)
        with pytest.raises(DatabaseUnavailable):
            client_totals.list_clients(cole)
    finally:
        with admin.begin() as superuser:
            superuser.exec_driver_sql("alter role zixly_app connection limit -1")
    assert context_of(cole) == own(cole)


def test_a_changed_right_is_changed_at_the_next_transaction(
    admin: sa.Engine, new_team: Callable[[], Team]
) -> None:
    team = new_team()
    ann, ed = team.admin, team.editor
    clients.add(ed, ClientDraft("HBC", "Harbor"), row_id=ids.new_id("ckpi"))

    def make(sql: str) -> None:
        with admin.begin() as superuser:
            superuser.execute(
                sa.text(f"update zixly.users set {sql} where id = :id"), {"id": ed.user_id}
            )

    rename = "update client_kpis set client_name = client_name"
    with rows.undone(ed) as his:
        assert his.exec_driver_sql(rename).rowcount == 1
    make("role = 'VIEWER'")
    assert context_of(ed)[1:3] == ("zixly_viewer", str(Role.VIEWER))
    with pytest.raises(AccessDenied), rows.undone(ed) as his:
        his.exec_driver_sql(rename)
    make("status = 'INACTIVE'")
    with pytest.raises(SessionEnded):
        context_of(ed)
    assert context_of(ann) == own(ann)
    make("role = 'EDITOR', status = 'ACTIVE'")
    with pytest.raises(SessionEnded):
        context_of(ed)


def test_anothers_secret_is_refused(cole: Identity, sarah: Identity) -> None:
    for borrowed in (
        replace(cole, secret=sarah.secret),
        replace(cole, secret="unknown"),
        replace(cole, user_id=sarah.user_id),
        replace(cole, tenant_id=ABC),
    ):
        with pytest.raises(SessionEnded):
            context_of(borrowed)


def _terminate(admin: sa.Engine, backend: int) -> None:
    with admin.begin() as superuser:
        superuser.execute(sa.text("select pg_terminate_backend(:pid, 5000)"), {"pid": backend})
