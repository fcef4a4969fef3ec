"""Errors, estimates, catalogues and connections reveal nothing about another tenant's rows.

The last section shows the known leaks of PostgreSQL, which `sql/README.md` lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import ABC
from tests.support.database import rows
from tests.support.database.attacks import Intruder, intruder
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.identity import Identity

ZIXLY = "zixly-org-001"
SECRET_NOTE = f"secret of {ZIXLY}"


@pytest.fixture(scope="module", autouse=True)
def _something_to_steal(admin: sa.Engine) -> Iterator[None]:
    with rows.everything(admin, ABC, ZIXLY):
        yield
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as superuser:
        superuser.exec_driver_sql("analyze zixly.financials, zixly.client_kpis")


@pytest.fixture
def john_intrudes(database: Database, john: Identity) -> Iterator[Intruder]:
    with intruder(database.logins.app_url, john) as somebody:
        yield somebody


# ── errors ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "condition",
    [
        f"1 / length(replace(note, '{SECRET_NOTE}', '')) > 0",  # by zero on Zixly's row only
        "(case when note like 'secret of zixly%' then note else '1' end)::int = 1",
        f"cast(replace(note, 'secret of {ABC}', '1') as int) > 0",
        f"(1 / (case when tenant_id = '{ZIXLY}' then 0 else 1 end)) = 1",
        "xmin::text::bigint / (case note when 'secret of zixly-org-001' then 0 else 1 end) > 0",
    ],
)
def test_a_condition_that_would_fail_on_anothers_row(
    admin: sa.Engine, john_intrudes: Intruder, condition: str
) -> None:
    """The policy comes first: the function never sees the row, in any form of the query."""
    with admin.connect() as superuser, pytest.raises(sa.exc.DBAPIError):
        superuser.execute(sa.text(f"select count(*) from zixly.financials where {condition}"))
    for query in (
        f"select count(*) from zixly.financials where {condition}",
        f"select count(*) filter (where {condition}) from zixly.financials",
        f"select count(*) from zixly.client_kpis c join zixly.financials f on {condition}"
        .replace("tenant_id", "f.tenant_id").replace("client_kpi_id", "f.client_kpi_id")
        .replace("xmin", "f.xmin").replace("note", "f.note"),
        f"set local enable_seqscan = off; select count(*) from zixly.financials where {condition}",
    ):  # fmt: skip
        assert john_intrudes.inject(query)[0][0] >= 0


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("insert into zixly.client_kpis (client_id, client_name)"
         f" values ('WALL-{ZIXLY}', 'x')", ""),
        (f"update zixly.financials set external_id = 'INV-{ZIXLY}'", "42501"),
        ("insert into zixly.financials (id, client_kpi_id, record_date, revenue, expenses,"
         f" external_id) values ('wall_financials_{ZIXLY}', 'wall_client_kpis_{ABC}', '2024-01-01',"
         f" 1, 1, 'INV-{ZIXLY}')", ""),
        ("insert into zixly.financials (client_kpi_id, record_date, revenue, expenses)"
         f" values ('wall_client_kpis_{ZIXLY}', '2024-01-01', 1, 1)", "23503"),
        (f"update zixly.financials set client_kpi_id = 'wall_client_kpis_{ZIXLY}'", "23503"),
        ("insert into zixly.client_kpis (id, client_id, client_name) values"
         f" ('wall_client_kpis_{ABC}', 'mine', 'x') on conflict (tenant_id, id) do update"
         " set client_name = 'hijacked'", ""),
        (
            "merge into zixly.client_kpis as c using (values (1)) as v on c.id is not null"
            " when matched then update set client_name = 'merged'",
            "",
        ),
    ],
)  # fmt: skip
def test_keys_are_the_tenants_own(john_intrudes: Intruder, statement: str, code: str) -> None:
    """Another tenant's key can be used, and no error reveals that it exists."""
    answer = (
        john_intrudes.inject(statement) if not code else john_intrudes.rows_or_refusal(statement)
    )
    assert answer == (code or [])
    if code:
        invented = john_intrudes.refused(statement.replace(ZIXLY, "never-was"))
        real = john_intrudes.refused(statement)
        assert str(real).replace(ZIXLY, "never-was") == str(invented)
    with pytest.raises(psycopg.errors.UniqueViolation):
        john_intrudes.inject(
            f"insert into zixly.client_kpis (client_id, client_name) values ('WALL-{ABC}', 'x')"
        )


def test_changes_of_everything_change_ones_own(admin: sa.Engine, john_intrudes: Intruder) -> None:
    for statement in (
        "update zixly.financials set revenue = 0",
        "delete from zixly.financials",
        "delete from zixly.client_kpis using zixly.financials",
        "with gone as (delete from zixly.custom_metrics returning 1) select count(*) from gone",
    ):
        john_intrudes.inject(statement)
        john_intrudes.connection.rollback()
    john_intrudes.inject("update zixly.financials set revenue = 1; select 1")
    with admin.connect() as superuser:
        touched = superuser.execute(sa.text(
            "select count(*) from zixly.audit_log where tenant_id = :t and user_id = :john"),
            {"t": ZIXLY, "john": john_intrudes.identity.user_id})  # fmt: skip
        assert touched.scalar_one() == 0


