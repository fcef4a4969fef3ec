"""Files with events of retired and merged stages, and with reasons for losing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed
from zixly_data.exports import record_files
from zixly_data.exports.record_files import Rows, Table
from zixly_data.imports import Kind, undo
from zixly_data.records.pipeline import lead_stages, leads, stage_changes
from zixly_data.tables.lead_stages import LeadStageDraft
from zixly_data.values.frames import rows

HEADER = "client_id,lead_id,stage,date,reason\n"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, client_id="HBR")
    return team


def change(team: Team, name: str, **to: str) -> None:
    stage = lead_stages.find(team.admin, name)
    if "into" in to:
        into = lead_stages.find(team.admin, to["into"])
        stage_changes.merge(team.admin, stage.id, stage.version, into.id)
    elif "new" in to:
        draft = LeadStageDraft(to["new"], stage.status)
        stage_changes.change(team.admin, stage.id, stage.version, draft)
    else:
        stage_changes.retire(team.admin, stage.id, stage.version)


def recorded(team: Team) -> list[tuple[str, str, str | None]]:
    events = rows(leads.events(team.viewer, books.ALWAYS))
    return sorted((row["lead_id"], row["stage"], row["reason"]) for row in events)


def test_a_new_event_of_a_retired_stage_is_refused_with_the_way_out(team: Team) -> None:
    change(team, "Inquiry")
    change(team, "Consultation", into="Proposal sent")
    text = (
        f"{HEADER}HBR,L-1,inquiry,2024-01-01,\nHBR,L-2,Consultation,2024-01-01,\n"
        "HBR,L-3,Proposal sent,2024-01-01,\n"
    )
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text)
    assert did(proposal) == "RRN"
    (first,), (second,) = proposal.problems[0], proposal.problems[1]
    assert first.reason == "“Inquiry” is retired and takes no new events. Choose another stage."
    assert (first.column, first.value) == ("stage", "inquiry")
    assert second.reason == (
        "“Consultation” was merged into “Proposal sent” and takes no new events. Choose "
        "“Proposal sent”."
    )


def test_what_was_exported_comes_back_unchanged_also_at_a_merged_stage(team: Team) -> None:
    lines = "HBR,L-1,Consultation,2024-01-01,\nHBR,L-2,Lost,2024-01-01,Price\n"
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEADER}{lines}")
    change(team, "Consultation", into="Proposal sent")
    written = record_files.write(team.editor, Rows(Table.LEAD_EVENTS))
    text = b"".join(written.pieces()).decode()
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, text)) == "UU"
    changed = text.replace(",Price,", ",No budget,")
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, changed)) in ("UC", "CU")
    imported(team.editor, Kind.LEAD_EVENTS, changed)
    assert recorded(team) == [("L-1", "Consultation", None), ("L-2", "Lost", "No budget")]


def test_a_row_that_moves_an_event_to_a_retired_stage_is_refused(team: Team) -> None:
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEADER}HBR,L-1,Proposal sent,2024-01-01,\n")
    change(team, "Consultation")
    (event,) = rows(leads.events(team.viewer, books.ALWAYS))
    text = f"id,client_id,lead_id,stage,date\n{event['id']},HBR,L-1,Consultation,2024-01-01\n"
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, text)) == "R"


@pytest.mark.parametrize(
    "heading", ["reason", "Lost Reason", "Closed Lost Reason", "Loss reason", "Closed lost reason"]
)
def test_a_reason_is_recognised_and_belongs_to_lost_events(team: Team, heading: str) -> None:
    text = (
        f"client_id,lead_id,stage,date,{heading}\nHBR,L-1,Lost,2024-01-01,Price\n"
        "HBR,L-2,Inquiry,2024-01-01,Price\nHBR,L-3,Inquiry,2024-01-01,\n"
    )
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text)
    assert did(proposal) == "NRN"
    assert proposal.problems[1][0].reason == (
        "Only an event at a lost stage has a reason. Clear it, or write it as a note."
    )


def test_an_empty_cell_clears_a_reason_and_undoing_brings_it_back(team: Team) -> None:
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEADER}HBR,L-1,Lost,2024-01-01,Price\n")
    cleared = imported(team.editor, Kind.LEAD_EVENTS, f"{HEADER}HBR,L-1,Lost,2024-01-01,\n")
    assert recorded(team) == [("L-1", "Lost", None)]
    undo(team.editor, cleared.id)
    assert recorded(team) == [("L-1", "Lost", "Price")]


def test_an_import_is_undone_after_its_stage_was_renamed(team: Team) -> None:
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEADER}HBR,L-1,Lost,2024-01-01,Price\n")
    changed = imported(
        team.editor, Kind.LEAD_EVENTS,
        f"{HEADER}HBR,L-1,Lost,2024-01-01,No budget\nHBR,L-2,Lost,2024-01-01,Late\n",
    )  # fmt: skip
    change(team, "Lost", new="Gone")
    undo(team.editor, changed.id)
    assert recorded(team) == [("L-1", "Gone", "Price")]
