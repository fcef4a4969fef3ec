"""Lead stages as an ADMIN edits them, and the form of an event with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity
from zixly_data.records.pipeline import lead_stages, leads, stage_changes

NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    client = books.client(team)
    for lead, stage in (("L-1", "Inquiry"), ("L-1", "Consultation"), ("L-2", "Consultation")):
        books.event(team, client, lead, stage, "2024-03-01")
    return team


def names(team: Team) -> list[str]:
    return list(lead_stages.list_stages(team.viewer)["stage"])


def opened(team: Team, row: int) -> PageRun:
    return open_page(team.admin, "lead_stages").click_row(row)


def stage(team: Team, name: str) -> lead_stages.LeadStage:
    return lead_stages.find(team.viewer, name)


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_an_admin_opens_the_page(team: Team, role: str) -> None:
    person: Identity = getattr(team, role)
    page = open_page(person, "lead_stages")
    assert page.headings == ["You do not have access to this page"]
    assert "Lead stages" not in page.menu
    assert "Lead stages" in open_page(team.admin, "lead_stages").menu


def test_the_stages_are_listed_in_their_order(team: Team) -> None:
    page = open_page(team.admin, "lead_stages")
    assert page.headings[0] == "Leads go through 5 stages."
    assert [(row["stage"], row["status_label"], row["events"], row["state"])
            for row in page.rows()][:2] == [
        ("Inquiry", "Open", 1, "Yes"), ("Consultation", "Open", 2, "Yes"),
    ]  # fmt: skip


def test_a_stage_is_added(team: Team) -> None:
    page = open_page(team.admin, "lead_stages").press("Add stage")
    page.press("Add stage", 1)
    assert "This is required." in page.below("Name")
    page.fill(Name="Lost").press("Add stage", 1)
    assert "A stage is already called “Lost”." in page.below("Name")
    page.fill(Name="Negotiation").choose("Status", "Won").press("Add stage", 1)
    assert "Added: Negotiation (won)" in page.alerts
    assert names(team)[4] == "Negotiation"


def test_a_stage_with_events_is_renamed_and_keeps_its_status(team: Team) -> None:
    page = opened(team, 1)
    assert "Its status stays" in page.dialog
    assert not page.offers("Delete permanently")
    page.fill(Name="First talk").press("Save changes")
    assert "Saved: First talk (open)." in page.alerts
    assert names(team)[1] == "First talk"


def test_a_stage_without_events_gets_another_status(team: Team) -> None:
    page = opened(team, 2).choose("Status", "Lost").press("Save changes")
    assert "Saved: Proposal sent (lost)." in page.alerts
    assert stage(team, "Proposal sent").status == "LOST"


@pytest.mark.parametrize(
    ("choice", "kept"), [("Keep my version", "Mine"), ("Use the saved version", "Theirs")]
)
def test_the_second_of_two_who_rename_a_stage_sees_both_names(
    team: Team, admin: sa.Engine, choice: str, kept: str
) -> None:
    page = opened(team, 1)
    statements.run(
        admin,
        "update zixly.lead_stages set stage = 'Theirs'"
        " where tenant_id = :tenant and stage = 'Consultation'",
        tenant=team.tenant_id,
    )
    page.fill(Name="Mine").press("Save changes")
    assert "Someone else saved this record" in page.dialog
    page.press(choice)
    assert names(team)[1] == kept


def test_a_stage_is_moved(team: Team) -> None:
    page = opened(team, 0).press("Move stage")
    assert "Choose a place first." in page.dialog
    page.choose("New place", "After Proposal sent").press("Move stage")
    assert "Moved: “Inquiry” is after Proposal sent now." in page.alerts
    page.click_row(2).choose("New place", "First").press("Move stage")
    assert names(team)[:3] == ["Inquiry", "Consultation", "Proposal sent"]


def test_merging_says_before_what_it_will_do(team: Team) -> None:
    page = opened(team, 1).press("Merge stages")
    assert "Choose a stage first." in page.dialog
    page.choose("Merge into", "Proposal sent")
    assert (
        "2 events of 2 leads will count as “Proposal sent”. “Consultation” will take no new ones."
        in page.dialog
    )
    assert stage(team, "Consultation").merged_into is None
    page.press("Merge stages")
    assert "Merged: “Consultation” counts as “Proposal sent”." in page.alerts
    assert page.headings[0] == "Leads go through 4 stages. 1 more is retired."
    assert page.rows()[1]["state"] == "No, counts as Proposal sent"
    page.click_row(1)
    assert not page.offers("Move stage")
    page.press("Restore")
    assert "“Consultation” takes events again." in page.alerts
    assert stage(team, "Consultation").merged_into is None


def test_a_stage_is_retired_but_not_the_last_won_one(team: Team) -> None:
    page = opened(team, 1)
    assert "Its 2 events still count at it." in page.dialog
    page.press("Retire stage")
    assert page.rows()[1]["state"].startswith("No, retired ")
    page.click_row(3).press("Retire stage")
    assert "This is the last won stage that takes events. Add another won stage first." \
        in page.dialog  # fmt: skip
    assert stage(team, "Contract signed").retired_at is None


def test_an_action_on_a_stage_that_someone_changed_is_told(team: Team, admin: sa.Engine) -> None:
    page = opened(team, 1)
    statements.run(
        admin,
        "update zixly.lead_stages set position = 9"
        " where tenant_id = :tenant and stage = 'Consultation'",
        tenant=team.tenant_id,
    )
    page.press("Retire stage")
    assert "Close this window and open the stage again" in page.dialog
    assert stage(team, "Consultation").retired_at is None


# ── events ──────────────────────────────────────────────────────────────────────────────────


def test_a_retired_stage_is_not_offered_and_an_event_at_it_keeps_it(team: Team) -> None:
    seen = stage(team, "Consultation")
    stage_changes.retire(team.admin, seen.id, seen.version)
    page = open_page(team.editor, "lead_funnel", period="all").press("Add an event")
    assert page.field("Stage reached").options == [
        "Inquiry", "Proposal sent", "Contract signed", "Lost",
    ]  # fmt: skip
    page = open_page(team.editor, "lead_funnel", period="all", stage="Consultation")
    page.click_row(0, "2 events")
    assert page.chosen("Stage reached") == "Consultation"
    page.fill(Note="Called").press("Save changes")
    assert "Saved:" in page.alerts


def test_a_lost_event_has_a_reason_which_the_funnel_counts(team: Team) -> None:
    page = open_page(team.editor, "lead_funnel", period="all")
    assert not any(heading.startswith("Why leads") for heading in page.headings)
    page.press("Add an event").choose("Client", "Harbour Café").fill(Lead="L-2")
    assert "Reason" not in page.dialog
    page.choose("Stage reached", "Lost").fill(Date="2/3/2024", Reason="Too <b>dear</b>")
    page.press("Add event")
    assert "Added:" in page.alerts
    assert "Why leads were lost: “Too <b>dear</b>” for 1 of 1 lost lead" in page.headings
    (row,) = page.rows("Why leads were lost")
    assert (row["reason"], row["leads"], row["share"]) == ("Too <b>dear</b>", 1, "100%")
    (file_row, *_) = page.downloaded("Download events")
    assert file_row["reason"] == "Too <b>dear</b>"
    page.click_row(0, "4 events").choose("Stage reached", "Proposal sent").press("Save changes")
    events = leads.events(team.viewer, books.ALWAYS)
    assert list(events["reason"].dropna()) == []
