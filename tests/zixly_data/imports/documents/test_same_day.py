"""Rows without numbers on a day with a record: further records, or corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did, imported, proposed
from zixly_data.errors import InvalidInput
from zixly_data.imports import Kind, confirm, open_file, propose, suggest
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.records import closed_months

HOURS = "client,metric_name,metric_value,date\nBondi,{metric},{hours},2024-05-06\n"
HEAD = "client,date,revenue,note\n"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Bondi")
    for name, adds_up in (("Hours", "SUM"), ("Rating", "LAST"), ("Share", "AVERAGE")):
        books.metric(team, name, adds_up=adds_up)
    return team


def values(team: Team) -> list[float]:
    rows = books_of(team.editor)["custom_metrics"].values()
    return sorted(row["metric_value"] for row in rows)


def hours(metric: str, number: str) -> str:
    return HOURS.format(metric=metric, hours=number)


@pytest.mark.parametrize(("answer", "after"), [("ADD", [3.0, 4.0]), ("CORRECT", [4.0])])
def test_another_entry_of_a_day_is_asked_about(team: Team, answer: str, after: list[float]) -> None:
    imported(team.editor, Kind.CUSTOM_METRICS, hours("Hours", "3"))
    open_ = proposed(team.editor, Kind.CUSTOM_METRICS, hours("Hours", "4"))
    (question,) = open_.questions
    assert (question.about, question.column) == ("same_day", "date")
    assert question.example == "Hours of Bondi, 6 May 2024"
    assert question.meanings == {"ADD": "3 and 4, 7 in all", "CORRECT": "4 instead of 3"}
    assert (did(open_), open_.is_open) == ("R", True)
    with pytest.raises(InvalidInput, match="is not answered"):
        confirm(team.editor, open_, skip_rejected=True)
    imported(team.editor, Kind.CUSTOM_METRICS, hours("Hours", "4"), same_day=answer)
    assert values(team) == after
    # The same file again changes nothing and asks nothing, and the answer is remembered.
    assert did(proposed(team.editor, Kind.CUSTOM_METRICS, hours("Hours", "4"))) == "U"
    again = proposed(team.editor, Kind.CUSTOM_METRICS, hours("Hours", "5"))
    assert (again.questions, again.mapping.same_day) == ((), answer)


@pytest.mark.parametrize(
    ("metric", "meaning"),
    [
        ("Rating", "3 and 4.5, of which the last, 4.5, counts"),
        ("Share", "3 and 4.5, 3.75 on average"),
    ],
)
def test_a_metric_that_does_not_add_up_says_what_becomes_of_its_values(
    team: Team, metric: str, meaning: str
) -> None:
    imported(team.editor, Kind.CUSTOM_METRICS, hours(metric, "3"))
    (question,) = proposed(team.editor, Kind.CUSTOM_METRICS, hours(metric, "4.5")).questions
    assert question.meanings["ADD"] == meaning


def test_it_is_asked_only_where_it_makes_a_difference(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, HEAD + "Bondi,2024-03-01,5,a\nBondi,2024-03-01,6,b\n")
    for text, actions in (
        # Equal rows, fewer rows, one more than there are, another day.
        ("Bondi,2024-03-01,6,b\nBondi,2024-03-01,5,a\n", "UU"),
        ("Bondi,2024-03-01,5,a\n", "U"),
        ("Bondi,2024-03-01,6,b\nBondi,2024-03-01,5,a\nBondi,2024-03-01,7,c\n", "UUN"),
        ("Bondi,2024-03-02,7,a\n", "N"),
    ):
        proposal = proposed(team.editor, Kind.FINANCIALS, HEAD + text)
        assert (did(proposal), proposal.questions) == (actions, ())
    amended = proposed(team.editor, Kind.FINANCIALS, HEAD + "Bondi,2024-03-01,5,z\n")
    (question,) = amended.questions
    assert question.meanings == {
        "ADD": "two records", "CORRECT": "one record, with the details of the file"}  # fmt: skip
    (question,) = proposed(team.editor, Kind.FINANCIALS, HEAD + "Bondi,2024-03-01,9,a\n").questions
    assert question.meanings["ADD"] == "revenue of 5.00 and 9.00, 14.00 in all"
    closed_months.close(team.admin, date(2024, 3, 1))
    closed = proposed(team.editor, Kind.FINANCIALS, HEAD + "Bondi,2024-03-01,9,a\n")
    assert (did(closed), closed.questions) == ("R", ())


def test_an_event_of_a_lead_on_its_day_is_that_event(team: Team) -> None:
    head = "client,lead_id,stage,date,value\n"
    imported(team.editor, Kind.LEAD_EVENTS, head + "Bondi,L-1,Inquiry,2024-03-01,5\n")
    corrected = proposed(team.editor, Kind.LEAD_EVENTS, head + "Bondi,L-1,Inquiry,2024-03-01,6\n")
    assert (did(corrected), corrected.questions) == ("C", ())


# ── a bank ──────────────────────────────────────────────────────────────────────────────────

BANK = (
    "Date,Amount,Description,Client,Balance\n"
    "24/07/2026,-1.80,PARKING METER,Bondi,10\n24/07/2026,-1.80,PARKING METER,Bondi,8.2\n"
    "25/07/2026,2200.00,INV 22,Bondi,2208.2\n"
)


def of_bank(text: str) -> OpenedFile:
    opened = open_file("bank.csv", text.encode())
    return replace(opened, tables=(replace(opened.tables[0], is_bank=True),))


def test_a_second_download_of_a_day_adds_what_is_new(team: Team) -> None:
    def download(text: str) -> str:
        opened = of_bank(text)
        mapping = suggest(team.editor, Kind.FINANCIALS, opened.tables[0])
        proposal = propose(team.editor, Kind.FINANCIALS, opened, mapping)
        assert (proposal.all_questions, proposal.duplicates) == ([], {})
        if proposal.changes_anything:
            confirm(team.editor, proposal)
        return did(proposal)

    assert download(BANK) == "NNN"
    assert download(BANK) == "UUU"
    more = BANK + "25/07/2026,-3.10,COFFEE,Bondi,2205.1\n24/07/2026,-1.80,PARKING METER,Bondi,6\n"
    assert download(more) == "UUUNN"
    assert download(more) == "UUUUU"
    assert len(books_of(team.editor)["financials"]) == 5


def test_a_payment_of_a_document_on_record_may_be_the_same_money(team: Team) -> None:
    invoice = "client,invoice number,date,revenue\nBondi,INV-22,2026-07-01,2200\n"
    imported(team.editor, Kind.FINANCIALS, invoice)
    opened = of_bank(BANK)
    mapping = suggest(team.editor, Kind.FINANCIALS, opened.tables[0])
    proposal = propose(team.editor, Kind.FINANCIALS, opened, mapping)
    assert sorted(proposal.duplicates) == [2]


def test_a_list_without_numbers_is_compared_with_whole_documents(team: Team) -> None:
    head = "client,invoice number,date,revenue\n"
    lines = "Bondi,INV-22,2026-07-01,100\nBondi,INV-22,2026-07-01,200\nBondi,INV-23,2026-07-09,7\n"
    imported(team.editor, Kind.FINANCIALS, head + lines)
    plain = "client,date,revenue\nBondi,2026-07-01,300\nBondi,2026-07-09,7\nBondi,2026-08-01,300\n"
    proposal = proposed(team.editor, Kind.FINANCIALS, plain)
    assert did(proposal) == "NNN"
    assert sorted(proposal.duplicates) == [0, 1]
