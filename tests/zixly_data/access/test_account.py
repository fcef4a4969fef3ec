"""My account: changing the password, listing and ending sessions, and its texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import known_passwords
from tests.support.second_factors import HERE, browser_session
from zixly_data.access import account, passwords, sessions
from zixly_data.database.connection import Database
from zixly_data.errors import InvalidInput, NotFound, SessionEnded, TooManyAttempts
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_ui.account import account_text, second_factor_setup
from zixly_ui.account.devices import device

ELSEWHERE = "198.51.100.9"
OLD, NEW = "four words make passwords", "another four words entirely"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


@pytest.fixture
def vera(team: Team, database: Database) -> Identity:
    """Signed in with one browser; her password is OLD."""
    known_passwords.give(database.logins.admin_url, team.viewer.email, OLD)
    return replace(team.viewer, secret=browser_session(team.viewer))


# ── the password ────────────────────────────────────────────────────────────────────────────────
def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(vera: Identity) -> None:
    elsewhere = browser_session(vera, ELSEWHERE)
    account.change_password(vera, OLD, NEW, HERE)
    assert sessions.identify(vera.secret).user_id == vera.user_id
    with pytest.raises(SessionEnded):
        sessions.identify(elsewhere)
    credentials = sessions.credentials(vera.email, ELSEWHERE)
    assert credentials is not None
    assert passwords.matches(NEW, credentials.password_hash)
    assert not passwords.matches(OLD, credentials.password_hash)


def test_the_old_password_is_asked_and_guessing_it_is_slowed(vera: Identity) -> None:
    for _ in range(5):
        with pytest.raises(InvalidInput) as wrong:
            account.change_password(vera, "not the old one", NEW, HERE)
        assert wrong.value.field == "old"
    with pytest.raises(TooManyAttempts):
        account.change_password(vera, OLD, NEW, HERE)
    account.change_password(vera, OLD, NEW, ELSEWHERE)


@pytest.mark.parametrize("bad", ["short", "password1234", "x" * 129])
def test_a_password_against_the_rules_changes_nothing(vera: Identity, bad: str) -> None:
    elsewhere = browser_session(vera, ELSEWHERE)
    with pytest.raises(InvalidInput) as wrong:
        account.change_password(vera, OLD, bad, HERE)
    assert wrong.value.field == "password"
    assert sessions.identify(elsewhere)
    account.check_password(vera, OLD, HERE)


# ── sessions ────────────────────────────────────────────────────────────────────────────────────
def test_people_see_their_own_sessions_and_the_current_one(team: Team, vera: Identity) -> None:
    browser_session(vera, ELSEWHERE)
    browser_session(team.admin)
    own_sessions = account.sessions(vera)
    assert list(own_sessions["address"]) == [HERE, ELSEWHERE]
    assert list(own_sessions["is_this"]) == [True, False]
    assert set(own_sessions["user_agent"]) == {"Mozilla/5.0 Firefox/140.0"}


def test_people_can_end_only_their_own_sessions(team: Team, vera: Identity) -> None:
    elsewhere = browser_session(vera, ELSEWHERE)
    browser_session(team.admin)
    of_admin = account.sessions(team.admin)["id"].iloc[0]
    with pytest.raises(NotFound):
        account.end_session(vera, of_admin)
    assert sessions.identify(team.admin.secret)
    session_id = account.sessions(vera)["id"].iloc[1]
    account.end_session(vera, session_id)
    with pytest.raises(SessionEnded):
        sessions.identify(elsewhere)
    with pytest.raises(NotFound):
        account.end_session(vera, session_id)


def test_commands_that_the_operator_runs_as_somebody_are_no_device_of_theirs(
    vera: Identity, database: Database
) -> None:
    by_operator = operator.open_session(database.logins.admin_url, vera.email)
    assert list(account.sessions(vera)["is_this"]) == [True]
    assert account.end_other_sessions(vera) == 0
    assert sessions.identify(by_operator.secret), "the command goes on to its end"
    browser_session(vera, ELSEWHERE)
    assert len(account.sessions(vera)) == 2


def test_ending_all_others_leaves_this_one(vera: Identity, admin: sa.Engine) -> None:
    others = [browser_session(vera, ELSEWHERE) for _ in range(3)]
    assert account.end_other_sessions(vera) == 3
    assert account.end_other_sessions(vera) == 0
    assert list(account.sessions(vera)["is_this"]) == [True]
    for ended in others:
        with pytest.raises(SessionEnded):
            sessions.identify(ended)
    with admin.connect() as superuser:
        noted = superuser.execute(
            sa.text("select count(*) from zixly.audit_log where action = 'SESSION_ENDED'"
                    " and user_id = :u"), {"u": vera.user_id},
        )  # fmt: skip
        assert noted.scalar_one() == 3


def test_an_expired_session_is_not_listed(vera: Identity, admin: sa.Engine) -> None:
    browser_session(vera, ELSEWHERE)
    with admin.begin() as superuser:
        superuser.execute(
            sa.text("update zixly.sessions set last_seen_at = now() - interval '13 hours'"
                    " where user_id = :u and address = :a"), {"u": vera.user_id, "a": ELSEWHERE},
        )  # fmt: skip
    assert list(account.sessions(vera)["address"]) == [HERE]


# ── the words ───────────────────────────────────────────────────────────────────────────────────
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        (f"{WINDOWS} Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        (f"{WINDOWS} Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0", "Opera on Windows"),
        (f"{MAC} Version/18.5 Safari/605.1.15", "Safari on a Mac"),
        (f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1", "Safari on an iPhone"),
        (f"{IPHONE} CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome on an iPhone"),
        (f"{IPHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "Firefox on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
         "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 15; SM-S921B) SamsungBrowser/28.0 Chrome/130.0 Safari/537",
         "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; CrOS x86_64 16093) Chrome/140.0 Safari/537.36",
         "Chrome on a Chromebook"),
        ("curl/8.5.0", "Unknown browser"),
        ("Something (Windows NT 10.0)", "Unknown browser on Windows"),
        ("", "Unknown browser"),
        (None, "Unknown browser"),
    ],
)  # fmt: skip
def test_a_browser_in_words(agent: str | None, text: str) -> None:
    assert device(agent) == text


@pytest.mark.parametrize(
    ("ago", "text"),
    [
        (timedelta(seconds=90), "Active now"),
        (timedelta(minutes=2), "2 minutes ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=2), "Today at 8:05"),
        (timedelta(hours=11), "21 Nov 2026 at 23:05"),
    ],
)
def test_when_a_session_was_last_used(ago: timedelta, text: str) -> None:
    brisbane = ZoneInfo("Australia/Brisbane")
    now = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)  # 10:05 in Brisbane
    assert account_text.last_seen(now - ago, now, brisbane) == text


def test_the_browser_s_time_zone_counts_where_it_is_one() -> None:
    assert account_text.zone_of("Pacific/Auckland", "Australia/Perth").key == "Pacific/Auckland"
    for odd in (None, "", "Mars/Olympus", "../etc/passwd", "Etc/Unknown"):
        assert account_text.zone_of(odd, "Australia/Perth").key == "Australia/Perth"


def test_the_answer_describes_the_security_of_the_account() -> None:
    assert account_text.headline_text(1, False) == (
        "You are signed in on this device only. Two-step sign-in is off."
    )
    assert "2 devices. Two-step sign-in is on." in account_text.headline_text(2, True)
    assert account_text.codes_left(10) == "10 recovery codes left."
    assert "Set up again" in account_text.codes_left(1)
    assert account_text.codes_left(0).startswith("No recovery codes left.")


def test_the_square_is_dark_on_white_with_a_margin_and_the_key_can_be_typed() -> None:
    picture = unquote(
        second_factor_setup.qr_code("otpauth://totp/Zixly:vera?secret=ABCD&issuer=Zixly")
    )
    assert picture.startswith("data:image/svg+xml")
    assert "#fff" in picture
    assert "#1c2430" in picture
    assert "M4 4.5" in picture, "the first module stands after a margin of four"
    assert second_factor_setup.group_in_fours("ABCDEFGHIJ") == "ABCD EFGH IJ"
    assert second_factor_setup.codes_file(["aaaa-bbbb", "cccc-dddd"]).splitlines()[2:] == [
        "aaaa-bbbb",
        "cccc-dddd",
    ]
