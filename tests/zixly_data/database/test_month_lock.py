"""A closed month and any SQL: every verb, every dated table, every role, and concurrency."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database import rows
from tests.support.database.attacks import Intruder, intruder
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.errors import MonthClosed, StillWriting
from zixly_data.records import closed_months
from zixly_data.records.pipeline import leads

MARCH, APRIL = "2024-03-15", "2024-04-15"
DATED = {"financials": "record_date", "overheads": "record_date", "custom_metrics": "record_date",
         "lead_events": "event_date"}  # fmt: skip
CLOSED, DENIED = "ZX006", "42501"
SUMS = "adds_up = 'SUM', over_clients = 'SUM'"


@dataclass(frozen=True)
class Books:
    """A team with a row of each dated table in March and in April; tests may close March."""

    team: Team
    client: str
    march: dict[str, str]
    april: dict[str, str]

    def close(self) -> None:
        closed_months.close(self.team.admin, date(2024, 3, 1))


@pytest.fixture
def ledger(new_team: Callable[[], Team]) -> Books:
    team = new_team()
    client = books.client(team)
    books.metric(team, "Calls")
    march, april = (
        {
            "financials": books.money(team, client, day, "100", "40"),
            "overheads": books.overhead(team, day, "900"),
            "lead_events": books.event(team, client, "L-1", stage, day, "500"),
            "custom_metrics": books.measure(team, client, "Calls", day, "7"),
        }
        for day, stage in ((MARCH, "Inquiry"), (APRIL, "Consultation"))
    )
    return Books(team, client, march, april)


@pytest.fixture
def editor(database: Database, ledger: Books) -> Iterator[Intruder]:
    with intruder(database.logins.app_url, ledger.team.editor) as typing:
        yield typing


def everything(admin: sa.Engine, ledger: Books) -> list[Any]:
    with admin.connect() as superuser:
        return [
            superuser.execute(
                sa.text(f"select * from zixly.{table} where tenant_id = :t order by id"),
                {"t": ledger.team.tenant_id},
            ).all()
            for table in (*DATED, "exchange_rates", "client_kpis", "closed_months")
        ]


@pytest.mark.parametrize("table", DATED)
def test_every_verb_of_an_editor(
    editor: Intruder, admin: sa.Engine, ledger: Books, table: str
) -> None:
    """Refused in March, accepted in April; and accepted in March once it is open again."""
    day = DATED[table]
    some = sorted(set(rows.row(table, "x")) - {day, "external_id"})
    values = rows.row(table, "x")
    values |= {"client_kpi_id": ledger.client} if "client_kpi_id" in values else {}
    if table == "custom_metrics":
        values |= {"metric_name": "Calls", "unit": "points"}
    arguments = [values[name] for name in some]
    add = (
        f"insert into zixly.{table} ({', '.join(some)}, {day})"
        f" select {', '.join(['%s'] * len(some))}, d from unnest(%s::date[]) as d"
    )
    touch = f"update zixly.{table} set note = 'touched' where id = %s"
    move = f"update zixly.{table} set {day} = %s where id = %s"
    delete = f"delete from zixly.{table} where id = %s"
    march, april = ledger.march[table], ledger.april[table]
    in_march: list[tuple[str, list[Any]]] = [
        (add, [*arguments, [MARCH]]),
        (add, [*arguments, [APRIL, "2024-03-31", APRIL]]),
        (add + " on conflict do nothing", [*arguments, ["2024-03-01"]]),
        (touch, [march]),
        (move, [APRIL, march]),
        (move, [MARCH, april]),
        (delete, [march]),
        (f"delete from zixly.{table}", []),
        (f"with gone as ({delete} returning id) select * from gone", [march]),
        (f"merge into zixly.{table} as t using (select 1) as x on t.id = %s"
         " when matched then delete", [march]),
        (f"insert into zixly.{table} (tenant_id, id, {', '.join(some)}, {day})"
         f" select tenant_id, id, {', '.join(some)}, {day} from zixly.{table} where id = %s"
         " on conflict (tenant_id, id) do update set note = 'x'", [march]),
    ]  # fmt: skip
    in_april: list[tuple[str, list[Any]]] = [
        (add, [*arguments, [APRIL, "2024-04-01", "2024-02-29"]]),
        (touch, [april]), (move, ["2024-05-01", april]), (delete, [april]),
    ]  # fmt: skip
    ledger.close()
    before = everything(admin, ledger)
    for statement, parameters in in_march:
        error = editor.refused(statement, *parameters)
        assert (error.sqlstate, error.diag.message_primary) == (CLOSED, "2024-03-01"), statement
    for statement, parameters in in_april:
        editor.inject(statement, *parameters)
    editor.connection.rollback()
    assert everything(admin, ledger) == before
    closed_months.reopen(ledger.team.admin, date(2024, 3, 1))
    for statement, parameters in in_march:
        editor.inject(statement, *parameters)


def test_every_verb_on_an_exchange_rate(editor: Intruder, admin: sa.Engine, ledger: Books) -> None:
    """Converted figures of a closed month are final too: its rates cannot change."""
    march, april = "2024-03-01", "2024-04-01"
    columns = "month, currency, into_currency, rate"
    add = (
        f"insert into zixly.exchange_rates ({columns})"
        " select d, %s, 'AUD', 2 from unnest(%s::date[]) as d"
    )
    change = "update zixly.exchange_rates set rate = 3, source_system = 'x' where month = %s"
    delete = "delete from zixly.exchange_rates where month = %s"
    again = f"{add} on conflict (tenant_id, month, currency, into_currency) do update set rate = 4"
    in_march: list[tuple[str, list[Any]]] = [
        (add, ["USD", [march]]),
        (add, ["EUR", ["2024-05-01", march]]),
        (add + " on conflict do nothing", ["GBP", [march]]),
        (again, ["NZD", [march]]),
        (again, ["NZD", [april, march]]),
        (change, [march]),
        ("update zixly.exchange_rates set rate = 3", []),
        (f"with gone as ({delete} returning id) select * from gone", [march]),
        ("merge into zixly.exchange_rates as r using (select 1) as x on r.month = %s"
         " when matched then delete", [march]),
        ("delete from zixly.exchange_rates", []),
    ]  # fmt: skip
    in_april: list[tuple[str, list[Any]]] = [
        (add, ["USD", [april, "2024-02-01"]]),
        (again, ["NZD", [april]]),
        (change, [april]),
        (delete, [april]),
    ]
    editor.inject(add, "NZD", [march, april])
    editor.connection.commit()
    ledger.close()
    before = everything(admin, ledger)
    for statement, parameters in in_march:
        error = editor.refused(statement, *parameters)
        assert (error.sqlstate, error.diag.message_primary) == (CLOSED, march), statement
    for statement, parameters in in_april:
        editor.inject(statement, *parameters)
    editor.connection.rollback()
    move = "update zixly.exchange_rates set month = %s where month = %s"
    assert editor.refused(move, "2024-06-01", april).sqlstate == DENIED
    for month, other in ((march, april), (april, march)):
        with pytest.raises(sa.exc.DBAPIError, match=march), admin.begin() as superuser:
            superuser.exec_driver_sql(
                "update zixly.exchange_rates set month = %s, currency = 'CAD'"
                " where month = %s and tenant_id = %s",
                (other, month, ledger.team.tenant_id),
            )
    assert everything(admin, ledger) == before
    closed_months.reopen(ledger.team.admin, date(2024, 3, 1))
    for statement, parameters in in_march:
        editor.inject(statement, *parameters)


def test_changes_that_affect_dated_rows_without_naming_them(
    editor: Intruder, ledger: Books, admin: sa.Engine
) -> None:
    """A client's deletion, its currency, a metric's name, unit and purpose, a stage's name."""
    along = [
        f"delete from zixly.client_kpis where id = '{ledger.client}'",
        f"update zixly.client_kpis set currency = 'USD' where id = '{ledger.client}'",
        "update zixly.metric_definitions set unit = 'rings'",
        "update zixly.metric_definitions set metric_name = 'Rings'",
        f"update zixly.metric_definitions set purpose = 'BILLABLE_HOURS', {SUMS}",
    ]
    harmless = [
        f"update zixly.client_kpis set client_name = 'New', currency = currency"
        f" where id = '{ledger.client}'",
        "update zixly.metric_definitions set direction = 'DOWN'",
        "update zixly.metric_definitions set purpose = purpose",
        "insert into zixly.metric_definitions (metric_name, unit, purpose, adds_up, over_clients)"
        " values ('Hours', 'hours', 'BILLABLE_HOURS', 'SUM', 'SUM')",
    ]
    for statement in along:
        editor.inject(statement)
    editor.connection.rollback()
    ledger.close()
    before = everything(admin, ledger)
    for statement in along:
        assert editor.refused(statement).sqlstate == CLOSED, statement
    for statement in harmless:
        editor.inject(statement)
    editor.connection.rollback()
    assert everything(admin, ledger) == before


