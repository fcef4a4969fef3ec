"""Merging clients on the command line: what is said and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.servers.command_line import Ended
from zixly_data.records import clients

Zixly = Callable[..., Ended]


@pytest.fixture
def team(new_team: Callable[[], Team]) -> Team:
    team = new_team()
    books.client(team, "Harbour Cafe Pty Ltd", client_id="XR-7")
    merged = books.client(team, "Harbour Cafe", client_id="HC-01")
    books.money(team, merged, "2024-01-01", "250.50", "100")
    for number in (1, 2):
        books.client(team, "Kea", client_id=f"K-{number}")
    return team


def names(team: Team) -> list[str]:
    return sorted(clients.names(team.viewer)["client_id"])


def test_clients_are_previewed_merged_listed_and_unmerged(zixly: Zixly, team: Team) -> None:
    as_editor = ("--as", team.editor.email)
    before = names(team)
    previewed = zixly("client", "merge", "XR-7", "harbour cafe", "--preview", *as_editor)
    assert (previewed.returncode, previewed.stdout) == (0, "")
    said = previewed.stderr.splitlines()
    assert said[0] == (
        "1 financial record of Harbour Cafe (HC-01) moves to Harbour Cafe Pty Ltd (XR-7), with AUD "
        "250.50 revenue and AUD 100.00 expenses. Harbour Cafe is no longer listed."
    )
    assert names(team) == before
    merged = zixly("client", "merge", "XR-7", "HC-01", *as_editor)
    assert merged.stderr.splitlines()[:-1] == said
    last = merged.stderr.splitlines()[-1]
    assert last.startswith("Merged Harbour Cafe (HC-01) into Harbour Cafe Pty Ltd (XR-7).")
    merge_id = last.split()[-1]
    assert names(team) == ["K-1", "K-2", "XR-7"]
    listed = zixly("client", "merges", *as_editor).stdout.splitlines()
    assert listed[0].split() == ["Id", "Merged", "Into", "Rows", "On", "By", "Undone"]
    assert "Harbour Cafe (HC-01)  Harbour Cafe Pty Ltd" in listed[1]
    assert merge_id in listed[1]
    undone = zixly("client", "unmerge", merge_id, *as_editor)
    assert undone.stderr == "Undone. Every record that moved is as it was before the merge.\n"
    assert names(team) == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("merge", "XR-7", "Weka"), "There is no client “Weka”."),
        (("merge", "XR-7", "kea"), "2 clients are called “kea”."),
        (("merge", "XR-7", "XR-7"), "A client cannot be merged into itself."),
        (("unmerge", "mrg_1"), "This merge no longer exists."),
    ],
)
def test_what_is_impossible_is_refused_in_a_sentence(
    zixly: Zixly, team: Team, arguments: tuple[str, ...], sentence: str
) -> None:
    refused = zixly("client", *arguments, "--as", team.editor.email)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines()[0] == sentence
    assert len(refused.stderr.splitlines()) == 2
