"""What administrators do for their team from the command line, and how they are refused."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Team
from tests.support.servers.command_line import REPORT, Ended
from zixly_data.people import archive, team

Zixly = Callable[..., Ended]
NewTeam = Callable[[], Team]


def test_an_administrator_changes_a_role(zixly: Zixly, new_team: NewTeam) -> None:
    ours = new_team()
    changed = zixly("user", "role", ours.viewer.email, "editor", "--as", ours.admin.email)
    assert (changed.returncode, changed.stdout) == (0, "")
    assert changed.stderr == f"{ours.viewer.email} now has the Editor role.\n"
    assert list(team.members(ours.admin)["role"]) == ["ADMIN", "EDITOR", "EDITOR"]


def test_whoever_is_deactivated_gets_nothing_more_from_the_command_line(
    zixly: Zixly, new_team: NewTeam
) -> None:
    ours = new_team()
    assert zixly(*REPORT, "--as", ours.viewer.email).returncode == 0
    gone = zixly("user", "deactivate", ours.viewer.email.upper(), "--as", ours.admin.email)
    assert gone.returncode == 0, gone.stderr
    for command in (
        REPORT,
        ["export", "financials"],
        ["user", "role", ours.viewer.email, "ADMIN"],
        ["user", "reactivate", ours.viewer.email],
    ):
        refused = zixly(*command, "--as", ours.viewer.email)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "no active user" in refused.stderr

    back = zixly("user", "reactivate", ours.viewer.email, "--as", ours.admin.email)
    assert back.returncode == 0, back.stderr
    assert zixly(*REPORT, "--as", ours.viewer.email).returncode == 0


def test_a_deletion_says_where_the_archive_is(
    zixly: Zixly, new_team: NewTeam, tmp_path: Path
) -> None:
    ours = new_team()
    deleted = zixly("user", "delete", ours.viewer.email, "--as", ours.admin.email, "--yes")
    assert deleted.returncode == 0, deleted.stderr
    place = Path(deleted.stdout.strip())
    assert place.is_relative_to(tmp_path / "archive")
    assert len(team.members(ours.admin)) == 2

    table = zixly("archive", "show", str(place))
    assert table.returncode == 0, table.stderr
    assert [line.split()[-3:] for line in table.stdout.splitlines()[1:]] == [
        ["INSERT", "users", ours.viewer.user_id],
        ["SIGN_IN", "sessions", ours.viewer.session_id],
    ]
    whole = zixly("archive", "show", str(place), "--format", "json")
    assert [json.loads(line) for line in whole.stdout.splitlines()] == archive.read(place)

    place.write_bytes(place.read_bytes() + b"\0")
    refused = zixly("archive", "show", str(place))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "was changed after it was written" in refused.stderr


def test_a_deletion_wants_the_address_typed(
    zixly: Zixly, new_team: NewTeam, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = new_team()
    command = ("user", "delete", ours.viewer.email, "--as", ours.admin.email)
    for typed, sentence in (
        ("", "The address was not typed"),
        ("somebody@else.example\n", "The address you typed does not match this person's address."),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        refused = zixly(*command)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert sentence in refused.stderr
    assert len(team.members(ours.admin)) == 3

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{ours.viewer.email}\n"))
    assert zixly(*command).returncode == 0
    assert len(team.members(ours.admin)) == 2


@pytest.mark.parametrize(
    "command",
    [
        ("user", "role", "{admin}", "VIEWER"),
        ("user", "deactivate", "{admin}"),
        ("user", "delete", "{admin}", "--yes"),
    ],
)
def test_the_last_administrator_stays(
    zixly: Zixly, new_team: NewTeam, tmp_path: Path, command: tuple[str, ...]
) -> None:
    ours = new_team()
    refused = zixly(
        *(part.format(admin=ours.admin.email) for part in command), "--as", ours.admin.email
    )
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.splitlines() == [
        "This is the last active administrator of the organisation.",
        "Make someone else an administrator first.",
    ]
    assert list(team.members(ours.admin)["status"]) == ["ACTIVE"] * 3
    assert not list(tmp_path.rglob("*.jsonl.gz"))


@pytest.mark.parametrize(
    "command",
    [
        ("user", "role", "{viewer}", "ADMIN"),
        ("user", "deactivate", "{viewer}"),
        ("user", "reactivate", "{viewer}"),
        ("user", "delete", "{viewer}", "--yes"),
    ],
)
def test_others_are_refused(zixly: Zixly, new_team: NewTeam, command: tuple[str, ...]) -> None:
    ours, others = new_team(), new_team()
    arguments = [part.format(viewer=ours.viewer.email) for part in command]
    for person in (ours.editor, ours.viewer):
        refused = zixly(*arguments, "--as", person.email)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "Your role does not allow this." in refused.stderr
    stranger = zixly(*arguments, "--as", others.admin.email)
    assert (stranger.returncode, stranger.stdout) == (2, "")
    assert f"Nobody in your team has the email address {ours.viewer.email}" in stranger.stderr
    assert zixly(*arguments, "--as", ours.admin.email).returncode == 0


def test_what_is_no_archive_is_refused_in_a_sentence(zixly: Zixly, tmp_path: Path) -> None:
    for nothing in (tmp_path, tmp_path / "nothing.jsonl.gz"):
        refused = zixly("archive", "show", str(nothing))
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "The archive" in refused.stderr
