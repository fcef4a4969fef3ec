"""One-time links for people who are not signed in: invitation, new password, set-up.

A link holds a random token; the database keeps its hash. Each works once and for a limited time.
Using a link returns a `sessions.Account`, for which a sign-in ticket can be issued.
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
from zixly_data.tables.tenants import TENANTS, OrganisationDraft
from zixly_data.values.names import parse_name


class LinkState(StrEnum):
    """The state of a link.

    UNKNOWN includes links that were mistyped or replaced by a later one.
    """

    OPEN = "OPEN"
    USED = "USED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Invitation:
    """The content of an invitation's link.

    The texts are empty if the link is unknown.
    """

    state: LinkState
    email: str = ""
    role: str = ""
    tenant_name: str = ""


@dataclass(frozen=True)
class ResetLink:
    """The content of a link for a new password.

    `email` is empty if the link is unknown.
    """

    state: LinkState
    email: str = ""


@dataclass(frozen=True)
class ResetRequest:
    """An active user's request for a new password: the recipient, and the link's token."""

    email: str
    full_name: str
    token: str = field(repr=False)


@dataclass(frozen=True)
class OrganisationSetup:
    """A new organisation and its first administrator, as entered."""

    organisation: OrganisationDraft
    email: str
    full_name: str
    password: str = field(repr=False)


def new_token() -> str:
    """Return a token of 256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def invitation(token: str) -> Invitation:
    """Look up an invitation without using it."""
    row = _one_row("select * from app_auth.invitation(:token)", token=token)
    if row is None:
        return Invitation(LinkState.UNKNOWN)
    return Invitation(LinkState(row.state), row.email, row.role, row.tenant_name)


def accept_invitation(token: str, full_name: str, password: str, address: str) -> Account:
    """Make the invited person a user with the given name and password.

    Raises LinkClosed, AlreadyExists (the address has an account, perhaps in another organisation),
    InvalidInput (name or password).
    """
    email = invitation(token).email
    return _account(
        "select * from app_auth.accept_invitation(:token, :name, :hash, :address)",
        token=token,
        name=parse_name(full_name, "full_name"),
        hash=passwords.hash_password(passwords.validate(password, email)),
        address=address,
    )


def request_reset(email: str, address: str) -> ResetRequest | None:
    """Create a link for a new password, valid for one hour, if `email` is an active user's.

    Returns None for anybody else, and after three requests within the hour. Callers show the same
    text in every case.
    """
    token = new_token()
    row = _one_row(
        "select * from app_auth.ask_reset(:email, :token, :address)",
        email=email.strip(),
        token=token,
        address=address,
    )
    return ResetRequest(row.email, row.full_name, token) if row else None


def reset_link(token: str) -> ResetLink:
    """Look up a link for a new password without using it."""
    row = _one_row("select * from app_auth.reset_link(:token)", token=token)
    return ResetLink(LinkState(row.state), row.email) if row else ResetLink(LinkState.UNKNOWN)


def reset_password(token: str, password: str, address: str) -> Account:
    """Set a new password for the user of a link, and end all their sessions.

    Raises LinkClosed, InvalidInput.
    """
    email = reset_link(token).email
    return _account(
        "select * from app_auth.reset_password(:token, :hash, :address)",
        token=token,
        hash=passwords.hash_password(passwords.validate(password, email)),
        address=address,
    )


def set_up_link(token: str) -> LinkState:
    """Return the state of a set-up link."""
    row = _one_row("select app_auth.set_up_link(:token) as state", token=token)
    return LinkState(row.state) if row is not None and row.state else LinkState.UNKNOWN


def set_up(token: str, founding: OrganisationSetup, address: str) -> Account:
    """Create the organisation and its first administrator, using up the link.

    Raises LinkClosed, InvalidInput.
    """
    organisation = TENANTS.values(founding.organisation)
    return _account(
        """
        select * from app_auth.set_up(
          :token, :tenant, :industry, :time_zone, :currency, :month, :email, :name, :hash, :address)
        """,
        token=token,
        tenant=organisation["name"],
        industry=organisation["industry"],
        time_zone=organisation["time_zone"],
        currency=organisation["reporting_currency"],
        month=organisation["financial_year_start_month"],
        email=founding.email.strip(),
        name=parse_name(founding.full_name, "full_name"),
        hash=passwords.hash_password(passwords.validate(founding.password, founding.email)),
        address=address,
    )


def open_set_up(admin_url: str) -> str | None:
    """Create a one-time set-up link, valid for 7 days, and return its token. For the operator.

    Returns None if an organisation exists. A later link replaces it.
    """
    token = new_token()
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as admin:
        opened = admin.execute(sa.text("select app_operator.open_set_up(:token)"), {"token": token})
        return token if opened.scalar_one() else None


def is_set_up_begun(admin_url: str) -> bool:
    """Return whether a set-up link was created, used or not. For the operator."""
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as admin:
        return bool(admin.execute(sa.text("select app_operator.set_up_begun()")).scalar_one())


def _account(statement: str, **parameters: Any) -> Account:
    with connection.sign_in_connection() as auth:
        row = auth.execute(sa.text(statement), parameters).one()
    return Account(row.tenant_id, row.user_id)


def _one_row(statement: str, **parameters: Any) -> sa.Row[Any] | None:
    with connection.sign_in_connection() as auth:
        return auth.execute(sa.text(statement), parameters).one_or_none()
