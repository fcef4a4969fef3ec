"""Dismissals: findings that somebody marked as fine, with the reason. They can be restored.

A dismissal applies to one finding key (see `finding`) and to everybody of the tenant.
"""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.database import versioned_rows
from zixly_data.database.connection import scoped
from zixly_data.database.schema import finding_dismissals
from zixly_data.errors import InvalidInput, NotFound
from zixly_data.findings.definitions import KINDS
from zixly_data.identity import Identity
from zixly_data.values.names import parse_note

LONGEST_REASON = 500


def dismiss(
    identity: Identity, kind: str, client_kpi_id: str, subject: str, reason: str, *, row_id: str
) -> None:
    """Dismiss a finding with the id `row_id` (`ids.new_id("dis")`); a repeated call adds nothing.

    Raises AccessDenied unless EDITOR, InvalidInput (`reason` is missing or too long, or there is no
    such kind), AlreadyExists (somebody else dismissed it), NotFound (no such client).
    """
    if kind not in KINDS:
        raise InvalidInput("There is no such kind of finding.", field="kind")
    values = {
        "kind": kind,
        "client_kpi_id": client_kpi_id,
        "subject": subject,
        "reason": parse_reason(reason),
    }
    versioned_rows.add(identity, finding_dismissals, row_id, values)


def restore(identity: Identity, dismissal_id: str) -> None:
    """Restore a dismissed finding. Raises AccessDenied unless EDITOR, NotFound if not dismissed."""
    with scoped(identity) as connection:
        is_deleted = connection.execute(
            sa.delete(finding_dismissals).where(
                finding_dismissals.c.tenant_id == identity.tenant_id,
                finding_dismissals.c.id == dismissal_id,
            )
        ).rowcount
        if not is_deleted:
            raise NotFound(
                "This finding is no longer dismissed.", advice="You do not need to do anything."
            )


def parse_reason(text: str, field: str = "reason") -> str:
    """Parse the reason of a dismissal. Raises InvalidInput naming `field`."""
    reason = parse_note(text, field, LONGEST_REASON)
    if reason is None:
        raise InvalidInput("Enter a reason.", field=field)
    return reason
