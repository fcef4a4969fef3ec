"""Merging clients on the Clients page: preview, merge, and undoing it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.page_runs import PageRun, open_page
from zixly_data.records import client_merges, clients

NewTeam = Callable[[], Team]
MOVES = (
    "1 financial record of Harbour *Cafe* (HC-01) moves to Harbour Cafe Pty Ltd (XR-7), with AUD "
    "70.00 revenue and AUD 0.00 expenses. Harbour *Cafe* is no longer listed."
)


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


@pytest.fixture
def kept(team: Team) -> str:
    kept = books.client(team, "Harbour Cafe Pty Ltd", client_id="XR-7")
    books.money(team, kept, "2024-01-01", "1000")
    return kept


@pytest.fixture
def merged(team: Team, kept: str) -> str:
    merged = books.client(team, "Harbour *Cafe*", client_id="HC-01")
    books.money(team, merged, "2024-02-01", "70")
    return merged


def listed(team: Team) -> list[str]:
    return list(clients.names(team.viewer)["client_id"])


def opened(team: Team) -> PageRun:
    return open_page(team.editor, "clients").press("Merge clients")


def test_both_are_chosen_the_preview_is_read_and_they_are_merged_and_unmerged(
    team: Team, kept: str, merged: str
) -> None:
    page = opened(team)
    assert not page.offers("Merge")
    page.choose("Client to keep", "Harbour Cafe Pty Ltd (XR-7)")
    page.choose("Client to merge into it", "Harbour *Cafe* (HC-01)")
    assert MOVES in page.dialog
    page.press("Merge")
    assert "Merged: Harbour *Cafe* (HC-01) into Harbour Cafe Pty Ltd (XR-7)." in page.alerts
    assert listed(team) == ["XR-7"]
    page.press("Merge clients").press("Undo")
    assert "Undone: Harbour *Cafe* (HC-01) is a client of its own again." in page.alerts
    assert sorted(listed(team)) == ["HC-01", "XR-7"]
    page.press("Merge clients")
    assert not page.offers("Undo")
    assert "Undone by Editor on" in page.dialog


def test_the_finding_leads_to_the_preview_once(team: Team, kept: str, merged: str) -> None:
    page = open_page(team.editor, "contradictions").follow("Compare and merge")
    assert MOVES in page.dialog
    page.reload()
    assert page.dialog == "" or MOVES in page.dialog
    page.go("clients", merge=merged, into=kept).press("Keep the other one")
    assert "record of Harbour Cafe Pty Ltd (XR-7) moves to Harbour *Cafe* (HC-01)" in page.dialog
    page.go("clients", merge="ckpi_nobody", into=kept)
    assert not page.offers("Merge")


def test_a_viewer_reads_the_finding_and_merges_nothing(team: Team, kept: str, merged: str) -> None:
    page = open_page(team.viewer, "contradictions").follow("Compare and merge")
    assert page.dialog == ""
    assert not page.offers("Merge clients")
    assert sorted(listed(team)) == ["HC-01", "XR-7"]


def test_records_that_changed_since_the_preview_are_shown_first(
    team: Team, kept: str, merged: str
) -> None:
    page = open_page(team.editor, "clients", merge=merged, into=kept)
    books.money(team, merged, "2024-03-01", "30")
    page.press("Merge")
    assert "Records of these clients have changed in the meantime" in page.dialog
    assert "2 financial records of Harbour *Cafe* (HC-01) move to" in page.dialog
    assert "AUD 100.00 revenue" in page.dialog
    assert sorted(listed(team)) == ["HC-01", "XR-7"]
    page.press("Merge")
    assert listed(team) == ["XR-7"]


def test_refusals_are_said_in_the_dialog(team: Team, kept: str) -> None:
    other = books.client(team, "Harbour NZ", client_id="NZ-1", currency="NZD")
    page = open_page(team.editor, "clients", merge=other, into=kept)
    assert "is paid in NZD and Harbour Cafe Pty Ltd (XR-7) in AUD" in page.dialog
    assert not page.offers("Merge")
    page.go("clients", merge=kept, into=kept)
    assert "A client cannot be merged into itself." in page.dialog
    merged = books.client(team, "Kea")
    preview = client_merges.preview(team.editor, kept, merged)
    client_merges.merge(team.editor, preview)
    clients.delete(team.editor, kept, 1, "Harbour Cafe Pty Ltd")
    page.go("clients").press("Merge clients").press("Undo")
    assert "was deleted with them, so nothing was undone" in page.dialog