def test_the_value_of_a_lead_is_an_amount_too(ledger: Books) -> None:
    team, client = ledger.team, books.client(ledger.team, "Leads alone")
    books.event(team, client, "L-9", "Inquiry", MARCH)
    ledger.close()
    change = sa.text("update client_kpis set currency = 'USD' where id = :id")
    with rows.undone(team.editor) as scoped:
        scoped.execute(change, {"id": client})
    closed_months.reopen(team.admin, date(2024, 3, 1))
    books.event(team, client, "L-9", "Consultation", MARCH, "500")
    ledger.close()
    with pytest.raises(MonthClosed), rows.undone(team.editor) as scoped:
        scoped.execute(change, {"id": client})


@pytest.mark.parametrize("role", ["", "zixly_viewer", "zixly_editor", "zixly_admin"])
@pytest.mark.parametrize("person", ["viewer", "editor"])
def test_nobody_but_an_admin_closes_or_reopens(
    database: Database, admin: sa.Engine, ledger: Books, person: str, role: str
) -> None:
    ledger.close()
    before = everything(admin, ledger)
    become = f"set local role {role}; " if role else ""
    add = "insert into zixly.closed_months (month) values ('2024-04-01')"
    with intruder(database.logins.app_url, getattr(ledger.team, person)) as attacker:
        assert attacker.refused(become + add).sqlstate == DENIED
        for statement in (
            "delete from zixly.closed_months",
            "with gone as (delete from zixly.closed_months returning id) select * from gone",
            "merge into zixly.closed_months as c using (select 1) as x on c.month = '2024-03-01'"
            " when matched then delete",
        ):
            answer = attacker.rows_or_refusal(become + statement)
            assert answer in (DENIED, []), statement
            attacker.connection.commit()
        for statement in (
            "update zixly.closed_months set month = '2001-01-01'",
            "truncate zixly.closed_months",
            "alter table zixly.financials disable trigger d_keep_closed_update",
            "drop trigger d_keep_closed_insert on zixly.financials",
            "set session_replication_role = replica",
        ):
            assert attacker.refused(become + statement).sqlstate == DENIED, statement
    assert everything(admin, ledger) == before
    with intruder(database.logins.app_url, ledger.team.admin) as rightful:
        rightful.inject(add)
        rightful.run("delete from zixly.closed_months where month = '2024-03-01'")
        assert rightful.run("select month from zixly.closed_months") == [(date(2024, 4, 1),)]


