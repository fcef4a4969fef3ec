"""Imports before and after clients are merged."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import did, imported, proposed
from tests.support.tenant_rows import COUNTED_ON, contents_of
from zixly_data.imports import ADD, ImportTouched, Kind, undo
from zixly_data.records import client_merges, clients

NewTeam = Callable[[], Team]
HEAD = "client_name,record_date,revenue,expenses\n"


@pytest.fixture
def team(new_team: NewTeam) -> Team:
    return new_team()


def merged_into(team: Team, kept: str, merged: str) -> str:
    return client_merges.merge(team.editor, client_merges.preview(team.editor, kept, merged))


def test_a_file_comes_in_after_a_merge(team: Team) -> None:
    kept, merged = books.client(team, "Kea"), books.client(team, "Kea Ltd")
    imported(team.editor, Kind.FINANCIALS, HEAD + "Kea Ltd,2024-01-01,5,0\n")
    merged_into(team, kept, merged)
    imported(team.editor, Kind.FINANCIALS, HEAD + "Kea,2024-01-02,7,0\n")
    assert books.revenue_on_record(team.viewer) == Decimal(12)
    assert set(clients.names(team.viewer)["id"]) == {kept}


def test_a_file_finds_the_client_into_which_its_own_was_merged(team: Team) -> None:
    """By its former name, its former external id, and an answer that named it."""
    kept, merged = books.client(team, "Kea"), books.client(team, "Kea Ltd", client_id="KEA-2")
    text = HEAD + "The Kea People,2024-01-01,5,0\n"
    imported(team.editor, Kind.FINANCIALS, text, clients={"The Kea People": merged})
    merged_into(team, kept, merged)
    again = proposed(team.editor, Kind.FINANCIALS, text)
    assert (did(again), again.mapping.clients["The Kea People"]) == ("U", kept)
    assert did(proposed(team.editor, Kind.FINANCIALS, HEAD + "kea ltd,2024-02-01,5,0\n")) == "N"
    by_id = "client_id,record_date,revenue,expenses\nKEA-2,2024-02-01,5,0\n"
    assert did(proposed(team.editor, Kind.FINANCIALS, by_id)) == "N"
    contacts = "client_id,client_name\nKEA-2,Kea Ltd\n"
    assert did(proposed(team.editor, Kind.CLIENTS, contacts)) != "N", "no twin comes back"


def test_an_import_whose_rows_were_moved_stays_until_the_merge_is_undone(
    team: Team, admin: sa.Engine
) -> None:
    kept, merged = books.client(team, "Kea"), books.client(team, "Kea Ltd")
    before = contents_of(admin, team.tenant_id, *COUNTED_ON)
    done = imported(team.editor, Kind.FINANCIALS, HEAD + "Kea Ltd,2024-01-01,5,0\n")
    merge_id = merged_into(team, kept, merged)
    with pytest.raises(ImportTouched, match="so nothing was undone: Kea, 1 Jan 2024"):
        undo(team.editor, done.id)
    client_merges.undo(team.editor, merge_id)
    undo(team.editor, done.id)
    after = contents_of(admin, team.tenant_id, *COUNTED_ON)
    for table in ("client_merges", "imports", "import_mappings"):
        before.pop(table)
        after.pop(table)
    assert after == before


def test_an_import_that_added_a_client_stays_once_another_one_is_part_of_it(team: Team) -> None:
    text = HEAD + "Kea,2024-01-01,5,0\n"
    done = imported(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD})
    (kept,) = clients.names(team.viewer)["id"]
    merge_id = merged_into(team, kept, books.client(team, "Kea Ltd"))
    with pytest.raises(ImportTouched, match="a client merged into Kea"):
        undo(team.editor, done.id)
    client_merges.undo(team.editor, merge_id)
    undo(team.editor, done.id)
    assert list(clients.names(team.viewer)["client_name"]) == ["Kea Ltd"]


def test_an_import_whose_new_client_was_merged_away_stays(team: Team) -> None:
    kept = books.client(team, "Kea")
    text = HEAD + "Kea Ltd,2024-01-01,5,0\n"
    done = imported(team.editor, Kind.FINANCIALS, text, clients={"Kea Ltd": ADD})
    (merged,) = set(clients.names(team.viewer)["id"]) - {kept}
    merged_into(team, kept, merged)
    with pytest.raises(ImportTouched, match="a deleted record"):
        undo(team.editor, done.id)


def test_a_target_set_since_keeps_a_new_client(team: Team) -> None:
    text = HEAD + "Kea,2024-01-01,5,0\n"
    done = imported(team.editor, Kind.FINANCIALS, text, clients={"Kea": ADD})
    (client,) = clients.names(team.viewer)["id"]
    books.aim(team, books.metric(team, "Calls"), "2024-01-01", client, low="5")
    with pytest.raises(ImportTouched, match="a later entry for Kea"):
        undo(team.editor, done.id)
