"""Signing in and out: from a password to a session, from a session's secret to an `Identity`.

A session is an opaque random secret; the database keeps its hash. Signing in uses a login of its
own that may call these functions and read no table.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import sqlalchemy as sa

from zixly_data.database import connection
from zixly_data.identity import Identity
from zixly_data.settings import settings

# The hash of a random password that was thrown away: an unknown address takes as long as a known
# one. Made once and for all, for making it takes as long as checking a password.
DUMMY_HASH = "$2b$12$uyxpLFtK5PUwKRPHJwW5eewGR36J763HnCb0lNzlBdnARc2hFJmXy"


@dataclass(frozen=True)
class Account:
    """One user, found by a password or a link: what a sign-in ticket is issued for."""

    tenant_id: str
    user_id: str


@dataclass(frozen=True)
class Credentials(Account):
    """What the password check needs to know of one active user."""

    email: str
    full_name: str
    password_hash: str = field(repr=False)


def credentials(email: str, address: str) -> Credentials | None:
    """The active user with this email, compared without case; None for anyone else.

    Raises TooManyAttempts while too many attempts from this address have failed.
    """
    with connection.sign_in_connection() as auth:
        row = auth.execute(
            sa.text("select * from app_auth.credentials(:email, :address)"),
            {"email": email.strip(), "address": address},
        ).one_or_none()
    return Credentials(**row._mapping) if row else None


def record_failure(email: str, address: str) -> None:
    """Remembers a failed attempt, so that guessing becomes slow."""
    with connection.sign_in_connection() as auth:
        auth.execute(
            sa.text("select app_auth.record_failure(:email, :address)"),
            {"email": email.strip(), "address": address},
        )


def issue_ticket(account: Account, address: str) -> str:
    """A single-use ticket of 30 seconds, once password and second factor were right."""
    ticket = secrets.token_urlsafe(32)
    with connection.sign_in_connection() as auth:
        auth.execute(
            sa.text("select app_auth.issue_ticket(:tenant_id, :user_id, :ticket, :address)"),
            {
                "tenant_id": account.tenant_id,
                "user_id": account.user_id,
                "ticket": ticket,
                "address": address,
            },
        )
    return ticket


def redeem_ticket(ticket: str, address: str, user_agent: str) -> str:
    """Opens the session a ticket stands for; returns its secret.

    Raises SessionEnded when the ticket is unknown, used or older than 30 seconds.
    """
    secret = secrets.token_urlsafe(32)
    with connection.sign_in_connection() as auth:
        auth.execute(
            sa.text("""
                select app_auth.redeem_ticket(
                  :ticket, :secret, :address, :user_agent, :idle, :life)
            """),
            {
                "ticket": ticket,
                "secret": secret,
                "address": address,
                "user_agent": user_agent,
                "idle": settings().session_idle,
                "life": settings().session_life,
            },
        )
    return secret


def identify(secret: str) -> Identity:
    """Whose session this secret opens. Keeps the session from going idle.

    Raises SessionEnded when it is unknown, expired or revoked, or its user inactive.
    """
    return connection.identify(secret)


def end_session(secret: str) -> None:
    """Signs out: the secret opens nothing any more. An unknown one is no error."""
    with connection.unscoped() as app:
        app.execute(sa.text("select app.end_session(:secret)"), {"secret": secret})
