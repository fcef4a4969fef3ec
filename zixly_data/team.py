"""The team: who of the tenant may sign in, and as what. Reading is for ADMIN alone."""

from __future__ import annotations

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.connection import scoped
from zixly_data.frames import Frame, Instant, Text, fetch
from zixly_data.identity import Identity
from zixly_data.schema import users


class Members(Frame):
    """One row per user. `role` is ADMIN, EDITOR or VIEWER, `status` ACTIVE or INACTIVE."""

    id: Text
    full_name: Text
    email: Text
    role: Text
    status: Text
    created_at: Instant


def members(identity: Identity) -> DataFrame[Members]:
    """Everyone of the identity's tenant, the inactive too, ordered by name.

    Raises AccessDenied unless the identity is an ADMIN.
    """
    query = (
        sa.select(*(users.c[name] for name in Members.to_schema().columns))
        .where(users.c.tenant_id == identity.tenant_id)
        .order_by(sa.func.lower(users.c.full_name), users.c.id)
    )
    with scoped(identity) as connection:
        return fetch(connection, query, Members)
