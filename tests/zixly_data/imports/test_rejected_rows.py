"""Rejected rows: each cause rejects its rows, is counted, and costs the same for every row.

The cost is counted in calls of functions, which is exact: twice the rows make twice the calls. A
loop over a whole column for each row makes four times as many.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support import rejected_files
from tests.support.imports import proposed
from tests.support.rejected_files import FILES
from zixly_data.database.connection import Database
from zixly_data.imports import Action, Kind, Proposal, previews
from zixly_data.imports.references import ReferenceData
from zixly_data.imports.rows.causes import Cause
from zixly_data.imports.rows.new_clients import UnusedClientIds

NewTeam = Callable[[], Team]
FEW, ROWS = 10, 200
# One organisation for each server: a proposal changes nothing.
_teams: dict[str, Team] = {}


@pytest.fixture
def team(database: Database, admin: sa.Engine, new_team: NewTeam) -> Team:
    address = database.logins.admin_url
    if address not in _teams:
        _teams[address] = new_team()
        rejected_files.prepare(_teams[address], admin, 2 * ROWS)
    return _teams[address]


@pytest.mark.parametrize("cause", Cause, ids=lambda cause: cause.name)
def test_twice_the_rows_take_twice_the_calls(team: Team, cause: Cause) -> None:
    file = FILES[cause]
    _previewed(file.propose(team, FEW))  # fills caches
    calls = []
    for rows in (FEW, ROWS, 2 * ROWS):
        proposal, count = _counted(lambda rows=rows: _previewed(file.propose(team, rows)))  # type: ignore[misc]
        calls.append(count)
        rejected = proposal.rows(Action.REJECTED)
        assert len(rejected) == rows - file.ready
        assert sum(cause in _causes(proposal, row) for row in rejected) == (
            len(rejected) - file.others
        )
    assert _growth(calls) < 2.2


def test_a_walk_of_the_column_for_each_row_is_noticed() -> None:
    def walk(rows: int) -> None:
        for _ in range(rows):
            any(cell == "'" for cell in ["x"] * rows)

    calls = [_counted(lambda rows=rows: walk(rows))[1] for rows in (FEW, ROWS, 2 * ROWS)]  # type: ignore[misc]
    assert _growth(calls) > 3.9


class CountedSet(set[str]):
    """A set that counts how often it is asked."""

    asked = 0

    def __contains__(self, value: object) -> bool:
        self.asked += 1
        return super().__contains__(value)


def test_names_that_give_one_external_id_are_numbered_without_counting_from_the_start() -> None:
    used = CountedSet({"CLIENT-3"})
    ids = UnusedClientIds(ReferenceData("AUD", (), (), (), (), "UTC"), used)
    made = []
    for length in range(1, 201):
        made.append(ids.make("!" * length))
        ids.use(made[-1])
    assert made[:4] == ["CLIENT", "CLIENT-2", "CLIENT-4", "CLIENT-5"]
    assert len(set(made)) == 200
    assert used.asked == 201


def test_the_causes_are_counted_with_their_first_line(team: Team) -> None:
    text = (
        "client_id,date,revenue\n"
        "HBR,2024-01-01,1.00\nHBR,soon,2.00\nNOBODY,2024-01-03,3.00\nHBR,later,4.00\n"
        "NOBODY,never,5.00\n"
    )
    proposal = proposed(team.editor, Kind.FINANCIALS, text)
    causes = previews.rejection_causes(proposal)
    shown = causes[["cause", "column", "rows", "line", "value"]]
    assert [tuple(row) for row in shown.itertuples(index=False)] == [
        ("Date that cannot be read", "date", 3, 3, "soon"),
        ("Unknown client", "client_id", 2, 4, "NOBODY"),
    ]
    assert causes["reason"][1].startswith("This client is unknown.")


def test_a_row_with_two_problems_of_one_cause_is_counted_once(team: Team) -> None:
    text = "client_id,date,revenue,expenses\nHBR,2024-01-01,some,few\n"
    causes = previews.rejection_causes(proposed(team.editor, Kind.FINANCIALS, text))
    assert list(zip(causes["column"], causes["rows"], strict=True)) == [
        ("revenue", 1),
        ("expenses", 1),
    ]
    none = proposed(team.editor, Kind.FINANCIALS, "client_id,date,revenue\nHBR,2024-01-01,1.00\n")
    assert previews.rejection_causes(none).empty


def test_an_unknown_stage_names_a_few_stages_only(new_team: NewTeam, admin: sa.Engine) -> None:
    team = new_team()
    rejected_files.prepare(team, admin)
    with admin.begin() as owner:
        owner.execute(
            sa.text(
                "insert into zixly.lead_stages (tenant_id, id, stage, position, status)"
                " select :tenant, 'stg_' || n, 'Stage ' || n, 60 + n, 'OPEN'"
                " from generate_series(1, 30) as n"
            ),
            {"tenant": team.tenant_id},
        )
    proposal = FILES[Cause.UNKNOWN_STAGE].propose(team, 3)
    problems = [proposal.problems[row][0] for row in proposal.rows(Action.REJECTED)]
    assert problems[0].reason.count(",") == 20
    assert "more." in problems[0].reason
    assert problems[0].reason is problems[2].reason


def test_similar_names_are_sought_within_a_budget_of_letters(new_team: NewTeam) -> None:
    team = new_team()
    for number in range(20):
        books.client(team, f"{'Harbour Street ' * 12}{number:02}", client_id=f"LONG-{number}")
    names = [f"{'Harbor Street ' * 12}{number:05}" for number in range(500)]
    lines = [f"{name},2024-01-01,1.00" for name in names]
    proposal = proposed(
        team.editor, Kind.FINANCIALS, "\n".join(["client_name,date,revenue", *lines, ""])
    )
    similar = [client for client in proposal.staged.unknown if client.similar]
    assert 0 < len(similar) < 50, "of 500"


def _previewed(proposal: Proposal) -> Proposal:
    """The proposal, after its sums and its file of rejected rows were made."""
    previews.sums(proposal)
    previews.rejected_file(proposal)
    return proposal


def _growth(calls: list[int]) -> float:
    """How many times as many calls twice the rows make, without those of a file of a few rows."""
    few, once, twice = calls
    assert once > 3 * few / 2
    return (twice - few) / (once - few)


def _causes(proposal: Proposal, row: int) -> set[Cause]:
    return {problem.cause for problem in proposal.problems[row]}


def _counted(work: Callable[[], Any]) -> tuple[Any, int]:
    """The result of the work, and the number of functions that it called."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    gc.disable()
    sys.setprofile(count)
    try:
        result = work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return result, calls
