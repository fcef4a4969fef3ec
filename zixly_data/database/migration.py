"""Migration of a database to this version: roles, schemas, functions, tables, policies.

Safe to repeat and to run from two processes at once: it is one transaction under an advisory lock,
and an up-to-date database is left untouched.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import alembic.command
import alembic.config
import alembic.migration
import alembic.script
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database import refusals
from zixly_data.database.administration import admin_engine, run_file, run_script
from zixly_data.database.logins import APP_LOGIN, AUTH_LOGIN, Logins
from zixly_data.database.replay import replay_functions
from zixly_data.errors import NotPrepared
from zixly_data.settings import APP_FOLDER

SQL = APP_FOLDER / "sql"
REVISIONS = Path(__file__).resolve().parent / "revisions"
_RIGHTS_OF_TRIGGERS = """
    alter default privileges in schema zixly
      {0} select, insert, update on tables {1} zixly_gatekeeper
"""
_LOCK = 0x5A49584C59  # "ZIXLY" in ASCII; one migration at a time per database.


def migrate(logins: Logins) -> list[str]:
    """Bring the database of `admin_url` up to date; return a description of each step taken.

    Raises NotPrepared if the address may not administer the database.
    """
    if not logins.admin_url:
        raise NotPrepared(
            "Migrating needs an administrator login to the database.",
            advice="Set DATABASE_URL for this command.",
        )
    engine = admin_engine(logins.admin_url)
    try:
        with refusals.translate_errors(), engine.begin() as connection:
            _wait_for_others(connection)
            return _bring_up_to_date(connection, logins)
    finally:
        engine.dispose()


def _wait_for_others(connection: Connection) -> None:
    may_lock = connection.execute(
        sa.text("select has_function_privilege('pg_advisory_xact_lock(bigint)', 'execute')")
    ).scalar_one()
    if not may_lock:  # sql/roles.sql leaves it to administrators.
        raise NotPrepared(
            "This login cannot migrate the database.",
            advice="Set DATABASE_URL to an administrator login.",
        )
    connection.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def is_current(admin_url: str) -> bool:
    """Return whether tables, functions and policies are those of this version.

    Raises NotPrepared if the address may not inspect the database.
    """
    engine = admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as connection:
        has_owner = connection.execute(
            sa.text("select count(*) from pg_roles where rolname = 'zixly_owner'")
        ).scalar_one()
        if not has_owner:
            return False
        run_script(connection, "set local role zixly_owner")
        return (
            _revision(connection) == _head() and _recorded_fingerprint(connection) == _fingerprint()
        )


def require_current(url: str) -> None:
    """Raise NotPrepared unless the database is of this version.

    For logins that may read no table: the last migration left a comment on a schema, which every
    login can read.
    """
    engine = admin_engine(url)
    with refusals.translate_errors(), engine.begin() as connection:
        comment = connection.execute(
            sa.text("select obj_description(to_regnamespace('app')::oid, 'pg_namespace')")
        ).scalar_one()
    if comment != _version_comment():
        raise NotPrepared(
            "The database is not up to date, and the app's own logins cannot migrate it.",
            advice="Run python -m zixly_data migrate with DATABASE_URL of an administrator.",
        )


def _bring_up_to_date(connection: Connection, logins: Logins) -> list[str]:
    steps: list[str] = []
    _set_passwords_and_roles(connection, logins)
    run_script(connection, "set local role zixly_owner")
    run_script(connection, "set local check_function_bodies = off")
    before = _revision(connection)
    fingerprint = _fingerprint()
    if before == _head() and _recorded_fingerprint(connection) == fingerprint:
        return steps
    run_file(connection, SQL / "schemas.sql")
    replay_functions(connection, sorted((SQL / "functions").glob("*.sql")))
    config = _alembic()
    config.attributes["connection"] = connection
    # Triggers run while rows are migrated, before policies.sql grants their rights on new tables.
    run_script(connection, _RIGHTS_OF_TRIGGERS.format("grant", "to"))
    alembic.command.upgrade(config, "head")
    run_script(connection, _RIGHTS_OF_TRIGGERS.format("revoke", "from"))
    if before != _head():
        steps.append(f"migrated from {before or 'nothing'} to {_head()}")
    run_file(connection, SQL / "policies.sql")
    run_script(connection, "set local role zixly_gatekeeper")
    run_file(connection, SQL / "grants.sql")
    run_script(connection, "set local role zixly_owner")
    connection.execute(
        sa.text("""
            insert into app_private.replayed (only_row, fingerprint) values (true, :fingerprint)
            on conflict (only_row) do update set fingerprint = excluded.fingerprint
        """),
        {"fingerprint": fingerprint},
    )
    run_script(connection, f"comment on schema app is '{_version_comment()}'")
    steps.append("updated functions and policies to this version")
    return steps


def _set_passwords_and_roles(connection: Connection, logins: Logins) -> None:
    may_create_roles = connection.execute(
        sa.text("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
    ).scalar_one()
    has_roles = connection.execute(
        sa.text("select count(*) = 8 from pg_roles where rolname like 'zixly\\_%'")
    ).scalar_one()
    if not may_create_roles:
        if not has_roles:
            raise NotPrepared(
                "Zixly's database roles are missing, and this login cannot create them.",
                advice="Ask the administrator of the database server to run sql/roles.sql.",
            )
        if not connection.execute(
            sa.text("select pg_has_role('zixly_owner', 'member')")
        ).scalar_one():
            raise NotPrepared(
                "This login cannot migrate the database.",
                advice="Set DATABASE_URL to an administrator login.",
            )
        return
    run_file(connection, SQL / "roles.sql")
    for login, url in ((APP_LOGIN, logins.app_url), (AUTH_LOGIN, logins.auth_url)):
        login_url = sa.make_url(url)
        if login_url.username == login and login_url.password:
            # ALTER ROLE takes no parameters; format() quotes the literal on the server's side.
            connection.execute(
                sa.text("select set_config('zixly.password', :password, true)"),
                {"password": str(login_url.password)},
            )
            run_script(
                connection,
                "do $$ begin execute format('alter role %I password %L', "
                f"'{login}', current_setting('zixly.password')); end $$",
            )
    connection.execute(sa.text("select set_config('zixly.password', '', true)"))


def _version_comment() -> str:
    return f"Zixly {_head()} {_fingerprint()}"


def _alembic() -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(REVISIONS))
    return config


def _head() -> str | None:
    return alembic.script.ScriptDirectory.from_config(_alembic()).get_current_head()


def _revision(connection: Connection) -> str | None:
    context = alembic.migration.MigrationContext.configure(
        connection, opts={"version_table": "revision", "version_table_schema": "app_private"}
    )
    return context.get_current_revision()


def _fingerprint() -> str:
    paths = [SQL / "schemas.sql", SQL / "policies.sql", SQL / "grants.sql"]
    paths += sorted((SQL / "functions").glob("*.sql"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _recorded_fingerprint(connection: Connection) -> str | None:
    if connection.execute(sa.text("select to_regclass('app_private.replayed')")).scalar() is None:
        return None
    return connection.execute(
        sa.text("select fingerprint from app_private.replayed")
    ).scalar_one_or_none()
