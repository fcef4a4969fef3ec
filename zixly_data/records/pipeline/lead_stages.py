"""The stages that events count at: that of a recorded stage is the stage itself."""

from __future__ import annotations

import sqlalchemy as sa

from zixly_data.database.schema import lead_stages
from zixly_data.identity import Identity


def effective_stages(identity: Identity) -> sa.Subquery:
    """Return one row per stage as recorded on events, with the stage that it counts as.

    Columns: stage, effective_id, effective_stage, position, status.
    """
    return (
        sa.select(
            lead_stages.c.stage,
            lead_stages.c.id.label("effective_id"),
            lead_stages.c.stage.label("effective_stage"),
            lead_stages.c.position,
            lead_stages.c.status,
        )
        .where(lead_stages.c.tenant_id == identity.tenant_id)
        .subquery("effective_stages")
    )
