"""Signing in, staying signed in and signing out, in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from tests.conftest import Team
from tests.support import known_passwords
from zixly_data.access import sessions
from zixly_data.database import connection
from zixly_data.database.connection import Database
from zixly_data.errors import AccessDenied, SessionEnded, TooManyAttempts
from zixly_data.identity import Role
from zixly_data.operations import operator

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
PASSWORD = "correct horse battery"


@pytest.fixture
def team(new_team: Callable[[], Team], database: Database) -> Team:
    made = new_team()
    known_passwords.give(database.logins.admin_url, made.editor.email, PASSWORD)
    secret = operator.open_session(database.logins.admin_url, made.editor.email)
    return replace(made, editor=secret)


@pytest.fixture
def later(admin: sa.Engine) -> Callable[..., None]:
    """Lets time pass for a session, a ticket or failures, by moving their records back."""

    def pass_(table: str, column: str, interval: str) -> None:
        with admin.begin() as superuser:
            superuser.exec_driver_sql(
                f"update {table} set {column} = {column} - '{interval}'::interval"
            )

    return pass_


def signed_in(email: str, address: str = HERE) -> str:
    credentials = sessions.credentials(email, address)
    assert credentials is not None
    return sessions.redeem_ticket(sessions.issue_ticket(credentials, address), address, "browser")


def test_a_session_ends_when_nobody_uses_it(team: Team, admin: sa.Engine) -> None:
    secret = signed_in(team.editor.email)
    _age(admin, secret, last_seen_at="idle_limit - interval '5 seconds'")
    assert sessions.identify(secret).user_id == team.editor.user_id  # which keeps it active
    _age(admin, secret, last_seen_at="idle_limit - interval '5 seconds'")
    assert sessions.identify(secret)
    _age(admin, secret, last_seen_at="idle_limit + interval '1 second'")
    with pytest.raises(SessionEnded):
        sessions.identify(secret)
    with pytest.raises(SessionEnded):
        sessions.identify(secret)  # reading did not keep it active


def test_a_session_ends_at_its_age_however_busy(team: Team, admin: sa.Engine) -> None:
    secret = signed_in(team.editor.email)
    with admin.begin() as superuser:
        _update(superuser, secret, "expires_at = clock_timestamp()")
    with pytest.raises(SessionEnded):
        sessions.identify(secret)


def test_signing_out_ends_one_session_and_no_other(team: Team) -> None:
    here, elsewhere = signed_in(team.editor.email), signed_in(team.editor.email)
    sessions.end_session(here)
    sessions.end_session("unknown")
    with pytest.raises(SessionEnded):
        sessions.identify(here)
    assert sessions.identify(elsewhere).email == team.editor.email


def test_a_session_is_touched_once_a_minute(team: Team, admin: sa.Engine) -> None:
    secret = signed_in(team.editor.email)
    first = _last_seen(admin, secret)
    sessions.identify(secret)
    assert _last_seen(admin, secret) == first
    _age(admin, secret, last_seen_at="interval '61 seconds'")
    sessions.identify(secret)
    assert _last_seen(admin, secret) >= first


def test_a_ticket_serves_once_and_for_thirty_seconds(
    team: Team, later: Callable[..., None]
) -> None:
    credentials = sessions.credentials(team.editor.email, HERE)
    assert credentials is not None
    assert credentials.tenant_id == team.tenant_id
    ticket = sessions.issue_ticket(credentials, HERE)
    assert sessions.redeem_ticket(ticket, HERE, "browser")
    for used in (ticket, "unknown", ""):
        with pytest.raises(SessionEnded):
            sessions.redeem_ticket(used, HERE, "browser")
    young, old = sessions.issue_ticket(credentials, HERE), sessions.issue_ticket(credentials, HERE)
    later("app_private.sign_in_tickets", "expires_at", "28 seconds")
    assert sessions.redeem_ticket(young, HERE, "browser")
    later("app_private.sign_in_tickets", "expires_at", "3 seconds")
    with pytest.raises(SessionEnded):
        sessions.redeem_ticket(old, HERE, "browser")


def test_a_ticket_of_someone_deactivated_since(team: Team, admin: sa.Engine) -> None:
    credentials = sessions.credentials(team.editor.email, HERE)
    assert credentials is not None
    ticket = sessions.issue_ticket(credentials, HERE)
    with admin.begin() as superuser:
        superuser.execute(sa.text("update zixly.users set status = 'INACTIVE' where id = :id"),
                          {"id": credentials.user_id})  # fmt: skip
    with pytest.raises(SessionEnded):
        sessions.redeem_ticket(ticket, HERE, "browser")
    assert sessions.credentials(team.editor.email, HERE) is None


@pytest.mark.parametrize("address", [HERE, "2001:db8::" + "f" * 80], ids=["usual", "very long"])
@pytest.mark.parametrize("has_account", [True, False], ids=["known", "unknown"])
def test_guessing_becomes_slow_for_known_and_unknown_alike(
    team: Team, later: Callable[..., None], has_account: bool, address: str, admin: sa.Engine
) -> None:
    with admin.begin() as superuser:
        superuser.exec_driver_sql("delete from app_private.sign_in_failures")
    email = team.editor.email if has_account else f"nobody@{team.tenant_id}.example"

    def locked(from_address: str = address) -> bool:
        try:
            sessions.credentials(email, from_address)
        except TooManyAttempts:
            return True
        return False

    for _ in range(4):
        sessions.record_failure(email.upper(), address)
    assert not locked()
    for seconds in (5, 10, 20, 40):
        sessions.record_failure(email, address)
        later("app_private.sign_in_failures", "at", f"{seconds - 2} seconds")
        assert locked(), f"for {seconds} seconds"
        assert not locked(ELSEWHERE)
        later("app_private.sign_in_failures", "at", "2 seconds")
        assert not locked()
    later("app_private.sign_in_failures", "at", "15 minutes")
    assert not locked()


def test_signing_in_forgets_the_failures(team: Team) -> None:
    for _ in range(4):
        sessions.record_failure(team.editor.email, HERE)
    signed_in(team.editor.email)
    sessions.record_failure(team.editor.email, HERE)
    assert sessions.credentials(team.editor.email, HERE) is not None


def test_fifty_failures_from_one_address_close_it_for_every_account(
    team: Team, admin: sa.Engine
) -> None:
    with admin.begin() as superuser:
        superuser.exec_driver_sql("delete from app_private.sign_in_failures")
    for number in range(50):
        sessions.record_failure(f"guess-{number}@example.com", HERE)
    with pytest.raises(TooManyAttempts):
        sessions.credentials(team.editor.email, HERE)
    assert sessions.credentials(team.editor.email, ELSEWHERE) is not None
    with admin.begin() as superuser:
        superuser.exec_driver_sql("delete from app_private.sign_in_failures")


def test_only_hashes_are_stored(team: Team, admin: sa.Engine) -> None:
    secret = signed_in(team.editor.email)
    credentials = sessions.credentials(team.editor.email, HERE)
    assert credentials is not None
    ticket = sessions.issue_ticket(credentials, HERE)
    with admin.connect() as superuser:
        for table, column, value in (
            ("zixly.sessions", "secret_hash", secret),
            ("app_private.sign_in_tickets", "ticket_hash", ticket),
        ):
            digest = hashlib.sha256(value.encode()).digest()
            matches = superuser.execute(
                sa.text(f"select count(*) from {table} where {column} = :d"), {"d": digest}
            )
            assert matches.scalar_one() == 1
        for table in (
            superuser.exec_driver_sql(
                "select oid::regclass from pg_class where relkind = 'r' and relnamespace in"
                " ('zixly'::regnamespace, 'app_private'::regnamespace)"
            )
            .scalars()
            .all()
        ):
            text = "\n".join(superuser.exec_driver_sql(f"select t::text from {table} t").scalars())
            assert not any(clear in text for clear in (secret, ticket, PASSWORD))  # fmt: skip


def test_the_secret_is_hidden_in_printed_output(team: Team) -> None:
    assert team.editor.secret not in repr(team.editor)
    assert "$2b$" not in repr(sessions.credentials(team.editor.email, HERE))


@pytest.mark.parametrize("login", ["app", "auth"])
def test_only_the_operator_opens_a_session_without_a_password(
    database: Database, team: Team, login: str
) -> None:
    url = {"app": database.logins.app_url, "auth": database.logins.auth_url}[login]
    for attempt in (
        lambda: operator.open_session(url, team.admin.email),
        lambda: operator.set_password(url, team.admin.email, PASSWORD),
        lambda: operator.create_tenant(url, "mine", "Mine"),
        lambda: operator.add_user(url, team.tenant_id, "me@example.com", "Me", Role.ADMIN),
        lambda: operator.list_users(url),
    ):
        with pytest.raises(AccessDenied):
            attempt()
    assert operator.open_session(database.logins.admin_url, team.admin.email).role == Role.ADMIN


def test_a_new_password_ends_every_session(database: Database, team: Team) -> None:
    secret = signed_in(team.editor.email)
    operator.set_password(database.logins.admin_url, team.editor.email, PASSWORD + "!")
    for ended in (secret, team.editor.secret):
        with pytest.raises(SessionEnded):
            sessions.identify(ended)
    assert sessions.identify(team.admin.secret)


def test_the_sign_in_login_reads_no_table(admin: sa.Engine) -> None:
    with admin.connect() as superuser:
        tables = superuser.exec_driver_sql("""
            select oid::regclass::text from pg_class where relkind in ('r', 'v', 'm', 'S') and
              relnamespace::regnamespace::text in ('zixly', 'app', 'app_private', 'app_auth')
        """).scalars().all()  # fmt: skip
    assert len(tables) >= 15
    with as_sign_in() as login:
        for statement in (
            *(f"select * from {table}" for table in tables),
            "set role zixly_viewer", "set role zixly_gatekeeper", "create temp table t ()",
            "select app.present('x')", "select app.tenant_id()", "select app_operator.list_users()",
            "select app_private.open_session('a', 'b', 'c', 'd', 'e', 'f', '1h', '1h')",
        ):  # fmt: skip
            step = login.begin_nested()
            with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
                login.exec_driver_sql(statement)
            step.rollback()


@contextmanager
def as_sign_in() -> Iterator[Connection]:
    with connection.sign_in_connection() as login:
        yield login


def _age(admin: sa.Engine, secret: str, last_seen_at: str) -> None:
    with admin.begin() as superuser:
        _update(superuser, secret, f"last_seen_at = clock_timestamp() - ({last_seen_at})")


def _update(superuser: Connection, secret: str, change: str) -> None:
    digest = hashlib.sha256(secret.encode()).digest()
    changed = superuser.execute(
        sa.text(f"update zixly.sessions set {change} where secret_hash = :d"), {"d": digest}
    )
    assert changed.rowcount == 1


def _last_seen(admin: sa.Engine, secret: str) -> object:
    with admin.connect() as superuser:
        return superuser.execute(
            sa.text("select last_seen_at from zixly.sessions where secret_hash = :d"),
            {"d": hashlib.sha256(secret.encode()).digest()},
        ).scalar_one()
