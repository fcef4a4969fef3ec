"""Another organisation's ids, people and dates, spelled by the row counts of EXPLAIN.

The attacker is a VIEWER with SQL of their own in the pages' login. The positive control is the same
attack after the guard is taken away: with samples, it spells.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.database.attacks import Intruder, intruder
from zixly_data.database.connection import Database
from zixly_data.identity import Identity

pytestmark = pytest.mark.nightly
VICTIM = "quarry-7f3k"
LETTERS = "-_" + string.digits + string.ascii_lowercase
_PREY = f"""
    set session_replication_role = replica;
    insert into zixly.tenants (id, name) values ('{VICTIM}', 'Quarry');
    insert into zixly.client_kpis (tenant_id, id, client_id, client_name)
    select '{VICTIM}', 'qkpi_' || n, 'Q-' || n, 'Quarry client ' || n
    from generate_series(1, 300) as n;
    insert into zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses)
    select '{VICTIM}', 'qfin_' || n, 'qkpi_7', date '2031-05-06', 1, 1
    from generate_series(1, 60000) as n;
    insert into zixly.users (tenant_id, id, email, full_name)
    select '{VICTIM}', 'quser_' || n, 'person' || n || '@quarry.example', 'Person'
    from generate_series(1, 20000) as n;
    set session_replication_role = origin
"""


@pytest.fixture(scope="module", autouse=True)
def _prey(admin: sa.Engine) -> Iterator[None]:
    run(admin, _PREY)
    run(admin, "analyze")
    yield
    run(admin, f"""
        set session_replication_role = replica;
        delete from zixly.financials where tenant_id = '{VICTIM}';
        delete from zixly.client_kpis where tenant_id = '{VICTIM}';
        delete from zixly.users where tenant_id = '{VICTIM}';
        delete from zixly.tenants where id = '{VICTIM}';
        set session_replication_role = origin
    """)  # fmt: skip
    run(admin, "vacuum analyze")


@pytest.fixture
def attacker(database: Database, vera: Identity) -> Iterator[Intruder]:
    with intruder(database.logins.app_url, vera) as somebody:
        yield somebody


@pytest.fixture
def sampled(admin: sa.Engine) -> Iterator[None]:
    """The guard taken away: PostgreSQL's default."""
    change = "alter table zixly.financials alter column {} set statistics {}"
    columns = ("tenant_id", "client_kpi_id", "record_date", "created_at")
    for column in columns:
        run(admin, change.format(column, -1))
    run(admin, "alter index zixly.user_email_unique alter column 1 set statistics -1")
    run(admin, "analyze zixly.financials, zixly.users")
    yield
    for column in columns:
        run(admin, change.format(column, 0))
    run(admin, "alter index zixly.user_email_unique alter column 1 set statistics 0")
    run(admin, "delete from pg_statistic where starelid in ('zixly.financials'::regclass,"
               " 'zixly.user_email_unique'::regclass)")  # fmt: skip


def run(admin: sa.Engine, sql: str) -> None:
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as superuser:
        for statement in sql.split(";\n"):
            superuser.exec_driver_sql(statement)


def plan(attacker: Intruder, query: str, role: str = "zixly_viewer") -> dict[str, Any]:
    explained = attacker.inject(
        f"set local role {role}; set local enable_seqscan = off; explain (format json) {query}"
    )[0][0]
    parsed = explained if isinstance(explained, list) else json.loads(explained)
    whole: dict[str, Any] = parsed[0]["Plan"]
    return whole


def spelled(estimate: Callable[[str], float], start: str, length: int) -> str:
    """Letter after letter of the value with the most rows, by ranges from a prefix to the next."""
    word = start
    while len(word) < length:
        rows = {letter: estimate(word + letter) for letter in LETTERS}
        likeliest = max(rows, key=lambda letter: rows[letter])
        if rows[likeliest] <= min(rows.values()):
            return word
        word += likeliest
    return word


