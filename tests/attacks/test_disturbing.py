"""SQL of a VIEWER that fills the disk, the trail or the server's locks for everybody.

What is taken away is refused; the positive control is that a superuser may still do it, or that the
app still does what needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support.database.attacks import Intruder, intruder
from zixly_data.database.connection import Database
from zixly_data.errors import LimitReached
from zixly_data.people import audit, saved_views
from zixly_data.people.saved_views import ViewDraft
from zixly_data.values.ids import new_id

pytestmark = pytest.mark.nightly
DENIED = "42501"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


@pytest.fixture
def attacker(database: Database, team: Team) -> Iterator[Intruder]:
    with intruder(database.logins.app_url, team.viewer) as somebody:
        yield somebody


@pytest.mark.parametrize("become", ["", "reset role; ", "set local role zixly_admin; "])
@pytest.mark.parametrize(
    "statement",
    [
        "select lo_create(0)", "select lo_creat(-1)", "select lo_from_bytea(0, 'x')",
        "select lo_open(1, 131072)", "select lo_put(1, 0, 'x')", "select lo_unlink(1)",
        "select lowrite(0, 'x')", "select loread(0, 1)", "select lo_import('/etc/passwd')",
        "select pg_advisory_lock(n) from generate_series(1, 100000) as n",
        "select pg_try_advisory_xact_lock_shared(n, 1) from generate_series(1, 100000) as n",
        "select pg_logical_emit_message(false, 'x', repeat('x', 1000000))",
        "select pg_notify('x', repeat('x', 7000) || n) from generate_series(1, 20000) as n",
        "select pg_export_snapshot()",
        "select pg_cancel_backend(pid) from pg_stat_activity",
        "select pg_terminate_backend(pid) from pg_stat_activity",
        "do $$ begin loop perform pg_sleep(1); end loop; end $$",
        "set temp_file_limit = -1", "create temp table full_of (x text)",
        "select pg_switch_wal()", "select pg_create_restore_point('x')", "checkpoint",
    ],
)  # fmt: skip
def test_what_disturbs_everybody_is_refused(
    attacker: Intruder, statement: str, become: str
) -> None:
    assert attacker.refused(become + statement).sqlstate == DENIED


def test_it_is_the_right_that_is_missing(admin: sa.Engine) -> None:
    """A superuser may, so the statements are not refused for another reason."""
    with admin.connect() as superuser:
        for call in (
            "lo_create(0)",
            "pg_advisory_xact_lock(1)",
            "pg_export_snapshot()",
            "pg_logical_emit_message(false, 'x', 'y')",
            "pg_notify('x', 'y')",
        ):
            superuser.exec_driver_sql(f"select {call}")
        superuser.rollback()


def test_what_a_statement_may_put_into_temporary_files_is_limited(admin: sa.Engine) -> None:
    with admin.connect() as superuser:
        [settings] = superuser.exec_driver_sql(
            "select array_to_string(rolconfig, ' ') from pg_roles where rolname = 'zixly_app'"
        ).one()
    assert "temp_file_limit=4GB" in settings


# ── the trail ───────────────────────────────────────────────────────────────────────────────────
def test_a_statement_puts_sixty_exports_on_the_trail_at_most(
    attacker: Intruder, team: Team, admin: sa.Engine
) -> None:
    note = "select app.note_export('financials', n, '{}') from generate_series(1, %s) as n"
    assert attacker.refused(note, 20_000).sqlstate == "ZX011"
    assert exports(admin, team) == 0
    attacker.inject(note, 60)
    attacker.connection.commit()
    assert exports(admin, team) == 60
    with pytest.raises(LimitReached):
        audit.note_export(team.viewer, "financials", 1, {})
    audit.note_export(team.editor, "financials", 1, {})
    with admin.begin() as superuser:
        superuser.exec_driver_sql("set local session_replication_role = replica")
        superuser.execute(
            sa.text("update zixly.audit_log set at = at - interval '1 minute'"
                    " where tenant_id = :t"), {"t": team.tenant_id},
        )  # fmt: skip
    audit.note_export(team.viewer, "financials", 1, {})


def test_an_entry_is_short_whatever_the_filters(
    attacker: Intruder, team: Team, admin: sa.Engine
) -> None:
    attacker.inject(
        "select app.note_export(repeat('x', 1000000), 1,"
        " jsonb_build_object('a', repeat('y', 5000000)))"
    )
    attacker.connection.commit()
    with admin.connect() as superuser:
        longest = superuser.execute(
            sa.text("select max(octet_length(a::text)) from zixly.audit_log as a"
                    " where tenant_id = :t"), {"t": team.tenant_id},
        )  # fmt: skip
        assert longest.scalar_one() < 20_000


def test_a_person_has_two_hundred_views(attacker: Intruder, team: Team) -> None:
    insert = (
        "insert into zixly.saved_views (page, name, filters)"
        " select 'financials', 'n' || n, repeat('x', 2000) from generate_series(1, {}) as n"
    )
    assert attacker.refused(insert.format(201)).sqlstate == "ZX012"
    attacker.inject(insert.format(200))
    attacker.connection.commit()
    draft = ViewDraft(page="financials", name="One more", filters="period=all", is_default=True)
    with pytest.raises(LimitReached):
        saved_views.save(team.viewer, draft, row_id=new_id("view"))
    saved_views.save(team.editor, draft, row_id=new_id("view"))


# ── turns ───────────────────────────────────────────────────────────────────────────────────────
def test_a_session_holds_three_turns_at_most(attacker: Intruder) -> None:
    for turn in ("x", "importing '; --", ""):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attacker.inject("select app.take_turn(%s)", turn)
    attacker.inject(
        "select app.take_turn('importing'), app.take_turn('choosing a default view'),"
        " app.take_turn('entering overheads')"
        " from generate_series(1, 1000)"
    )
    held = "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
    assert attacker.run(held) == [(3,)]


def exports(admin: sa.Engine, team: Team) -> int:
    with admin.connect() as superuser:
        return int(superuser.execute(
            sa.text("select count(*) from zixly.audit_log where tenant_id = :t"
                    " and action = 'EXPORT'"), {"t": team.tenant_id},
        ).scalar_one())  # fmt: skip
