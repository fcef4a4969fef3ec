"""Numbers that start anew each year: the same number far away in time is asked about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, did, imported, proposed, reasons
from zixly_data.errors import InvalidInput
from zixly_data.imports import Kind, Proposal, confirm

HEAD = "client,invoice number,date,revenue\n"
FIRST_YEAR = HEAD + "Kea,1,2024-01-15,100\nKea,2,2024-02-15,200\n"
SECOND_YEAR = HEAD + "Kea,1,2025-01-15,110\nKea,2,2025-02-15,210\n"


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Kea")
    return team


def of(team: Team, text: str, **settled: object) -> Proposal:
    return proposed(team.editor, Kind.FINANCIALS, text, **settled)


def lines(team: Team) -> list[tuple[str, str, float]]:
    rows = books_of(team.editor)["financials"].values()
    return sorted((row["external_id"], row["record_date"], row["revenue"]) for row in rows)


def test_nothing_happens_until_it_is_answered(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, FIRST_YEAR)
    open_ = of(team, SECOND_YEAR)
    (question,) = open_.all_questions
    assert (question.about, question.column, question.example) == (
        "reused_numbers", "invoice number", "1")  # fmt: skip
    assert question.meanings == {
        "SAME": "the document of 15 Jan 2024, now of 15 Jan 2025",
        "NEW": "a document of 15 Jan 2025, beside the one of 15 Jan 2024",
    }
    assert did(open_) == "RR"
    assert (open_.is_open, open_.removed) == (True, ())
    assert set(reasons(open_)) == {
        "The row cannot be read until the question about the file is answered."
    }
    with pytest.raises(InvalidInput, match="is not answered"):
        confirm(team.editor, open_, skip_rejected=True)


def test_new_documents_stand_beside_the_old_and_are_not_asked_about_again(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, FIRST_YEAR)
    imported(team.editor, Kind.FINANCIALS, SECOND_YEAR, reused_numbers="NEW")
    assert [day[:4] for _, day, _ in lines(team)] == ["2024", "2025"] * 2
    for text in (FIRST_YEAR, SECOND_YEAR):
        for answer in (None, "SAME", "NEW"):
            again = of(team, text, reused_numbers=answer)
            assert (did(again), again.all_questions) == ("UU", [])
    amended = of(team, SECOND_YEAR.replace("210", "211"), reused_numbers=None)
    assert (did(amended), amended.all_questions) == ("UC", [])
    # The answer is remembered for files with this header.
    assert did(of(team, SECOND_YEAR.replace("2025", "2026"))) == "NN"


def test_the_same_documents_are_amended(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, FIRST_YEAR)
    amended = of(team, SECOND_YEAR, reused_numbers="SAME")
    assert did(amended) == "CC"
    confirm(team.editor, amended)
    assert lines(team) == [("1", "2025-01-15", 110.0), ("2", "2025-02-15", 210.0)]
    assert of(team, SECOND_YEAR, reused_numbers=None).all_questions == []


@pytest.mark.parametrize(("day", "asked"), [("2024-08-02", False), ("2024-08-03", True)])
def test_two_hundred_days_are_near(team: Team, day: str, asked: bool) -> None:
    imported(team.editor, Kind.FINANCIALS, FIRST_YEAR)
    assert bool(of(team, HEAD + f"Kea,1,{day},100\n").all_questions) == asked


def test_within_a_file_they_are_two_documents(team: Team) -> None:
    both = FIRST_YEAR + SECOND_YEAR.removeprefix(HEAD)
    imported(team.editor, Kind.FINANCIALS, both)
    assert len(lines(team)) == 4
    assert did(of(team, both)) == "UUUU"
    # One of the two alone leaves the other as it is.
    alone = of(team, SECOND_YEAR.replace("Kea,2,2025-02-15,210\n", ""))
    assert (did(alone), alone.removed, alone.all_questions) == ("U", (), [])


def test_a_file_of_both_years_needs_no_answer_for_the_one_on_record(team: Team) -> None:
    imported(team.editor, Kind.FINANCIALS, FIRST_YEAR)
    both = of(team, FIRST_YEAR + SECOND_YEAR.removeprefix(HEAD))
    assert (did(both), both.all_questions) == ("UUNN", [])
