"""A document is one of a client, in one direction, with a number; a file that names it again
replaces its lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.database import synced
from tests.support.imports import books_of, counts, did, imported, proposed, reasons
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.imports import (
    Action,
    Kind,
    Proposal,
    ProposalOutdated,
    confirm,
    previews,
    proposing,
)
from zixly_data.imports.rows.row_rules import stage_rows
from zixly_data.imports.rows.staged import StagedRows
from zixly_data.records import closed_months, financials
from zixly_data.tables.financials import FinancialDraft

NewTeam = Callable[[], Team]
HEAD = "client,invoice number,date,revenue,expenses,note\n"
SESSIONS = (
    HEAD + "Kea,INV-1,2024-03-01,250.00,,Coaching session 4 March\n"
    "Kea,INV-1,2024-03-01,250.00,,Coaching session 11 March\n"
    "Kea,INV-1,2024-03-01,250.00,,Coaching session 18 March\n"
)


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    team = new_team()
    for name in ("Kea", "Harbour"):
        books.client(team, name)
    return team


def lines(team: Team, table: str = "financials") -> list[tuple[str, float, float]]:
    """The number and the amounts of every line, in their order."""
    rows = books_of(team.editor)[table].values()
    return sorted((row["external_id"], row["revenue"], row["expenses"]) for row in rows)


def of(team: Team, text: str, **settled: object) -> Proposal:
    return proposed(team.editor, Kind.FINANCIALS, text, **settled)


def test_equal_lines_of_a_document_stay_as_many_as_they_are(team: Team) -> None:
    """Also if nothing at all tells them apart."""
    assert of(team, SESSIONS).duplicates == {}
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    assert lines(team) == [("INV-1", 250.0, 0.0)] * 3
    assert did(of(team, SESSIONS)) == "UUU"
    alike = HEAD + "Harbour,INV-2,2024-03-01,40,,\n" * 4
    imported(team.editor, Kind.FINANCIALS, alike)
    assert did(of(team, alike)) == "UUUU"
    one_more = of(team, alike + "Harbour,INV-2,2024-03-01,40,,\n")
    assert (did(one_more), one_more.duplicates) == ("UUUUN", {})


@pytest.mark.parametrize(
    ("first", "second", "total"),
    [
        # Each supplier numbers its own bills.
        ("Harbour,INV-0001,2024-03-13,,100,\n", "Kea,INV-0001,2024-03-20,,250,\n", 350.0),
        ("Harbour,INV-7,2024-03-13,,80,\n", "Kea,INV-7,2024-03-13,,80,\n", 160.0),
        # The invoice to a client and the bill of the same business.
        ("Kea,7,2024-03-13,,80,\n", "Kea,7,2024-03-13,95,,\n", 80.0),
    ],
)
@pytest.mark.parametrize("in_one_file", [True, False])
def test_a_number_of_another_client_or_direction_is_another_document(
    team: Team, first: str, second: str, total: float, in_one_file: bool
) -> None:
    if in_one_file:
        imported(team.editor, Kind.FINANCIALS, HEAD + first + second)
    else:
        imported(team.editor, Kind.FINANCIALS, HEAD + first)
        imported(team.editor, Kind.FINANCIALS, HEAD + second)
    assert sum(expenses for _, _, expenses in lines(team)) == total
    assert len(lines(team)) == 2
    assert did(of(team, HEAD + second + first)) == "UU"


def test_an_amended_document_keeps_the_ids_of_its_lines(team: Team) -> None:
    text = HEAD + "Kea,INV-1,2024-03-01,100,,Design\nKea,INV-1,2024-03-01,50,,Hosting\n"
    imported(team.editor, Kind.FINANCIALS, text)
    before = set(books_of(team.editor)["financials"])
    amended = of(team, text.replace(",50,", ",60,").replace("2024-03-01,100", "2024-03-02,100"))
    assert did(amended) == "CC"
    assert [amended.matches[row].current for row in (0, 1)] == [
        {"record_date": "2024-03-01"}, {"revenue": "50.00"},
    ]  # fmt: skip
    confirm(team.editor, amended)
    assert set(books_of(team.editor)["financials"]) == before
    assert lines(team) == [("INV-1", 60.0, 0.0), ("INV-1", 100.0, 0.0)]
    longer = text + "Kea,INV-1,2024-03-01,7,,Domain\n"
    imported(team.editor, Kind.FINANCIALS, longer)
    assert [revenue for _, revenue, _ in lines(team)] == [7.0, 50.0, 100.0]


def test_a_shortened_document_loses_lines_and_the_preview_says_which(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    shortened = of(team, "".join(SESSIONS.splitlines(keepends=True)[:2]))
    assert (did(shortened), len(shortened.removed)) == ("U", 2)
    assert counts(shortened) == {"UNCHANGED": 1, "REMOVED": 2}
    assert shortened.changes_anything
    shown = previews.removed_lines(shortened)
    assert list(shown["note"]) == ["Coaching session 11 March", "Coaching session 18 March"]
    assert set(shown["client_name"]) == {"Kea"}
    (removed,) = [row for row in previews.sums(shortened) if row["action"] == "REMOVED"]
    assert (removed["rows"], removed["currency"], str(removed["revenue"])) == (2, "AUD", "500.00")
    done = confirm(team.editor, shortened)
    assert counts(done)["REMOVED"] == 2
    assert lines(team) == [("INV-1", 250.0, 0.0)]


def test_a_document_of_another_client_or_direction_loses_nothing(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    for line in ("Harbour,INV-1,2024-03-01,250.00,,\n", "Kea,INV-1,2024-03-01,,250.00,\n"):
        assert of(team, HEAD + line).removed == ()
    # A file without the document says nothing about it.
    assert of(team, HEAD + "Kea,INV-2,2024-03-01,250.00,,\n", duplicates="KEEP").removed == ()


# ── rows that say that a document counts no more ────────────────────────────────────────────


@pytest.fixture
def void(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows noted “void” are left out with their document, rows noted “payment” alone."""

    def staged_with_voids(*arguments: object) -> StagedRows:
        staged = stage_rows(*arguments)  # type: ignore[arg-type]
        notes = staged.columns["note"]
        voided = {row for row, note in enumerate(notes) if note == "void"}
        paid = {row for row, note in enumerate(notes) if note == "payment"}
        staged.voided |= voided
        staged.left_out |= voided | paid
        return staged

    monkeypatch.setattr(proposing, "stage_rows", staged_with_voids)


