"""Stages that a file of leads adds, and removing them when its import is undone.

Only an ADMIN may do either: PostgreSQL decides, here it is said in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.refusals import translate_errors
from zixly_data.database.schema import lead_events, lead_stages
from zixly_data.errors import AccessDenied
from zixly_data.identity import Identity
from zixly_data.imports.later_changes import ChangedRow, in_import
from zixly_data.records.pipeline import stage_changes
from zixly_data.tables.lead_stages import LeadStageDraft
from zixly_data.values.ids import new_id


def insert_stages(
    connection: Connection, identity: Identity, drafts: Sequence[LeadStageDraft]
) -> None:
    """Add the stages, each after the last one of its status. Raises AccessDenied for an EDITOR, and
    as `stage_changes.add`."""
    names = _join([draft.stage for draft in drafts])
    with _explaining(
        f"Only an administrator can add {names}, so nothing was imported.",
        advice="Choose one of the existing stages, or ask an administrator to import the file.",
    ):
        for draft in drafts:
            stage_changes.insert(connection, identity, draft, row_id=new_id("stage"))


def stages_in_use(
    connection: Connection, identity: Identity, changes: sa.Subquery
) -> list[ChangedRow]:
    """Return what keeps the stages of an import from being removed: later events at them, and
    changes of the stages themselves."""
    added = _added(connection, identity, changes)
    if not added:
        return []
    imported = sa.select(changes.c.row_id).where(changes.c.table_name == lead_events.name)
    later = sa.select(lead_events.c.id, lead_events.c.stage).where(
        lead_events.c.tenant_id == identity.tenant_id,
        lead_events.c.stage.in_([row.stage for row in added]),
        lead_events.c.id.not_in(imported),
    )
    return [
        ChangedRow(lead_stages.name, row.id, f"the stage “{row.stage}”")
        for row in added
        if row.is_changed
    ] + [
        ChangedRow(lead_events.name, row.id, f"a later event at “{row.stage}”")
        for row in connection.execute(later)
    ]


def remove_stages(connection: Connection, identity: Identity, changes: sa.Subquery) -> None:
    """Remove the stages that an import added, and move the others back. Raises AccessDenied for an
    EDITOR."""
    added = _added(connection, identity, changes)
    if not added:
        return
    positions = [
        sa.cast(sa.func.jsonb_extract_path_text(side, "position"), sa.Integer)
        for side in (changes.c.before, changes.c.after)
    ]
    # Each further stage moves those after it once more.
    moved = (
        sa.select(
            changes.c.row_id,
            sa.func.min(positions[0]).label("before"),
            sa.func.max(positions[1]).label("after"),
        )
        .where(changes.c.table_name == lead_stages.name, changes.c.action == "UPDATE")
        .group_by(changes.c.row_id)
        .subquery("moved")
    )
    ours = lead_stages.c.tenant_id == identity.tenant_id
    with _explaining(
        f"Only an administrator can undo this import: it added {_join([s.stage for s in added])}.",
        advice="Ask an administrator to undo it.",
    ):
        connection.execute(
            sa.delete(lead_stages).where(ours, lead_stages.c.id.in_([row.id for row in added]))
        )
        connection.execute(
            sa.update(lead_stages)
            .values(position=moved.c.before)
            .where(
                ours,
                lead_stages.c.id == moved.c.row_id,
                lead_stages.c.position == moved.c.after,
            )
        )


def _added(connection: Connection, identity: Identity, changes: sa.Subquery) -> list[sa.Row[Any]]:
    """Return the stages that the import added and that still exist."""
    written = {
        name: sa.func.jsonb_extract_path_text(changes.c.after, name) for name in ("stage", "status")
    }
    query = sa.select(
        lead_stages.c.id,
        lead_stages.c.stage,
        sa.or_(
            *(lead_stages.c[name] != value for name, value in written.items()),
            lead_stages.c.retired_at.is_not(None),
        ).label("is_changed"),
    ).where(*in_import(identity, lead_stages, changes), changes.c.action == "INSERT")
    return list(connection.execute(query))


@contextmanager
def _explaining(sentence: str, *, advice: str) -> Iterator[None]:
    try:
        with translate_errors():
            yield
    except AccessDenied:
        raise AccessDenied(sentence, advice=advice) from None


def _join(stages: Sequence[str]) -> str:
    names = ", ".join(f"“{stage}”" for stage in stages)
    return f"the stage {names}" if len(stages) == 1 else f"the stages {names}"
