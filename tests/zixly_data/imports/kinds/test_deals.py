"""Files with a row for each deal: HubSpot's, Pipedrive's and Salesforce's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did, imported, proposed, reasons
from zixly_data.imports import ADD, Kind, confirm, undo
from zixly_data.imports.cells.mapping import READ_AS
from zixly_data.imports.previews import rejected_file
from zixly_data.records import closed_months
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
        "Open deals are dated at their creation: the file does not say since when they are at "
        "their stage, and their close date is an expectation.",
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


def deals(*lines: str) -> str:
    return "Deal ID,Deal Name,Deal Stage,Create Date,Close Date,Amount,Company\n" + "".join(
        f"{line}\n" for line in lines
    )


@pytest.fixture
def kea(team: Team) -> Team:
    books.client(team, "Kea", client_id="KEA")
    return team


def today() -> str:
    return datetime.now(ZoneInfo("Australia/Sydney")).date().isoformat()


def test_a_deal_that_is_won_by_the_next_file_keeps_its_earlier_stage(kea: Team) -> None:
    imported(
        kea.editor, Kind.LEAD_EVENTS, deals("1,Site,Proposal sent,2024-01-05,2024-04-01,5,Kea")
    )
    won = deals("1,Site,Contract signed,2024-01-05,2024-03-14,7,Kea")
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, won)
    assert did(proposal) == "NU"  # its beginning is on record
    confirm(kea.editor, proposal)
    expected = [("Site", "Contract signed", "2024-03-14", "7.00"),
                ("Site", "Proposal sent", "2024-01-05", "5.00")]  # fmt: skip
    assert recorded(kea) == expected
    # The earlier file again opens nothing, and the later one adds nothing.
    again = proposed(kea.editor, Kind.LEAD_EVENTS, won)
    assert did(again) == "UU"


def test_a_close_date_that_is_corrected_moves_the_event(kea: Team) -> None:
    imported(kea.editor, Kind.LEAD_EVENTS,
             deals("1,Site,Contract signed,2024-01-05,2024-03-14,7,Kea"))  # fmt: skip
    later = deals("1,Site,Contract signed,2024-01-05,2024-03-15,7,Kea")
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, later)
    assert did(proposal) == "CU"
    assert dict(proposal.matches[0].current) == {"event_date": "2024-03-14"}
    confirm(kea.editor, proposal)
    assert recorded(kea)[0] == ("Site", "Contract signed", "2024-03-15", "7.00")


def test_an_open_deal_that_moved_on_is_dated_by_its_column_or_today(kea: Team) -> None:
    imported(kea.editor, Kind.LEAD_EVENTS, deals(
        "1,Site,Consultation,2024-01-05,,5,Kea", "2,Shop,Consultation,2024-01-06,,5,Kea",
    ))  # fmt: skip
    moved = deals("1,Site,Proposal sent,2024-01-05,,5,Kea", "2,Shop,Consultation,2024-01-06,,6,Kea")
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, moved)
    assert did(proposal) == "NC"
    assert "1 deal has moved to another open stage" in proposal.staged.notes[1]
    confirm(kea.editor, proposal)
    assert ("Site", "Proposal sent", today(), "5.00") in recorded(kea)
    assert did(proposed(kea.editor, Kind.LEAD_EVENTS, moved)) == "UU"

    dated = moved.replace("Amount,Company", "Amount,Company,Date entered current stage").replace(
        ",6,Kea", ",6,Kea,2024-01-06").replace("Proposal sent,2024-01-05,,5,Kea",
        "Proposal sent,2024-01-05,,5,Kea,2024-02-02")  # fmt: skip
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, dated)
    assert did(proposal) == "CUU"
    confirm(kea.editor, proposal)
    assert ("Site", "Proposal sent", "2024-02-02", "5.00") in recorded(kea)


def test_a_new_open_deal_with_the_day_of_its_stage_begins_at_its_creation(kea: Team) -> None:
    text = (
        "Opportunity Name,Account Name,Stage,Created Date,Close Date,Last Stage Change Date\n"
        "Site,Kea,Proposal sent,2024-01-05,2024-06-30,2024-02-02\n"
    )
    imported(kea.editor, Kind.LEAD_EVENTS, text)
    assert recorded(kea) == [
        ("Site", "Inquiry", "2024-01-05", None), ("Site", "Proposal sent", "2024-02-02", None),
    ]  # fmt: skip


def test_a_deal_that_is_lost_on_record_is_not_opened_by_an_older_file(kea: Team) -> None:
    old = deals("1,Site,Consultation,2024-01-05,2024-06-01,5,Kea")
    imported(kea.editor, Kind.LEAD_EVENTS, deals("1,Site,Lost,2024-01-05,2024-03-14,5,Kea"))
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, old)
    assert did(proposal) == "R"
    assert reasons(proposal)[0].startswith("This deal is at “Lost” on record since 14 Mar 2024.")


def test_a_closed_deal_needs_a_close_date_and_is_refused_in_one_row(kea: Team) -> None:
    text = deals("1,Site,Contract signed,2024-01-05,,5,Kea", "2,Shop,Lost,2024-01-05,soon,5,Kea")
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, text)
    assert did(proposal) == "RR"
    assert reasons(proposal)[0] == "A won or lost deal needs a close date."
    assert "soon" in reasons(proposal)[1]
    assert len(rejected_file(proposal).splitlines()) == 3


def test_both_events_of_a_deal_are_refused_together(kea: Team) -> None:
    closed_months.close(kea.admin, date(2024, 1, 1))
    text = deals("1,Site,Contract signed,2024-01-05,2024-03-14,5,Kea")
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, text)
    assert did(proposal) == "RL"
    assert reasons(proposal) == ["January 2024 is closed."]
    assert len(rejected_file(proposal).splitlines()) == 2
    # In an open month both go in.
    other = text.replace("2024-01-05", "2024-02-05")
    assert did(proposed(kea.editor, Kind.LEAD_EVENTS, other)) == "NN"


def test_deals_of_one_name_are_told_apart_by_their_id(kea: Team) -> None:
    first = deals("1,Retainer,Contract signed,2024-01-05,2024-02-01,5,Kea")
    imported(kea.editor, Kind.LEAD_EVENTS, first)
    text = (
        first
        + "2,Retainer,Lost,2024-03-05,2024-04-01,6,Kea\n3,Retainer,Inquiry,2024-05-01,,7,Kea\n"
    )
    proposal = proposed(kea.editor, Kind.LEAD_EVENTS, text)
    assert did(proposal) == "UNNUN"
    assert "2 deals have the name of another one" in proposal.staged.notes[-1]
    confirm(kea.editor, proposal)
    assert {lead for lead, *_ in recorded(kea)} == {"Retainer", "Retainer (2)", "Retainer (3)"}
    assert did(proposed(kea.editor, Kind.LEAD_EVENTS, text)) == "UUUUU"


def test_a_renamed_deal_stays_its_lead(kea: Team) -> None:
    imported(kea.editor, Kind.LEAD_EVENTS, deals("1,Site,Consultation,2024-01-05,,5,Kea"))
    renamed = deals("1,New site,Contract signed,2024-01-05,2024-02-01,5,Kea")
    imported(kea.editor, Kind.LEAD_EVENTS, renamed)
    assert {lead for lead, *_ in recorded(kea)} == {"Site"}


LINES = (
    "1,Site,Contract signed,2024-01-05,2024-03-14,5,Kea",
    "2,Shop,Lost,2024-01-06,2024-02-14,6,Kea",
    "3,App,Proposal sent,2024-01-07,2024-09-30,7,Kea",
    "4,Logo,Inquiry,2024-01-08,,8,Kea",
)


@pytest.mark.parametrize("parts", [
    (LINES,), (LINES[::-1],), (LINES, LINES), (LINES[:1], LINES[1:]), (LINES[2:], LINES[:2], LINES),
])  # fmt: skip
def test_the_order_and_the_number_of_files_do_not_matter(
    kea: Team, parts: tuple[tuple[str, ...], ...]
) -> None:
    for lines in parts:
        proposal = proposed(kea.editor, Kind.LEAD_EVENTS, deals(*lines))
        if proposal.changes_anything:
            confirm(kea.editor, proposal)
    assert recorded(kea) == [
        ("App", "Proposal sent", "2024-01-07", "7.00"), ("Logo", "Inquiry", "2024-01-08", "8.00"),
        ("Shop", "Inquiry", "2024-01-06", None), ("Shop", "Lost", "2024-02-14", "6.00"),
        ("Site", "Contract signed", "2024-03-14", "5.00"), ("Site", "Inquiry", "2024-01-05", None),
    ]  # fmt: skip


PIPEDRIVE = (
    "Deal - ID,Deal - Title,Deal - Organization,Deal - Value,Deal - Currency,Deal - Stage,"
    "Deal - Status,Deal - Deal created,Deal - Won time,Deal - Lost time,Deal - Lost reason\n"
    "11,Kea site,Kea,1500,AUD,Negotiations Started,Won,2024-01-05 10:00:00,2024-02-03 09:00:00,,\n"
    "12,Kea app,Kea,900,AUD,Qualified,Lost,2024-01-06 10:00:00,,2024-02-04 09:00:00,Price\n"
    "13,Kea logo,Kea,400,AUD,Qualified,Open,2024-01-07 10:00:00,,,\n"
)


def test_pipedrive_says_in_another_column_that_a_deal_is_won(kea: Team) -> None:
    asked = proposed(kea.editor, Kind.LEAD_EVENTS, PIPEDRIVE)
    assert [(s.name, s.rows, s.similar[:1]) for s in asked.staged.unknown_stages] == [
        ("Won", 1, ("Contract signed",)), ("Qualified", 1, ()),
    ]  # fmt: skip
    stages = {"won": "Contract signed", "qualified": "Consultation"}
    imported(kea.editor, Kind.LEAD_EVENTS, PIPEDRIVE, stages=stages)
    assert recorded(kea) == [
        ("Kea app", "Inquiry", "2024-01-06", None), ("Kea app", "Lost", "2024-02-04", "900.00"),
        ("Kea logo", "Consultation", "2024-01-07", "400.00"),
        ("Kea site", "Contract signed", "2024-02-03", "1500.00"),
        ("Kea site", "Inquiry", "2024-01-05", None),
    ]  # fmt: skip
    assert did(proposed(kea.editor, Kind.LEAD_EVENTS, PIPEDRIVE)) == "UUUUU"


def test_our_own_file_with_a_close_date_column_holds_events(kea: Team) -> None:
    """A date that is not one of creation is the date of the event."""
    text = "client,lead,stage,date,close date\nKea,L-1,Contract signed,2024-03-01,2024-04-01\n"
    imported(kea.editor, Kind.LEAD_EVENTS, text)
    assert recorded(kea) == [("L-1", "Contract signed", "2024-03-01", None)]