@pytest.mark.usefixtures("void")
@pytest.mark.parametrize("amount", ["250", "0", "100"])
def test_a_voided_document_takes_its_lines_away(team: Team, amount: str) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS + "Kea,INV-2,2024-03-01,5,,\n")
    voided = of(team, HEAD + f"Kea,INV-1,2024-03-01,{amount},,void\n")
    assert (did(voided), len(voided.removed)) == ("L", 3)
    confirm(team.editor, voided)
    assert lines(team) == [("INV-2", 5.0, 0.0)]
    again = of(team, HEAD + f"Kea,INV-1,2024-03-01,{amount},,void\n")
    assert not again.changes_anything


@pytest.mark.usefixtures("void")
def test_a_bill_voided_without_an_amount_is_that_on_record(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, HEAD + "Kea,B-1,2024-03-01,,40,\n")
    assert len(of(team, HEAD + "Kea,B-1,2024-03-01,0,,void\n").removed) == 1
    # Where both are on record, it is not said which: neither goes.
    imported(team.editor, Kind.FINANCIALS, HEAD + "Kea,B-1,2024-03-01,60,,\n")
    assert of(team, HEAD + "Kea,B-1,2024-03-01,0,,void\n").removed == ()


@pytest.mark.usefixtures("void")
def test_what_else_is_left_out_takes_nothing_away(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    for text, settled in (
        (HEAD + "Kea,INV-1,2024-03-01,250,,payment\n", {}),
        (HEAD + "Nobody,INV-1,2024-03-01,250,,void\n", {"clients": {"Nobody": "LEAVE_OUT"}}),
        (HEAD + "Harbour,INV-1,2024-03-01,250,,void\n", {}),
        (HEAD + "Kea,INV-1,2025-03-01,250,,void\n", {}),
    ):
        proposal = of(team, text, **settled)
        assert (did(proposal), proposal.removed) == ("L", ())
    # A line that counts, beside one that does not: the document has the former.
    both = of(team, HEAD + "Kea,INV-1,2024-03-01,250,,void\nKea,INV-1,2024-03-01,9,,\n")
    assert (did(both), len(both.removed)) == ("LC", 2)


@pytest.mark.usefixtures("void")
def test_a_voided_document_of_a_closed_month_stays(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    closed_months.close(team.admin, date(2024, 3, 1))
    voided = of(team, HEAD + "Kea,INV-1,2024-03-01,250,,void\n")
    assert (did(voided), voided.removed) == ("R", ())
    assert reasons(voided) == [
        "March 2024 is closed, and a recorded line of this document would be removed there."
    ]


# ── a document comes in whole ───────────────────────────────────────────────────────────────


def test_a_document_with_a_rejected_line_is_rejected_whole(team: Team) -> None:
    """Otherwise the rejected line, corrected and imported alone, would replace the others."""
    text = (
        HEAD + "Kea,INV-1,2024-03-01,100,,\nKea,INV-1,2024-03-01,fifty,,\n"
        "Harbour,INV-1,2024-03-01,7,,\nKea,INV-1,2024-03-01,,4,\n"
    )
    proposal = of(team, text)
    # An amount that cannot be read may be of the bill with this number too.
    assert did(proposal) == "RRNR"
    assert reasons(proposal)[0] == (
        "Line 3 of this document cannot be imported. The lines of a document are imported together "
        "or not at all."
    )
    confirm(team.editor, proposal, skip_rejected=True)
    rejected = previews.rejected_file(proposal).decode()
    imported(team.editor, Kind.FINANCIALS, rejected.replace("fifty", "50"))
    assert lines(team) == [
        ("INV-1", 0.0, 4.0), ("INV-1", 7.0, 0.0), ("INV-1", 50.0, 0.0), ("INV-1", 100.0, 0.0),
    ]  # fmt: skip


def test_a_rejected_line_removes_nothing(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    wrong = of(team, SESSIONS.replace("250.00,,Coaching session 11", "x,,Coaching session 11"))
    assert (did(wrong), wrong.removed) == ("RRR", ())


def test_a_line_in_a_closed_month_keeps_its_document(team: Team) -> None:
    text = HEAD + "Kea,INV-1,2024-03-31,100,,\nKea,INV-1,2024-04-01,50,,\n"
    imported(team.editor, Kind.FINANCIALS, text)
    closed_months.close(team.admin, date(2024, 3, 1))
    assert did(of(team, text)) == "UU"
    assert did(of(team, text.replace(",50,", ",60,"))) == "UC"
    assert did(of(team, text.replace(",100,", ",110,"))) == "RR"
    shortened = of(team, HEAD + "Kea,INV-1,2024-04-01,50,,\n")
    assert (did(shortened), shortened.removed) == ("R", ())
    closed_months.reopen(team.admin, date(2024, 3, 1))
    assert len(of(team, HEAD + "Kea,INV-1,2024-04-01,50,,\n").removed) == 1


# ── whose lines they are ────────────────────────────────────────────────────────────────────


def test_records_of_a_source_are_not_touched(team: Team, admin: sa.Engine) -> None:
    kea = next(key for key, row in books_of(team.editor)["client_kpis"].items()
               if row["client_name"] == "Kea")  # fmt: skip
    synced.write(
        admin, team, "financials", "fin_xero", external_id="INV-1", client_kpi_id=kea,
        record_date="2024-03-01", revenue=1, expenses=0,
    )  # fmt: skip
    proposal = of(team, HEAD + "Kea,INV-1,2024-03-01,250.00,,\n")
    assert (did(proposal), proposal.removed) == ("N", ())


def test_another_organisations_document_is_not_touched(team: Team, new_team: NewTeam) -> None:
    other = new_team()
    books.client(other, "Kea")
    imported(other.editor, Kind.FINANCIALS, SESSIONS)
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    confirm(team.editor, of(team, "".join(SESSIONS.splitlines(keepends=True)[:2])))
    assert (len(lines(team)), len(lines(other))) == (1, 3)


def _edit(identity: Identity, row_id: str) -> None:
    seen = financials.get(identity, row_id)
    draft = FinancialDraft(seen.client_kpi_id, seen.record_date, seen.revenue, seen.expenses, "!")
    financials.change(identity, row_id, seen.version, draft)


def test_a_line_changed_since_the_preview_is_not_removed(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    shortened = of(team, "".join(SESSIONS.splitlines(keepends=True)[:2]))
    _edit(team.admin, shortened.removed[0].line.id)
    with pytest.raises(ProposalOutdated) as moved:
        confirm(team.editor, shortened)
    assert len(lines(team)) == 3
    assert isinstance(moved.value.current, Proposal)
    confirm(team.editor, moved.value.current)
    assert len(lines(team)) == 1


def test_a_file_that_only_removes_lines_is_confirmed_and_one_that_does_nothing_is_not(
    team: Team,
) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    with pytest.raises(InvalidInput, match="changes nothing"):
        confirm(team.editor, of(team, SESSIONS))
    shortened = of(team, "".join(SESSIONS.splitlines(keepends=True)[:3]))
    assert not shortened.rows(Action.NEW)
    confirm(team.editor, shortened)
    assert len(lines(team)) == 2


def test_lines_with_our_ids_are_those_records(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, SESSIONS)
    row_id = min(books_of(team.editor)["financials"])
    text = (
        "id,client,invoice number,date,revenue\n"
        f"{row_id},Kea,INV-1,2024-03-01,9\n,Kea,INV-1,2024-03-01,8\n"
    )
    proposal = of(team, text)
    assert (did(proposal), len(proposal.removed)) == ("CC", 1)
    assert proposal.matches[0].id == row_id