# ── catalogues ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("become", ["", "reset role; ", "set local role zixly_admin; "])
def test_statistics_show_no_values(admin: sa.Engine, john_intrudes: Intruder, become: str) -> None:
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as superuser:
        superuser.exec_driver_sql("analyze zixly.financials, app_private.replayed")
        query = "select count(*) from pg_stats where schemaname = 'zixly'"
        assert superuser.exec_driver_sql(query).scalar_one() == 0, "nothing is sampled"
        query = "select count(*) from pg_stats where schemaname ~ '^(zixly|app)'"
        assert superuser.exec_driver_sql(query).scalar_one() > 0
    assert john_intrudes.inject(f"{become}{query}") == [(0,)]
    assert john_intrudes.inject(f"{become}select count(*) from pg_stats_ext") == [(0,)]


def test_the_statements_of_others_show_no_values(
    database: Database, cole: Identity, john_intrudes: Intruder
) -> None:
    """The pages' login sees the statements of its other sessions with parameters, never values."""
    with connection.scoped(cole) as his:
        his.execute(sa.text("select :note as note"), {"note": SECRET_NOTE}).all()
        john_intrudes.begin()
        john_intrudes.run("reset role")
        statements = [row[0] for row in john_intrudes.run("select query from pg_stat_activity")]
        assert any("$1" in (text or "") for text in statements)
        assert not any(
            secret in (text or "") for text in statements for secret in (SECRET_NOTE, cole.secret)
        )


def test_sequences_and_large_objects_hold_nothing(john_intrudes: Intruder) -> None:
    for query in (
        "select nextval('app_private.sign_in_failures_id_seq')",
        "select currval('app_private.sign_in_failures_id_seq')",
    ):
        assert john_intrudes.refused(query).sqlstate == "42501"
    assert john_intrudes.inject("select count(last_value) from pg_sequences") == [(0,)]
    assert john_intrudes.inject("select count(*) from pg_largeobject_metadata") == [(0,)]


# ── what cannot be silenced ─────────────────────────────────────────────────────────────────


def test_an_estimate_does_not_tell_a_written_value_from_an_invented_one(
    admin: sa.Engine, john_intrudes: Intruder
) -> None:
    """Texts that people write are not sampled, so the planner cannot reveal them."""
    with admin.connect() as superuser:
        # Other tests have closed months; the writes here are rolled back.
        superuser.exec_driver_sql("set local session_replication_role = replica")
        superuser.exec_driver_sql("update zixly.client_kpis set industry = 'Walls of steel'")
        superuser.exec_driver_sql("update zixly.financials set note = 'Walls of steel'")
        superuser.exec_driver_sql("analyze zixly.client_kpis, zixly.financials")
        for table, column in (("client_kpis", "industry"), ("financials", "note")):
            query = f"explain (format json) select * from zixly.{table} where {column} = '{{}}'"
            superuser.exec_driver_sql("savepoint john")
            superuser.execute(
                sa.text("select app.present(:s)"), {"s": john_intrudes.identity.secret}
            )
            superuser.exec_driver_sql("set local role zixly_editor")
            plans = [
                superuser.exec_driver_sql(query.format(value)).scalar_one()[0]["Plan"]["Plan Rows"]
                for value in ("Walls of steel", "Walls of straw")
            ]
            assert plans[0] == plans[1]
            superuser.exec_driver_sql("rollback to john")
        superuser.rollback()


def test_explain_analyze_counts_rows_of_others_and_shows_none(
    admin: sa.Engine, john_intrudes: Intruder
) -> None:
    """Known leak: the number of rows that a scan read, of all tenants together. It reveals no
    value: only rows that the policy allows are compared with the attacker's condition."""

    def removed(condition: str) -> int:
        plan = john_intrudes.inject(
            "set local enable_indexscan = off; set local enable_bitmapscan = off;"
            " set local enable_indexonlyscan = off;"
            f" explain (analyze, format json) select * from zixly.financials where {condition}"
        )[0][0]
        plan = plan if isinstance(plan, list) else json.loads(plan)
        return _removed(plan[0]["Plan"])

    with admin.connect() as superuser:
        total = superuser.exec_driver_sql("select count(*) from zixly.financials").scalar_one()
    own = john_intrudes.inject("select count(*) from zixly.financials")[0][0]
    assert removed("true") == total - own
    # The number is the same whether Zixly has this note or not.
    assert removed(f"note = '{SECRET_NOTE}'") == removed("note = 'nobody wrote this'") == total


def test_a_merge_that_reads_nothing_learns_that_others_have_rows(
    admin: sa.Engine, john_intrudes: Intruder
) -> None:
    """Known leak: a MERGE that reads no column is refused, not filtered, at another tenant's row.
    This reveals that the row exists, as the table's size does, and changes nothing."""
    for action in ("update set client_name = 'merged'", "delete"):
        error = john_intrudes.refused(
            "merge into zixly.client_kpis as c using (values (1)) as v on true"
            f" when matched then {action}"
        )
        assert error.sqlstate == "42501"
        assert error.diag.message_detail is None
    with admin.connect() as superuser:
        assert (
            superuser.execute(
                sa.text("select count(*) from zixly.client_kpis where client_name = 'merged'")
            ).scalar_one()
            == 0
        )


def test_everyone_can_see_the_size_of_tables(john_intrudes: Intruder) -> None:
    """Known leak: pages and rows of a table, of all tenants together."""
    [(pages,)] = john_intrudes.inject("select pg_relation_size('zixly.financials') / 8192")
    assert pages > 0


def _removed(plan: dict[str, Any]) -> int:
    """The rows that filters of the plan removed, at any depth."""
    below = sum(_removed(part) for part in plan.get("Plans", ()))
    return int(plan.get("Rows Removed by Filter", 0)) + below
