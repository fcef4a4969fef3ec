"""The command `stage`: the stages of leads, and what can be done with them."""

from __future__ import annotations

from typing import Annotated

import pandas as pd
import typer

from zixly_data.cli import access, tables, terminal
from zixly_data.errors import InvalidInput
from zixly_data.records.pipeline import lead_stages, stage_changes
from zixly_data.tables.lead_stages import OPEN, LeadStageDraft, parse_status
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id

app = typer.Typer(
    help="Stages of leads: their names and order, and which of them take new events.",
    no_args_is_help=True,
)

Stage = Annotated[str, typer.Argument(metavar="STAGE", help="The name of the stage.")]


@app.command("list")
def list_all(as_email: access.As) -> None:
    """List the stages in their order, with their events and what retired ones count as."""
    with access.acting_as(as_email) as identity:
        stages = rows(lead_stages.list_with_events(identity))
    terminal.result(tables.as_text(pd.DataFrame({
        "position": [row["position"] for row in stages],
        "stage": [row["stage"] for row in stages],
        "status": [row["status"] for row in stages],
        "events": [row["events"] for row in stages],
        "retired": ["" if row["retired_at"] is None else f"{row['retired_at']:%Y-%m-%d}"
                    for row in stages],
        "merged_into": [row["merged_stage"] or "" for row in stages],
    })))  # fmt: skip


@app.command()
def add(
    stage: Stage,
    as_email: access.As,
    status: Annotated[
        str, typer.Option("--status", metavar="STATUS", help="open, won or lost.")
    ] = OPEN,
) -> None:
    """Add a stage, after the last one of its status."""
    draft = LeadStageDraft(stage, parse_status(status))
    with access.acting_as(as_email) as identity:
        stage_changes.add(identity, draft, row_id=new_id("stage"))
    _say(f"“{draft.stage}” is a new {draft.status.lower()} stage.")


@app.command()
def rename(
    stage: Stage,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new name.")],
    as_email: access.As,
) -> None:
    """Rename a stage, also in all its events."""
    with access.acting_as(as_email) as identity:
        seen = lead_stages.find(identity, stage)
        draft = LeadStageDraft(name, seen.status)
        stage_changes.change(identity, seen.id, seen.version, draft)
    _say(f"“{seen.stage}” is called “{name.strip()}” now.")


@app.command()
def move(
    stage: Stage,
    as_email: access.As,
    before: Annotated[str | None, typer.Option("--before", metavar="STAGE")] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="STAGE")] = None,
) -> None:
    """Put a stage before or after another one."""
    place = before if before is not None else after
    if place is None or (before is not None and after is not None):
        raise InvalidInput("Give either --before or --after.", field="before")
    side = "before" if before is not None else "after"
    with access.acting_as(as_email) as identity:
        seen, other = lead_stages.find(identity, stage), lead_stages.find(identity, place)
        stage_changes.move(identity, seen.id, seen.version, other.id, after=side == "after")
    _say(f"“{seen.stage}” is {side} “{other.stage}” now.")


@app.command()
def merge(
    stage: Stage,
    as_email: access.As,
    into: Annotated[str, typer.Option("--into", metavar="STAGE", help="It counts as this stage.")],
    preview: Annotated[
        bool, typer.Option("--preview", help="Say what would happen, and change nothing.")
    ] = False,
) -> None:
    """Merge a stage into another one: it takes no new events, and those it has count there."""
    with access.acting_as(as_email) as identity:
        seen, target = lead_stages.find(identity, stage), lead_stages.find(identity, into)
        sentence = stage_changes.merge_preview(identity, seen.id, target.id).sentence
        if not preview:
            stage_changes.merge(identity, seen.id, seen.version, target.id)
    _say(sentence if preview else f"Merged. {sentence}")


@app.command()
def retire(stage: Stage, as_email: access.As) -> None:
    """Let a stage take no new events. Those it has still count at it."""
    with access.acting_as(as_email) as identity:
        seen = lead_stages.find(identity, stage)
        stage_changes.retire(identity, seen.id, seen.version)
    _say(f"“{seen.stage}” takes no new events.")


@app.command()
def restore(stage: Stage, as_email: access.As) -> None:
    """Let a retired or merged stage take events again and count as itself."""
    with access.acting_as(as_email) as identity:
        seen = lead_stages.find(identity, stage)
        stage_changes.restore(identity, seen.id, seen.version)
    _say(f"“{seen.stage}” takes events.")


def _say(text: str) -> None:
    terminal.say(tables.printable(text))
