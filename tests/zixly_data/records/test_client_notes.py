"""The note on a client: from the form to the file and back, and on the trail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support import records as books
from tests.support.imports import books_of, confirm, did, proposed, reasons
from zixly_data.errors import AccessDenied, InvalidInput
from zixly_data.exports import record_files
from zixly_data.exports.record_files import Rows, Table
from zixly_data.imports import Kind, undo
from zixly_data.imports.previews import changes
from zixly_data.people import audit
from zixly_data.records import clients
from zixly_data.tables.clients import ClientDraft
from zixly_ui.audit.text import sentence

NewTeam = Callable[[], Team]
NOTE = "Prefers phone calls.\nInvoices go to the owner's wife."
FORMULA = '=HYPERLINK("http://evil")'


def note_of(team: Team, client_kpi_id: str) -> str | None:
    return clients.get(team.viewer, client_kpi_id).note


def test_an_editor_writes_changes_and_clears_it(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Harbour", client_id="HBR", note=NOTE)
    assert note_of(team, client) == NOTE
    for note, recorded in (("Shorter", "Shorter"), ("  ", None), ("x" * 2000, "x" * 2000)):
        stored = clients.get(team.editor, client)
        clients.change(
            team.editor, client, stored.version, ClientDraft("HBR", "Harbour", note=note)
        )
        assert note_of(team, client) == recorded


def test_one_character_too_many_is_refused_and_nothing_changes(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Harbour", client_id="HBR", note=NOTE)
    with pytest.raises(InvalidInput, match="2,001") as refused:
        clients.change(team.editor, client, 1, ClientDraft("HBR", "Harbour", note="x" * 2001))
    assert refused.value.field == "note"
    with pytest.raises(AccessDenied):
        clients.change(team.viewer, client, 1, ClientDraft("HBR", "Harbour", note="mine"))
    assert note_of(team, client) == NOTE


@pytest.mark.parametrize("note", [NOTE, FORMULA, "“Quoted”, with commas"])
def test_a_file_brings_it_back_changes_it_and_undoes_it(new_team: NewTeam, note: str) -> None:
    team = new_team()
    client = books.client(team, "Harbour", client_id="HBR", note=note)
    file = b"".join(record_files.write(team.viewer, Rows(Table.CLIENTS)).pieces())
    assert did(proposed(team.editor, Kind.CLIENTS, file)) == "U"

    corrected = "client_id,note\nHBR,From a file\n"
    proposal = proposed(team.editor, Kind.CLIENTS, corrected)
    (change,) = changes(proposal).to_dict("records")
    assert (change["column"], change["now"], change["file"]) == ("Note", note, "From a file")
    result = confirm(team.editor, proposal)
    assert note_of(team, client) == "From a file"
    undo(team.editor, result.id)
    assert note_of(team, client) == note


def test_an_empty_cell_clears_it_and_a_file_without_the_column_keeps_it(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Harbour", client_id="HBR", note=NOTE)
    without = proposed(team.editor, Kind.CLIENTS, "client_id,status\nHBR,completed\n")
    confirm(team.editor, without)
    assert note_of(team, client) == NOTE
    confirm(team.editor, proposed(team.editor, Kind.CLIENTS, "client_id,note\nHBR,\n"))
    assert note_of(team, client) is None


def test_a_note_too_long_for_the_database_is_rejected_with_its_reason(new_team: NewTeam) -> None:
    team = new_team()
    books.client(team, "Harbour", client_id="HBR")
    before = books_of(team.editor)
    proposal = proposed(team.editor, Kind.CLIENTS, f"client_id,note\nHBR,{'x' * 2001}\n")
    assert did(proposal) == "R"
    assert "2,001 characters" in reasons(proposal)[0]
    assert books_of(team.editor) == before


def test_the_trail_says_what_it_was(new_team: NewTeam) -> None:
    team = new_team()
    client = books.client(team, "Harbour", client_id="HBR", note="Old")
    clients.change(team.editor, client, 1, ClientDraft("HBR", "Harbour", note="New"))
    entries = audit.history(team.viewer, "client_kpis", client).to_dict("records")
    shown = [
        sentence({**entry, "table_name": "client_kpis", "client_name": "Harbour"}, {})
        for entry in entries
    ]
    assert "changed the note of the client Harbour, from Old to New." in shown[0]
