"""Stages: the steps of a lead in their order, and what the events of each count as.

A stage is open, won or lost, and stays so once it has an event. Renaming it renames it in its
events. Nothing is deleted:

retired   takes no new events; those it has still count at it
merged    retired, and its events count at another stage of the same status (`effective_stages`)
restored  takes events again, and counts as itself

`stage_changes` writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reading, reporting
from zixly_data.database.schema import lead_events, lead_stages
from zixly_data.errors import NotFound
from zixly_data.identity import Identity
from zixly_data.tables.lead_stages import LeadStageDraft
from zixly_data.values.frames import Count, Frame, Instant, Text, fetch, nullable


class LeadStages(Frame):
    """One row per stage of the tenant, in their order. `status` is OPEN, WON or LOST.

    `retired_at` is null for a stage that takes events. `merged_into` is the id of the stage that
    it counts as, `merged_stage` its name; null if it counts as itself.
    """

    id: Text
    stage: Text
    position: Count
    status: Text
    retired_at: Instant = nullable
    merged_into: Text = nullable
    merged_stage: Text = nullable
    version: Count


class LeadStagesWithEvents(LeadStages):
    """The rows of `LeadStages`; `events` counts those recorded at the stage itself."""

    events: Count


@dataclass(frozen=True)
class LeadStage(LeadStageDraft):
    """A stored stage. `version` counts its changes."""

    id: str = ""
    position: int = 0
    retired_at: datetime | None = None
    merged_into: str | None = None
    version: int = 0


def list_stages(identity: Identity) -> DataFrame[LeadStages]:
    """Return the tenant's stages: one row each, ordered by position."""
    with reporting(identity) as connection:
        return fetch(connection, stages_query(identity), LeadStages)


def list_with_events(identity: Identity) -> DataFrame[LeadStagesWithEvents]:
    """Return the rows of `list_stages`, each with the number of its events."""
    counts = (
        sa.select(lead_events.c.stage, sa.func.count().label("events"))
        .where(lead_events.c.tenant_id == identity.tenant_id)
        .group_by(lead_events.c.stage)
        .subquery("counts")
    )
    stages = stages_query(identity).subquery("stages")
    query = (
        sa.select(*stages.c, sa.func.coalesce(counts.c.events, 0).label("events"))
        .select_from(stages.outerjoin(counts, counts.c.stage == stages.c.stage))
        .order_by(stages.c.position, stages.c.id)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, LeadStagesWithEvents)


def effective_stages(identity: Identity) -> sa.Subquery:
    """Return one row per `stage` as events record it, with what its events count as.

    Columns: stage; effective_id, effective_stage and position of the stage that it counts as, which
    is itself unless it was merged; status.
    """
    recorded, target = lead_stages.alias("recorded"), lead_stages.alias("target")
    is_target = sa.and_(
        target.c.tenant_id == recorded.c.tenant_id, target.c.id == recorded.c.merged_into
    )
    return (
        sa.select(
            recorded.c.stage,
            sa.func.coalesce(target.c.id, recorded.c.id).label("effective_id"),
            sa.func.coalesce(target.c.stage, recorded.c.stage).label("effective_stage"),
            sa.func.coalesce(target.c.position, recorded.c.position).label("position"),
            recorded.c.status,
        )
        .select_from(recorded.outerjoin(target, is_target))
        .where(recorded.c.tenant_id == identity.tenant_id)
        .subquery("effective_stages")
    )


def get(identity: Identity, stage_id: str) -> LeadStage:
    """Return one stage. Raises NotFound, also for a stage of another tenant."""
    return versioned_rows.get(identity, *current(identity, stage_id))


def find(identity: Identity, name: str) -> LeadStage:
    """Return the stage with this name, of any case if no other one has it. Raises NotFound."""
    query = sa.select(lead_stages.c.id, lead_stages.c.stage).where(
        lead_stages.c.tenant_id == identity.tenant_id,
        sa.func.lower(lead_stages.c.stage) == sa.func.lower(name.strip()),
    )
    with reading(identity) as connection:
        rows = connection.execute(query).all()
    exact = [row for row in rows if row.stage == name.strip()] or rows
    if len(exact) != 1:
        raise NotFound(f"There is no stage “{name.strip()[:100]}”.", advice="See: stage list")
    return get(identity, exact[0].id)


def rows_query(identity: Identity) -> sa.Select[Any]:
    """Return the statement for the rows of the stages, in their order."""
    names = ("id", "stage", "position", "status", "retired_at", "merged_into", "version")
    return (
        sa.select(*(lead_stages.c[name] for name in names))
        .where(lead_stages.c.tenant_id == identity.tenant_id)
        .order_by(lead_stages.c.position, lead_stages.c.id)
    )


def stages_query(identity: Identity) -> sa.Select[Any]:
    """Return the statement of `list_stages`; its columns are those of `LeadStages`."""
    target = lead_stages.alias("target")
    is_target = sa.and_(
        target.c.tenant_id == lead_stages.c.tenant_id, target.c.id == lead_stages.c.merged_into
    )
    query = rows_query(identity)
    return query.add_columns(target.c.stage.label("merged_stage")).select_from(
        lead_stages.outerjoin(target, is_target)
    )


def current(
    identity: Identity, stage_id: str
) -> tuple[sa.Select[Any], str, versioned_rows.MakeRecord[LeadStage]]:
    """Return how the present version of a stage is read."""
    query = rows_query(identity).where(lead_stages.c.id == stage_id)
    return query, "stage", lambda row: LeadStage(**row._mapping)
