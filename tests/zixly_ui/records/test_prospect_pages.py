"""Prospects on pages: found on Clients, offered in the lead funnel, left out of reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.records import clients
from zixly_data.records.pipeline import leads

NewTeam = Callable[[], Team]


@dataclass(frozen=True)
class Books:
    """A team with two clients with a bill, and one prospect with an open lead."""

    team: Team
    harbour: str
    surf: str


@pytest.fixture
def book(new_team: NewTeam) -> Books:
    team = new_team()
    harbour, baker = books.client(team, "Harbour"), books.client(team, "Baker", industry="Food")
    for client in (harbour, baker):
        books.money(team, client, "2024-01-05", "100", "20")
    surf = books.client(team, "Surf School", status="PROSPECT", industry="Sport")
    books.event(team, surf, "Website", "Inquiry", "2024-01-02", "500")
    return Books(team, harbour, surf)


def test_the_list_shows_clients_and_leads_to_the_prospects(book: Books) -> None:
    page = open_page(book.team.viewer, "clients")
    assert page.headings[0].startswith("2 clients, 2 active.")
    assert [row["client_name"] for row in page.rows()] == ["Baker", "Harbour"]
    assert page.links["See 1 prospect"] == "/clients?status=PROSPECT"
    page.go("clients", status="PROSPECT")
    assert page.headings[0] == "1 prospect, with an open deal and no bill yet."
    assert [(row["client_name"], row["status"]) for row in page.rows()] == [
        ("Surf School", "Prospect")
    ]
    assert "Filtered by Prospect" in page.text
    assert page.links["See 2 clients"] == "/clients"
    (row,) = page.downloaded()
    assert (row["client_name"], row["status"]) == ("Surf School", "PROSPECT")


def test_clients_and_prospects_together_are_named_apart(book: Books) -> None:
    page = open_page(book.team.viewer, "clients", status=["ACTIVE", "PROSPECT"])
    assert page.headings[0].startswith("2 clients and 1 prospect, 2 active.")
    page = open_page(book.team.viewer, "clients", q="nobody")
    assert "None of your 2 clients and 1 prospect matches." in page.text


def test_an_organisation_with_prospects_alone_is_told_so(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Surf School", status="PROSPECT")
    page = open_page(team.editor, "clients")
    assert "No clients yet" in page.text
    assert page.links["See 1 prospect"] == "/clients?status=PROSPECT"
    assert "Add a client" in page.part("next-step")


def test_the_page_of_a_prospect_says_what_makes_it_a_client(book: Books) -> None:
    page = open_page(book.team.editor, "client", id=book.surf)
    assert "· Prospect ·" in page.text
    assert "becomes an active client automatically with its first won lead" in page.alerts
    assert page.links["Record figures"].startswith(f"/financials?client={book.surf}")
    assert "A prospect is" not in page.go("client", id=book.harbour).alerts


@pytest.mark.parametrize("name", ["profitability", "financials", "bridge", "custom_kpis"])
def test_reports_do_not_offer_prospects(book: Books, name: str) -> None:
    page = open_page(book.team.viewer, name, period="all").open_popover("Choose clients")
    assert sorted(page.field("Clients").options) == ["Baker", "Harbour"]
    assert page.field("Status").options == ["Active"]
    assert "Sport" not in page.field("Industry").options


def test_the_lead_funnel_offers_prospects(book: Books) -> None:
    page = open_page(book.team.editor, "lead_funnel", period="all", status="PROSPECT")
    assert page.open_popover("Choose clients").field("Status").options == ["Active", "Prospect"]
    assert [row["client_name"] for row in page.rows(below="1 lead")] == ["Surf School"]
    page = open_page(book.team.editor, "lead_funnel", period="all")
    assert [row["client_name"] for row in page.rows(below="1 lead")] == ["Surf School"]


def test_the_first_bill_of_a_prospect_is_recorded_from_its_page(book: Books) -> None:
    page = open_page(book.team.editor, "financials", period="all", client=book.surf)
    assert "no longer exist" not in page.text
    page.press("Record figures")
    assert page.chosen("Client") == "Surf School (AUD)"
    page.fill(Date="5/2/2024", Revenue="100", Expenses="0").press("Save")
    assert "Surf School" in page.alerts
    assert clients.get(book.team.viewer, book.surf).status == "ACTIVE"


def test_a_client_with_records_cannot_be_made_a_prospect_in_the_form(book: Books) -> None:
    page = open_page(book.team.editor, "client", id=book.harbour).press("Edit client")
    page.choose("Status", "Prospect").fill(Industry="Cafés").press("Save changes")
    assert page.below("Status") == (
        "Harbour has financial records, so it is a client. Choose Active or Completed."
    )
    assert page.typed("Industry") == ("Cafés",)


def test_a_prospect_is_added_in_the_form(book: Books) -> None:
    page = open_page(book.team.editor, "clients").press("Add client")
    page.fill(Name="Gym", External_ID="GYM").choose("Status", "Prospect")
    page.press("Add client", nth=-1)
    assert "Added: Gym" in page.alerts
    assert "See 2 prospects" in page.links


def _events(page: PageRun) -> list[tuple[str, str]]:
    return [(row["time"], row["stage"]) for row in page.rows(below="events of")]


def test_a_lead_is_reopened_on_the_day_it_was_lost(book: Books) -> None:
    books.event(book.team, book.surf, "Website", "Lost", "2024-01-20")
    books.event(book.team, book.surf, "Website", "Consultation", "2024-01-20")
    page = open_page(book.team.editor, "lead_funnel", period="all")
    assert [row["stage"] for row in page.rows(below="1 lead")] == ["Lost"]
    assert "time" not in page.rows(below="3 events")[0]
    page.click_row(1, below="3 events")
    assert page.typed("Date", "Time (optional)") == ("20/1/2024", "")
    page.fill(Time="4.70 pm").press("Save changes")
    assert "“4.70 pm” is not a time" in page.below("Time (optional)")
    page.fill(Time="4.40 pm").press("Save changes")
    assert "20 Jan 2024, 16:40" in page.alerts
    assert [row["stage"] for row in page.rows(below="1 lead")] == ["Consultation"]
    page.click_row(0, below="1 lead")
    assert _events(page) == [("16:40", "Consultation"), ("", "Lost"), ("", "Inquiry")]


def test_a_time_nobody_changed_stays_to_the_second(book: Books) -> None:
    page = open_page(book.team.editor, "lead_funnel", period="all")
    page.click_row(0, below="1 event").fill(Time="16:40:25").press("Save changes")
    (event,) = leads.events(book.team.viewer, books.ALWAYS)["id"]
    moment = leads.get(book.team.viewer, event).event_at
    page.click_row(0, below="1 event").fill(Note="Called").press("Save changes")
    changed = leads.get(book.team.viewer, event)
    assert (changed.note, changed.event_at) == ("Called", moment)
    page.click_row(0, below="1 event")
    assert "from nothing to 16:40:25" in page.dialog
    page.fill(Time="").press("Save changes")
    assert leads.get(book.team.viewer, event).event_at is None
