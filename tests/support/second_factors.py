"""Shared by tests of second factors: people who sign in with one, and a clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace

import pyotp
import pytest

from zixly_data.access import second_factor, sessions
from zixly_data.access.sessions import Account
from zixly_data.identity import Identity

HERE = "203.0.113.7"
STEP = 30


@dataclass
class Clock:
    """The time that second factors use; moved by the test."""

    now: float = field(default=1_800_000_000.0)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        monkeypatch.setattr(second_factor, "time", SimpleNamespace(time=lambda: self.now))
        return self


@dataclass(frozen=True)
class Phone:
    """An authenticator app that knows one secret."""

    secret: str
    clock: Clock

    def code(self, steps: int = 0) -> str:
        """The code the app shows now, or so many half minutes later."""
        return str(pyotp.TOTP(self.secret).at(int(self.clock.now) + steps * STEP))


def account_of(identity: Identity) -> Account:
    return Account(identity.tenant_id, identity.user_id)


def browser_session(identity: Identity, address: str = HERE) -> str:
    """Signs in as a browser does with the correct password; returns the session's secret."""
    ticket = sessions.issue_ticket(account_of(identity), address)
    return sessions.redeem_ticket(ticket, address, "Mozilla/5.0 Firefox/140.0")


def enrol(session_secret: str, clock: Clock) -> tuple[Phone, list[str]]:
    """Sets up a second factor, and lets its current code expire."""
    phone = Phone(second_factor.begin(session_secret).secret, clock)
    codes = second_factor.confirm(session_secret, phone.code())
    clock.now += 10 * STEP
    return phone, codes
