"""Rows of a source such as Xero are written by its sync alone, whatever a person sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database import rows
from tests.support.database.attacks import Intruder, intruder
from zixly_data.database.connection import Database
from zixly_data.values.sources import ENTERED

TABLES = ("financials", "overheads", "lead_events", "custom_metrics")
ROLES = ("editor", "admin")
DENIED = "42501"


@contextmanager
def typing(database: Database, team: Team, role: str) -> Iterator[Intruder]:
    with intruder(database.logins.app_url, getattr(team, role)) as person:
        yield person


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    """With a client and a metric, which rows of all tables may name."""
    team = new_team()
    books.metric(team, "Calls")
    return team


def row(team: Team, table: str, client: str, source: str, row_id: str) -> dict[str, Any]:
    values = rows.row(table, "x") | {"source_system": source, "external_id": row_id, "id": row_id}
    if "client_kpi_id" in values:
        values["client_kpi_id"] = client
    if table == "custom_metrics":
        values |= {"metric_name": "Calls", "unit": "points"}
    return values


def insert(table: str, values: dict[str, Any]) -> str:
    return (
        f"insert into zixly.{table} ({', '.join(values)}) values"
        f" ({', '.join(['%s'] * len(values))})"
    )


def synced(admin: sa.Engine, team: Team, table: str, client: str, source: str) -> str:
    """Writes a row as a sync does; returns its id."""
    values = row(team, table, client, source, f"{table}-{source}")
    with admin.begin() as superuser:
        superuser.exec_driver_sql(
            insert(table, {"tenant_id": team.tenant_id, **values}),
            (team.tenant_id, *values.values()),
        )
    return str(values["id"])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", TABLES)
def test_a_person_writes_no_row_of_a_source(
    database: Database, admin: sa.Engine, team: Team, table: str, role: str
) -> None:
    """Neither adds, changes nor deletes one, nor makes one's own row a source's; the same
    statements about a row that people enter work."""
    client = books.client(team)
    change = f"update zixly.{table} set note = 'mine' where id = %s"
    delete = f"delete from zixly.{table} where id = %s returning id"
    with typing(database, team, role) as person:
        for source in ("xero", "hubspot", "myob", "Manual", "file "):
            theirs = synced(admin, team, table, client, source)
            added = row(team, table, client, source, f"added-{source}")
            for statement, values in (
                (insert(table, added), [*added.values()]),
                (f"{insert(table, added)} on conflict do nothing", [*added.values()]),
                (change, [theirs]),
                (f"merge into zixly.{table} as t using (select 1) as x on t.id = %s"
                 " when matched then update set note = 'mine'", [theirs]),
                (f"update zixly.{table} set source_system = 'manual' where id = %s", [theirs]),
            ):  # fmt: skip
                assert person.refused(statement, *values).sqlstate == DENIED, (source, statement)
            assert person.inject(delete, theirs) == []
            person.connection.commit()
        for source in ENTERED:
            mine = row(team, table, client, source, f"added-{source}")
            person.inject(insert(table, mine), *mine.values())
            person.run(change, mine["id"])
            become = f"update zixly.{table} set source_system = 'xero' where id = %s"
            person.connection.commit()
            assert person.refused(become, mine["id"]).sqlstate == DENIED
            assert person.inject(delete, mine["id"]) == [(mine["id"],)]
            person.connection.commit()
    with admin.connect() as superuser:
        left = superuser.execute(
            sa.text(f"select source_system, note from zixly.{table} where tenant_id = :t"),
            {"t": team.tenant_id},
        ).all()
    assert sorted(left) == sorted(
        (source, rows.row(table, "x").get("note"))
        for source in ("xero", "hubspot", "myob", "Manual", "file ")
    )


def test_every_table_with_documents_of_sources_is_guarded(admin: sa.Engine) -> None:
    """A row with a source and a number there: people's rights to write it name the source."""
    with admin.connect() as superuser:
        tables = superuser.execute(sa.text("""
            select c.relname from pg_class c where c.relnamespace = 'zixly'::regnamespace
              and (select count(*) from pg_attribute a where a.attrelid = c.oid
                   and a.attname in ('source_system', 'external_id')) = 2
              and c.relkind = 'r'""")).scalars()  # fmt: skip
        assert sorted(tables) == sorted(TABLES)
        rules = superuser.execute(sa.text("""
            select p.polrelid::regclass::text, p.polcmd::text,
                   pg_get_expr(case p.polcmd when 'd' then p.polqual else p.polwithcheck end,
                               p.polrelid) as rule
            from pg_policy p where p.polpermissive and p.polcmd <> 'r'
              and p.polrelid::regclass::text = any (:tables)
              and p.polroles && (select array_agg(oid) from pg_roles
                                 where rolname in ('zixly_editor', 'zixly_admin'))
        """), {"tables": [f"zixly.{table}" for table in TABLES]}).all()  # fmt: skip
    assert len(rules) == len(TABLES) * 3
    for table, verb, rule in rules:
        assert "source_system = ANY (ARRAY['manual'::text, 'file'::text])" in rule, (table, verb)


def test_a_client_goes_with_its_rows_of_sources(
    database: Database, admin: sa.Engine, team: Team
) -> None:
    client = books.client(team)
    for table in TABLES:
        synced(admin, team, table, client, "xero")
    with typing(database, team, "editor") as person:
        person.inject("delete from zixly.client_kpis where id = %s", client)
        person.connection.commit()
    with admin.connect() as superuser:
        for table in TABLES:
            left = superuser.execute(
                sa.text(f"select count(*) from zixly.{table} where tenant_id = :t"),
                {"t": team.tenant_id},
            ).scalar_one()
            assert left == (1 if table == "overheads" else 0), table
