"""Functions of earlier versions, whatever their signature, become those of this version."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from tests.support.database.structure import structure
from tests.support.database.version_dump import FOLDER
from tests.zixly_data.database.conftest import NewDatabase
from zixly_data.database import administration, migration
from zixly_data.database.logins import Logins
from zixly_data.errors import NotPrepared

RELEASE = FOLDER / "0.1.0.sql"
_FUNCTIONS = sa.text("""
    select p.oid::regprocedure::text as name, pronargs,
           format('%I.%I', n.nspname, p.proname) as bare, pg_get_function_result(p.oid) as result,
           (select string_agg('former_' || a.place || ' ' || a.type::regtype, ', ' order by a.place)
            from unnest(proargtypes) with ordinality as a (type, place)) as renamed,
           (select string_agg(format('%I %s default null', p.proargnames[a.place], a.type::regtype),
                              ', ' order by a.place)
            from unnest(proargtypes) with ordinality as a (type, place)) as optional,
           (select string_agg(format('alter table %s alter %I set default %s', attrelid::regclass,
                                     attname, pg_get_expr(adbin, adrelid)), '; ')
            from pg_depend
            join pg_attrdef as v on classid = 'pg_attrdef'::regclass and objid = v.oid
            join pg_attribute on attrelid = adrelid and attnum = adnum
            where refclassid = 'pg_proc'::regclass and refobjid = p.oid) as defaults
    from pg_proc as p join pg_namespace as n on n.oid = pronamespace
    where n.nspname in ('app', 'app_auth', 'app_operator', 'app_private') and prokind = 'f'
    order by 1
""")
OTHERS = {
    "result": "create function {f.bare}({arguments}) returns integer language sql as 'select 1'",
    "argument name": "create function {f.bare}({f.renamed}) returns {f.result} language sql as ''",
    "default": "create function {f.bare}({f.optional}) returns {f.result} language sql as ''",
    "kind": "create procedure {f.bare}({arguments}) language sql as ''",
}
# Calls in a table, and functions that are in no file.
CALLS = """
    create function app.former(number int) returns int language sql as 'select 1';
    create function app_private.former() returns trigger language plpgsql as 'begin end';
    create procedure app_operator.former(out number int) language sql as 'select 1';
    drop function app.new_id(text) cascade;
    create function app.new_id(prefix text, suffix text default '') returns varchar
      language sql as 'select ''x''::varchar';
    drop function app_private.closing(text) cascade;
    create function app_private.closing(tenant text) returns int
      language sql immutable as 'select 1';
    alter table zixly.client_kpis
      add constraint calls check (app_private.closing(id) > 0) not valid,
      alter note set default app.former(1);
    create policy calls on zixly.client_kpis using (app.former(2) = 1);
    create trigger calls before update on zixly.client_kpis
      for each row execute function app_private.former();
