"""Prospects in files: new ones, those that become clients, and what undoing makes of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import COUNTED_ON, books_of, did, imported, proposed, reasons
from zixly_data.errors import InvalidInput
from zixly_data.imports import ADD, ImportTouched, Kind, confirm, undo
from zixly_data.records import clients
from zixly_data.tables.clients import ClientDraft

NewTeam = Callable[[], Team]
BILLS = "client_name,record_date,revenue\n"
LEADS = "client_name,date,lead_id,stage\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    """With a prospect and its open lead, and a client with a bill."""
    team = new_team()
    surf = books.client(team, "Surf School", client_id="SURF", status="PROSPECT")
    books.event(team, surf, "Website", "Inquiry", "2024-01-02")
    books.money(team, books.client(team, "Harbour", client_id="HBC"), "2024-01-01", "1")
    return team


def statuses(team: Team) -> dict[str, str]:
    names = clients.names(team.viewer)
    return dict(zip(names["client_name"], names["status"], strict=True))


def _set_status(team: Team, client_id: str, status: str, note: str | None = None) -> None:
    names = clients.names(team.viewer)
    for row_id in names["id"]:
        client = clients.get(team.editor, row_id)
        if client.client_id == client_id:
            draft = ClientDraft(client_id, client.client_name, status=status, note=note)
            clients.change(team.editor, row_id, client.version, draft)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.FINANCIALS, f"{BILLS}Surf School,2024-01-05,100\nHarbour,2024-01-05,7\n"),
        (Kind.LEAD_EVENTS, f"{LEADS}Surf School,2024-01-05,Website,Contract signed\n"),
    ],
)
def test_undoing_an_import_that_made_a_client_makes_a_prospect_again(
    team: Team, kind: Kind, text: str
) -> None:
    before = books_of(team.viewer, *COUNTED_ON)
    result = imported(team.editor, kind, text)
    assert statuses(team)["Surf School"] == "ACTIVE"
    undo(team.editor, result.id)
    assert books_of(team.viewer, *COUNTED_ON) == before
    # And again, as after any undone import.
    imported(team.editor, kind, text)
    assert statuses(team)["Surf School"] == "ACTIVE"


def test_undoing_a_changed_stage_makes_a_prospect_again(team: Team) -> None:
    event = next(iter(books_of(team.viewer)["lead_events"]))
    head = "id,client_name,date,lead_id,stage\n"
    text = f"{head}{event},Surf School,2024-01-02,Website,Contract signed\n"
    before = books_of(team.viewer, *COUNTED_ON)
    result = imported(team.editor, Kind.LEAD_EVENTS, text)
    assert statuses(team)["Surf School"] == "ACTIVE"
    undo(team.editor, result.id)
    assert books_of(team.viewer, *COUNTED_ON) == before


def test_a_client_with_other_records_by_then_stays_a_client(team: Team) -> None:
    first = imported(team.editor, Kind.FINANCIALS, f"{BILLS}Surf School,2024-01-05,100\n")
    imported(team.editor, Kind.FINANCIALS, f"{BILLS}Surf School,2024-02-05,100\n")
    undo(team.editor, first.id)
    assert statuses(team)["Surf School"] == "ACTIVE"


def test_a_client_that_a_person_has_changed_since_keeps_the_change(team: Team) -> None:
    text = f"{BILLS}Surf School,2024-01-05,100\n"
    first = imported(team.editor, Kind.FINANCIALS, text)
    _set_status(team, "SURF", "ACTIVE", note="Met on site")
    undo(team.editor, first.id)
    assert statuses(team)["Surf School"] == "PROSPECT"
    second = imported(team.editor, Kind.FINANCIALS, text)
    _set_status(team, "SURF", "COMPLETED")
    undo(team.editor, second.id)
    assert statuses(team)["Surf School"] == "COMPLETED"


def test_a_changed_record_still_prevents_undoing(team: Team) -> None:
    result = imported(team.editor, Kind.FINANCIALS, f"{BILLS}Surf School,2024-01-05,100\n")
    text = f"{BILLS}Surf School,2024-01-05,120\n"
    imported(team.editor, Kind.FINANCIALS, text, same_day="CORRECT")
    with pytest.raises(ImportTouched):
        undo(team.editor, result.id)
    assert statuses(team)["Surf School"] == "ACTIVE"


def test_new_clients_of_a_file_of_leads_are_prospects_unless_one_is_won(team: Team) -> None:
    text = (
        f"{LEADS}Open,2024-01-05,A,Inquiry\nOpen,2024-01-06,A,Lost\n"
        "Won,2024-01-05,B,Inquiry\nWon,2024-01-06,B,Contract signed\n"
    )
    before = books_of(team.viewer)
    result = imported(team.editor, Kind.LEAD_EVENTS, text, clients={"Open": ADD, "Won": ADD})
    assert statuses(team) == {
        "Harbour": "ACTIVE", "Open": "PROSPECT", "Surf School": "PROSPECT", "Won": "ACTIVE",
    }  # fmt: skip
    undo(team.editor, result.id)
    assert books_of(team.viewer) == before


def test_new_clients_of_a_file_of_bills_are_clients(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, f"{BILLS}New,2024-01-05,1\n", clients={"New": ADD})
    assert statuses(team)["New"] == "ACTIVE"


def test_a_file_of_clients_names_prospects_as_people_do(team: Team) -> None:
    spellings = ("PROSPECT", "Prospect", "lead", "Opportunity")
    lines = "".join(f"N{number},{spelling}\n" for number, spelling in enumerate(spellings))
    imported(team.editor, Kind.CLIENTS, f"client_name,status\n{lines}")
    assert [status for name, status in statuses(team).items() if name.startswith("N")] == [
        "PROSPECT"
    ] * 4


def test_a_file_cannot_make_a_client_with_records_a_prospect(team: Team) -> None:
    text = "client_id,client_name,status\nHBC,Harbour,prospect\nSURF,Surf School,prospect\n"
    proposal = proposed(team.editor, Kind.CLIENTS, text)
    assert did(proposal) == "RU"
    assert reasons(proposal) == [
        "Harbour has financial records, so it is a client. Choose Active or Completed."
    ]


def test_undoing_a_status_of_a_file_is_refused_once_there_are_records(team: Team) -> None:
    text = "client_id,status\nSURF,active\n"
    result = imported(team.editor, Kind.CLIENTS, text)
    undo(team.editor, result.id)
    assert statuses(team)["Surf School"] == "PROSPECT"
    second = confirm(team.editor, proposed(team.editor, Kind.CLIENTS, text))
    imported(team.editor, Kind.FINANCIALS, f"{BILLS}Surf School,2024-01-05,100\n")
    with pytest.raises(InvalidInput, match="Surf School has financial records"):
        undo(team.editor, second.id)
