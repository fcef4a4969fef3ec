"""The lead funnel, as each role meets it, and the form of an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import statements
from tests.support.page_runs import PageRun, open_page
from zixly_data.identity import Identity

NAME = "Funnel Test & Sons"


@dataclass(frozen=True)
class Funnel:
    """A team with one client."""

    team: Team
    client: str
    admin: sa.Engine

    def open(self, person: Identity, **query: str) -> PageRun:
        return open_page(person, "lead_funnel", period="all", client=self.client, **query)

    def event(self, stage: str, day: str, value: str | None = None) -> str:
        return books.event(self.team, self.client, "L-1", stage, day, value)

    def on_record(self) -> list[tuple[str | None, ...]]:
        return statements.run(
            self.admin,
            "select lead_id, stage, event_date::text, value::text, note from zixly.lead_events"
            " where tenant_id = :tenant order by event_date",
            tenant=self.team.tenant_id,
        )


@pytest.fixture
def funnel(new_team: Callable[[], Team], admin: sa.Engine) -> Funnel:
    team = new_team()
    return Funnel(team, books.client(team, NAME), admin)


def open_form(page: PageRun, lead: str = "L-9") -> PageRun:
    page.press("Add an event")
    assert page.typed("Client") is not None
    page.field("Value in AUD (optional)")
    return page.fill(Lead=lead)


def test_a_viewer_reads_the_funnel_and_is_offered_no_form(vera: Identity) -> None:
    page = open_page(vera, "lead_funnel", period="2024-Q1")
    assert (
        "3 of 3 leads that began in Q1 2024 (Jan–Mar) became contracts (100%). All are decided."
        in page.headings[0]
    )
    assert any(heading.startswith("7 events in Q1 2024") for heading in page.headings)
    assert not page.offers("Add an event")
    assert "Click an event to change" not in page.text


def test_an_editor_adds_an_event_and_sees_it_everywhere(funnel: Funnel) -> None:
    page = open_form(funnel.open(funnel.team.editor), lead="Second pipeline")
    assert "Click an event to change" not in page.text
    page.fill(Date="1 March 2024").fill(Value_in_AUD="$18,000.50").press("Add event")
    assert page.headings[0].startswith("None of 1 lead is decided yet.")
    assert "Added:" in page.alerts
    (value,) = (figure for label, figure in page.metrics if "open leads" in label)
    assert value == "$18,001"
    assert funnel.on_record() == [("Second pipeline", "Inquiry", "2024-03-01", "18000.50", None)]
    assert "Click an event to change" in page.text
    (row,) = page.downloaded("Download events")
    assert (row["lead_id"], row["event_date"], row["value"]) == (
        "Second pipeline", "2024-03-01", "18000.50",
    )  # fmt: skip


def test_each_slip_is_told_beside_its_field_and_nothing_is_lost(funnel: Funnel) -> None:
    page = open_form(funnel.open(funnel.team.editor))
    for value, told in (("12k5", "“12k5” is not an amount"), ("-5", "cannot be negative")):
        page.fill(Date="1/3/20245", Value_in_AUD=value).press("Add event")
        assert told in page.below("Value in AUD")
        assert "has the year 20245" in page.below("Date")
        assert page.typed("Date", "Value in AUD") == ("1/3/20245", value)
    assert funnel.on_record() == []


def test_a_client_deleted_meanwhile_is_told_and_the_event_goes_nowhere_else(
    funnel: Funnel,
) -> None:
    books.client(funnel.team, "Another")
    page = open_form(funnel.open(funnel.team.editor), lead="Gone").fill(Note="typed at length")
    statements.run(funnel.admin, "delete from zixly.client_kpis where id = :c", c=funnel.client)
    page.press("Add event")
    assert "no longer exists" in page.dialog
    assert page.typed("Note (optional)") == ("typed at length",)
    assert funnel.on_record() == []


def test_a_form_sent_twice_is_one_event(funnel: Funnel) -> None:
    page = open_form(funnel.open(funnel.team.admin)).press_twice("Add event")
    assert page.headings[0].startswith("None of 1 lead")
    assert len(funnel.on_record()) == 1


@pytest.mark.parametrize(
    ("choice", "kept"), [("Keep my version", "mine"), ("Use the saved version", "theirs")]
)
def test_the_second_of_two_editors_sees_both_versions(
    funnel: Funnel, choice: str, kept: str
) -> None:
    theirs = funnel.event("Inquiry", "2024-03-01", "500")
    page = funnel.open(funnel.team.editor).click_row(0, "1 event").fill(Note="mine")
    statements.run(
        funnel.admin,
        "update zixly.lead_events set note = 'theirs', version = version + 1 where id = :id",
        id=theirs,
    )
    page.press("Save changes")
    assert "Someone else saved this record" in page.dialog
    assert "**theirs**" in page.dialog
    page.press(choice)
    assert page.dialog == ""
    assert funnel.on_record() == [("L-1", "Inquiry", "2024-03-01", "500.00", kept)]


def test_an_event_is_deleted_after_a_question(funnel: Funnel) -> None:
    funnel.event("Inquiry", "2024-03-01")
    page = funnel.open(funnel.team.editor).click_row(0, "1 event")
    assert "This cannot be undone." in page.dialog
    assert len(funnel.on_record()) == 1
    page.press("Delete permanently")
    assert "No leads began" in page.text
    assert funnel.on_record() == []


def test_a_stage_in_the_link_narrows_tables_and_files(funnel: Funnel) -> None:
    funnel.event("Inquiry", "2024-03-01")
    funnel.event("Contract signed", "2024-03-21", "900")
    # Signed without a proposal on record: it got past the proposal all the same.
    page = funnel.open(funnel.team.viewer, stage="Proposal sent")
    assert page.headings[0].startswith("1 of 1 lead became a contract (100%)")
    assert ("Won", "1") in page.metrics
    assert "after 20 days (median)" in page.text
    assert any(heading.startswith("1 lead at Proposal sent") for heading in page.headings)
    assert any(heading.startswith("0 events at Proposal sent") for heading in page.headings)
    (lead,) = page.downloaded("Download leads")
    assert (lead["lead_id"], lead["stage"], lead["value"]) == ("L-1", "Contract signed", "900.00")
    (stages,) = (field for field in page.app.button_group if "Proposal sent" in str(field.value))
    stages.set_value(None)
    page.reload()
    assert any(heading.startswith("2 events") for heading in page.headings)
    assert "stage=" not in page.address
    assert len(page.downloaded("Download events")) == 2


def test_a_link_to_an_unknown_stage_shows_all_and_says_so(vera: Identity) -> None:
    page = open_page(vera, "lead_funnel", period="2024-Q1", stage="Nonsense")
    assert "The selected stage no longer exists." in page.text
    assert any(heading.startswith("7 events in Q1 2024") for heading in page.headings)
