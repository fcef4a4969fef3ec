"""PostgreSQL grants each role exactly the rights in `permissions.py`: every verb is tried.

Cole is ADMIN, Support EDITOR and Vera VIEWER of the same tenant, so only the role matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tests.support.database import rows
from zixly_data.access import table_permissions
from zixly_data.identity import Identity, Role

ZIXLY = "zixly-org-001"
PEOPLE = {Role.ADMIN: "cole", Role.EDITOR: "support", Role.VIEWER: "vera"}

each_table = pytest.mark.parametrize("table", table_permissions.TABLES)
each_role = pytest.mark.parametrize("role", Role)


@pytest.fixture(scope="module", autouse=True)
def _something_to_use(admin: sa.Engine) -> Iterator[None]:
    with rows.everything(admin, ZIXLY):
        yield


@pytest.fixture
def person(request: pytest.FixtureRequest, role: Role) -> Identity:
    identity: Identity = request.getfixturevalue(PEOPLE[role])
    assert identity.role == role
    return identity


@each_table
@each_role
def test_selecting(admin: sa.Engine, person: Identity, role: Role, table: str) -> None:
    rights = table_permissions.TABLES[table]
    allowed = set()
    with rows.undone(person) as scoped:
        for column in _columns(admin, table):
            query = f"select {column} from zixly.{table} limit 1"
            if _outcome(scoped, query) is not None:
                allowed.add(column)
    listed = set(rights.columns("select")) or set(_columns(admin, table))
    assert allowed == (listed if role in rights.read else set())


@each_table
@each_role
def test_inserting(admin: sa.Engine, person: Identity, role: Role, table: str) -> None:
    rights = table_permissions.TABLES[table]
    listed = set(rights.columns("insert"))
    with rows.undone(person) as scoped:
        allowed = {
            column
            for column in _columns(admin, table)
            if _outcome(scoped, f"insert into zixly.{table} ({column}) values (default)")
            is not None
        }
    assert allowed == (listed if role in rights.record else set())


@each_table
@each_role
def test_updating(admin: sa.Engine, person: Identity, role: Role, table: str) -> None:
    rights = table_permissions.TABLES[table]
    where = f"where id = '{rows.row_id(table, ZIXLY)}'"
    values = _columns(admin, table)
    if readable := rights.columns("select"):
        # A column that may be changed but not read cannot be set to itself.
        unseen = set(rights.columns("update")) - set(readable)
        values |= dict.fromkeys(unseen, r"'\x00'")
    with rows.undone(person) as scoped:
        changed = {
            column: _outcome(scoped, f"update zixly.{table} set {column} = {value} {where}")
            for column, value in values.items()
        }
    assert {column for column, count in changed.items() if count is not None} == (
        set(rights.columns("update")) if role in rights.change else set()
    )
    assert set(changed.values()) <= {None, _rows_of(role, table)}


@each_table
@each_role
def test_deleting(person: Identity, role: Role, table: str) -> None:
    remove = f"delete from zixly.{table} where id = '{rows.row_id(table, ZIXLY)}'"
    with rows.undone(person) as scoped:
        may = role in table_permissions.TABLES[table].remove
        assert _outcome(scoped, remove) == (_rows_of(role, table) if may else None)


@each_table
@each_role
def test_taking_a_higher_role_than_the_session_has(
    role: Role, table: str, person: Identity
) -> None:
    """Injected SQL can SET ROLE to any of the three, but policies check the session's role."""
    rights = table_permissions.TABLES[table]
    mine, higher = rows.row_id(table, ZIXLY), f"zixly_{Role.ADMIN.lower()}"
    with rows.undone(person) as scoped:
        scoped.exec_driver_sql(f"set local role {higher}")
        if rights.read and role not in rights.read:
            assert _outcome(scoped, f"select tenant_id from zixly.{table}") == 0
        if rights.change and role not in rights.change:
            column = rights.columns("update")[0]
            change = f"update zixly.{table} set {column} = {column} where id = '{mine}'"
            assert _outcome(scoped, change) == 0
        if rights.remove and role not in rights.remove:
            assert _outcome(scoped, f"delete from zixly.{table} where id = '{mine}'") == 0
        if rights.record and role not in rights.record:
            listed = rights.columns("insert")
            new = {
                name: value
                for name, value in {"id": "wall_up", **rows.row(table, ZIXLY)}.items()
                if name in listed
            }
            with pytest.raises(sa.exc.ProgrammingError, match="row-level security"):
                rows.insert(scoped, table, new)
            scoped.rollback()


def _rows_of(role: Role, table: str) -> int:
    """The number of rows for this role: private rows belong to the ADMIN."""
    return 0 if table in rows.ONES_OWN and role is not Role.ADMIN else 1


def _columns(admin: sa.Engine, table: str) -> dict[str, str]:
    """The columns of the table with a new value: the column itself, or DEFAULT if generated."""
    with admin.connect() as superuser:
        columns = superuser.execute(
            sa.text("""
                select attname, case attgenerated when '' then attname else 'default' end as value
                from pg_attribute where attrelid = to_regclass('zixly.' || :table)
                  and attnum > 0 and not attisdropped"""),
            {"table": table},
        )
        return {row.attname: row.value for row in columns}


def _outcome(scoped: Connection, statement: str) -> int | None:
    """The number of rows the statement affected; None if the right is missing.

    Any other refusal (such as a missing value) comes after the check of rights: 0.
    """
    step: Any = scoped.begin_nested()
    try:
        return max(scoped.exec_driver_sql(statement).rowcount, 0)
    except sa.exc.DBAPIError as refused:
        denied = getattr(refused.orig, "sqlstate", "") == "42501"
        return None if denied and "row-level" not in str(refused.orig) else 0
    finally:
        step.rollback()
