"""Amounts of no client in a file of financial records become overheads, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import COUNTED_ON, books_of, counts, did, imported, proposed, reasons
from zixly_data.imports import ADD, Action, Kind, Proposal, confirm, previews, undo
from zixly_data.imports.cells.mapping import OVERHEAD
from zixly_data.records import closed_months

HEAD = "client,date,revenue,expenses,note\n"
TEXT = HEAD + "Harbour,2024-03-04,300,120,Design\nAdobe,2024-03-05,,240,Licences\n"
NUMBERED = (
    "client,invoice number,date,revenue,expenses\n"
    "Harbour,7,2024-03-04,300,\nAdobe,7,2024-03-05,,40\nAdobe,7,2024-03-05,,60\n"
)
DECIDED = {"clients": {"Adobe": OVERHEAD}}


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Harbour")
    return team


def of(team: Team, text: str = TEXT, **settled: object) -> Proposal:
    return proposed(team.editor, Kind.FINANCIALS, text, **{**DECIDED, **settled})


def overheads(team: Team) -> list[tuple[object, ...]]:
    names = ("record_date", "currency", "revenue", "expenses", "kind", "counterparty", "note")
    rows = books_of(team.editor)["overheads"].values()
    return sorted(tuple(row[name] for name in names) for row in rows)


def test_they_become_overheads_of_their_counterparty(team: Team) -> None:
    proposal = of(team)
    assert did(proposal) == "NN"
    shown = previews.rows(proposal, Action.NEW)
    assert list(shown["client_name"]) == ["Harbour", "Of no client"]
    assert list(shown["currency"]) == ["AUD", "AUD"]
    (total,) = previews.sums(proposal)
    assert (total["rows"], total["revenue"], total["expenses"]) == (
        2, Decimal("300.00"), Decimal("360.00"))  # fmt: skip
    assert counts(confirm(team.editor, proposal)) == {"NEW": 2}
    assert overheads(team) == [
        ("2024-03-05", "AUD", 0.0, 240.0, "OVERHEAD", "Adobe", "Licences")]  # fmt: skip
    assert len(books_of(team.editor)["financials"]) == 1
    again = of(team)
    assert (did(again), again.changes_anything) == ("UU", False)


def test_they_are_corrected_removed_and_undone_with_the_rest(team: Team) -> None:
    before = books_of(team.editor, *COUNTED_ON)
    done = imported(team.editor, Kind.FINANCIALS, NUMBERED, **DECIDED)
    first = books_of(team.editor, *COUNTED_ON)
    assert (len(first["financials"]), len(first["overheads"])) == (1, 2)
    shorter = of(team, NUMBERED.replace("Adobe,7,2024-03-05,,60\n", "").replace(",40", ",41"))
    assert (did(shorter), [removed.kind for removed in shorter.removed]) == (
        "UC", [Kind.OVERHEADS])  # fmt: skip
    (change,) = previews.changes(shorter).to_dict("records")
    assert (change["column"], change["now"], change["file"]) == ("Expenses", "40.00", "41.00")
    later = confirm(team.editor, shorter)
    assert [row[3] for row in overheads(team)] == [41.0]
    undo(team.editor, later.id)
    assert books_of(team.editor, *COUNTED_ON) == first
    undo(team.editor, done.id)
    assert books_of(team.editor, *COUNTED_ON) == before


def test_they_are_in_the_stated_currency_or_one_that_is_asked_for(team: Team) -> None:
    stated = "client,date,expenses,currency\nAdobe,2024-03-05,240,USD\n"
    proposal = of(team, stated)
    assert previews.unused_currencies(proposal) == ["USD"]
    assert [row["currency"] for row in previews.sums(proposal)] == ["USD"]
    books.client(team, "Kauri", currency="NZD")
    open_ = of(team)
    (question,) = open_.all_questions
    assert (question.about, set(question.meanings)) == ("currency", {"AUD", "NZD"})
    imported(team.editor, Kind.FINANCIALS, TEXT, **DECIDED, currency="NZD")
    assert overheads(team)[0][1] == "NZD"


def test_a_row_with_the_id_of_a_client_s_record_stays_with_its_client(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, HEAD + "Harbour,2024-03-04,300,120,\n")
    (row_id,) = books_of(team.editor)["financials"]
    text = f"id,client,date,expenses\n{row_id},Adobe,2024-03-05,240\n"
    proposal = of(team, text)
    assert did(proposal) == "R"
    assert "ID of a record of a client" in reasons(proposal)[0]


def test_a_closed_month_and_the_answer_about_a_day_hold_for_them_too(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, TEXT, **DECIDED)
    changed = TEXT.replace("240", "250")
    (question,) = of(team, changed).questions
    assert question.example == "Adobe, 5 Mar 2024"
    assert did(of(team, changed, same_day="CORRECT")) == "UC"
    assert did(of(team, changed, same_day="ADD")) == "UN"
    closed_months.close(team.admin, date(2024, 3, 1))
    assert did(of(team, changed, same_day="ADD")) == "UR"


def test_only_amounts_can_belong_to_no_client(team: Team) -> None:
    books.metric(team, "Hours")
    head = "client,metric_name,metric_value,date\n"
    text = head + "Harbour,Hours,3,2024-03-05\nAdobe,Hours,4,2024-03-05\n"
    proposal = proposed(team.editor, Kind.CUSTOM_METRICS, text, **DECIDED)
    assert did(proposal) == "NR"


def test_a_document_assigned_to_a_client_is_not_added_again(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, NUMBERED, **DECIDED)
    as_client = proposed(team.editor, Kind.FINANCIALS, NUMBERED, clients={"Adobe": ADD})
    assert did(as_client) == "URR"
    assert reasons(as_client)[0].startswith("This document is on record as an overhead.")
