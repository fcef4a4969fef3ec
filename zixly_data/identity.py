"""The identity of a signed-in user: tenant, user and role, as frozen data.

Only `zixly_data.access.sessions.identify` makes an `Identity`, from a session's secret. It is the
first argument of every data-access function. It grants nothing by itself: PostgreSQL verifies the
secret in every transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The role of a team member, in ascending order of rights."""

    VIEWER = "VIEWER"
    EDITOR = "EDITOR"
    ADMIN = "ADMIN"

    def includes(self, required: Role) -> bool:
        """Return whether this role has all rights of `required`."""
        order = list(Role)
        return order.index(self) >= order.index(required)

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True)
class Identity:
    """One signed-in user. `secret` opens their session and is kept out of repr and logs."""

    tenant_id: str
    user_id: str
    role: Role
    email: str
    full_name: str
    session_id: str
    secret: str = field(repr=False)
