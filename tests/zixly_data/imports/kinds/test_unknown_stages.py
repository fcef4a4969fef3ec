"""Stages of other programs in files of leads: asked about, remembered, and added by an ADMIN."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed, reasons
from zixly_data.errors import AccessDenied
from zixly_data.imports import (
    LEAVE_OUT,
    ImportTouched,
    Kind,
    ProposalOutdated,
    confirm,
    suggest,
    undo,
)
from zixly_data.imports.cells.mapping import NEW_STAGE
from zixly_data.imports.files.opening import open_file
from zixly_data.records.pipeline import lead_stages, leads, stage_changes
from zixly_data.tables.lead_stages import OPEN, WON, LeadStageDraft
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id

HEAD = "client_id,deal name,deal stage,date\n"
HUBSPOT = HEAD + (
    "HBR,L-1,Closed Won (Sales Pipeline),2024-01-01\n"
    "HBR,L-2,closed won  (sales pipeline),2024-01-02\n"
    "HBR,L-3,Appointment Scheduled (Sales Pipeline),2024-01-03\n"
    "HBR,L-4,Consultation (Sales Pipeline),2024-01-04\n"
    "HBR,L-5,Closed Lost (Sales Pipeline),2024-01-05\n"
)
PIPEDRIVE = HEAD + (
    "HBR,L-1,Qualified,2024-01-01\nHBR,L-2,Contact Made,2024-01-02\nHBR,L-3,Demo Scheduled,"
    "2024-01-03\nHBR,L-4,Proposal Made,2024-01-04\nHBR,L-5,Negotiations Started,2024-01-05\n"
)
SALESFORCE = HEAD + (
    "HBR,L-1,Prospecting,2024-01-01\nHBR,L-2,Proposal/Price Quote,2024-01-02\n"
    "HBR,L-3,Closed Won,2024-01-03\nHBR,L-4,Closed Lost,2024-01-04\n"
)
WON_KEY = "closed won (sales pipeline)"
DECISIONS = {
    WON_KEY: "Contract signed", "appointment scheduled (sales pipeline)": LEAVE_OUT,
    "consultation (sales pipeline)": "Consultation", "closed lost (sales pipeline)": "Lost",
}  # fmt: skip


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, client_id="HBR")
    return team


def stages(team: Team) -> list[tuple[str, int, str]]:
    """Every stage with its position and status, in order."""
    found = rows(lead_stages.list_stages(team.viewer))
    return [(row["stage"], row["position"], row["status"]) for row in found]


def stage_of(team: Team) -> dict[str, str]:
    """The stage of each lead."""
    return {row["lead_id"]: row["stage"] for row in rows(leads.events(team.viewer, books.ALWAYS))}


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        (HUBSPOT, {
            "Closed Won (Sales Pipeline)": "Contract signed",
            "Appointment Scheduled (Sales Pipeline)": None,
            "Consultation (Sales Pipeline)": "Consultation",
            "Closed Lost (Sales Pipeline)": "Lost",
        }),
        (PIPEDRIVE, {
            "Qualified": None, "Contact Made": None, "Demo Scheduled": None,
            "Proposal Made": "Proposal sent", "Negotiations Started": None,
        }),
        (SALESFORCE, {
            "Prospecting": None, "Proposal/Price Quote": None, "Closed Won": "Contract signed",
            "Closed Lost": "Lost",
        }),
    ],
    ids=["HubSpot", "Pipedrive", "Salesforce"],
)  # fmt: skip
def test_stages_of_other_programs_are_asked_about_with_the_likely_one_of_ours(
    team: Team, text: str, likely: dict[str, str | None]
) -> None:
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text)
    assert set(did(proposal)) == {"R"}
    unknown = proposal.staged.unknown_stages
    assert {stage.name: next(iter(stage.similar), None) for stage in unknown} == likely
    assert {stage.likely for stage in unknown if stage.likely} <= set(likely.values())
    assert reasons(proposal)[0].startswith("There is no such stage. Choose one of these or add it:")


def test_a_stage_is_read_as_one_of_ours_or_left_out_and_remembered(team: Team) -> None:
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, HUBSPOT, stages=DECISIONS)
    assert did(proposal) == "NNLNN"
    assert proposal.staged.unknown_stages[0].rows == 2
    confirm(team.editor, proposal)
    assert stage_of(team) == {
        "L-1": "Contract signed", "L-2": "Contract signed", "L-4": "Consultation", "L-5": "Lost",
    }  # fmt: skip
    again = proposed(team.editor, Kind.LEAD_EVENTS, HUBSPOT)
    assert did(again) == "UULUU"
    # Another stage in next month's file is asked about.
    later = HUBSPOT + "HBR,L-6,Decision Maker Bought-In (Sales Pipeline),2024-02-01\n"
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, later)) == "UULUUR"


def test_an_admin_adds_a_stage_with_its_file_and_removes_it_by_undoing(team: Team) -> None:
    before = stages(team)
    new = {**DECISIONS, "appointment scheduled (sales pipeline)": f"{NEW_STAGE}{OPEN}",
           WON_KEY: f"{NEW_STAGE}{WON}"}  # fmt: skip
    proposal = proposed(team.admin, Kind.LEAD_EVENTS, HUBSPOT, stages=new)
    assert did(proposal) == "NNNNN"
    assert stages(team) == before
    done = confirm(team.admin, proposal)
    assert stages(team) == [
        ("Inquiry", 1, "OPEN"), ("Consultation", 2, "OPEN"), ("Proposal sent", 3, "OPEN"),
        ("Appointment Scheduled", 4, "OPEN"), ("Contract signed", 5, "WON"),
        ("Closed Won", 6, "WON"), ("Lost", 7, "LOST"),
    ]  # fmt: skip
    assert stage_of(team)["L-1"] == "Closed Won"
    # Its name in the file is remembered: an editor imports the next file.
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, HUBSPOT)) == "UUUUU"
    undo(team.admin, done.id)
    assert stages(team) == before
    assert stage_of(team) == {}


def test_an_editor_is_told_to_ask_an_administrator(team: Team) -> None:
    new = {**DECISIONS, WON_KEY: f"{NEW_STAGE}{WON}"}
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, HUBSPOT, stages=new)
    before = stages(team)
    with pytest.raises(AccessDenied) as refused:
        confirm(team.editor, proposal)
    assert str(refused.value) == (
        "Only an administrator can add the stage “Closed Won”, so nothing was imported."
    )
    assert "ask an administrator" in refused.value.advice
    assert (stages(team), stage_of(team)) == (before, {})

    done = confirm(team.admin, proposed(team.admin, Kind.LEAD_EVENTS, HUBSPOT, stages=new))
    with pytest.raises(AccessDenied, match="Only an administrator can undo this import"):
        undo(team.editor, done.id)
    assert len(stage_of(team)) == 4
    undo(team.admin, done.id)
    assert (stages(team), stage_of(team)) == (before, {})


def test_the_stage_of_an_import_stays_while_others_use_it(team: Team) -> None:
    new = {**DECISIONS, WON_KEY: f"{NEW_STAGE}{WON}"}
    done = imported(team.admin, Kind.LEAD_EVENTS, HUBSPOT, stages=new)
    imported(team.editor, Kind.LEAD_EVENTS, f"{HEAD}HBR,L-9,Closed Won,2024-03-01\n")
    with pytest.raises(ImportTouched, match="a later event at “Closed Won”"):
        undo(team.admin, done.id)
    assert stage_of(team)["L-1"] == "Closed Won"


def test_a_stage_without_a_row_to_write_is_not_added(team: Team) -> None:
    new = {**DECISIONS, WON_KEY: f"{NEW_STAGE}{WON}"}
    text = HUBSPOT.replace("HBR,L-1,", "Nobody,L-1,").replace("HBR,L-2,", "Nobody,L-2,")
    before = stages(team)
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text, stages=new)
    confirm(team.editor, proposal, skip_rejected=True)
    assert stages(team) == before


def test_pipelines_with_a_stage_of_one_name_share_it_if_it_has_one_status(team: Team) -> None:
    text = HEAD + (
        "HBR,L-1,Done (Sales),2024-01-01\nHBR,L-2,Done (Partners),2024-01-02\n"
        "HBR,L-3,Done (Support),2024-01-03\n"
    )
    new = {"done (sales)": f"{NEW_STAGE}{WON}", "done (partners)": f"{NEW_STAGE}{WON}",
           "done (support)": f"{NEW_STAGE}{OPEN}"}  # fmt: skip
    imported(team.admin, Kind.LEAD_EVENTS, text, stages=new)
    assert stage_of(team) == {"L-1": "Done", "L-2": "Done", "L-3": "Done (Support)"}


def test_a_remembered_stage_that_is_gone_is_asked_about_again(team: Team) -> None:
    imported(team.editor, Kind.LEAD_EVENTS, HUBSPOT, stages=DECISIONS)
    stage = lead_stages.find(team.admin, "Consultation")
    draft = LeadStageDraft("First talk", stage.status)
    stage_changes.change(team.admin, stage.id, stage.version, draft)
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, HUBSPOT)) == "UULRU"


def test_a_stage_added_in_the_meantime_makes_the_proposal_outdated(team: Team) -> None:
    new = {**DECISIONS, WON_KEY: f"{NEW_STAGE}{WON}"}
    proposal = proposed(team.admin, Kind.LEAD_EVENTS, HUBSPOT, stages=new)
    stage_changes.add(team.admin, LeadStageDraft("Closed Won", WON), row_id=new_id("stage"))
    with pytest.raises(ProposalOutdated):
        confirm(team.admin, proposal)


def test_what_is_remembered_is_read_by_everyone_who_imports(team: Team) -> None:
    imported(team.admin, Kind.LEAD_EVENTS, HUBSPOT, stages=DECISIONS)
    table = open_file("next.csv", HUBSPOT.encode()).tables[0]
    assert suggest(team.editor, Kind.LEAD_EVENTS, table).stages == DECISIONS
