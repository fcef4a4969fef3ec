"""Changing stages: adding, renaming, moving, merging, retiring and restoring them.

Whoever changes stages locks all of the tenant, so that two changes at once are made one after the
other. PostgreSQL keeps the rest, also against SQL: `sql/functions/stages.sql`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows
from zixly_data.database.connection import reporting
from zixly_data.database.schema import lead_events, lead_stages
from zixly_data.errors import AlreadyExists, InvalidInput, NotFound
from zixly_data.identity import Identity
from zixly_data.records.pipeline.lead_stages import current, effective_stages, rows_query
from zixly_data.tables.lead_stages import LEAD_STAGES, STATUSES, LeadStageDraft, parse_status

# The highest position of a stage.
MOST_STAGES = 99


@dataclass(frozen=True)
class MergePreview:
    """What merging a stage into another one does.

    `events` of `leads` will count at `into`. `followers` were merged into the stage before, and
    follow it.
    """

    stage: str
    into: str
    events: int
    leads: int
    followers: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What will happen, in plain words."""
        count = "1 event" if self.events == 1 else f"{self.events:,} events"
        leads = "1 lead" if self.leads == 1 else f"{self.leads:,} leads"
        moved = f"{count} of {leads} will count as “{self.into}”."
        texts = [
            moved if self.events else f"“{self.stage}” has no events.",
            f"“{self.stage}” will take no new ones.",
        ]
        if self.followers:
            names = ", ".join(f"“{name}”" for name in self.followers)
            texts.append(f"{names}, merged into it before, will count as “{self.into}” too.")
        return " ".join(texts)


def add(identity: Identity, draft: LeadStageDraft, *, row_id: str) -> None:
    """Add a stage with the id `row_id` (`ids.new_id("stage")`); a repeated call adds nothing.

    It comes after the last stage of its status; open stages come before won ones, and these before
    lost ones. Raises AlreadyExists (a stage has this name, perhaps a retired one), InvalidInput,
    AccessDenied.
    """
    values = _values(draft)

    def placed(connection: Connection) -> dict[str, Any]:
        rows = _locked(connection, identity)
        _require_free(rows, row_id, values["stage"])
        recorded = next((row for row in rows if row.id == row_id), None)
        if recorded is not None:
            return {**values, "position": recorded.position}
        return {**values, "position": _make_room(connection, identity, rows, values["status"])}

    versioned_rows.add(identity, lead_stages, row_id, placed)


def insert(
    connection: Connection, identity: Identity, draft: LeadStageDraft, *, row_id: str
) -> None:
    """Add a stage as `add` does, in an open transaction. Raises as it does."""
    values = _values(draft)
    rows = _locked(connection, identity)
    _require_free(rows, row_id, values["stage"])
    position = _make_room(connection, identity, rows, values["status"])
    connection.execute(sa.insert(lead_stages).values(id=row_id, position=position, **values))


def change(identity: Identity, stage_id: str, version: int, draft: LeadStageDraft) -> None:
    """Rename a stage that is still at `version`, or give one without events another status.

    Raises Conflict with the current stage if someone else changed it first, AlreadyExists (a stage
    has this name, perhaps a retired one), InvalidInput (a stage with events keeps its status),
    NotFound, AccessDenied.
    """
    values = _values(draft)

    def checked(connection: Connection) -> dict[str, Any]:
        _require_free(_locked(connection, identity), stage_id, values["stage"])
        return values

    _change(identity, stage_id, version, checked)


def move(
    identity: Identity, stage_id: str, version: int, other_id: str, *, after: bool = False
) -> None:
    """Put a stage before another one, or after it.

    Raises Conflict, NotFound (the other stage too), AccessDenied.
    """

    def placed(connection: Connection) -> dict[str, Any]:
        rows = _locked(connection, identity)
        moved, other = _row(rows, stage_id), _row(rows, other_id)
        others = [row for row in rows if row is not moved]
        place = len(others) if moved is other else others.index(other) + after
        if moved is other:
            place = rows.index(moved)
        _number(connection, identity, [*others[:place], None, *others[place:]])
        return {"position": place + 1}

    _change(identity, stage_id, version, placed)


def merge_preview(identity: Identity, stage_id: str, into_id: str) -> MergePreview:
    """Return what `merge` would do. Raises as it does."""
    stages = effective_stages(identity)
    lead = sa.tuple_(lead_events.c.client_kpi_id, lead_events.c.lead_id)
    counts = (
        sa.select(sa.func.count().label("events"), sa.func.count(lead.distinct()).label("leads"))
        .select_from(lead_events.join(stages, stages.c.stage == lead_events.c.stage))
        .where(lead_events.c.tenant_id == identity.tenant_id, stages.c.effective_id == stage_id)
    )
    with reporting(identity) as connection:
        rows = connection.execute(rows_query(identity)).all()
        stage, into = _merged(rows, stage_id, into_id)
        counted = connection.execute(counts).one()
        followers = tuple(row.stage for row in rows if row.merged_into == stage_id)
        return MergePreview(stage.stage, into.stage, counted.events, counted.leads, followers)


