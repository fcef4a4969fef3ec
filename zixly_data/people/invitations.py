"""Invitations into the team: an ADMIN enters an address and a role, the person their password.

The link's token is shown or mailed once and stored only as a hash. It works once, for 7 days.
"""

from __future__ import annotations

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.access import one_time_links
from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import invitations, users
from zixly_data.errors import AlreadyExists, NotFound
from zixly_data.identity import Identity, Role
from zixly_data.values.frames import Frame, Instant, Text, fetch


class Invitations(Frame):
    """One row per invitation that is neither accepted nor withdrawn, the latest first.

    `state` is OPEN or EXPIRED.
    """

    id: Text
    email: Text
    role: Text
    state: Text
    invited_by: Text
    expires_at: Instant
    created_at: Instant


def pending(identity: Identity) -> DataFrame[Invitations]:
    """Return the invitations neither accepted nor withdrawn.

    `invited_by` is a name. Raises AccessDenied unless ADMIN.
    """
    state = sa.case((_is_within_its_life(), "OPEN"), else_="EXPIRED")
    query = (
        sa.select(
            invitations.c.id,
            invitations.c.email,
            invitations.c.role,
            state.label("state"),
            sa.func.coalesce(users.c.full_name, "").label("invited_by"),
            invitations.c.expires_at,
            invitations.c.created_at,
        )
        .select_from(
            invitations.outerjoin(
                users,
                sa.and_(
                    users.c.tenant_id == invitations.c.tenant_id,
                    users.c.id == invitations.c.invited_by,
                ),
            )
        )
        .where(
            invitations.c.tenant_id == identity.tenant_id,
            invitations.c.accepted_at.is_(None),
            invitations.c.withdrawn_at.is_(None),
        )
        .order_by(invitations.c.created_at.desc(), invitations.c.id)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, Invitations)


def invite(identity: Identity, email: str, role: Role, *, row_id: str) -> str:
    """Invite a person; return the link's token, which cannot be retrieved again.

    `row_id` is the id generated when the form was opened (`ids.new_id("inv")`). Raises AccessDenied
    unless ADMIN, AlreadyExists (a member, or invited already), InvalidInput.
    """
    token = one_time_links.new_token()
    with scoped(identity) as connection:
        member = sa.select(users.c.id).where(
            users.c.tenant_id == identity.tenant_id,
            sa.func.lower(users.c.email) == email.strip().lower(),
        )
        if connection.execute(member).first():
            raise AlreadyExists("This person is already in your team.", field="email")
        connection.execute(
            sa.insert(invitations).values(
                id=row_id, email=email.strip(), role=role.value, token_hash=_hash(token)
            )
        )
    return token


def send_again(identity: Identity, invitation_id: str) -> tuple[str, str]:
    """Replace an invitation's link by a new one for another 7 days; return address and token.

    Raises NotFound if it was accepted or withdrawn, AccessDenied unless ADMIN.
    """
    token = one_time_links.new_token()
    with scoped(identity) as connection:
        email = connection.execute(
            sa.update(invitations)
            .where(*_is_open(identity, invitation_id))
            .values(
                token_hash=_hash(token), expires_at=sa.func.now() + sa.text("interval '7 days'")
            )
            .returning(invitations.c.email)
        ).scalar_one_or_none()
        if email is None:
            raise NotFound("This invitation has been accepted or withdrawn.")
    return str(email), token


def withdraw(identity: Identity, invitation_id: str) -> None:
    """Withdraw an invitation, so that its link stops working.

    Raises NotFound if it was accepted or withdrawn already, AccessDenied unless ADMIN.
    """
    with scoped(identity) as connection:
        withdrawn = connection.execute(
            sa.update(invitations)
            .where(*_is_open(identity, invitation_id))
            .values(withdrawn_at=sa.func.now())
        ).rowcount
        if not withdrawn:
            raise NotFound("This invitation has been accepted or withdrawn.")


def _is_open(identity: Identity, invitation_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        invitations.c.tenant_id == identity.tenant_id,
        invitations.c.id == invitation_id,
        invitations.c.accepted_at.is_(None),
        invitations.c.withdrawn_at.is_(None),
    )


def _is_within_its_life() -> sa.ColumnElement[bool]:
    """Return whether the link still works: as `app_auth.invitation`, also after a wrong clock."""
    return invitations.c.expires_at.between(
        sa.func.now(), sa.func.now() + sa.text("interval '8 days'")
    )


def _hash(token: str) -> sa.ColumnElement[bytes]:
    return sa.func.sha256(sa.func.convert_to(token, "UTF8"))
