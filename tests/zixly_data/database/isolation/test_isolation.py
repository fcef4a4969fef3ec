"""Sarah of ABC Construction and Cole of Zixly cannot read, write, move or find each other's rows.

Both are ADMIN, so only the isolation of tenants can refuse. Every table and every verb is tested
in both directions. Each refusal has two controls: a superuser sees that the row exists, and
the person it belongs to has access.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tests.conftest import ABC
from tests.support.database import rows
from tests.support.database.attacks import intruder
from zixly_data.access import table_permissions
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.errors import AccessDenied, NotFound
from zixly_data.identity import Identity
from zixly_data.records import clients

ZIXLY = "zixly-org-001"
DIRECTIONS = [("sarah", "cole"), ("cole", "sarah")]
# Tables where the tenant may be named, and ways to name another in a copy of one's own row.
NAMING_THEIR_TENANT = [
    name
    for name, rights in table_permissions.TABLES.items()
    if "tenant_id" in rights.columns("insert")
]
_COPY = (
    "insert into zixly.{table} (tenant_id, id, {columns})"
    " select {key}, {columns} from zixly.{table} where id = '{mine}'"
)
FORMS = {
    "plainly": _COPY,
    "returning": _COPY + " returning id",
    "or nothing": _COPY + " on conflict do nothing",
    "or a change": _COPY + " on conflict (tenant_id, id) do update set note = 'taken'",
    "merging": "merge into zixly.{table} as t using"
    " (select * from zixly.{table} where id = '{mine}') as w on t.id = 'nowhere'"
    " when not matched then insert (tenant_id, id) values ({key})",
}

pytestmark = pytest.mark.usefixtures("something_to_hide")
each_table = pytest.mark.parametrize("table", table_permissions.TABLES)
both_ways = pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda d: f"{d[0]}-at-{d[1]}s")


@pytest.fixture(scope="module")
def something_to_hide(admin: sa.Engine) -> Iterator[None]:
    with rows.everything(admin, ABC, ZIXLY):
        yield


@pytest.fixture
def asker(request: pytest.FixtureRequest, direction: tuple[str, str]) -> Identity:
    return _person(request, direction[0])


@pytest.fixture
def owner(request: pytest.FixtureRequest, direction: tuple[str, str]) -> Identity:
    return _person(request, direction[1])


def test_every_table_of_the_catalogue_is_tried(admin: sa.Engine) -> None:
    with admin.connect() as superuser:
        tables = superuser.execute(sa.text(
            "select relname from pg_class where relnamespace = 'zixly'::regnamespace"
            " and relkind in ('r', 'p', 'f')")).scalars()  # fmt: skip
        assert set(tables) == set(table_permissions.TABLES) == set(rows.TABLES)


def test_a_user_of_tenant_a_asks_for_tenant_bs_client_by_id(
    sarah: Identity, cole: Identity
) -> None:
    client = rows.row_id("client_kpis", ZIXLY)
    assert clients.get(cole, client).client_name == "Wall of zixly-org-001"
    with pytest.raises(NotFound):
        clients.get(sarah, client)
    by_id = sa.text("select * from client_kpis where id = :id")
    with connection.scoped(sarah) as hers, connection.scoped(cole) as his:
        assert hers.execute(by_id, {"id": client}).all() == []
        assert len(his.execute(by_id, {"id": client}).all()) == 1


@each_table
@both_ways
def test_reading(admin: sa.Engine, asker: Identity, owner: Identity, table: str) -> None:
    assert _row_exists(admin, table, owner.tenant_id)
    with rows.undone_with_every_grant(admin, asker) as policies_alone:
        assert _count(policies_alone, table, owner.tenant_id) == 0
        assert _tenants(policies_alone, table) <= {asker.tenant_id}
    if not table_permissions.TABLES[table].read:
        with pytest.raises(AccessDenied), rows.undone(asker) as scoped:
            _count(scoped, table, owner.tenant_id)
        return
    with rows.undone(asker) as scoped:
        assert _count(scoped, table, owner.tenant_id) == 0
        assert _tenants(scoped, table) == {asker.tenant_id}
        assert _count(scoped, table, asker.tenant_id) == 1
    with rows.undone(owner) as scoped:
        assert _count(scoped, table, owner.tenant_id) == 1


@each_table
@both_ways
def test_recording(admin: sa.Engine, asker: Identity, owner: Identity, table: str) -> None:
    new = _fresh(table, owner.tenant_id)
    if table != "tenants":
        with pytest.raises(AccessDenied), rows.undone(asker) as scoped:
            rows.insert(scoped, table, {"tenant_id": owner.tenant_id, **new})
    key = {} if table == "tenants" else {"tenant_id": owner.tenant_id}
    refused = pytest.raises(sa.exc.ProgrammingError, match="row-level security")
    with refused, rows.undone_with_every_grant(admin, asker) as policies_alone:
        rows.insert(policies_alone, table, key | new)
    if table_permissions.TABLES[table].record:
        rightful = {
            name: value
            for name, value in _fresh(table, asker.tenant_id).items()
            if name in table_permissions.TABLES[table].columns("insert")
        }
        with rows.undone(asker) as scoped:
            assert rows.insert(scoped, table, rightful) == 1
            landed = f"select tenant_id from {table} where id = :id"
            assert scoped.execute(sa.text(landed), {"id": rightful["id"]}).scalars().all() == [
                asker.tenant_id
            ]


@pytest.mark.parametrize("table", NAMING_THEIR_TENANT)
@pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))
@both_ways
def test_naming_the_other_tenant_where_rows_come_in_bulk(
    database: Database, asker: Identity, owner: Identity, table: str, form: str
) -> None:
    """A person may name only their own tenant: the policy refuses another.

    The refusal is the same whether a row with this id exists or not, so it reveals nothing.
    """
    columns = set(table_permissions.TABLES[table].columns("insert")) - {"tenant_id", "id"}
    mine = rows.row_id(table, asker.tenant_id)
    with intruder(database.logins.app_url, asker) as attacker:
        for row_id in ("wall_new", rows.row_id(table, owner.tenant_id)):
            error = attacker.refused(
                form.format(
                    table=table, columns=", ".join(columns), mine=mine,
                    key=f"'{owner.tenant_id}', '{row_id}'",
                )
            )  # fmt: skip
            assert error.sqlstate == "42501"
            assert "row-level security policy" in str(error)
    with rows.undone(asker) as scoped:
        new = {"tenant_id": asker.tenant_id, **_fresh(table, asker.tenant_id)}
        assert rows.insert(scoped, table, new) == 1


@each_table
@both_ways
def test_hanging_a_row_on_the_others_client(
    asker: Identity, owner: Identity, table: str, admin: sa.Engine
) -> None:
    if "client_kpi_id" not in table_permissions.TABLES[table].columns("insert"):
        return
    rightful = {
        name: value
        for name, value in _fresh(table, asker.tenant_id).items()
        if name in table_permissions.TABLES[table].columns("insert")
    }
    for client in (rows.row_id("client_kpis", owner.tenant_id), "ckpi_that_never_was"):
        with pytest.raises(NotFound) as refused, rows.undone(asker) as scoped:
            rows.insert(scoped, table, {**rightful, "client_kpi_id": client})
        assert str(refused.value) == ("This client no longer exists. Someone may have deleted it.")


@each_table
@both_ways
def test_changing(admin: sa.Engine, asker: Identity, owner: Identity, table: str) -> None:
    key = "id" if table == "tenants" else "tenant_id"
    changeable = table_permissions.TABLES[table].columns("update")
    column = changeable[0] if changeable else "id"
    change = f"update zixly.{table} set {column} = {column} where {key} = :tenant and id = :id"
    with rows.undone_with_every_grant(admin, asker) as policies_alone:
        assert _run(policies_alone, change, table, owner.tenant_id) == 0
        take = f"update zixly.{table} set {key} = '{asker.tenant_id}' where {key} = :tenant"
        assert _run(policies_alone, take, table, owner.tenant_id) == 0
    if not changeable:
        with pytest.raises(AccessDenied), rows.undone(asker) as scoped:
            _run(scoped, change, table, owner.tenant_id)
        return
    with rows.undone(asker) as scoped:
        assert _run(scoped, change, table, owner.tenant_id) == 0
        assert _run(scoped, change, table, asker.tenant_id) == 1
    with rows.undone(owner) as scoped:
        assert _run(scoped, change, table, owner.tenant_id) == 1


@each_table
@both_ways
def test_moving_ones_own_row_to_the_other_tenant(
    admin: sa.Engine, asker: Identity, owner: Identity, table: str
) -> None:
    key = "id" if table == "tenants" else "tenant_id"
    give = f"update zixly.{table} set {key} = '{owner.tenant_id}' where {key} = :tenant"
    with pytest.raises(AccessDenied), rows.undone(asker) as scoped:
        _run(scoped, give, table, asker.tenant_id)
    refused = pytest.raises(sa.exc.ProgrammingError, match="row-level security")
    with rows.undone_with_every_grant(admin, asker) as policies_alone:
        if table_permissions.TABLES[table].change:
            with refused:
                _run(policies_alone, give, table, asker.tenant_id)
        else:
            assert _run(policies_alone, give, table, asker.tenant_id) == 0
    if table != "tenants":
        # Not even a superuser moves a row by mistake.
        refused = pytest.raises(
            sa.exc.ProgrammingError, match=r"never changes its tenant|trail cannot"
        )
        with refused, admin.begin() as superuser:
            _run(superuser, give + " and id = :id", table, asker.tenant_id)


@each_table
@both_ways
def test_deleting(admin: sa.Engine, asker: Identity, owner: Identity, table: str) -> None:
    key = "id" if table == "tenants" else "tenant_id"
    remove = f"delete from zixly.{table} where {key} = :tenant and id = :id"
    with rows.undone_with_every_grant(admin, asker) as policies_alone:
        assert _run(policies_alone, remove, table, owner.tenant_id) == 0
    if not table_permissions.TABLES[table].remove:
        with pytest.raises(AccessDenied), rows.undone(asker) as scoped:
            _run(scoped, remove, table, owner.tenant_id)
    else:
        with rows.undone(asker) as scoped:
            assert _run(scoped, remove, table, owner.tenant_id) == 0
            assert _run(scoped, remove, table, asker.tenant_id) == 1
        with rows.undone(owner) as scoped:
            assert _run(scoped, remove, table, owner.tenant_id) == 1
    assert _row_exists(admin, table, owner.tenant_id)


@each_table
@pytest.mark.parametrize("role", table_permissions.TEAM)
def test_without_a_context_there_is_nothing(admin: sa.Engine, table: str, role: str) -> None:
    assert _row_exists(admin, table, ZIXLY)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"grant all on all tables in schema zixly to {role}")
        connection.exec_driver_sql(f"set local role {role}")
        assert connection.exec_driver_sql(f"select * from zixly.{table}").all() == []
        assert connection.exec_driver_sql(f"update zixly.{table} set id = id").rowcount == 0
        assert connection.exec_driver_sql(f"delete from zixly.{table}").rowcount == 0
        tenant = {} if table == "tenants" else {"tenant_id": ZIXLY}
        with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
            rows.insert(connection, table, tenant | _fresh(table, ZIXLY))
        connection.rollback()


@pytest.mark.parametrize("role", ["zixly_app", *table_permissions.TEAM])
def test_the_pages_login_before_any_session_is_presented(role: str) -> None:
    for table, rights in table_permissions.TABLES.items():
        key = "id" if table == "tenants" else "tenant_id"
        with connection.unscoped() as app:
            app.exec_driver_sql(f"set local role {role}")
            if role.removeprefix("zixly_").upper() in rights.read:
                assert app.exec_driver_sql(f"select {key} from zixly.{table}").all() == []
            else:
                with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                    app.exec_driver_sql(f"select {key} from zixly.{table}")
                app.rollback()


def _person(request: pytest.FixtureRequest, name: str) -> Identity:
    person: Identity = request.getfixturevalue(name)
    return person


def _fresh(table: str, tenant_id: str) -> dict[str, Any]:
    """Another row of the table, different from the existing one."""
    new = {"id": f"wall_new_{table}", **rows.row(table, tenant_id)}
    if table == "metric_inputs":
        new |= {"metric_id": new["input_id"], "input_id": new["metric_id"]}
    replacements = {
        "client_id": "WALL-NEW", "external_id": "INV-NEW", "stage": "New", "metric_name": "New",
        "month": date(2001, 3, 1), "from_month": date(2001, 3, 1), "header": "0" * 64,
        "kind": "XERO", "email": "new@wall.example", "subject": "new", "name": "New",
        "secret_hash": b"new", "token_hash": b"new",
    }  # fmt: skip
    unlike = {"lead_stages": {"stage"}, "metric_definitions": {"metric_name"}}
    keep = {"stage", "metric_name"} - unlike.get(table, set()) | (
        {"kind"} if table != "integrations" else set()
    )
    return {
        name: replacements.get(name, value) if name not in keep else value
        for name, value in new.items()
    }


def _row_exists(admin: sa.Engine, table: str, tenant_id: str) -> bool:
    with admin.connect() as superuser:
        return _count(superuser, table, tenant_id) == 1


def _count(connection: Connection, table: str, tenant_id: str) -> int:
    key = "id" if table == "tenants" else "tenant_id"
    query = f"select id from zixly.{table} where {key} = :tenant and id = :id"
    return len(
        connection.execute(
            sa.text(query), {"tenant": tenant_id, "id": rows.row_id(table, tenant_id)}
        ).all()
    )


def _tenants(connection: Connection, table: str) -> set[str]:
    key = "id" if table == "tenants" else "tenant_id"
    return set(connection.execute(sa.text(f"select distinct {key} from zixly.{table}")).scalars())


def _run(connection: Connection, statement: str, table: str, tenant_id: str) -> int:
    parameters = {"tenant": tenant_id, "id": rows.row_id(table, tenant_id)}
    bound = sa.text(statement)
    return connection.execute(bound, {k: parameters[k] for k in bound._bindparams}).rowcount
