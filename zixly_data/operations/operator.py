"""The server operator's work for tenants: creating them, adding users, opening sessions as a user.

Every function takes an administrator's address of the database; the app's logins have no right to
any of this.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.access import passwords, sessions
from zixly_data.database import administration, refusals
from zixly_data.errors import NotFound, SignInRefused
from zixly_data.identity import Identity, Role
from zixly_data.tables.tenants import TENANTS, OrganisationDraft
from zixly_data.values import time_zones
from zixly_data.values.frames import Frame, Text, fetch, nullable


class Tenants(Frame):
    """One row per tenant."""

    id: Text
    name: Text
    industry: Text = nullable
    time_zone: Text
    reporting_currency: Text


class Users(Frame):
    """One row per user of every tenant."""

    tenant_id: Text
    tenant_name: Text
    email: Text
    full_name: Text
    role: Text
    status: Text


def create_tenant(
    admin_url: str,
    tenant_id: str,
    name: str,
    *,
    industry: str | None = None,
    time_zone: str = time_zones.DEFAULT,
    currency: str = "AUD",
) -> None:
    """Create a tenant with the default lead stages. Raises AlreadyExists, InvalidInput."""
    organisation = TENANTS.values(OrganisationDraft(name, industry, time_zone, currency))
    _call(
        admin_url,
        "select app_operator.create_tenant(:id, :name, :industry, :time_zone, :currency)",
        id=tenant_id,
        name=organisation["name"],
        industry=organisation["industry"],
        time_zone=organisation["time_zone"],
        currency=organisation["reporting_currency"],
    )


def add_user(
    admin_url: str,
    tenant_id: str,
    email: str,
    full_name: str,
    role: Role,
    password: str | None = None,
) -> None:
    """Add a user; without `password` they cannot sign in until one is set.

    Raises AlreadyExists (the email is taken, in any tenant), InvalidInput, NotFound (no tenant).
    """
    _call(
        admin_url,
        "select app_operator.add_user(:tenant_id, :email, :full_name, :role, :hash)",
        tenant_id=tenant_id,
        email=email,
        full_name=full_name,
        role=role,
        hash=passwords.hash_password(password) if password is not None else None,
    )


def list_tenants(admin_url: str) -> DataFrame[Tenants]:
    """Return all tenants, ordered by id."""
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as admin:
        query = sa.text("select * from app_operator.list_tenants() order by id")
        return fetch(admin, query, Tenants)


def list_users(admin_url: str) -> DataFrame[Users]:
    """Return the users of all tenants, ordered by tenant and email."""
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as admin:
        query = sa.text("select * from app_operator.list_users() order by tenant_id, email")
        return fetch(admin, query, Users)


def open_session(admin_url: str, email: str) -> Identity:
    """Open a session of one hour as the user `email`, for the command line.

    Needs the operator's credentials. Raises SignInRefused for an unknown or inactive user.
    """
    secret = secrets.token_urlsafe(32)
    if not _call(
        admin_url, "select app_operator.open_session(:email, :secret)", email=email, secret=secret
    ):
        raise SignInRefused(
            f"There is no active user with the email address {email}.",
            advice="List the users with: python -m zixly_data user list",
        )
    return sessions.identify(secret)


def set_password(admin_url: str, email: str, password: str) -> None:
    """Set a user's password and end their sessions.

    Raises NotFound for an unknown user.
    """
    if not _call(
        admin_url,
        "select app_operator.set_password(:email, :hash)",
        email=email,
        hash=passwords.hash_password(password),
    ):
        raise NotFound(f"There is no user with the email address {email}.")


def _call(admin_url: str, statement: str, **parameters: object) -> object:
    engine = administration.admin_engine(admin_url)
    with refusals.translate_errors(), engine.begin() as admin:
        return admin.execute(sa.text(statement), parameters).scalar_one()