def test_not_even_an_admin_or_a_superuser_writes_in_it(ledger: Books, admin: sa.Engine) -> None:
    ledger.close()
    with pytest.raises(MonthClosed), connection.scoped(ledger.team.admin) as scoped:
        scoped.exec_driver_sql("update financials set revenue = 0")
    with pytest.raises(sa.exc.DBAPIError, match="2024-03-01"), admin.begin() as superuser:
        superuser.execute(
            sa.text("update zixly.financials set revenue = 0 where tenant_id = :t"),
            {"t": ledger.team.tenant_id},
        )


def test_a_month_is_closed_for_its_own_tenant_and_goes_with_it(
    new_team: Callable[[], Team], ledger: Books, admin: sa.Engine
) -> None:
    other = new_team()
    ledger.close()
    books.money(other, books.client(other), MARCH, "1")
    assert closed_months.list_closed(other.viewer).empty
    with admin.begin() as superuser:
        superuser.execute(
            sa.text("delete from zixly.tenants where id = :id"), {"id": ledger.team.tenant_id}
        )
    assert everything(admin, ledger) == [[]] * 7


# ── two at once ─────────────────────────────────────────────────────────────────────────────


@contextmanager
def closing(ledger: Books) -> Iterator[threading.Thread]:
    """Another transaction closes March in the meantime."""
    thread = threading.Thread(target=ledger.close)
    thread.start()
    try:
        yield thread
    finally:
        thread.join(timeout=120)
        assert not thread.is_alive()


