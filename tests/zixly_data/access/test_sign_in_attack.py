"""Signing in under attack: guessing from many addresses, guesses sent at once, equal work.

Vera's account is under attack. The tests do not wait: they move failures back in time. They do not
check a thousand bcrypt hashes, but count the guesses that reach that check.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache

import bcrypt
import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import known_passwords
from tests.support.second_factors import account_of, browser_session
from zixly_data.access import passwords, sessions, throttling
from zixly_data.database.connection import Database
from zixly_data.errors import SessionEnded, TooManyAttempts, ZixlyError
from zixly_data.identity import Identity
from zixly_ui.account.sign_in import _PasswordCheck, _Users

HOME, ON_THE_ROAD = "203.0.113.7", "198.51.100.9"
PASSWORD = "four words make passwords"
ATTACKERS = [f"192.0.2.{number}" for number in range(1, 51)]


@pytest.fixture
def vera(new_team: Callable[[], Team], database: Database, no_failures: None) -> Identity:
    """Signs in from home now and then; only she knows her password."""
    person = new_team().viewer
    known_passwords.give(database.logins.admin_url, person.email, PASSWORD)
    browser_session(person, HOME)
    return person


@pytest.fixture
def no_failures(admin: sa.Engine) -> Iterator[None]:
    def forget() -> None:
        with admin.begin() as superuser:
            superuser.exec_driver_sql("delete from app_private.sign_in_failures")

    forget()
    yield
    forget()


@pytest.fixture
def pass_time(admin: sa.Engine) -> Callable[[str], None]:
    def move(interval: str) -> None:
        with admin.begin() as superuser:
            superuser.execute(
                sa.text("update app_private.sign_in_failures set at = at - cast(:i as interval)"),
                {"i": interval},
            )

    return move


def is_let_through(email: str, address: str) -> bool:
    """Whether a password from this address would be checked."""
    try:
        sessions.credentials(email, address)
    except TooManyAttempts:
        return False
    return True


def guess(email: str, address: str) -> bool:
    """Try a wrong password; return whether it was checked."""
    if not is_let_through(email, address):
        return False
    sessions.record_failure(email, address)
    return True


# ── a thousand guesses ──────────────────────────────────────────────────────────────────────────
def test_a_thousand_guesses_from_fifty_addresses_lock_nobody_out(
    vera: Identity, pass_time: Callable[[str], None]
) -> None:
    looked_at: Counter[str] = Counter()
    for _ in range(20):  # half a minute apart: ten minutes of it
        for address in ATTACKERS:
            looked_at[address] += guess(vera.email, address)
        assert is_let_through(vera.email, HOME), "where she has signed in from"
        assert is_let_through(vera.email, ON_THE_ROAD), "and for the first time from elsewhere"
        pass_time("30 seconds")
    assert sum(looked_at.values()) < 250, "of 1,000 guesses"
    assert max(looked_at.values()) <= 5
    pass_time("15 minutes")
    assert all(is_let_through(vera.email, address) for address in ATTACKERS)


def test_people_at_the_attacking_address_wait_fifteen_minutes_at_most(
    vera: Identity, pass_time: Callable[[str], None]
) -> None:
    for number in range(60):
        guess(f"somebody-{number}@example.com", HOME)
    assert not is_let_through(vera.email, HOME)
    assert is_let_through(vera.email, ON_THE_ROAD)
    pass_time("15 minutes")
    assert is_let_through(vera.email, HOME)


def test_a_strange_address_has_one_guess_at_an_account_under_attack(
    vera: Identity, pass_time: Callable[[str], None]
) -> None:
    for address in ATTACKERS[:20]:
        assert guess(vera.email, address)
    assert guess(vera.email, ON_THE_ROAD), "others' failures alone keep nobody out"
    waits = []
    for seconds in (60, 120, 240, 480):
        assert not is_let_through(vera.email, ON_THE_ROAD)
        pass_time(f"{seconds // 2} seconds")
        waits.append(is_let_through(vera.email, ON_THE_ROAD))
        pass_time(f"{seconds // 2} seconds")
        # The attack continues; otherwise the account would be safe after a quarter of an hour.
        for address in ATTACKERS[20:45]:
            sessions.record_failure(vera.email, address)
        assert guess(vera.email, ON_THE_ROAD)
    assert waits == [False] * 4


def test_where_she_has_signed_in_from_a_typing_error_still_costs_nothing(
    vera: Identity,
) -> None:
    for address in ATTACKERS:
        guess(vera.email, address)
    assert [guess(vera.email, HOME) for _ in range(5)] == [True] * 5
    assert not is_let_through(vera.email, HOME)


def test_an_address_is_known_for_thirty_days(vera: Identity, admin: sa.Engine) -> None:
    for address in ATTACKERS:
        guess(vera.email, address)
    with admin.begin() as superuser:
        superuser.execute(
            sa.text("update zixly.sessions set created_at = created_at - interval '31 days'"
                    " where user_id = :u"), {"u": vera.user_id},
        )  # fmt: skip
    assert [guess(vera.email, HOME), guess(vera.email, HOME)] == [True, False]


def test_an_unknown_address_behaves_as_a_known_one(
    vera: Identity, pass_time: Callable[[str], None]
) -> None:
    """Waiting times do not reveal who has an account."""

    def story(email: str) -> list[bool]:
        results = [guess(email, address) for address in ATTACKERS for _ in range(2)]
        pass_time("1 minute")
        return [*results, *(guess(email, address) for address in ATTACKERS[20:])]

    expected = story(vera.email)
    pass_time("1 hour")
    assert story("nobody@example.com") == expected


# ── guesses sent at once ────────────────────────────────────────────────────────────────────────
def test_guesses_sent_at_once_are_counted_one_after_the_other(
    vera: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []

    def slow(password: bytes, hashed: bytes) -> bool:
        looked_at.append(password)
        time.sleep(0.05)
        return False

    monkeypatch.setattr(bcrypt, "checkpw", slow)

    def try_to_sign_in(number: int) -> None:
        with suppress(TooManyAttempts):
            _PasswordCheck(_Users(ON_THE_ROAD)).login(vera.email, f"guess {number}")

    with ThreadPoolExecutor(20) as crowd:
        list(crowd.map(try_to_sign_in, range(20)))
    assert len(looked_at) == 5


def test_addresses_do_not_wait_for_each_other() -> None:
    meeting = threading.Barrier(2, timeout=60)

    def attempt(address: str) -> None:
        with throttling.serialise_attempts(address):
            meeting.wait()

    with ThreadPoolExecutor(2) as crowd:
        list(crowd.map(attempt, (HOME, ON_THE_ROAD)))


def test_an_attempt_that_fails_gives_its_turn_away() -> None:
    with pytest.raises(TooManyAttempts), throttling.serialise_attempts(HOME):
        raise TooManyAttempts("There were too many.")
    with throttling.serialise_attempts(HOME):
        pass


# ── equal work ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The hashes compared with passwords, in order."""
    done: list[bytes] = []
    real = bcrypt.checkpw

    def counted(password: bytes, hashed: bytes) -> bool:
        done.append(hashed)
        return real(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return done


def sign_in(email: str, password: str) -> object:
    check = _PasswordCheck(_Users(ON_THE_ROAD))
    check.login(email, password)
    return check.outcome


@pytest.mark.parametrize("person", ["known", "unknown", "deactivated", "invited without password"])
@pytest.mark.parametrize("password", [PASSWORD, "wrong", "é" * 100, "x" * 5000])
def test_every_refusal_takes_one_check_of_a_password(
    vera: Identity, checks: list[bytes], admin: sa.Engine, person: str, password: str
) -> None:
    email = "nobody@example.com" if person == "unknown" else vera.email
    change = {
        "deactivated": "status = 'INACTIVE'",
        "invited without password": "password_hash = null",
        "known": f"password_hash = '{_dear_hash()}'",
    }.get(person)
    if change:
        with admin.begin() as superuser:
            superuser.execute(
                sa.text(f"update zixly.users set {change} where id = :u"), {"u": vera.user_id}
            )
    credentials = sign_in(email, password)
    assert bool(credentials) is (person == "known" and password == PASSWORD)
    assert len(checks) == 1
    assert _cost(checks[0].decode()) == _cost(_dear_hash())


@cache
def _dear_hash() -> str:
    """PASSWORD as the app hashes it."""
    with known_passwords.at_full_price():
        return passwords.hash_password(PASSWORD)


def _cost(password_hash: str) -> str:
    return password_hash.split("$")[2]


def test_during_a_wait_no_password_is_checked(vera: Identity, checks: list[bytes]) -> None:
    for email in (vera.email, "nobody@example.com"):
        for _ in range(5):
            sessions.record_failure(email, ON_THE_ROAD)
        with pytest.raises(TooManyAttempts):
            sign_in(email, PASSWORD)
    assert checks == []


def test_the_hash_for_unknown_people_is_nobody_s() -> None:
    for password in (PASSWORD, "", "password", sessions.DUMMY_HASH):
        assert not passwords.matches(password, sessions.DUMMY_HASH)


# ── tickets and cookies ─────────────────────────────────────────────────────────────────────────
def test_a_ticket_a_session_or_a_hash_taken_for_another_opens_nothing(vera: Identity) -> None:
    ticket = sessions.issue_ticket(account_of(vera), HOME)
    secret = browser_session(vera, HOME)
    with pytest.raises(SessionEnded):
        sessions.identify(ticket)
    with pytest.raises(SessionEnded):
        sessions.redeem_ticket(secret, HOME, "browser")
    for forged in (secret[:-1], secret + "x", secret.swapcase(), vera.session_id, "\0", "é" * 99):
        with pytest.raises(ZixlyError):
            sessions.identify(forged)
    assert sessions.identify(secret).user_id == vera.user_id
