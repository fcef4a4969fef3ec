"""Clients in files: those that Zixly knows, those it does not, and files of clients themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, counts, did, imported, proposed, reasons
from zixly_data.errors import InvalidInput
from zixly_data.imports import ADD, LEAVE_OUT, Kind, confirm

NewTeam = Callable[[], Team]
HEAD = "client_id,client_name,record_date,revenue,currency\n"


def names(team: Team) -> dict[str, tuple[str, str]]:
    """External id to name and currency of every client."""
    found = books_of(team.editor)["client_kpis"].values()
    return {row["client_id"]: (row["client_name"], row["currency"]) for row in found}


def test_an_unknown_client_is_asked_about_and_added_mapped_or_left_out(new_team: NewTeam) -> None:
    team = new_team()
    harbour = books.client(team, "Harbour Café", client_id="HC")
    text = (
        HEAD + ",Harbour Cafe,2024-01-01,1,\n,Kea Tours,2024-01-02,2,NZD\n"
        ",Somebody,2024-01-03,3,\n,harbour  CAFÉ,2024-01-04,4,AUD\n"
    )
    asked = proposed(team.editor, Kind.FINANCIALS, text)
    assert did(asked) == "RRRN"
    assert [(each.name, each.rows, each.similar) for each in asked.staged.unknown] == [
        ("Harbour Cafe", 1, (harbour,)), ("Kea Tours", 1, ()), ("Somebody", 1, ())]  # fmt: skip

    settled = {"Harbour Cafe": harbour, "Kea Tours": ADD, "Somebody": LEAVE_OUT}
    proposal = proposed(team.editor, Kind.FINANCIALS, text, clients=settled)
    assert did(proposal) == "NNLN"
    assert names(team) == {"HC": ("Harbour Café", "AUD")}
    confirm(team.editor, proposal)
    assert names(team) == {"HC": ("Harbour Café", "AUD"), "KEA-TOURS": ("Kea Tours", "NZD")}

    # The decisions hold for the next file; who was added is on record.
    again = proposed(team.editor, Kind.FINANCIALS, text)
    assert did(again) == "UULU"
    assert again.mapping.clients == {"Harbour Cafe": harbour, "Somebody": LEAVE_OUT}


def test_new_clients_are_one_for_each_external_id_or_name(new_team: NewTeam) -> None:
    team = new_team()
    text = HEAD + (
        "C-1,Harbour,2024-01-01,1,\n"
        "C-2,Harbour,2024-01-02,2,\n"  # the same name, another client
        "C-1,Harbour Café,2024-01-03,3,\n"  # the same client, another name
        ",KEA,2024-01-04,4,\n"
        ",Kea,2024-01-05,5,\n"  # one client, whatever the case
        ",kea-2,2024-01-06,6,\n"
        "KEA,Kestrel,2024-01-07,7,\n"  # an external id that a name would have become
    )
    every = dict.fromkeys(("Harbour", "Harbour Café", "KEA", "Kea", "kea-2", "Kestrel"), ADD)
    imported(team.editor, Kind.FINANCIALS, text, clients=every)
    assert {reference: name for reference, (name, _) in names(team).items()} == {
        "C-1": "Harbour", "C-2": "Harbour", "KEA": "Kestrel", "KEA-2": "KEA",
        "KEA-2-2": "kea-2"}  # fmt: skip
    assert did(proposed(team.editor, Kind.FINANCIALS, text)) == "UUUUUUU"


def test_a_name_that_two_new_clients_have_is_not_guessed(new_team: NewTeam) -> None:
    team = new_team()
    text = HEAD + "C-1,Harbour,2024-01-01,1,\nC-2,Harbour,2024-01-02,2,\n,Harbour,2024-01-03,3,\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, text, clients={"Harbour": ADD})
    assert did(proposal) == "NNR"
    assert "More than one client has this name" in reasons(proposal)[0]


def test_a_new_client_has_the_currency_its_rows_name_first(new_team: NewTeam) -> None:
    team = new_team()
    text = HEAD + (
        ",Kea,2024-01-01,1,\n,Kea,2024-01-02,2,NZD\n,Kea,2024-01-03,3,AUD\n"
        ",Odd,2024-01-04,4,dollars\n,Odd,2024-01-05,5,\n"
    )
    proposal = proposed(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD, "Odd": ADD})
    assert did(proposal) == "NNRRN"
    assert reasons(proposal)[0] == "Kea uses NZD, not AUD."
    confirm(team.editor, proposal, skip_rejected=True)
    assert names(team) == {"KEA": ("Kea", "NZD"), "ODD": ("Odd", "AUD")}


def test_a_new_client_of_a_lead_has_its_currency_too(new_team: NewTeam) -> None:
    team = new_team()
    text = "client_name,lead_id,stage,event_date,value,currency\nKea,L,Inquiry,2024-01-01,5,NZD\n"
    imported(team.editor, Kind.LEAD_EVENTS, text, clients={"Kea": ADD})
    assert names(team) == {"KEA": ("Kea", "NZD")}


def test_a_client_with_no_row_that_goes_in_is_not_added(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HC")
    text = HEAD + ",Kea,2024-01-01,many,\n,Harbour,2024-01-02,1,\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD})
    confirm(team.editor, proposal, skip_rejected=True)
    assert names(team) == {"HC": ("Harbour", "AUD")}


def test_a_name_that_two_clients_have_is_refused_until_the_id_says_which(
    new_team: NewTeam,
) -> None:
    team = new_team()
    for reference in ("A", "B"):
        books.client(team, "Harbour", client_id=reference)
    text = HEAD + ",Harbour,2024-01-01,1,\nb,Harbour,2024-01-01,1,\n"
    assert did(proposed(team.editor, Kind.FINANCIALS, text)) == "RN"


def test_many_clients_that_nobody_knows_are_asked_about_at_once(new_team: NewTeam) -> None:
    """Looking for names like theirs does not take the longer the more there are."""
    team = new_team()
    many = range(1000)
    clients = "".join(f"C{n},Client with a long name {n}\n" for n in many)
    imported(team.editor, Kind.CLIENTS, "client_id,client_name\n" + clients)
    rows = "".join(f",Klient with a long name {n},2024-01-01,1,\n" for n in many)
    unknown = proposed(team.editor, Kind.FINANCIALS, HEAD + rows).staged.unknown
    assert len(unknown) == 1000
    assert sum(bool(each.similar) for each in unknown) == 20


# ── files of clients ────────────────────────────────────────────────────────────────────────

CLIENTS = "client_id,client_name,industry,currency,status\n"


def test_a_file_of_clients_adds_and_changes_and_says_nothing_about_what_is_empty(
    new_team: NewTeam,
) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HC", industry="Cafés")
    text = CLIENTS + "hc,Harbour Café,,,\nKEA,Kea,Tours,NZD,completed\nNEW,,,,\n"
    proposal = proposed(team.editor, Kind.CLIENTS, text)
    assert did(proposal) == "CNN"
    assert proposal.matches[0].current == {"client_name": "Harbour", "industry": "Cafés"}
    confirm(team.editor, proposal)
    found = {row["client_id"]: row for row in books_of(team.editor)["client_kpis"].values()}
    assert {key: (row["client_name"], row["industry"], row["currency"], row["status"])
            for key, row in found.items()} == {
        "HC": ("Harbour Café", None, "AUD", "ACTIVE"),
        "KEA": ("Kea", "Tours", "NZD", "COMPLETED"),
        "NEW": ("NEW", None, "AUD", "ACTIVE"),
    }  # fmt: skip
    assert did(proposed(team.editor, Kind.CLIENTS, text)) == "UUU"


@pytest.mark.parametrize(
    ("rows", "actions"),
    [
        ("A,One,,,\nA,Two,,,\n", "NR"),
        (",One,,,\n,ONE,,,\n", "NR"),
        (",One,,,\nONE,Two,,,\n", "NN"),
        ("A,One,,,\n,One,,,\n", "NR"),
        (",,,,\n,,Cafés,,\n", "R"),
        ("A,One,,dollars,\nB,Two,,,asleep\n", "RR"),
        ("HC,Harbour,,,\n,Harbour,,,\n", "UR"),
    ],
)
def test_a_file_of_clients_names_each_once(new_team: NewTeam, rows: str, actions: str) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HC")
    proposal = proposed(team.editor, Kind.CLIENTS, CLIENTS + rows)
    assert did(proposal) == actions
    if "N" in actions:
        confirm(team.editor, proposal, skip_rejected=True)
        again = proposed(team.editor, Kind.CLIENTS, CLIENTS + rows)
        assert "N" not in did(again)


def test_a_client_is_renamed_by_our_id_and_keeps_what_the_file_does_not_say(
    new_team: NewTeam,
) -> None:
    team = new_team()
    harbour = books.client(team, "Harbour", client_id="HC")
    books.client(team, "Kea", client_id="KEA")
    imported(team.editor, Kind.CLIENTS, f"id,client_name\n{harbour},Harbour Café\n")
    assert names(team)["HC"] == ("Harbour Café", "AUD")

    taken = proposed(team.editor, Kind.CLIENTS, f"id,client_id\n{harbour},KEA\n")
    assert reasons(taken) == ["Kea already has this external ID."]
    with pytest.raises(InvalidInput):
        confirm(team.editor, taken)
    imported(team.editor, Kind.CLIENTS, f"id,client_id\n{harbour},HC-2\n")
    assert set(names(team)) == {"HC-2", "KEA"}


def test_an_amount_may_name_the_client_s_currency_and_no_other(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Kea", currency="NZD")
    proposal = proposed(
        team.editor,
        Kind.FINANCIALS,
        "client_name,record_date,revenue\nKea,2024-01-01,NZD 5\nKea,2024-01-02,USD 6\n",
    )
    assert counts(proposal) == {"NEW": 1, "REJECTED": 1}
    assert reasons(proposal) == ["Kea uses NZD, not USD."]