def rows_between(attacker: Intruder, column: str) -> Callable[[str], float]:
    def estimate(prefix: str) -> float:
        query = (
            f"select 1 from zixly.financials where {column} >= '{prefix}'"
            f" and {column} < '{prefix[:-1] + chr(ord(prefix[-1]) + 1)}'"
        )
        return float(plan(attacker, query)["Plan Rows"])

    return estimate


# ── the guard ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("column", "start"), [("tenant_id", "q"), ("client_kpi_id", "qk")])
def test_no_id_is_spelled(attacker: Intruder, column: str, start: str) -> None:
    assert spelled(rows_between(attacker, column), start, len(VICTIM)) == start


@pytest.mark.parametrize(
    "condition",
    [
        "{}.tenant_id >= '{}'", "{}.tenant_id = '{}'", "{}.id < '{}'", "{}.id = '{}'",
        "{}.created_at > '{}'", "{}.tenant_id in ('{}', 'zixly-org-001')",
        "({}.tenant_id >= '{}') is true",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "table",
    ["tenants", "users", "client_kpis", "financials", "lead_events", "custom_metrics",
     "financial_months", "audit_log", "invitations", "imports", "saved_views"],
)  # fmt: skip
def test_no_value_changes_an_estimate(attacker: Intruder, table: str, condition: str) -> None:
    """The highest and the lowest value there could be, one that is there, and an invented one."""
    if "created_at" in condition:
        values = ["2000-01-01", "2026-06-01", "2090-01-01"]
        condition = condition.replace("created_at", "at" if table == "audit_log" else "created_at")
        if table == "financial_months":
            condition = condition.replace("created_at", "updated_at")
    else:
        values = ["0", VICTIM, "qfin_77", "quser_9", "never-was", "zzzz"]
    if table == "tenants":
        condition = condition.replace("tenant_id", "id")
    told = {
        json.dumps(_numbers(plan(attacker, f"select 1 from zixly.{table} as t where "
                                 f"{condition.format('t', value)}", "zixly_admin")))
        for value in values
    }  # fmt: skip
    assert len(told) == 1


def test_no_email_is_told_from_an_invented_one(attacker: Intruder) -> None:
    assert len({_cost_of_email(attacker, prefix) for prefix in ("a", "p", "z")}) == 1


def test_groups_and_widths_tell_nothing(attacker: Intruder) -> None:
    """How many values a column has, and how long they are, would tell of others too."""
    by_id = plan(attacker, "select id from zixly.financials group by id")
    by_client = plan(attacker, "select client_kpi_id from zixly.financials group by client_kpi_id")
    assert by_id["Plan Rows"] == by_client["Plan Rows"]
    assert by_id["Plan Width"] == by_client["Plan Width"] == 32


# ── the guard taken away ────────────────────────────────────────────────────────────────────────
@pytest.mark.usefixtures("sampled")
def test_with_samples_an_id_is_spelled(attacker: Intruder) -> None:
    assert spelled(rows_between(attacker, "tenant_id"), "q", len(VICTIM)) == VICTIM
    assert spelled(rows_between(attacker, "client_kpi_id"), "qk", 6) == "qkpi_7"


@pytest.mark.usefixtures("sampled")
def test_with_samples_emails_of_a_letter_stand_out(attacker: Intruder) -> None:
    assert _cost_of_email(attacker, "p") > _cost_of_email(attacker, "z")


def _cost_of_email(attacker: Intruder, letter: str) -> float:
    query = (
        f"select 1 from zixly.users where lower(email) >= '{letter}'"
        f" and lower(email) < '{letter}zzz'"
    )
    return float(plan(attacker, query, "zixly_admin")["Total Cost"])


def _numbers(node: dict[str, Any]) -> list[Any]:
    """Every estimate of a plan."""
    below = [_numbers(part) for part in node.get("Plans", ())]
    return [node["Node Type"], node["Plan Rows"], node["Total Cost"], node["Plan Width"], below]
