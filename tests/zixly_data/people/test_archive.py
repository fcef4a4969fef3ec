"""Cold storage: what a deleted person did is on disk, whole and checkable, before they are gone."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support import records as books
from zixly_data.access import one_time_links, sessions
from zixly_data.database import connection
from zixly_data.errors import (
    ArchiveNotWritten,
    InvalidInput,
    LastAdmin,
    NotConfirmed,
    NotFound,
    SessionEnded,
)
from zixly_data.identity import Identity, Role
from zixly_data.people import archive, invitations, team
from zixly_data.values.ids import new_id

NewTeam = Callable[[], Team]


def delete(by: Identity, whom: Identity, folder: Path) -> Path:
    return team.delete(by, whom.user_id, whom.email, folder)


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_the_archive_holds_everything_a_person_did_and_what_was_done_to_them(
    new_team: NewTeam, tmp_path: Path, admin: sa.Engine
) -> None:
    ours = new_team()
    client = books.client(ours, "Müller’s “Café” 🦘")
    team.change_role(ours.admin, ours.editor.user_id, Role.VIEWER)
    of_person = sa.text("""
        select id from zixly.audit_log where tenant_id = :tenant
          and (user_id = :person or table_name = 'users' and row_id = :person) order by at, id
    """)
    with admin.connect() as everyone:
        expected = list(
            everyone.execute(
                of_person, {"tenant": ours.tenant_id, "person": ours.editor.user_id}
            ).scalars()
        )

    place = delete(ours.admin, ours.editor, tmp_path)

    entries = archive.read(place)
    assert [entry["id"] for entry in entries] == expected
    assert [(entry["action"], entry["table_name"], entry["user_id"]) for entry in entries] == [
        ("INSERT", "users", None),
        ("SIGN_IN", "sessions", ours.editor.user_id),
        ("INSERT", "client_kpis", ours.editor.user_id),
        ("UPDATE", "users", ours.admin.user_id),
    ]
    assert entries[2]["row_id"] == client
    assert entries[2]["after"]["client_name"] == "Müller’s “Café” 🦘"
    assert (entries[3]["before"]["role"], entries[3]["after"]["role"]) == ("EDITOR", "VIEWER")


def test_an_archive_holds_nothing_of_other_people_and_no_secret(
    new_team: NewTeam, tmp_path: Path
) -> None:
    ours = new_team()
    books.client(ours)
    text = gzip.decompress(delete(ours.admin, ours.viewer, tmp_path).read_bytes()).decode()
    assert len(text.splitlines()) == 2
    assert ours.editor.user_id not in text
    assert "password_hash" not in text


def test_the_file_is_for_its_owner_alone_and_sha256sum_agrees(
    new_team: NewTeam, tmp_path: Path
) -> None:
    ours = new_team()
    place = delete(ours.admin, ours.viewer, tmp_path / "cold" / "storage")
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0
    checked = subprocess.run(
        ["sha256sum", "--check", f"{place.name}.sha256"], cwd=place.parent, capture_output=True
    )
    assert checked.returncode == 0
    assert {each.name for each in files(tmp_path)} == {place.name, f"{place.name}.sha256"}


def test_the_file_is_complete_on_disk_when_the_deletion_begins(
    new_team: NewTeam, tmp_path: Path
) -> None:
    ours = new_team()
    with (
        connection.scoped(ours.admin) as transaction,
        archive.archive_entries(transaction, ours.admin, ours.viewer.user_id, tmp_path) as place,
    ):
        assert len(archive.read(place)) == 2
    assert ours.viewer.user_id in set(team.members(ours.admin)["id"])


def test_where_the_archive_cannot_be_written_nobody_is_deleted(
    new_team: NewTeam, tmp_path: Path
) -> None:
    ours = new_team()
    in_the_way = tmp_path / "archive"
    in_the_way.write_text("not a folder")
    with pytest.raises(ArchiveNotWritten, match="could not be written"):
        delete(ours.admin, ours.viewer, in_the_way)
    assert ours.viewer.user_id in set(team.members(ours.admin)["id"])
    assert sessions.identify(ours.viewer.secret) == ours.viewer
    assert in_the_way.read_text() == "not a folder"


def test_half_an_archive_is_taken_away(new_team: NewTeam, tmp_path: Path) -> None:
    ours = new_team()
    place = tmp_path / ours.tenant_id / f"{ours.viewer.user_id}.jsonl.gz"
    # The checksum can be written, the archive itself cannot.
    place.mkdir(parents=True)
    with pytest.raises(ArchiveNotWritten):
        delete(ours.admin, ours.viewer, tmp_path)
    assert files(tmp_path) == []
    assert ours.viewer.user_id in set(team.members(ours.admin)["id"])


def test_a_refused_deletion_leaves_no_archive(new_team: NewTeam, tmp_path: Path) -> None:
    ours = new_team()
    with pytest.raises(LastAdmin):
        delete(ours.admin, ours.admin, tmp_path)
    with pytest.raises(NotConfirmed):
        team.delete(ours.admin, ours.viewer.user_id, "somebody@else.example", tmp_path)
    with pytest.raises(NotFound):
        team.delete(ours.admin, "user_unknown", "somebody@else.example", tmp_path)
    assert files(tmp_path) == []
    assert len(team.members(ours.admin)) == 3


@pytest.mark.parametrize("tampered", ["the archive", "the checksum"])
def test_a_tampered_file_is_refused(new_team: NewTeam, tmp_path: Path, tampered: str) -> None:
    ours = new_team()
    place = delete(ours.admin, ours.viewer, tmp_path)
    if tampered == "the archive":
        entries = archive.read(place)
        entries[0]["user_email"] = "innocent@example.com"
        place.write_bytes(gzip.compress("".join(map(json.dumps, entries)).encode()))
    else:
        checksum = place.with_name(f"{place.name}.sha256")
        checksum.write_text("0" * 64 + checksum.read_text()[64:])
    with pytest.raises(InvalidInput, match="was changed after it was written"):
        archive.read(place)


def test_the_address_is_free_for_a_new_invitation_and_the_new_person_is_another_user(
    new_team: NewTeam, tmp_path: Path
) -> None:
    ours = new_team()
    gone = ours.viewer
    delete(ours.admin, gone, tmp_path)
    with pytest.raises(SessionEnded):
        sessions.identify(gone.secret)

    token = invitations.invite(ours.admin, gone.email, Role.EDITOR, row_id=new_id("inv"))
    account = one_time_links.accept_invitation(
        token, "Vera the second", "a long pass phrase", "192.0.2.1"
    )

    assert account.tenant_id == ours.tenant_id
    assert account.user_id != gone.user_id
    again = team.members(ours.admin).set_index("id").loc[account.user_id]
    assert (again["email"], again["role"]) == (gone.email, "EDITOR")
    # Deleting the second one archives what the second one did, in a file of its own.
    later = team.delete(ours.admin, account.user_id, gone.email.upper(), tmp_path)
    assert gone.user_id not in gzip.decompress(later.read_bytes()).decode()
    assert len(list(tmp_path.rglob("*.jsonl.gz"))) == 2
