"""The team: the users of a tenant, their roles and status.

For ADMIN alone. Changes of role and status take effect at the user's next transaction. The
database prevents the last active ADMIN from being demoted, deactivated or deleted.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.access import one_time_links
from zixly_data.database.connection import reporting, scoped
from zixly_data.database.schema import password_resets, second_factors, users
from zixly_data.errors import Conflict, NotConfirmed, NotFound
from zixly_data.identity import Identity, Role
from zixly_data.people import archive
from zixly_data.values.frames import Flag, Frame, Instant, Text, fetch


class Members(Frame):
    """One row per user.

    `role` is ADMIN, EDITOR or VIEWER, `status` ACTIVE or INACTIVE.
    """

    id: Text
    full_name: Text
    email: Text
    role: Text
    status: Text
    second_factor: Flag
    created_at: Instant


def members(identity: Identity) -> DataFrame[Members]:
    """Return all users of the identity's tenant, inactive ones included, ordered by name.

    Raises AccessDenied unless the identity is an ADMIN.
    """
    has_factor = (
        sa.select(second_factors.c.id)
        .where(
            second_factors.c.tenant_id == users.c.tenant_id,
            second_factors.c.user_id == users.c.id,
        )
        .exists()
        .label("second_factor")
    )
    columns = [
        has_factor if name == "second_factor" else users.c[name]
        for name in Members.to_schema().columns
    ]
    query = (
        sa.select(*columns)
        .where(users.c.tenant_id == identity.tenant_id)
        .order_by(sa.func.lower(users.c.full_name), users.c.id)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, Members)


def find(identity: Identity, email: str) -> str:
    """Return the id of the member with this email address, ignoring case.

    Raises AccessDenied, NotFound.
    """
    query = sa.select(users.c.id).where(
        users.c.tenant_id == identity.tenant_id,
        sa.func.lower(users.c.email) == email.strip().lower(),
    )
    with scoped(identity) as connection:
        user_id = connection.execute(query).scalar_one_or_none()
    if user_id is None:
        raise NotFound(f"Nobody in your team has the email address {email}.")
    return str(user_id)


def change_role(identity: Identity, user_id: str, role: Role, *, seen: Role | None = None) -> None:
    """Change a member's role.

    `seen` is the role shown when the new one was chosen. Raises Conflict with the present Role if
    somebody else has changed it since, AccessDenied, NotFound, LastAdmin.
    """
    with scoped(identity) as connection:
        present = connection.execute(
            sa.select(users.c.role)
            .where(users.c.tenant_id == identity.tenant_id, users.c.id == user_id)
            .with_for_update()
        ).scalar_one_or_none()
        if present is not None and seen is not None and present not in (seen, role):
            raise Conflict(
                "Someone else changed this person's role in the meantime.", current=Role(present)
            )
        _change(connection, identity, user_id, role=role.value)


def deactivate(identity: Identity, user_id: str) -> None:
    """Sign a member out everywhere and prevent them from signing in.

    Raises AccessDenied, NotFound, LastAdmin.
    """
    with scoped(identity) as connection:
        _change(connection, identity, user_id, status="INACTIVE")


def reactivate(identity: Identity, user_id: str) -> None:
    """Let a member sign in again with their previous password.

    Raises AccessDenied, NotFound.
    """
    with scoped(identity) as connection:
        _change(connection, identity, user_id, status="ACTIVE")


def delete(identity: Identity, user_id: str, typed_email: str, folder: Path) -> Path:
    """Delete a member and free their address; return the path of their archived audit entries.

    The archive is written to `folder` and synced to disk before anything is deleted. The entries
    also stay on the trail. Raises NotConfirmed unless `typed_email` is the member's address,
    AccessDenied, NotFound, LastAdmin; then nothing is deleted and no archive remains.
    """
    with scoped(identity) as connection:
        is_member = (users.c.tenant_id == identity.tenant_id, users.c.id == user_id)
        email = connection.execute(
            sa.select(users.c.email).where(*is_member).with_for_update()
        ).scalar_one_or_none()
        if email is None:
            raise NotFound("This person is no longer in your team.")
        if typed_email.strip().lower() != email.lower():
            raise NotConfirmed(
                "The address you typed does not match this person's address.",
                advice="Type it exactly as shown.",
            )
        with archive.archive_entries(connection, identity, user_id, folder) as archive_path:
            connection.execute(sa.delete(users).where(*is_member))
    return archive_path


def reset_link(identity: Identity, user_id: str) -> str:
    """Create a link to set a member's new password, valid for a day; return its token.

    Raises AccessDenied, NotFound.
    """
    token = one_time_links.new_token()
    with scoped(identity) as connection:
        connection.execute(
            sa.insert(password_resets).values(
                user_id=user_id,
                token_hash=sa.func.sha256(sa.func.convert_to(token, "UTF8")),
            )
        )
    return token


def remove_second_factor(identity: Identity, user_id: str) -> None:
    """Switch a member's second factor off, for example after they lost their phone.

    Raises AccessDenied, NotFound.
    """
    with scoped(identity) as connection:
        removed = connection.execute(
            sa.text("select app.remove_second_factor_of(:user_id)"), {"user_id": user_id}
        ).scalar_one()
        if not removed:
            raise NotFound("This person does not use two-step sign-in.")


def _change(connection: Connection, identity: Identity, user_id: str, **values: str) -> None:
    changed = connection.execute(
        sa.update(users)
        .where(users.c.tenant_id == identity.tenant_id, users.c.id == user_id)
        .values(**values)
    ).rowcount
    if not changed:
        raise NotFound("This person is no longer in your team.")
