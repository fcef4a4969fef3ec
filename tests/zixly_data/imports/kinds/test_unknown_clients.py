"""Clients in files that Zixly does not know as they stand: lists, unknown ids, none, bank texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did, imported, proposed, reasons
from zixly_data.imports import ADD, LEAVE_OUT, Kind, confirm, undo
from zixly_data.imports.cells.mapping import OVERHEAD, READ_AS

LIST = "Kea Group;Kea Holdings"
HEAD = "client,date,revenue\n"
FIN = Kind.FINANCIALS


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    return new_team()


def clients(team: Team) -> dict[str, str]:
    """The external id of each client by its name; of two of one name both, joined."""
    named: dict[str, str] = {}
    for row in books_of(team.editor)["client_kpis"].values():
        name, client_id = row["client_name"], row["client_id"]
        named[name] = f"{named[name]}+{client_id}" if name in named else client_id
    return named


# ── several companies in one cell ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "cell", [LIST, "Kea Group; Kea Holdings", "Kea Group|Kea Holdings", '"Kea Group, Kea Holdings"']
)
def test_a_list_of_clients_is_asked_about_with_its_names(team: Team, cell: str) -> None:
    kea = books.client(team, "Kea Group", client_id="KEA")
    text = f"{HEAD}{cell},2024-03-01,100\n"
    asked = proposed(team.editor, FIN, text)
    assert did(asked) == "R"
    assert reasons(asked) == [
        "This cell names several clients. Choose the one that the row is about."
    ]
    (unknown,) = asked.staged.unknown
    assert unknown.parts == ("Kea Group", "Kea Holdings")
    assert not unknown.is_plain
    decisions = {unknown.name: f"{READ_AS}Kea Group"}
    settled = proposed(team.editor, FIN, text, clients=decisions)
    assert (did(settled), settled.staged.columns["client_kpi_id"]) == ("N", [kea])
    confirm(team.editor, settled)
    assert did(proposed(team.editor, FIN, text)) == "U"
    assert clients(team) == {"Kea Group": "KEA"}


@pytest.mark.parametrize(
    "cell", ["Kea Group (Primary);Kea Holdings", "Kea Holdings;Kea Group (primary)",
             "Kea Group (Primary)"],
)  # fmt: skip
def test_the_primary_one_of_a_list_wins(team: Team, cell: str) -> None:
    kea = books.client(team, "Kea Group", client_id="KEA")
    proposal = proposed(team.editor, FIN, f"{HEAD}{cell},2024-03-01,100\n")
    assert (did(proposal), proposal.staged.columns["client_kpi_id"]) == ("N", [kea])


def test_a_column_of_primary_companies_is_preferred(team: Team) -> None:
    kea = books.client(team, "Kea Group", client_id="KEA")
    text = (
        "Deal name,Deal stage,Create date,Associated Company,Associated Company (Primary),"
        f"Associated Company IDs\nCRM,Inquiry,2024-03-01,{LIST},Kea Group,1;2\n"
    )
    proposal = proposed(team.editor, Kind.LEAD_EVENTS, text)
    assert (did(proposal), proposal.staged.columns["client_kpi_id"]) == ("N", [kea])


def test_one_of_a_list_may_be_new_and_its_ids_are_not_taken_over(team: Team) -> None:
    text = f"client id,client,date,revenue\n7;8,{LIST},2024-03-01,100\n"
    decisions = {LIST: f"{READ_AS}Kea Holdings"}
    proposal = proposed(team.editor, FIN, text, clients=decisions)
    assert [client.name for client in proposal.staged.unknown] == [LIST, "Kea Holdings"]
    imported(team.editor, FIN, text, clients={**decisions, "Kea Holdings": ADD})
    assert clients(team) == {"Kea Holdings": "KEA-HOLDINGS"}
    assert did(proposed(team.editor, FIN, text)) == "U"


def test_a_list_of_ids_alone_is_asked_about_too(team: Team) -> None:
    kea = books.client(team, "Kea Group", client_id="8")
    text = "client id,date,revenue\n7;8,2024-03-01,100\n"
    (unknown,) = proposed(team.editor, FIN, text).staged.unknown
    assert unknown.parts == ("7", "8")
    proposal = proposed(team.editor, FIN, text, clients={"7;8": f"{READ_AS}8"})
    assert proposal.staged.columns["client_kpi_id"] == [kea]


def test_a_client_whose_name_has_a_separator_is_one_client(team: Team) -> None:
    imported(team.editor, FIN, f"{HEAD}{LIST},2024-03-01,100\n", clients={LIST: ADD})
    assert list(clients(team)) == [LIST]
    assert did(proposed(team.editor, FIN, f"{HEAD}{LIST},2024-03-02,100\n")) == "N"
    inc = '"Kea, Inc.",2024-03-01,100\n'
    (unknown,) = proposed(team.editor, FIN, HEAD + inc).staged.unknown
    assert unknown.is_plain


def test_answers_that_lead_back_to_themselves_decide_nothing(team: Team) -> None:
    decisions = {LIST: f"{READ_AS}Kea Group", "Kea Group": f"{READ_AS}{LIST}"}
    proposal = proposed(team.editor, FIN, f"{HEAD}{LIST},2024-03-01,1\n", clients=decisions)
    assert did(proposal) == "R"


# ── an unknown id beside a known name ───────────────────────────────────────────────────────

Q2 = "ContactName,AccountNumber,EmailAddress\nHarbour Cafe,HC-01,x@y.test\n"
KEY = "Harbour Cafe (HC-01)"


@pytest.fixture
def harbour(team: Team) -> str:
    """A client that a list of invoices added by its name."""
    imported(
        team.editor, FIN, f"{HEAD}Harbour Cafe,2024-03-01,100\n", clients={"Harbour Cafe": ADD}
    )
    (row_id,) = books_of(team.editor)["client_kpis"]
    return row_id


def test_an_unknown_id_is_asked_about_and_becomes_the_client_s(team: Team, harbour: str) -> None:
    asked = proposed(team.editor, Kind.CLIENTS, Q2)
    assert did(asked) == "R"
    (unknown,) = asked.staged.unknown
    assert (unknown.name, unknown.client_id, unknown.similar) == (KEY, "HC-01", (harbour,))
    assert not unknown.is_plain
    assert reasons(asked) == [
        "The external ID “HC-01” is unknown, and there is a client with this name. Choose that "
        "client, or add a new one."
    ]
    before = books_of(team.editor, "version", "updated_at")
    proposal = proposed(team.editor, Kind.CLIENTS, Q2, clients={KEY: harbour})
    assert did(proposal) == "C"
    assert dict(proposal.matches[0].current) == {"client_id": "HARBOUR-CAFE"}
    done = confirm(team.editor, proposal)
    assert clients(team) == {"Harbour Cafe": "HC-01"}
    # Every later file of the client goes in, by either name.
    assert did(proposed(team.editor, FIN, f"{HEAD}Harbour Cafe,2024-04-01,100\n")) == "N"
    assert did(proposed(team.editor, FIN, f"{HEAD}HC-01,2024-04-01,100\n")) == "R"
    assert did(proposed(team.editor, Kind.CLIENTS, Q2)) == "U"
    undo(team.editor, done.id)
    assert books_of(team.editor, "version", "updated_at") == before


def test_another_client_of_that_name_is_added_by_decision_alone(team: Team, harbour: str) -> None:
    imported(team.editor, Kind.CLIENTS, Q2, clients={KEY: ADD})
    assert clients(team) == {"Harbour Cafe": "HARBOUR-CAFE+HC-01"}
    assert did(proposed(team.editor, Kind.CLIENTS, Q2)) == "U"


def test_a_row_with_an_unknown_id_is_left_out(team: Team, harbour: str) -> None:
    text = Q2 + "Kea,KEA-1,k@y.test\n"
    proposal = proposed(team.editor, Kind.CLIENTS, text, clients={KEY: LEAVE_OUT})
    assert did(proposal) == "LN"
    confirm(team.editor, proposal)
    assert did(proposed(team.editor, Kind.CLIENTS, text)) == "LU"


def test_a_client_that_is_in_the_file_twice_is_asked_about_once(team: Team, harbour: str) -> None:
    text = Q2 + "Harbour Cafe,HC-01,x@y.test\nHarbour Cafe,HC-02,x@y.test\n"
    asked = proposed(team.editor, Kind.CLIENTS, text)
    assert [(client.name, client.rows) for client in asked.staged.unknown] == [
        (KEY, 2), ("Harbour Cafe (HC-02)", 1),
    ]  # fmt: skip
    decisions = {KEY: harbour, "Harbour Cafe (HC-02)": harbour}
    proposal = proposed(team.editor, Kind.CLIENTS, text, clients=decisions)
    assert did(proposal) == "CRR", "one client has one external id"


def test_in_records_the_client_keeps_its_own_id(team: Team, harbour: str) -> None:
    text = "client id,client,date,revenue\nHC-01,Harbour Cafe,2024-04-01,100\n"
    asked = proposed(team.editor, FIN, text)
    assert (did(asked), asked.staged.unknown[0].name) == ("R", KEY)
    imported(team.editor, FIN, text, clients={KEY: harbour})
    assert clients(team) == {"Harbour Cafe": "HARBOUR-CAFE"}
    assert did(proposed(team.editor, FIN, text)) == "U"


def test_two_clients_of_that_name_are_both_offered(team: Team, harbour: str) -> None:
    other = books.client(team, "Harbour Cafe", client_id="B")
    (unknown,) = proposed(team.editor, Kind.CLIENTS, Q2).staged.unknown
    assert set(unknown.similar) == {harbour, other}


@pytest.mark.parametrize("kind", [Kind.CLIENTS, FIN])
def test_new_clients_of_one_name_with_ids_of_their_own_are_named(team: Team, kind: Kind) -> None:
    if kind is FIN:
        text = "client id,client,date,revenue\nA-1,Kea,2024-03-01,1\nA-2,Kea,2024-03-01,1\n"
        asked = proposed(team.editor, kind, text)
        assert [client.name for client in asked.staged.unknown] == ["Kea (A-1)", "Kea (A-2)"]
    else:
        text = "client id,client\nA-1,Kea\nA-2,Kea\n"
    decisions = {"Kea (A-1)": ADD, "Kea (A-2)": ADD}
    proposal = proposed(team.editor, kind, text, clients=decisions)
    assert proposal.staged.notes == ["2 new clients are called “Kea”: A-1, A-2."]
    assert did(proposal) == "NN"


# ── rows without a client ───────────────────────────────────────────────────────────────────


def test_rows_without_a_client_are_asked_about_where_they_are_amounts(team: Team) -> None:
    books.client(team, "Kea", client_id="KEA")
    text = f"{HEAD}Kea,2024-03-01,1\n,2024-03-02,2\n,2024-03-03,3\n"
    asked = proposed(team.editor, FIN, text)
    assert did(asked) == "NRR"
    (unknown,) = asked.staged.unknown
    assert (unknown.name, unknown.rows, unknown.is_plain) == ("", 2, False)
    assert did(proposed(team.editor, FIN, text, clients={"": LEAVE_OUT})) == "NLL"
    of_no_client = proposed(team.editor, FIN, text, clients={"": OVERHEAD}).staged.of_no_client
    assert of_no_client == {1, 2}
    leads = "client,lead,stage,date\n,L-1,Inquiry,2024-03-01\n"
    other = proposed(team.editor, Kind.LEAD_EVENTS, leads, clients={"": LEAVE_OUT})
    assert (did(other), other.staged.unknown) == ("R", [])


def test_an_unknown_client_may_be_an_overhead_where_it_has_amounts(team: Team) -> None:
    text = f"{HEAD}Internal,2024-03-01,1\n"
    proposal = proposed(team.editor, FIN, text, clients={"Internal": OVERHEAD})
    assert proposal.staged.of_no_client == {0}
    leads = "client,lead,stage,date\nInternal,L-1,Inquiry,2024-03-01\n"
    other = proposed(team.editor, Kind.LEAD_EVENTS, leads, clients={"Internal": OVERHEAD})
    assert (did(other), other.staged.unknown[0].decision) == ("R", None)


# ── what is left out stays left out ─────────────────────────────────────────────────────────

BANK = (
    '24/07/2026,"-1.80",PARKING METER 12 BRISBANE\n24/07/2026,"-1.80",PARKING METER 12 BRISBANE\n'
    '24/05/2026,"-6.40",TRAIN FARE BRISBANE\n24/05/2026,"-6.40",TRAIN FARE BRISBANE\n'
    '25/05/2026,"2200.00",HARBOUR CAFE INV 22\n'
)
NEXT_MONTH = (
    '24/08/2026,"-1.80",PARKING METER 13 BRISBANE\n24/08/2026,"-6.40",TRAIN FARE BRISBANE\n'
    '25/08/2026,"1100.00",HARBOUR CAFE INV 23\n'
)


# The description names the client; the first time a person says so.
COLUMNS = {"date": 0, "amount": 1, "client_name": 2}


def bank_decisions(harbour: str) -> dict[str, str]:
    return {
        "PARKING METER 12 BRISBANE": LEAVE_OUT, "TRAIN FARE BRISBANE": LEAVE_OUT,
        "HARBOUR CAFE INV 22": harbour,
    }  # fmt: skip


def test_a_bank_s_file_asks_once_and_never_again(team: Team) -> None:
    harbour = books.client(team, "Harbour Cafe", client_id="HBR")
    asked = proposed(team.editor, FIN, BANK, columns=COLUMNS)
    assert [client.rows for client in asked.staged.unknown] == [2, 2, 1]
    imported(team.editor, FIN, BANK, columns=COLUMNS, clients=bank_decisions(harbour))
    again = proposed(team.editor, FIN, BANK)
    assert did(again) == "LLLLU"
    assert not again.changes_anything
    following = proposed(team.editor, FIN, NEXT_MONTH)
    assert did(following) == "LLN"
    assert all(client.decision for client in following.staged.unknown)


def test_digits_tell_clients_apart_where_a_person_decided_so(team: Team) -> None:
    kea, moa = books.client(team, "Kea", client_id="KEA"), books.client(team, "Moa", client_id="M")
    text = '24/07/2026,"1.80",STUDIO 11\n24/07/2026,"1.90",STUDIO 54\n'
    decisions = {"STUDIO 11": kea, "STUDIO 54": moa}
    imported(team.editor, FIN, text, columns=COLUMNS, clients=decisions)
    later = '24/08/2026,"1.80",STUDIO 11\n24/08/2026,"1.90",STUDIO 54\n24/08/2026,"2",STUDIO 7\n'
    proposal = proposed(team.editor, FIN, later)
    assert proposal.staged.columns["client_kpi_id"] == [kea, moa, None]


def test_in_other_files_a_decision_is_about_one_name(team: Team) -> None:
    decisions = {"Studio 11": LEAVE_OUT}
    text = f"{HEAD}Studio 11,2024-03-01,1\nStudio 12,2024-03-01,1\n"
    assert did(proposed(team.editor, FIN, text, clients=decisions)) == "LR"
