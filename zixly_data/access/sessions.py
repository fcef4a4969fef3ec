"""Sessions: sign-in from password to session, and from a session's secret to an `Identity`.

A session is an opaque random secret; the database keeps its hash. Signing in uses a separate login
that may call the sign-in functions and read no table.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import sqlalchemy as sa

from zixly_data.database import connection
from zixly_data.identity import Identity
from zixly_data.settings import settings

# The hash of a discarded random password, checked for an unknown address, so that it takes as long
# as a user's. A constant, as computing it takes as long as checking a password.
DUMMY_HASH = "$2b$12$uyxpLFtK5PUwKRPHJwW5eewGR36J763HnCb0lNzlBdnARc2hFJmXy"


@dataclass(frozen=True)
class Account:
    """A user authenticated by a password or a link, for whom a sign-in ticket is issued."""

    tenant_id: str
    user_id: str


@dataclass(frozen=True)
class Credentials(Account):
    """The data of an active user that the password check needs."""

    email: str
    full_name: str
    password_hash: str = field(repr=False)


def credentials(email: str, address: str) -> Credentials | None:
    """Return the active user with this email, ignoring case; None if there is none.

    Raises TooManyAttempts while too many attempts from this address have failed.
    """
    with connection.sign_in_connection() as auth:
        row = auth.execute(
            sa.text("select * from app_auth.credentials(:email, :address)"),
            {"email": email.strip(), "address": address},
        ).one_or_none()
    return Credentials(**row._mapping) if row else None


def record_failure(email: str, address: str) -> None:
    """Record a failed attempt, to limit the rate of guesses."""
    with connection.sign_in_connection() as auth:
        auth.execute(
            sa.text("select app_auth.record_failure(:email, :address)"),
            {"email": email.strip(), "address": address},
        )


def issue_ticket(account: Account, address: str) -> str:
    """Issue a single-use ticket, valid for 30 seconds, after password and second factor."""
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
    """Open the session of a ticket; return the session's secret.

    Raises SessionEnded if the ticket is unknown, used or older than 30 seconds.
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
    """Return the identity of this secret's session, and keep the session from going idle.

    Raises SessionEnded if it is unknown, expired or revoked, or its user inactive.
    """
    return connection.identify(secret)


def end_session(secret: str) -> None:
    """End the session of the secret. An unknown secret is no error."""
    with connection.unscoped() as app:
        app.execute(sa.text("select app.end_session(:secret)"), {"secret": secret})
