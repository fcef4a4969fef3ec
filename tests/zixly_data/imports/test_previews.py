"""What people are shown of a proposal, where it has nothing on record to show."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import proposed
from zixly_data.imports import LEAVE_OUT, Action, Kind
from zixly_data.imports.previews import rows

NewTeam = Callable[[], Team]


def test_a_row_that_is_left_out_shows_whose_it_is_as_the_file_says_it(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    proposal = proposed(
        team.editor,
        Kind.FINANCIALS,
        "client_id,client_name,record_date,revenue\n,harbour,2024-01-01,1\n"
        ",Kiosk,2024-01-01,2\nEXT-OLD,,2024-01-01,3\n",
        clients={"Kiosk": LEAVE_OUT, "EXT-OLD": LEAVE_OUT},
    )
    assert rows(proposal, Action.LEFT_OUT)["client_name"].tolist() == ["Kiosk", "EXT-OLD"]
    # One that Zixly knows is shown by our name of it.
    assert rows(proposal, Action.NEW)["client_name"].tolist() == ["Harbour"]


def test_questions_come_with_what_a_cell_would_mean_either_way(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour")
    proposal = proposed(
        team.editor,
        Kind.FINANCIALS,
        "client_name,record_date,revenue\nHarbour,5/5/2024,1\nHarbour,3/04/2024,2\n",
    )
    (question,) = proposal.staged.questions
    assert (question.about, question.column, question.example) == (
        "date_order", "record_date", "3/04/2024",
    )  # fmt: skip
    assert question.meanings == {"DMY": "3 Apr 2024", "MDY": "4 Mar 2024"}
