"""New rows of a file with the amounts of another record of their month: one question a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, counts, did, imported, proposed
from zixly_data.errors import InvalidInput
from zixly_data.imports import Kind, Proposal, ProposalOutdated, confirm, list_imports, previews
from zixly_data.imports.matches.duplicates import Alike
from zixly_data.records import financials

HEAD = "client_name,record_date,revenue,expenses,note\n"
NUMBERED = "client_name,record_date,revenue,expenses,invoice_number\n"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Harbour", client_id="HC")
    return team


def harbour(team: Team) -> str:
    return next(iter(books_of(team.editor)["client_kpis"]))


def of(team: Team, text: str, **decided: object) -> Proposal:
    return proposed(team.editor, Kind.FINANCIALS, text, **decided)


def number_of(team: Team) -> int:
    return len(financials.list_records(team.viewer, books.ALWAYS))


def test_a_row_like_a_record_and_a_row_like_an_earlier_one(team: Team) -> None:
    books.money(team, harbour(team), "2026-11-01", "15000", "8000")
    text = (
        HEAD + "Harbour,2026-11-29,15000,8000,\nHarbour,2026-12-01,7,1,\nHarbour,2026-12-05,7,1,\n"
        "Harbour,2026-11-30,0,0,\nHarbour,2026-11-28,0,0,\nHarbour,2026-10-29,15000,8000,\n"
    )
    proposal = of(team, text)
    assert did(proposal) == "NNNNNN"
    assert proposal.duplicates == {0: Alike(date(2026, 11, 1)), 2: Alike(date(2026, 12, 1), 1)}
    shown = previews.duplicates(proposal).to_dict("records")
    assert [(row["line"], row["date"], row["like_date"]) for row in shown] == [
        (2, "2026-11-29", "2026-11-01"), (4, "2026-12-05", "2026-12-01"),
    ]  # fmt: skip
    assert shown[1]["like_line"] == "3"


def test_nothing_is_imported_without_a_decision(team: Team) -> None:
    books.money(team, harbour(team), "2026-11-01", "15000", "8000")
    text = HEAD + "Harbour,2026-11-29,15000,8000,\nHarbour,2026-11-30,1,1,\n"
    with pytest.raises(InvalidInput, match="1 new row has the amounts of another record"):
        confirm(team.editor, of(team, text))
    assert number_of(team) == 1
    left = confirm(team.editor, of(team, text, duplicates="LEAVE_OUT"))
    assert counts(left) == {"NEW": 1, "LEFT_OUT": 1}
    assert list(list_imports(team.editor)["left_out"]) == [1]
    kept = confirm(team.editor, of(team, text, duplicates="KEEP"))
    assert counts(kept) == {"NEW": 1, "UNCHANGED": 1}
    assert number_of(team) == 3


def test_the_decision_is_not_remembered_for_the_next_file(team: Team) -> None:
    rows = "Harbour,2026-11-{0},5,1,\nHarbour,2026-11-{1},5,1,\n"
    imported(team.editor, Kind.FINANCIALS, HEAD + rows.format("01", "08"), duplicates="KEEP")
    proposal = of(team, HEAD + rows.format("15", "22"))
    assert sorted(proposal.duplicates) == [0, 1]
    assert proposal.is_undecided


def test_a_file_imported_again_has_no_duplicates(team: Team) -> None:
    """A retainer billed every week, with and without numbers of its documents, which tell the rows
    of one file apart."""
    plain = HEAD + "".join(f"Harbour,2026-11-{day:02},500,0,\n" for day in (1, 8, 15, 22))
    numbered = NUMBERED + "".join(
        f"Harbour,2026-12-{day:02},500,0,INV-{day}\n" for day in (1, 8, 15, 22)
    )
    for text, alike in ((plain, [1, 2, 3]), (numbered, [])):
        assert sorted(of(team, text).duplicates) == alike
        imported(team.editor, Kind.FINANCIALS, text, duplicates="KEEP")
        again = of(team, text)
        assert did(again) == "UUUU"
        assert again.duplicates == {}
    # Another number is another document, which is asked about.
    assert sorted(of(team, NUMBERED + "Harbour,2026-12-01,500,0,INV-9\n").duplicates) == [0]


def test_records_count_as_the_file_leaves_them(team: Team) -> None:
    first = books.money(team, harbour(team), "2026-11-01", "15000", "8000")
    second = books.money(team, harbour(team), "2026-11-02", "1", "8")
    head = "id,client_name,record_date,revenue\n"
    text = head + f"{first},Harbour,2026-11-01,3\n{second},Harbour,2026-11-02,9\n"
    corrected = of(team, text)
    assert did(corrected) == "CC"
    # The first is no longer 15,000 and 8,000; the second becomes 9 and stays 8.
    head = "id,client_name,record_date,revenue,expenses\n"
    text = (
        head + f"{first},Harbour,2026-11-01,3,\n{second},Harbour,2026-11-02,9,\n"
        ",Harbour,2026-11-28,15000,8000\n,Harbour,2026-11-29,9,8\n"
    )
    proposal = of(team, text)
    assert did(proposal) == "CCNN"
    assert proposal.duplicates == {3: Alike(date(2026, 11, 2), 1)}


def test_a_record_like_a_row_since_the_preview_asks_again(team: Team) -> None:
    proposal = of(team, HEAD + "Harbour,2026-11-29,5,1,\n", duplicates="KEEP")
    assert proposal.duplicates == {}
    books.money(team, harbour(team), "2026-11-01", "5", "1")
    with pytest.raises(ProposalOutdated) as moved:
        confirm(team.editor, proposal)
    assert isinstance(moved.value.current, Proposal)
    assert sorted(moved.value.current.duplicates) == [0]


def test_records_of_another_organisation_are_not_compared(
    team: Team, new_team: Callable[[], Team]
) -> None:
    text = HEAD + "Harbour,2026-11-29,5,1,\n"
    other = new_team()
    books.money(other, books.client(other, "Harbour"), "2026-11-01", "5", "1")
    assert of(team, text).duplicates == {}
    assert sorted(of(other, text).duplicates) == [0]


def test_clients_and_leads_have_no_duplicates_of_this_kind(team: Team) -> None:
    text = "client_id,client_name\nA-1,Alpha\nA-2,Alpha\n"
    assert proposed(team.editor, Kind.CLIENTS, text).duplicates == {}
