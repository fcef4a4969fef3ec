"""Who is asking: the tenant, the user and the role, as plain frozen data.

Only `zixly_data.access.sessions.identify` makes an `Identity`, from a session's secret. It is
passed first to every data-access function. It grants nothing by itself: PostgreSQL looks the secret
up in every transaction and decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a member of the team may do. The order is the order of rights."""

    VIEWER = "VIEWER"
    EDITOR = "EDITOR"
    ADMIN = "ADMIN"

    def includes(self, needed: Role) -> bool:
        """Whether this role may do what `needed` may do."""
        order = list(Role)
        return order.index(self) >= order.index(needed)

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True)
class Identity:
    """One signed-in person. `secret` opens their session and never appears in repr or logs."""

    tenant_id: str
    user_id: str
    role: Role
    email: str
    full_name: str
    session_id: str
    secret: str = field(repr=False)