"""


@pytest.fixture
def released(new_database: NewDatabase) -> Logins:
    books = new_database()
    with administration.admin_engine(books.admin_url).begin() as superuser:
        administration.run_file(superuser, RELEASE)
    return books


@pytest.fixture
def new(new_database: NewDatabase) -> Logins:
    books = new_database()
    migration.migrate(books)
    return books


@pytest.mark.parametrize(
    "other",
    ["result", *(pytest.param(name, marks=pytest.mark.nightly) for name in list(OTHERS)[1:])],
)
def test_every_function_once_had_another_signature(
    released: Logins, new: Logins, other: str
) -> None:
    changed = 0
    with administration.admin_engine(released.admin_url).begin() as superuser:
        administration.run_script(superuser, "set local check_function_bodies = off")
        for function in superuser.execute(_FUNCTIONS).all():
            if (other in ("argument name", "default") and not function.pronargs) or (
                other == "kind" and function.defaults
            ):
                continue
            arguments = function.name.partition("(")[2].rstrip(")")
            source = OTHERS[other].format(f=function, arguments=arguments)
            administration.run_script(superuser, f"drop function {function.name} cascade; {source}")
            administration.run_script(superuser, function.defaults or "select 1")
            changed += 1
    assert changed > 20

    migration.migrate(released)

    assert structure(released.admin_url) == structure(new.admin_url)


def test_functions_that_tables_use_and_functions_of_no_file(new: Logins) -> None:
    """What uses a dropped function is made again if the function is; otherwise it goes."""
    intact = structure(new.admin_url)
    ids = [row[1] for row in intact if row[0] == "column" and "new_id" in row[3]]
    assert len(ids) > 10
    with administration.admin_engine(new.admin_url).begin() as superuser:
        administration.run_script(superuser, CALLS)
        for column in ids:
            table, _, name = column.partition(" ")
            prefix = next(row[3] for row in intact if row[:2] == ("column", column))
            default = prefix[prefix.index("app.new_id(") :].split(")")[0] + ")"
            administration.run_script(
                superuser, f"alter table {table} alter {name} set default {default}"
            )
        _outdate(superuser)
    former = structure(new.admin_url)
    kinds = sorted(row[0] for row in former if "former" in str(row))
    assert kinds == ["column", "function", "function", "function", "policy", "trigger"]

    migration.migrate(new)

    now = [row for row in structure(new.admin_url) if row[1] != "zixly.client_kpis calls"]
    assert now == intact
    with administration.admin_engine(new.admin_url).begin() as superuser:
        kept = superuser.exec_driver_sql(
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 'calls'"
        ).scalar_one()
    assert "app_private.closing" in kept


def test_a_view_of_the_operators_own_is_not_dropped(new: Logins) -> None:
    """It stops only a version that changes the function's signature, and is named."""
    engine = administration.admin_engine(new.admin_url)
    own_view = "create view public.mine as select app.end_my_session('x') as me"
    with engine.begin() as superuser:
        administration.run_script(superuser, own_view)
        _outdate(superuser)
    assert migration.migrate(new)
    with engine.begin() as superuser:
        administration.run_script(
            superuser,
            "drop view public.mine; drop function app.end_my_session(text);"
            " create function app.end_my_session(text)"
            f" returns int language sql as 'select 1'; {own_view}",
        )
        _outdate(superuser)

    with pytest.raises(
        NotPrepared, match=r"app\.end_my_session\(text\).*view .*mine depends"
    ) as refused:
        migration.migrate(new)

    assert refused.value.advice.startswith("Drop it")
    with engine.begin() as superuser:
        administration.run_script(superuser, "drop view public.mine")
    assert migration.migrate(new)


def test_no_table_is_locked_where_nothing_changed(new: Logins) -> None:
    """And where something has, it waits for a reader: tables are locked for the policies."""
    engine = administration.admin_engine(new.admin_url)
    name = sa.make_url(new.admin_url).database
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as superuser:
        superuser.exec_driver_sql(f"alter database {name} set lock_timeout = '300ms'")
    with engine.begin() as reader:
        reader.exec_driver_sql("select count(*) from zixly.financials")
        assert migration.migrate(new) == []
        with engine.begin() as superuser:
            _outdate(superuser)
        with pytest.raises(Exception, match="still saving"):
            migration.migrate(new)
    assert migration.migrate(new)


def test_no_moment_shows_a_row_without_its_policy(
    new: Logins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each step of a replay, another session sees what it saw before, or waits."""
    engine = administration.admin_engine(new.admin_url)
    with engine.begin() as superuser:
        superuser.exec_driver_sql("insert into zixly.tenants (id, name) values ('t', 'T')")
        administration.run_script(
            superuser,
            "drop function app.role() cascade;"
            " create function app.role() returns varchar language sql as 'select null::varchar'",
        )
        _outdate(superuser)
    seen: list[object] = []
    run_file = administration.run_file

    def look(connection: sa.Connection, path: Path) -> None:
        run_file(connection, path)
        with administration.admin_engine(new.app_url).connect() as other:
            other.exec_driver_sql("set lock_timeout = '20ms'")
            other.exec_driver_sql("set role zixly_admin")
            try:
                seen.append(other.exec_driver_sql("select count(*) from zixly.tenants").scalar())
            except sa.exc.DBAPIError as error:
                seen.append(type(error.orig))

    for module in ("migration", "replay"):
        monkeypatch.setattr(f"zixly_data.database.{module}.run_file", look)
    migration.migrate(new)

    assert len(seen) > 15
    assert set(seen) == {0, psycopg.errors.LockNotAvailable}


def _outdate(superuser: sa.Connection) -> None:
    administration.run_script(superuser, "update app_private.replayed set fingerprint = 'older'")
