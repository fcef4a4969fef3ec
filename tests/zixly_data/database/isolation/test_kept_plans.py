"""Plans that PostgreSQL keeps for a connection show nobody anything of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.database.attacks import run_in_one_message
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.errors import AccessDenied, DatabaseUnavailable
from zixly_data.identity import Identity

WHO = "select tenant_id, current_user::text, app.role() from financials group by 1"
KEPT = "select statement, generic_plans + custom_plans, from_sql from pg_prepared_statements"
BACKEND = "select pg_backend_pid()"


@pytest.fixture(autouse=True)
def _one_connection_for_everybody(database: Database) -> Iterator[None]:
    """Starts with empty pools, so that a connection is certainly shared."""
    database.app.dispose()
    yield
    database.app.dispose()


def ask(identity: Identity, statement: str = WHO, times: int = 1) -> list[Any]:
    """The rows of the last of several reports."""
    rows: list[Any] = []
    for _ in range(times):
        with connection.reporting(identity) as report:
            rows = list(report.exec_driver_sql(statement))
    return rows


def kept(identity: Identity) -> dict[str, tuple[int, bool]]:
    """How often each kept statement ran, and whether it was prepared by SQL."""
    with connection.scoped(identity) as scope:
        rows = scope.exec_driver_sql(KEPT).all()
    return {statement: (runs, from_sql) for statement, runs, from_sql in rows}


def own(identity: Identity) -> tuple[str, str, str]:
    return (identity.tenant_id, f"zixly_{identity.role.lower()}", str(identity.role))


def test_a_report_that_is_asked_for_often_is_planned_once(cole: Identity) -> None:
    ask(cole, times=2)
    assert kept(cole) == {}
    ask(cole, times=3)
    assert kept(cole) == {WHO: (3, False)}


def test_what_writes_neither_keeps_plans_nor_uses_them(cole: Identity) -> None:
    """Its plans may join by nesting, those of reports may not."""
    ask(cole, times=3)
    before = kept(cole)
    assert set(before) == {WHO}
    for _ in range(5):
        with connection.scoped(cole) as scope:
            scope.exec_driver_sql(WHO).all()
            scope.exec_driver_sql("select count(*) from client_kpis").all()
    assert kept(cole) == before


def test_a_kept_plan_shows_everyone_their_own_rows(
    cole: Identity, support: Identity, vera: Identity, sarah: Identity, john: Identity
) -> None:
    people = (cole, sarah, support, john, vera)
    backend = ask(cole, BACKEND)
    for turn in range(40):
        identity = people[turn * 3 % 5 if turn % 2 else turn % 5]
        assert ask(identity) == [own(identity)]
    assert kept(vera)[WHO] == (38, False)
    assert ask(vera, BACKEND) == backend


def test_a_kept_plan_gives_nobody_its_rights(cole: Identity, vera: Identity) -> None:
    trail = "select count(*) > 0 from audit_log"
    for _ in range(3):
        assert ask(cole, trail, times=4) == [(True,)]
        assert trail in kept(cole)
        with pytest.raises(AccessDenied):
            ask(vera, trail)


@pytest.mark.parametrize(
    "statement",
    [
        "prepare planned as select * from zixly.financials",
        "deallocate _pg3_0; prepare _pg3_0 as select * from zixly.financials",
    ],
)
def test_a_smuggled_statement_does_not_reach_the_next_person(
    cole: Identity, sarah: Identity, statement: str
) -> None:
    backend = ask(cole, BACKEND)
    assert ask(cole, times=4) == [own(cole)]
    with connection.reporting(cole) as his:
        run_in_one_message(his, statement)
        assert any(row.from_sql for row in his.exec_driver_sql(KEPT))
    assert kept(sarah) == {}
    assert ask(sarah, times=4) == [own(sarah)]
    assert kept(sarah) == {WHO: (2, False)}
    assert ask(sarah, BACKEND) == backend


def test_a_connection_whose_plans_were_taken_away_is_replaced(
    cole: Identity, sarah: Identity
) -> None:
    backend = ask(cole, BACKEND)
    ask(cole, times=4)
    with connection.reporting(cole) as his:
        run_in_one_message(his, "deallocate _pg3_0")
    with pytest.raises(DatabaseUnavailable):
        ask(sarah)
    assert ask(sarah) == [own(sarah)]
    assert ask(sarah, BACKEND) != backend


def test_a_change_of_a_table_is_planned_for(admin: sa.Engine, cole: Identity) -> None:
    """A migration may run beside the pages."""
    ask(cole, times=4)
    with admin.begin() as owner:
        owner.exec_driver_sql("alter table zixly.financials add column added text")
    try:
        assert ask(cole, times=2) == [own(cole)]
    finally:
        with admin.begin() as owner:
            owner.exec_driver_sql("alter table zixly.financials drop column added")
    assert ask(cole, times=2) == [own(cole)]
    assert WHO in kept(cole)