def waits_for_a_lock(admin: sa.Engine) -> bool:
    """Whether a transaction soon waits for an advisory lock."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with admin.connect() as superuser:
            if superuser.exec_driver_sql(
                "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            ).scalar_one():
                return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_closing_waits_for_running_writes(
    editor: Intruder, admin: sa.Engine, ledger: Books, end: str
) -> None:
    editor.inject("update zixly.financials set revenue = 999 where id = %s",
                  ledger.march["financials"])  # fmt: skip
    with closing(ledger) as thread:
        assert waits_for_a_lock(admin)
        assert closed_months.list_closed(ledger.team.viewer).empty
        assert thread.is_alive()
        getattr(editor.connection, end)()
    assert closed_months.is_closed(ledger.team.viewer, date(2024, 3, 1))
    total = books.revenue_on_record(ledger.team.viewer)
    assert total == (1099 if end == "commit" else 200)
    error = editor.refused("update zixly.financials set revenue = 1 where id = %s",
                           ledger.march["financials"])  # fmt: skip
    assert error.sqlstate == CLOSED


def test_writes_that_arrive_while_a_month_closes_are_refused(
    database: Database, editor: Intruder, admin: sa.Engine, ledger: Books
) -> None:
    refused: list[psycopg.Error] = []

    def write() -> None:
        refused.append(editor.refused("update zixly.financials set note = 'late' where id = %s",
                                      ledger.march["financials"]))  # fmt: skip

    with intruder(database.logins.app_url, ledger.team.admin) as closer:
        closer.inject("insert into zixly.closed_months (month) values ('2024-03-01')")
        late = threading.Thread(target=write)
        late.start()
        assert waits_for_a_lock(admin)
        assert not refused
        closer.connection.commit()
        late.join(timeout=120)
    assert [error.sqlstate for error in refused] == [CLOSED]


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_transaction_that_would_not_see_the_closing_writes_no_dates(
    database: Database, ledger: Books, level: str
) -> None:
    with intruder(database.logins.app_url, ledger.team.editor) as attacker:
        attacker.run(f"set session characteristics as transaction isolation level {level}")
        attacker.connection.commit()
        attacker.begin()
        assert attacker.run("select count(*) from zixly.closed_months") == [(0,)]
        ledger.close()
        for statement in (
            "update zixly.financials set revenue = 1",
            "update zixly.client_kpis set currency = 'USD'",
        ):
            assert attacker.refused(statement).sqlstate == "0A000"
        attacker.inject("update zixly.client_kpis set client_name = 'New'")


def test_closing_stops_with_a_message_if_another_transaction_writes_for_long(
    editor: Intruder, admin: sa.Engine, ledger: Books
) -> None:
    editor.inject("update zixly.lead_events set note = 'long'")
    with admin.begin() as superuser:
        # The same, without waiting for fifteen seconds.
        superuser.exec_driver_sql(
            "alter function app_private.wait_for_writers() set lock_timeout = '300ms'"
        )
    try:
        with pytest.raises(StillWriting, match="Someone else is still saving"):
            ledger.close()
    finally:
        reset = "alter function app_private.wait_for_writers() set lock_timeout = '15s'"
        with admin.begin() as superuser:
            superuser.exec_driver_sql(reset)
    editor.connection.commit()
    ledger.close()
    assert leads.get(ledger.team.viewer, ledger.march["lead_events"]).note == "long"