def merge(identity: Identity, stage_id: str, version: int, into_id: str) -> None:
    """Merge a stage into another one of its status: it is retired, and its events count there.

    Stages merged into it before follow it. Raises InvalidInput (the other stage is retired, has
    another status, or is the same; this is the last open or won one), Conflict, NotFound,
    AccessDenied.
    """

    def merged(connection: Connection) -> dict[str, Any]:
        stage, into = _merged(_locked(connection, identity), stage_id, into_id)
        return {"retired_at": stage.retired_at or sa.func.now(), "merged_into": into.id}

    _change(identity, stage_id, version, merged)


def retire(identity: Identity, stage_id: str, version: int) -> None:
    """Let a stage take no new events. Waits for those who are writing events.

    Raises InvalidInput (it is retired already, or the last open or won one), Conflict, NotFound,
    AccessDenied.
    """

    def retired(connection: Connection) -> dict[str, Any]:
        stage = _row(_locked(connection, identity), stage_id)
        if stage.retired_at is not None:
            raise InvalidInput(f"“{stage.stage}” is already retired.")
        return {"retired_at": sa.func.now()}

    _change(identity, stage_id, version, retired)


def restore(identity: Identity, stage_id: str, version: int) -> None:
    """Let a retired or merged stage take events again and count as itself.

    Raises Conflict, NotFound, AccessDenied.
    """
    _change(identity, stage_id, version, lambda _: {"retired_at": None, "merged_into": None})


def _change(identity: Identity, stage_id: str, version: int, values: versioned_rows.Values) -> None:
    versioned_rows.change(
        identity, lead_stages, stage_id, version, values, current(identity, stage_id)
    )


def _values(draft: LeadStageDraft) -> dict[str, Any]:
    return {**LEAD_STAGES.values(draft), "status": parse_status(draft.status)}


def _require_free(rows: Sequence[sa.Row[Any]], stage_id: str, name: str) -> None:
    """Raise AlreadyExists if another stage has the name, in any case: files do not tell them
    apart."""
    taken = next(
        (row for row in rows if row.id != stage_id and row.stage.casefold() == name.casefold()),
        None,
    )
    if taken is None:
        return
    if taken.retired_at is not None:
        raise AlreadyExists(
            f"A retired stage is already called “{taken.stage}”.", field="stage",
            advice="Restore that stage, or choose another name.",
        )  # fmt: skip
    raise AlreadyExists(
        f"A stage is already called “{taken.stage}”.", field="stage",
        advice="Choose another name. To count both as one, merge them.",
    )  # fmt: skip


def _merged(
    rows: Sequence[sa.Row[Any]], stage_id: str, into_id: str
) -> tuple[sa.Row[Any], sa.Row[Any]]:
    """Return both stages. Raises InvalidInput if the first one cannot be merged into the other."""
    stage, into = _row(rows, stage_id), _row(rows, into_id)
    problem = partial(InvalidInput, field="into")
    if stage is into:
        raise problem("A stage cannot be merged into itself.", advice="Choose another stage.")
    if into.retired_at is not None:
        raise problem(
            f"“{into.stage}” is retired.", advice="Choose a stage that takes events, or restore it."
        )
    if stage.status != into.status:
        raise problem(
            f"“{stage.stage}” is {stage.status.lower()} and “{into.stage}” is "
            f"{into.status.lower()}. Only stages of one status can be merged.",
            advice="Choose another stage.",
        )
    if stage.merged_into is not None:
        raise problem(f"“{stage.stage}” is already merged.", advice="Restore it first.")
    return stage, into


def _row(rows: Sequence[sa.Row[Any]], stage_id: str) -> sa.Row[Any]:
    stage = next((row for row in rows if row.id == stage_id), None)
    if stage is None:
        raise NotFound("This stage no longer exists.")
    return stage


def _locked(connection: Connection, identity: Identity) -> list[sa.Row[Any]]:
    """Return the stages in their order, locked: those who change stages do it one by one."""
    query = rows_query(identity).order_by(None).order_by(lead_stages.c.id)
    connection.execute(query.with_for_update(key_share=True))
    return list(connection.execute(rows_query(identity)))


def _make_room(
    connection: Connection, identity: Identity, rows: Sequence[sa.Row[Any]], status: str
) -> int:
    """Return the position of a new stage of this status, which the stages after it make free."""
    if len(rows) >= MOST_STAGES:
        raise InvalidInput(
            f"There are already {MOST_STAGES} stages, and no more are possible.",
            advice="Rename one that you no longer need.",
        )
    rank = STATUSES.index(status)
    before = [row for row in rows if STATUSES.index(row.status) <= rank]
    place = rows.index(before[-1]) + 1 if before else 0
    _number(connection, identity, [*rows[:place], None, *rows[place:]])
    return place + 1


def _number(connection: Connection, identity: Identity, rows: Sequence[sa.Row[Any] | None]) -> None:
    """Number the stages from 1. None is the place of the one that is added or moved."""
    for position, row in enumerate(rows, 1):
        if row is not None and row.position != position:
            connection.execute(
                sa.update(lead_stages)
                .where(lead_stages.c.tenant_id == identity.tenant_id, lead_stages.c.id == row.id)
                .values(position=position)
            )
