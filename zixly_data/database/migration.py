"""Brings a database to this version: roles, schemas, functions, tables, policies.

Safe to run twice and by two processes at once: everything happens in one transaction under an
advisory lock, and nothing is touched when nothing changed.
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
from zixly_data.errors import NotPrepared
from zixly_data.settings import APP_FOLDER

SQL = APP_FOLDER / "sql"
REVISIONS = Path(__file__).resolve().parent / "revisions"
_LOCK = 0x5A49584C59  # "ZIXLY": one migration at a time per database.


def migrate(logins: Logins) -> list[str]:
    """Brings the database behind `admin_url` up to date; returns what was done, in words.

    Raises NotPrepared when the address may not administer the database.
    """
    if not logins.admin_url:
        raise NotPrepared(
            "Migrating needs an administrator's address of the database.",
            advice="Set DATABASE_URL for this command.",
        )
    engine = admin_engine(logins.admin_url)
    try:
        with refusals.translated(), engine.begin() as connection:
            connection.execute(sa.text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            return _bring_up_to_date(connection, logins)
    finally:
        engine.dispose()


def is_current(admin_url: str) -> bool:
    """Whether tables, functions and policies are those of this version. Raises NotPrepared where
    the address may not look."""
    engine = admin_engine(admin_url)
    with refusals.translated(), engine.begin() as connection:
        known = connection.execute(
            sa.text("select count(*) from pg_roles where rolname = 'zixly_owner'")
        ).scalar_one()
        if not known:
            return False
        run_script(connection, "set local role zixly_owner")
        return (
            _revision(connection) == _head() and _recorded_fingerprint(connection) == _fingerprint()
        )


def require_current(url: str) -> None:
    """For a login that may read nothing: raises NotPrepared unless the database is of this version.

    The last migration left a note that whoever may connect can read.
    """
    engine = admin_engine(url)
    with refusals.translated(), engine.begin() as connection:
        note = connection.execute(
            sa.text("select obj_description(to_regnamespace('app')::oid, 'pg_namespace')")
        ).scalar_one()
    if note != _note():
        raise NotPrepared(
            "The database is not up to date, and the app's own logins may not change that.",
            advice="Run python -m zixly_data migrate with an administrator's DATABASE_URL.",
        )


def _bring_up_to_date(connection: Connection, logins: Logins) -> list[str]:
    done: list[str] = []
    _set_passwords_and_roles(connection, logins)
    run_script(connection, "set local role zixly_owner")
    run_script(connection, "set local check_function_bodies = off")
    before = _revision(connection)
    fingerprint = _fingerprint()
    if before == _head() and _recorded_fingerprint(connection) == fingerprint:
        return done
    run_file(connection, SQL / "schemas.sql")
    run_script(connection, "set local role zixly_gatekeeper")
    for path in sorted((SQL / "functions").glob("*.sql")):
        run_file(connection, path)
    run_script(
        connection, "grant execute on all functions in schema app, app_private to zixly_owner"
    )
    run_script(connection, "set local role zixly_owner")
    config = _alembic()
    config.attributes["connection"] = connection
    alembic.command.upgrade(config, "head")
    if before != _head():
        done.append(f"migrated from {before or 'nothing'} to {_head()}")
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
    run_script(connection, f"comment on schema app is '{_note()}'")
    done.append("functions and policies are those of this version")
    return done


def _set_passwords_and_roles(connection: Connection, logins: Logins) -> None:
    may = connection.execute(
        sa.text("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
    ).scalar_one()
    ready = connection.execute(
        sa.text("select count(*) = 8 from pg_roles where rolname like 'zixly\\_%'")
    ).scalar_one()
    if not may:
        if not ready:
            raise NotPrepared(
                "The roles of Zixly are missing, and this login may not create them.",
                advice="Ask whoever administers the server to run sql/roles.sql.",
            )
        if not connection.execute(
            sa.text("select pg_has_role('zixly_owner', 'member')")
        ).scalar_one():
            raise NotPrepared(
                "This login may not migrate the database.",
                advice="Set DATABASE_URL to the address of an administrator.",
            )
        return
    run_file(connection, SQL / "roles.sql")
    for login, url in ((APP_LOGIN, logins.app_url), (AUTH_LOGIN, logins.auth_url)):
        chosen = sa.make_url(url)
        if chosen.username == login and chosen.password:
            # ALTER ROLE takes no parameters; format() quotes the literal on the server's side.
            connection.execute(
                sa.text("select set_config('zixly.password', :password, true)"),
                {"password": str(chosen.password)},
            )
            run_script(
                connection,
                "do $$ begin execute format('alter role %I password %L', "
                f"'{login}', current_setting('zixly.password')); end $$",
            )
    connection.execute(sa.text("select set_config('zixly.password', '', true)"))


def _note() -> str:
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
