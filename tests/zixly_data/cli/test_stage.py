"""Stages on the command line: what is said and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.servers.command_line import Ended
from zixly_data.records.pipeline import lead_stages

Zixly = Callable[..., Ended]


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.event(team, books.client(team), "L-1", "Consultation", "2024-01-05")
    return team


def test_stages_are_listed_and_changed(zixly: Zixly, team: Team) -> None:
    def said(*arguments: str) -> str:
        ended = zixly("stage", *arguments, "--as", team.admin.email)
        assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
        return ended.stderr

    assert said("add", "Negotiation") == "“Negotiation” is a new open stage.\n"
    assert said("add", "Renewed", "--status", "won") == "“Renewed” is a new won stage.\n"
    assert said("rename", "inquiry", "Enquiry") == "“Inquiry” is called “Enquiry” now.\n"
    assert said("move", "Lost", "--before", "Enquiry") == "“Lost” is before “Enquiry” now.\n"
    assert said("move", "Lost", "--after", "Renewed") == "“Lost” is after “Renewed” now.\n"
    preview = (
        "1 event of 1 lead will count as “Proposal sent”. “Consultation” will take no new ones.\n"
    )
    assert said("merge", "Consultation", "--into", "Proposal sent", "--preview") == preview
    assert lead_stages.find(team.viewer, "Consultation").merged_into is None
    assert said("merge", "Consultation", "--into", "Proposal sent") == f"Merged. {preview}"
    assert said("retire", "Enquiry") == "“Enquiry” takes no new events.\n"
    assert said("retire", "Negotiation") == "“Negotiation” takes no new events.\n"
    assert said("restore", "Negotiation") == "“Negotiation” takes events.\n"
    listed = zixly("stage", "list", "--as", team.viewer.email)
    lines = [line.split("  ") for line in listed.stdout.splitlines()]
    cells = [[cell.strip() for cell in line if cell.strip()] for line in lines]
    assert cells[0] == ["Position", "Stage", "Status", "Events", "Retired", "Merged into"]
    assert [row[1] for row in cells[1:]] == [
        "Enquiry", "Consultation", "Proposal sent", "Negotiation", "Contract signed", "Renewed",
        "Lost",
    ]  # fmt: skip
    assert cells[2][3] == "1"
    assert cells[2][-1] == "Proposal sent"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add", "Lost"), "A stage is already called “Lost”."),
        (("add", "New", "--status", "maybe"), "The status of a stage must be open, won or lost."),
        (("rename", "Handshake", "New"), "There is no stage “Handshake”."),
        (("rename", "Inquiry", "lost"), "A stage is already called “Lost”."),
        (("move", "Inquiry"), "Give either --before or --after."),
        (("merge", "Inquiry", "--into", "Lost"),
         "“Inquiry” is open and “Lost” is lost. Only stages of one status can be merged."),
        (("merge", "Inquiry", "--into", "Inquiry"), "A stage cannot be merged into itself."),
        (("retire", "Contract signed"), "This is the last won stage that takes events."),
    ],
)  # fmt: skip
def test_what_is_impossible_is_refused_in_a_sentence(
    zixly: Zixly, team: Team, arguments: tuple[str, ...], sentence: str
) -> None:
    refused = zixly("stage", *arguments, "--as", team.admin.email)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[0] == sentence
    assert len(refused.stderr.splitlines()) == 2
