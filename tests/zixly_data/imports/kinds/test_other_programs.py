"""What programs beside the usual ones write: words for nothing, states, and days of a deal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did, imported, proposed, reasons
from zixly_data.errors import InvalidInput
from zixly_data.imports import ADD, Kind, confirm
from zixly_data.imports.rows.stages_in_file import similar_stages

NewTeam = Callable[[], Team]


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def names(team: Team) -> dict[str, str]:
    """The status of each client by name."""
    clients = books_of_clients(team)
    return {row["client_name"]: row["status"] for row in clients}


def books_of_clients(team: Team) -> list[dict[str, str]]:
    return list(books_of(team.editor)["client_kpis"].values())


def test_cards_of_myob_without_an_id_are_clients_by_name(team: Team) -> None:
    books.client(team, "Harbour", client_id="HAR")
    cards = "{}\nCo./Last Name\tCard ID\nHarbour\t*None\nTui\t*None\nWeka\tCUS1\n"
    imported(team.editor, Kind.CLIENTS, cards)
    assert {row["client_name"]: row["client_id"] for row in books_of_clients(team)} == {
        "Harbour": "HAR", "Tui": "TUI", "Weka": "CUS1",
    }  # fmt: skip


def test_sales_of_cards_without_an_id_stay_those_of_their_names(team: Team) -> None:
    sales = "Card ID,Client,Date,Revenue\n*None,Harbour,2026-03-01,10\n*None,Tui,2026-03-01,20\n"
    clients = {"Harbour": ADD, "Tui": ADD}
    confirm(team.editor, proposed(team.editor, Kind.FINANCIALS, sales, clients=clients))
    assert sorted(row["client_name"] for row in books_of_clients(team)) == ["Harbour", "Tui"]
    assert did(proposed(team.editor, Kind.FINANCIALS, sales)) == "UU"


def test_archived_contacts_are_completed_clients(team: Team) -> None:
    text = "*ContactName,ContactStatus\nHarbour,ACTIVE\nBlue,ARCHIVED\n"
    imported(team.editor, Kind.CLIENTS, text)
    assert names(team) == {"Harbour": "ACTIVE", "Blue": "COMPLETED"}


def test_every_stage_of_a_lifecycle_is_a_status(team: Team) -> None:
    text = "Company name,Lifecycle Stage\nMoa,Subscriber\nWeka,salesqualifiedlead\nTui,Evangelist\n"
    imported(team.editor, Kind.CLIENTS, text)
    assert names(team) == {"Moa": "PROSPECT", "Weka": "PROSPECT", "Tui": "ACTIVE"}


def test_a_client_twice_by_name_is_rejected_for_its_name(team: Team) -> None:
    text = "Name,Account Number\nBlue,\nblue,\n"
    proposal = proposed(team.editor, Kind.CLIENTS, text)
    (problem,) = proposal.problems[1]
    assert (problem.column, problem.value) == ("Name", "blue")


@pytest.mark.parametrize("no", ["Non-billable", "Not billable", "NON BILLABLE"])
def test_non_billable_time_is_asked_about(team: Team, no: str) -> None:
    books.client(team, "Harbour")
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    entries = (
        "Date,User,Project,Task,Start Time,End Time,Hours,Billable\n"
        f"2026-03-14,Ann,Harbour,Build,09:00,10:30,1:30,Billable\n"
        f"2026-03-14,Ann,Harbour,Call,11:00,12:00,1:00,{no}\n"
    )
    metric = "billable hours"
    asked = proposed(team.editor, Kind.CUSTOM_METRICS, entries, metric=metric)
    assert asked.is_open
    (column,) = asked.staged.meanings
    suggested = {value.value.casefold(): str(value.suggestion) for value in column.values}
    assert suggested == {"billable": "COUNT", no.casefold(): "LEAVE_OUT"}
    answers = {column.key: suggested}
    imported(team.editor, Kind.CUSTOM_METRICS, entries, metric=metric, meanings=answers)
    recorded = books_of(team.editor)["custom_metrics"].values()
    assert [row["metric_value"] for row in recorded] == [1.5]


def test_a_value_that_is_neither_is_asked_about_too(team: Team) -> None:
    books.client(team, "Harbour")
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    entries = (
        "Date,User,Project,Hours,Billable\n2026-03-14,Ann,Harbour,1,Yes\n"
        "2026-03-14,Ann,Harbour,2,Internal\n"
    )
    asked = proposed(team.editor, Kind.CUSTOM_METRICS, entries, metric="Billable Hours")
    assert asked.is_open
    assert [value.value for value in asked.staged.meanings[0].values] == ["Yes", "Internal"]


def test_billable_time_beside_all_time_is_named(team: Team) -> None:
    books.client(team, "Harbour")
    books.metric(team, "Billable Hours", unit="hours", purpose="BILLABLE_HOURS")
    text = "Work date,Full name,Account Name,Hours,Billed Hours\n2026-03-14,Ann,Harbour,2.5,2\n"
    entries = proposed(team.editor, Kind.CUSTOM_METRICS, text, metric="Billable Hours")
    assert did(entries) == "N"
    assert entries.staged.notes == [
        "The values are those of “Hours”. For the billable time, choose the column “Billed Hours” "
        "for the value, with --column in the command."
    ]


def test_one_column_of_a_deal_tells_how_the_days_of_another_are_written(team: Team) -> None:
    books.client(team, "Kea")
    deals = (
        "Opportunity Name,Account Name,Stage,Close Date,Created Date\n"
        "Site,Kea,Contract signed,{closed},05/01/2026\n"
    )
    told = proposed(team.editor, Kind.LEAD_EVENTS, deals.format(closed="14/02/2026"))
    assert told.staged.columns["event_date"] == ["2026-02-14", "2026-01-05"]
    asked = proposed(team.editor, Kind.LEAD_EVENTS, deals.format(closed="04/02/2026"))
    assert {question.about for question in asked.staged.questions} == {"date_order"}


def test_the_stages_of_zoho_have_a_day_and_a_reason(team: Team) -> None:
    books.client(team, "Kea")
    deals = (
        "Deal Name,Account Name,Stage,Closing Date,Created Time,Stage Modified Time,"
        "Reason For Loss\n"
        "Site,Kea,Consultation,2026-05-14,2026-01-05 10:00,2026-02-10 10:00,\n"
        "Shop,Kea,Lost,2026-02-16,2026-01-05 10:00,2026-02-16 10:00,Price\n"
    )
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, deals)
    assert reasons(proposal) == []
    staged = proposal.staged.columns
    events = set(zip(staged["stage"], staged["event_date"], staged["reason"], strict=True))
    assert {("Consultation", "2026-02-10", None), ("Lost", "2026-02-16", "Price")} <= events


def test_a_closed_stage_with_more_in_its_name_has_its_status(team: Team) -> None:
    stages = proposed(team.editor, Kind.CLIENTS, "Name\nKea\n").reference_data.stages
    assert similar_stages("Closed Lost to Competition", stages)[1] == "Lost"
    assert similar_stages("Closed-Won (EMEA)", stages)[1] is None


def test_a_deal_that_is_open_again_keeps_no_reason(team: Team) -> None:
    books.client(team, "Kea")
    deals = (
        "Deal Name,Company,Deal Stage,Create Date,Close Date,Closed Lost Reason\n"
        "Site,Kea,Consultation,2026-01-05,2026-05-14,Price\n"
    )
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, deals)
    assert did(proposal) == "N"
    assert proposal.staged.columns["reason"] == [None]
    assert "1 deal has a reason for losing without being lost: left out." in proposal.staged.notes


def test_a_status_that_is_no_stage_is_named_with_its_own_column(team: Team) -> None:
    books.client(team, "Kea")
    deals = (
        "Deal - Title,Deal - Organization,Deal - Stage,Deal - Status,Deal - Deal created,"
        "Deal - Won time\nSite,Kea,Proposal sent,Won,2026-01-05,2026-02-14\n"
    )
    (problem,) = proposed(team.editor, Kind.LEAD_EVENTS, deals).problems[0]
    assert (problem.column, problem.value) == ("Deal - Status", "Won")


@pytest.mark.parametrize(
    "text",
    [
        "Datensatz-ID;Deal-Name;Deal-Phase;Abschlussdatum;Betrag;Erstellungsdatum;"
        "Zugeordnetes Unternehmen\n"
        "1;Seite;Abgeschlossen und gewonnen;14.03.2026;1.200,50;05.01.2026;Kea\n",
        "Deal - Titel;Deal - Organisation;Deal - Wert;Deal - Phase;Deal - Status;"
        "Deal - Deal erstellt;Deal - Gewonnen um\n"
        "Seite;Kea;1.200,50;Proposal sent;Gewonnen;05.01.2026;14.03.2026\n",
    ],
)
def test_deals_have_german_headings(team: Team, text: str) -> None:
    books.client(team, "Kea")
    (stage,) = proposed(team.editor, Kind.LEAD_EVENTS, text).staged.unknown_stages
    assert stage.similar == ("Contract signed",)
    stages = {stage.name.casefold(): "Contract signed"}
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text, stages=stages)
    events = proposal.staged.columns
    assert list(zip(events["stage"], events["event_date"], events["value"], strict=True)) == [
        ("Contract signed", "2026-03-14", "1200.50"), ("Inquiry", "2026-01-05", None),
    ]  # fmt: skip


def test_german_turnover_is_revenue_beside_costs_alone(team: Team) -> None:
    books.client(team, "Kea")
    text = "Kunde;Datum;Umsatz (netto);Kosten\nKea;13.03.2026;1.234,50;10,25\n"
    staged = proposed(team.editor, Kind.FINANCIALS, text).staged.columns
    assert (staged["revenue"], staged["expenses"]) == (["1234.50"], ["10.25"])
    bank = "Kunde;Datum;Umsatz\nKea;13.03.2026;-10,00\n"
    with pytest.raises(InvalidInput, match="No column is chosen for the amount"):
        proposed(team.editor, Kind.FINANCIALS, bank)
