"""Files with a row for each deal: HubSpot's, Pipedrive's and Salesforce's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did, proposed
from zixly_data.imports import ADD, Kind, confirm, undo
from zixly_data.imports.cells.mapping import READ_AS
from zixly_data.records.pipeline import leads
from zixly_data.values.frames import rows

NewTeam = Callable[[], Team]
HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Close Date,Deal owner,Amount,Create Date,"
    "Associated Company IDs,Associated Company\n"
)
WON = (
    "12345678901,Harbour Cafe - website,{stage},Sales Pipeline,2024-03-14 15:02,Ann A,12000.00,"
    "2024-01-05 09:12,987654321,Harbour Cafe\n"
)
OPEN = (
    "12345678902,Kea Group - CRM,{stage},Sales Pipeline,2024-04-30 10:00,Ann A,5000,"
    "2024-02-01 10:00,987654322;987654323,Kea Group;Kea Holdings\n"
)
LIST = "Kea Group;Kea Holdings"
CLIENTS = {"Harbour Cafe": ADD, LIST: f"{READ_AS}Kea Group", "Kea Group": ADD}


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def recorded(team: Team) -> list[tuple[str, str, str, str | None]]:
    """Lead, stage, day and value of every event."""
    events = rows(leads.events(team.viewer, books.ALWAYS))
    return sorted(
        (row["lead_id"], row["stage"], str(row["event_date"]),
         None if row["value"] is None else str(row["value"]))
        for row in events
    )  # fmt: skip


def test_a_won_deal_is_signed_at_its_close_date_and_begins_at_its_creation(team: Team) -> None:
    text = HUBSPOT + WON.format(stage="Contract signed") + OPEN.format(stage="Proposal sent")
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text, clients=CLIENTS)
    assert did(proposal) == "NNN"
    assert proposal.staged.notes == [
        "Won and lost deals are dated at their close date, and begin at “Inquiry” on the day they "
        "were created.",
        "Open deals are dated at their creation: the file does not say since when they are at their "
        "stage, and their close date is an expectation.",
    ]
    before = books_of(team.editor)
    done = confirm(team.editor, proposal)
    assert recorded(team) == [
        ("Harbour Cafe - website", "Contract signed", "2024-03-14", "12000.00"),
        ("Harbour Cafe - website", "Inquiry", "2024-01-05", None),
        ("Kea Group - CRM", "Proposal sent", "2024-02-01", "5000.00"),
    ]
    assert did(proposed(team.editor, Kind.LEAD_EVENTS, text)) == "UUU"
    undo(team.editor, done.id)
    assert books_of(team.editor) == before
