"""Links that let somebody in who is not signed in: an invitation, a new password, a set-up.

A link holds a random token; the database keeps its hash. Each works once and for a limited time.
What the functions give back is an `auth.Account`, for which a sign-in ticket may be issued.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from zixly_data.access import passwords
from zixly_data.access.sessions import Account
from zixly_data.database import administration, connection, refusals
from zixly_data.values.currencies import parse_currency
from zixly_data.values.names import parse_name


class LinkState(StrEnum):
    """What a link is worth.

    UNKNOWN also where it was mistyped or replaced by a later one.
    """

    OPEN = "OPEN"
    USED = "USED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Invitation:
    """What an invitation's link says.

    The texts are empty where it is unknown.
    """

    state: LinkState
    email: str = ""
    role: str = ""
    tenant_name: str = ""


@dataclass(frozen=True)
class ResetLink:
    """What a link for a new password says.

    `email` is empty where it is unknown.
    """

    state: LinkState
    email: str = ""


@dataclass(frozen=True)
class Asked:
    """Somebody who asked for a new password and exists: whom to write to, and the link's token."""

    email: str
    full_name: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class Founding:
    """What a founder says about the organisation and about themselves."""

    tenant_name: str
    time_zone: str
    reporting_currency: str
    financial_year_start_month: int
    email: str
    full_name: str
    password: str = field(repr=False)


def new_token() -> str:
    """A token of 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def invitation(token: str) -> Invitation:
    """What this invitation is worth, without using it."""
    row = _one("select * from app_auth.invitation(:token)", token=token)
    if row is None:
        return Invitation(LinkState.UNKNOWN)
    return Invitation(LinkState(row.state), row.email, row.role, row.tenant_name)


def accept_invitation(token: str, full_name: str, password: str, address: str) -> Account:
    """Makes the invited person a user with a password of their own.

    Raises LinkClosed, AlreadyExists (the address has an account, maybe of another organisation),
    InvalidInput (name or password).
    """
    email = invitation(token).email
    return _account(
        "select * from app_auth.accept_invitation(:token, :name, :hash, :address)",
        token=token,
        name=parse_name(full_name, "full_name"),
        hash=passwords.hashed(passwords.checked(password, email)),
        address=address,
    )


def ask_reset(email: str, address: str) -> Asked | None:
    """A link for a new password, one hour, for an active user; None for anybody else, and where
    three were asked for within the hour.

    The caller says the same in every case.
    """
    token = new_token()
    row = _one(
        "select * from app_auth.ask_reset(:email, :token, :address)",
        email=email.strip(),
        token=token,
        address=address,
    )
    return Asked(row.email, row.full_name, token) if row else None


def reset_link(token: str) -> ResetLink:
    """What this link is worth, without using it."""
    row = _one("select * from app_auth.reset_link(:token)", token=token)
    return ResetLink(LinkState(row.state), row.email) if row else ResetLink(LinkState.UNKNOWN)


def reset_password(token: str, password: str, address: str) -> Account:
    """Sets the password a link stands for; every session of its user ends.

    Raises LinkClosed, InvalidInput.
    """
    email = reset_link(token).email
    return _account(
        "select * from app_auth.reset_password(:token, :hash, :address)",
        token=token,
        hash=passwords.hashed(passwords.checked(password, email)),
        address=address,
    )


def set_up_link(token: str) -> LinkState:
    """What a set-up link is worth."""
    row = _one("select app_auth.set_up_link(:token) as state", token=token)
    return LinkState(row.state) if row is not None and row.state else LinkState.UNKNOWN


def set_up(token: str, founding: Founding, address: str) -> Account:
    """Makes the organisation and its first administrator; the link dies.

    Raises LinkClosed, InvalidInput, NotFound (the time zone).
    """
    return _account(
        """Select * from app_auth.set_up( :token, :tenant, :time_zone, :currency, :month, :email,
        :name, :hash, :address)""",
        token=token,
        tenant=parse_name(founding.tenant_name, "tenant_name"),
        time_zone=founding.time_zone,
        currency=parse_currency(founding.reporting_currency),
        month=founding.financial_year_start_month,
        email=founding.email.strip(),
        name=parse_name(founding.full_name, "full_name"),
        hash=passwords.hashed(passwords.checked(founding.password, founding.email)),
        address=address,
    )


def open_set_up(admin_url: str) -> str | None:
    """For the operator: the token of a one-time set-up link, 7 days; None where an organisation
    exists.

    A later one replaces it.
    """
    token = new_token()
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as admin:
        opened = admin.execute(sa.text("select app_operator.open_set_up(:token)"), {"token": token})
        return token if opened.scalar_one() else None


def _account(statement: str, **parameters: Any) -> Account:
    with connection.sign_in_connection() as auth:
        row = auth.execute(sa.text(statement), parameters).one()
    return Account(row.tenant_id, row.user_id)


def _one(statement: str, **parameters: Any) -> sa.Row[Any] | None:
    with connection.sign_in_connection() as auth:
        return auth.execute(sa.text(statement), parameters).one_or_none()
