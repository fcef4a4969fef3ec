"""Checks of an installation, each a sentence with advice if something is wrong.

The checks proceed from the data folder to the users, and stop where later ones cannot succeed:
without a server there are no roles to check.

finding   a sentence, and advice if something is wrong
machine   data folder, disks, open files
contents  every table and every page, read once

Stands on operator and database.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from zixly_data.database import administration, connection, migration, refusals
from zixly_data.errors import DatabaseUnavailable, NotPrepared, ZixlyError
from zixly_data.identity import Role
from zixly_data.operations import operator
from zixly_data.operations.doctor import contents, machine
from zixly_data.operations.doctor.finding import Finding
from zixly_data.settings import settings

_OLDEST_SERVER = 150_000
_ROLES = 8
_MIGRATE = "Run: python -m zixly_data migrate"
_LOGIN_OWNS_NOTHING = """
    select not (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolinherit)
       and not exists (
         select from pg_class as c
         where c.relnamespace = 'zixly'::regnamespace and c.relkind in ('r', 'v', 'p')
           and (c.relowner = r.oid
             or has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate')))
       and not exists (
         select from pg_auth_members as m join pg_roles as granted on granted.oid = m.roleid
         where m.member = r.oid
           and granted.rolname not in ('zixly_viewer', 'zixly_editor', 'zixly_admin'))
    from pg_roles as r where r.rolname = :login
"""
_UNPROTECTED = """
    select coalesce(string_agg(relname, ', ' order by relname), '') from pg_class
    where relnamespace = 'zixly'::regnamespace and relkind in ('r', 'p')
      and not (relrowsecurity and relforcerowsecurity)
"""
# What only a superuser can take away from a login, in sql/roles.sql.
_LEFT_TO_EVERY_LOGIN = """
    select count(*) > 0 from (values
      ('lo_create(oid)'), ('lo_from_bytea(oid, bytea)'), ('pg_advisory_lock(bigint)'),
      ('pg_notify(text, text)'), ('pg_terminate_backend(integer, bigint)')) as f (name)
    where has_function_privilege('zixly_app', f.name, 'execute')
"""
_IS_SUPERUSER = "select rolsuper from pg_roles where rolname = current_user"


def examine(progress: contents.Progress) -> Iterator[Finding]:
    """Yield the findings of all checks in order. Starts or joins the embedded server.

    `progress` receives a sentence before a check that may take long.
    """
    try:
        settings()
        yield Finding("The settings are valid.")
        yield from machine.data_folder()
        disks = machine.Disks()
        yield from disks.check(machine.own_places())
        yield from machine.open_files()
        database = connection.open_database()
        admin_url = database.logins.admin_url
        if admin_url:
            yield from _database(admin_url, disks)
        else:
            yield Finding("Roles, policies and people are not checked without DATABASE_URL.")
        yield from _login("The pages' login", database.app)
        yield from _login("The sign-in login", database.auth)
        if admin_url and migration.is_current(admin_url):
            yield from _people(admin_url)
        if admin_url:
            yield from contents.examine(admin_url, progress, may_checkpoint=not disks.is_low)
    except ZixlyError as error:
        yield Finding(str(error), error.advice)


def _login(name: str, engine: Engine) -> Iterator[Finding]:
    try:
        with refusals.translate_errors(), engine.connect() as login:
            login.execute(sa.text("select 1"))
    except (NotPrepared, DatabaseUnavailable) as error:
        yield Finding(f"{name} was rejected: {error}", _MIGRATE)
    else:
        yield Finding(f"{name} was accepted.")


def _database(admin_url: str, disks: machine.Disks) -> Iterator[Finding]:
    with refusals.translate_errors(), administration.admin_engine(admin_url).begin() as admin:
        version_number = _scalar(admin, "select current_setting('server_version_num')::integer")
        version = _scalar(admin, "select current_setting('server_version')")
        upgrade = "Zixly needs version 15 or later." * (version_number < _OLDEST_SERVER)
        yield Finding(f"The server is PostgreSQL {version}.", upgrade)
        yield from disks.check(_database_folders(admin))
        roles = _scalar(admin, "select count(*) from pg_roles where rolname like 'zixly\\_%'")
        if roles != _ROLES:
            yield Finding(f"{roles} of {_ROLES} roles exist.", _MIGRATE)
            return
        yield Finding("All roles exist.")
    if not migration.is_current(admin_url):
        yield Finding("The database is not up to date.", _MIGRATE)
        return
    yield Finding("The database is up to date.")
    with refusals.translate_errors(), administration.admin_engine(admin_url).begin() as admin:
        unprotected = _scalar(admin, _UNPROTECTED)
        if unprotected:
            yield Finding(
                f"Row-level security is not forced on: {unprotected}.",
                "Do not change policies by hand. Run migrate from a clean copy of Zixly.",
            )
        else:
            yield Finding("Row-level security is forced on every table.")
        for login in ("zixly_app", "zixly_auth"):
            has_no_rights = admin.execute(
                sa.text(_LOGIN_OWNS_NOTHING), {"login": login}
            ).scalar_one()
            yield Finding(
                f"The login {login} has {'no rights' if has_no_rights else 'rights'} of its own.",
                ""
                if has_no_rights
                else f"Revoke what was granted to {login} beyond sql/roles.sql.",
            )
        yield _disturbing(admin)


def _disturbing(admin: Connection) -> Finding:
    """Return whether the pages' login could fill the disk or lock everyone out."""
    if not _scalar(admin, _LEFT_TO_EVERY_LOGIN):
        return Finding(
            "The login zixly_app cannot create large objects or hold locks of the server."
        )
    sentence = "The login zixly_app may create large objects and hold locks of the server."
    if _scalar(admin, _IS_SUPERUSER):
        return Finding(sentence, _MIGRATE)
    return Finding(f"{sentence} Only a superuser can forbid it, by running sql/roles.sql.")


def _people(admin_url: str) -> Iterator[Finding]:
    tenants, users = operator.list_tenants(admin_url), operator.list_users(admin_url)
    if tenants.empty:
        yield Finding(
            "There is no organisation yet.",
            "Run: python -m zixly_data demo, or python -m zixly_data tenant create ID NAME",
        )
    admins = users[(users["role"] == Role.ADMIN) & (users["status"] == "ACTIVE")]
    for tenant in tenants.itertuples():
        active = int((admins["tenant_id"] == tenant.id).sum())
        yield Finding(
            f"{tenant.name} has {active} active administrator{'s' * (active != 1)}.",
            ""
            if active
            else f"Run: python -m zixly_data user add EMAIL --name NAME --role ADMIN "
            f"--tenant {tenant.id}",
        )


def _database_folders(admin: Connection) -> list[tuple[str, Path]]:
    """Return the folders of the database that exist on this machine, if this login may know."""
    query = """
        select case when pg_has_role('pg_read_all_settings', 'member')
               then current_setting('data_directory', true) end,
               inet_server_addr() is null or inet_server_addr() = inet_client_addr()
    """
    folder, is_here = admin.execute(sa.text(query)).one()
    if not folder or not is_here:
        return []
    data = Path(folder)
    return [("the database", data), ("the database's log (pg_wal)", (data / "pg_wal").resolve())]


def _scalar(admin: Connection, query: str) -> Any:
    return admin.execute(sa.text(query)).scalar_one()
