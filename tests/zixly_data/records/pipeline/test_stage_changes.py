"""Stages are added, renamed, moved, merged, retired and restored; their events stay as recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.conftest import Team
from tests.support import records as books
from zixly_data.errors import AccessDenied, AlreadyExists, Conflict, InvalidInput, NotFound
from zixly_data.figures.pipeline import funnel
from zixly_data.identity import Identity
from zixly_data.people import audit
from zixly_data.records.pipeline import lead_stages, lead_states, leads, stage_changes
from zixly_data.tables.lead_stages import LeadStageDraft
from zixly_data.values.frames import rows
from zixly_data.values.ids import new_id

NewTeam = Callable[[], Team]
USUAL = ["Inquiry", "Consultation", "Proposal sent", "Contract signed", "Lost"]


@dataclass(frozen=True)
class Stages:
    """The stages of a team, edited by their names as the ADMIN."""

    team: Team

    def at(self, name: str) -> lead_stages.LeadStage:
        return lead_stages.find(self.team.viewer, name)

    def names(self) -> list[str]:
        return list(lead_stages.list_stages(self.team.viewer)["stage"])

    def add(self, name: str, status: str = "OPEN", *, by: Identity | None = None) -> str:
        row_id = new_id("stage")
        stage_changes.add(by or self.team.admin, LeadStageDraft(name, status), row_id=row_id)
        return row_id

    def rename(self, name: str, new: str) -> None:
        stage = self.at(name)
        draft = LeadStageDraft(new, stage.status)
        stage_changes.change(self.team.admin, stage.id, stage.version, draft)

    def move(self, name: str, other: str, *, after: bool = False) -> None:
        stage, there = self.at(name), self.at(other)
        stage_changes.move(self.team.admin, stage.id, stage.version, there.id, after=after)

    def merge(self, name: str, into: str) -> None:
        stage = self.at(name)
        stage_changes.merge(self.team.admin, stage.id, stage.version, self.at(into).id)

    def retire(self, name: str) -> None:
        stage = self.at(name)
        stage_changes.retire(self.team.admin, stage.id, stage.version)

    def restore(self, name: str) -> None:
        stage = self.at(name)
        stage_changes.restore(self.team.admin, stage.id, stage.version)


@pytest.fixture
def stages(new_team: NewTeam) -> Stages:
    return Stages(new_team())


def state(team: Team, lead: str) -> tuple[str, str]:
    page = lead_states.page(team.viewer, books.ALWAYS).frame
    (row,) = [row for row in rows(page) if row["lead_id"] == lead]
    return row["stage"], row["status"]


# ── adding, renaming, moving ────────────────────────────────────────────────────────────────


def test_a_new_stage_comes_after_those_of_its_status(stages: Stages) -> None:
    stages.add("Negotiation")
    stages.add("Renewed", "WON")
    stages.add("Cancelled", "LOST")
    assert stages.names() == [
        "Inquiry", "Consultation", "Proposal sent", "Negotiation", "Contract signed", "Renewed",
        "Lost", "Cancelled",
    ]  # fmt: skip
    assert list(lead_stages.list_stages(stages.team.viewer)["position"]) == [*range(1, 9)]


def test_adding_twice_adds_one_stage(stages: Stages) -> None:
    row_id, draft = new_id("stage"), LeadStageDraft("Negotiation")
    for _ in range(2):
        stage_changes.add(stages.team.admin, draft, row_id=row_id)
    assert stages.names().count("Negotiation") == 1
    with pytest.raises(AlreadyExists):
        stage_changes.add(stages.team.admin, LeadStageDraft("Other"), row_id=row_id)


@pytest.mark.parametrize("name", ["Lost", "lost", " LOST "])
def test_a_name_that_exists_is_refused(stages: Stages, name: str) -> None:
    for attempt in (lambda: stages.add(name), lambda: stages.rename("Inquiry", name)):
        with pytest.raises(AlreadyExists, match="A stage is already called “Lost”") as refused:
            attempt()
        assert refused.value.field == "stage"
    stages.add("Cancelled", "LOST")
    stages.retire("Lost")
    with pytest.raises(AlreadyExists, match="A retired stage is already called “Lost”") as refused:
        stages.rename("Inquiry", name)
    assert "Restore" in refused.value.advice
    assert stages.names() == [*USUAL, "Cancelled"]


def test_only_so_many_stages_are_possible(stages: Stages) -> None:
    for number in range(stage_changes.MOST_STAGES - len(USUAL)):
        stages.add(f"Step {number}")
    with pytest.raises(InvalidInput, match="already 99 stages"):
        stages.add("One more")
    assert len(stages.names()) == stage_changes.MOST_STAGES


@pytest.mark.parametrize(("name", "status"), [("", "OPEN"), ("x" * 101, "OPEN"), ("Fine", "DONE")])
def test_a_stage_that_cannot_be_is_refused(stages: Stages, name: str, status: str) -> None:
    with pytest.raises(InvalidInput):
        stages.add(name, status)
    assert stages.names() == USUAL


def test_renaming_renames_the_events_and_changes_nothing_else_of_them(stages: Stages) -> None:
    team = stages.team
    event = books.event(team, books.client(team), "L-1", "Inquiry", "2024-01-05")
    before = leads.get(team.viewer, event)
    stages.rename("Inquiry", "Enquiry")
    assert leads.get(team.viewer, event) == replace(before, stage="Enquiry")
    assert [entry["action"] for entry in rows(audit.history(team.viewer, "lead_events", event))] \
        == ["INSERT"]  # fmt: skip
    trail = rows(audit.history(team.viewer, "lead_stages", stages.at("Enquiry").id))
    assert [entry["action"] for entry in trail] == ["UPDATE", "INSERT"]


def test_names_can_be_swapped(stages: Stages) -> None:
    team, client = stages.team, books.client(stages.team)
    events = {
        stage: books.event(team, client, stage, stage, "2024-01-05")
        for stage in ("Inquiry", "Consultation")
    }
    for name, new in (("Inquiry", "x"), ("Consultation", "Inquiry"), ("x", "Consultation")):
        stages.rename(name, new)
    assert leads.get(team.viewer, events["Inquiry"]).stage == "Consultation"
    assert leads.get(team.viewer, events["Consultation"]).stage == "Inquiry"
    assert stages.names()[:2] == ["Consultation", "Inquiry"]


def test_a_stage_with_events_keeps_its_status(stages: Stages) -> None:
    team, stage = stages.team, stages.at("Proposal sent")
    draft = LeadStageDraft("Proposal sent", "WON")
    event = books.event(team, books.client(team), "L-1", "Proposal sent", "2024-01-05")
    with pytest.raises(InvalidInput, match="has events, so its status cannot change") as refused:
        stage_changes.change(team.admin, stage.id, stage.version, draft)
    assert refused.value.field == "status"
    leads.delete(team.editor, event, 1)
    stage_changes.change(team.admin, stage.id, stage.version, draft)
    assert stages.at("Proposal sent").status == "WON"


@pytest.mark.parametrize(
    ("name", "other", "after", "order"),
    [
        ("Lost", "Inquiry", False, [4, 0, 1, 2, 3]), ("Inquiry", "Lost", True, [1, 2, 3, 4, 0]),
        ("Inquiry", "Proposal sent", False, [1, 0, 2, 3, 4]),
        ("Proposal sent", "Inquiry", True, [0, 2, 1, 3, 4]),
        ("Inquiry", "Inquiry", True, [0, 1, 2, 3, 4]),
    ],
)  # fmt: skip
def test_a_stage_is_put_before_or_after_another(
    stages: Stages, name: str, other: str, after: bool, order: list[int]
) -> None:
    stages.move(name, other, after=after)
    frame = lead_stages.list_stages(stages.team.viewer)
    assert list(frame["stage"]) == [USUAL[place] for place in order]
    assert list(frame["position"]) == [1, 2, 3, 4, 5]


def test_of_two_who_change_a_stage_the_second_sees_the_first(stages: Stages) -> None:
    stage = stages.at("Inquiry")
    stages.rename("Inquiry", "Enquiry")
    draft = LeadStageDraft("First contact")
    with pytest.raises(Conflict) as conflict:
        stage_changes.change(stages.team.admin, stage.id, stage.version, draft)
    assert conflict.value.current == stages.at("Enquiry")
    for attempt in (stage_changes.retire, stage_changes.restore):
        with pytest.raises(Conflict):
            attempt(stages.team.admin, stage.id, stage.version)


def test_a_stage_of_another_tenant_is_not_found(stages: Stages, new_team: NewTeam) -> None:
    other = Stages(new_team())
    foreign, own = other.at("Inquiry"), stages.at("Inquiry")
    admin = stages.team.admin
    for attempt in (
        lambda: lead_stages.get(admin, foreign.id),
        lambda: stage_changes.change(admin, foreign.id, 1, LeadStageDraft("Stolen")),
        lambda: stage_changes.retire(admin, foreign.id, 1),
        lambda: stage_changes.restore(admin, foreign.id, 1),
        lambda: stage_changes.move(admin, own.id, 1, foreign.id),
        lambda: stage_changes.merge(admin, own.id, 1, foreign.id),
        lambda: stage_changes.merge_preview(admin, own.id, foreign.id),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert other.names() == stages.names() == USUAL
    with pytest.raises(NotFound, match="There is no stage “Handshake”"):
        stages.at("Handshake")


def test_names_are_found_in_any_case(stages: Stages) -> None:
    assert stages.at(" proposal SENT ").stage == "Proposal sent"


# ── retiring ────────────────────────────────────────────────────────────────────────────────


def test_a_retired_stage_takes_no_new_events_and_keeps_those_it_has(stages: Stages) -> None:
    team, client = stages.team, books.client(stages.team)
    event = books.event(team, client, "L-1", "Consultation", "2024-01-05")
    other = books.event(team, client, "L-2", "Inquiry", "2024-01-05")
    stages.retire("Consultation")
    refused = "“Consultation” is retired and takes no new events. Choose another stage."
    with pytest.raises(InvalidInput, match=refused) as error:
        books.event(team, client, "L-3", "Consultation", "2024-01-06")
    assert error.value.field == "stage"
    moved = leads.get(team.viewer, other)
    with pytest.raises(InvalidInput, match=refused):
        leads.change(team.editor, other, 1, draft_of(moved, stage="Consultation"))
    leads.change(team.editor, event, 1, draft_of(leads.get(team.viewer, event), note="Called"))
    assert leads.get(team.viewer, event).note == "Called"
    assert state(team, "L-1") == ("Consultation", "OPEN")
    stages.restore("Consultation")
    books.event(team, client, "L-3", "Consultation", "2024-01-06")


def draft_of(event: leads.LeadEvent, **changed: object) -> leads.LeadEventDraft:
    names = leads.LeadEventDraft.__dataclass_fields__
    return leads.LeadEventDraft(**{name: getattr(event, name) for name in names} | changed)


def test_the_last_open_and_the_last_won_stage_stay(stages: Stages) -> None:
    with pytest.raises(InvalidInput, match="the last won stage that takes events"):
        stages.retire("Contract signed")
    for name in ("Lost", "Inquiry", "Consultation"):
        stages.retire(name)
    with pytest.raises(InvalidInput, match="the last open stage") as refused:
        stages.retire("Proposal sent")
    assert refused.value.advice == "Add another open stage first."
    stage, draft = stages.at("Proposal sent"), LeadStageDraft("Proposal sent", "LOST")
    with pytest.raises(InvalidInput, match="the last open stage"):
        stage_changes.change(stages.team.admin, stage.id, stage.version, draft)
    with pytest.raises(InvalidInput, match="already retired"):
        stages.retire("Inquiry")
    stages.add("Negotiation")
    stages.retire("Proposal sent")


# ── merging ─────────────────────────────────────────────────────────────────────────────────


def test_merging_says_what_it_does_and_does_it(stages: Stages) -> None:
    team, client = stages.team, books.client(stages.team)
    for lead, stage, day in (
        ("L-1", "Inquiry", "2024-01-01"), ("L-1", "Consultation", "2024-01-05"),
        ("L-2", "Consultation", "2024-01-02"), ("L-2", "Consultation", "2024-01-09"),
        ("L-3", "Inquiry", "2024-01-02"),
    ):  # fmt: skip
        books.event(team, client, lead, stage, day)
    preview = stage_changes.merge_preview(
        team.admin, stages.at("Consultation").id, stages.at("Proposal sent").id
    )
    assert preview.sentence == (
        "3 events of 2 leads will count as “Proposal sent”. “Consultation” will take no new ones."
    )
    before = leads.events(team.viewer, books.ALWAYS)
    stages.merge("Consultation", "Proposal sent")
    assert leads.events(team.viewer, books.ALWAYS).equals(before)
    assert [state(team, lead)[0] for lead in ("L-1", "L-2", "L-3")] == [
        "Proposal sent", "Proposal sent", "Inquiry",
    ]  # fmt: skip
    steps = {row["stage"]: row["leads"] for row in rows(funnel.funnel(team.viewer, books.ALWAYS))}
    assert steps == {"Inquiry": 3, "Proposal sent": 2, "Contract signed": 0}
    at_stage = leads.page(team.viewer, books.ALWAYS, stage="Proposal sent").frame
    assert set(at_stage["stage"]) == {"Consultation"}
    assert len(at_stage) == 3
    with pytest.raises(InvalidInput, match="was merged into “Proposal sent”"):
        books.event(team, client, "L-4", "Consultation", "2024-01-05")
    stages.restore("Consultation")
    assert state(team, "L-1") == ("Consultation", "OPEN")


def test_a_merge_follows_to_where_the_other_stage_is_merged(stages: Stages) -> None:
    team = stages.team
    books.event(team, books.client(team), "L-1", "Inquiry", "2024-01-05")
    stages.merge("Inquiry", "Consultation")
    preview = stage_changes.merge_preview(
        team.admin, stages.at("Consultation").id, stages.at("Proposal sent").id
    )
    assert preview.followers == ("Inquiry",)
    assert preview.sentence.startswith("1 event of 1 lead will count as “Proposal sent”.")
    assert "“Inquiry”, merged into it before, will count as “Proposal sent” too" in preview.sentence
    stages.merge("Consultation", "Proposal sent")
    into = {row["stage"]: row["merged_stage"]
            for row in rows(lead_stages.list_stages(team.viewer))}  # fmt: skip
    assert into["Inquiry"] == into["Consultation"] == "Proposal sent"
    assert state(team, "L-1") == ("Proposal sent", "OPEN")


@pytest.mark.parametrize(
    ("name", "into", "reason"),
    [
        ("Inquiry", "Inquiry", "into itself"),
        ("Inquiry", "Lost", "“Inquiry” is open and “Lost” is lost"),
        ("Inquiry", "Consultation", "“Consultation” is retired"),
        ("Merged", "Inquiry", "“Merged” is already merged"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused(
    stages: Stages, name: str, into: str, reason: str
) -> None:
    stages.add("Merged")
    stages.merge("Merged", "Proposal sent")
    stages.retire("Consultation")
    with pytest.raises(InvalidInput, match=reason) as refused:
        stage_changes.merge_preview(
            stages.team.viewer, stages.at(name).id, stages.at(into).id
        )  # fmt: skip
    assert refused.value.field == "into"
    with pytest.raises(InvalidInput, match=reason):
        stages.merge(name, into)


def test_the_last_won_stage_is_not_merged_away(stages: Stages) -> None:
    stages.add("Renewed", "WON")
    stages.merge("Contract signed", "Renewed")
    with pytest.raises(InvalidInput, match="“Contract signed” is retired"):
        stages.merge("Renewed", "Contract signed")


def test_the_position_of_an_event_is_that_of_what_it_counts_as(stages: Stages) -> None:
    """Two events of one day without a time: the further stage is the later event."""
    team, client = stages.team, books.client(stages.team)
    for stage in ("Inquiry", "Proposal sent"):
        books.event(team, client, "L-1", stage, "2024-01-05")
    assert state(team, "L-1") == ("Proposal sent", "OPEN")
    stages.add("First call")
    stages.move("First call", "Inquiry")
    stages.merge("Proposal sent", "First call")
    assert state(team, "L-1") == ("Inquiry", "OPEN")


def test_events_are_counted_by_stage(stages: Stages) -> None:
    team, client = stages.team, books.client(stages.team)
    for lead, stage in (("L-1", "Inquiry"), ("L-2", "Inquiry"), ("L-3", "Lost")):
        books.event(team, client, lead, stage, "2024-01-05")
    frame = lead_stages.list_with_events(team.viewer)
    assert list(frame["events"]) == [2, 0, 0, 0, 1]


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_only_an_admin_changes_stages(stages: Stages, role: str) -> None:
    person: Identity = getattr(stages.team, role)
    inquiry, proposal = stages.at("Inquiry"), stages.at("Proposal sent")
    for attempt in (
        lambda: stages.add("Negotiation", by=person),
        lambda: stage_changes.change(person, inquiry.id, 1, LeadStageDraft("Enquiry")),
        lambda: stage_changes.move(person, inquiry.id, 1, proposal.id),
        lambda: stage_changes.merge(person, inquiry.id, 1, proposal.id),
        lambda: stage_changes.retire(person, inquiry.id, 1),
        lambda: stage_changes.restore(person, inquiry.id, 1),
    ):
        with pytest.raises(AccessDenied):
            attempt()
    assert stages.names() == USUAL
    stages.retire("Inquiry")
