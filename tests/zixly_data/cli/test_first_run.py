"""The first start without a demo, the app's logins alone, and invitations from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.conftest import Team
from tests.support.servers import mailbox, prepared
from tests.support.servers.command_line import CommandLineHere, Ended
from tests.support.servers.prepared import Stage
from zixly_data.access import one_time_links
from zixly_data.access.one_time_links import LinkState
from zixly_data.database import administration, logins
from zixly_data.database.connection import Database
from zixly_data.settings import Settings, settings


def token_in(printed: str) -> str:
    assert len(printed.splitlines()) == 1
    return printed.strip().partition("=")[2]


def test_without_the_demo_each_start_prints_a_link_until_there_is_an_organisation(
    tmp_path: Path,
) -> None:
    line = CommandLineHere(tmp_path / "home")
    prepared.copy(Stage.EMPTY, line.home)
    held = logins.open_logins(Settings(home=line.home))
    try:
        first, second = (line("prepare", DEMO="0", PUBLIC_URL="https://z.example") for _ in "12")
        engine = administration.admin_engine(held.admin_url)
        with engine.begin() as admin:
            kept = admin.execute(
                sa.text(
                    "select token_hash = sha256(convert_to(:token, 'UTF8'))"
                    " from app_private.set_up_links"
                ),
                {"token": token_in(second.stdout)},
            ).scalars()
            assert list(kept) == [True], "the later link alone opens something"
            people = admin.execute(sa.text("select count(*) from zixly.users")).scalar_one()
            assert people == 0
        created = line("tenant", "create", "my-org", "My organisation")
        third = line("prepare", DEMO="0")
    finally:
        held.close()
    for start in (first, second):
        assert start.returncode == 0, start.stderr
        assert "Open this link to set up your organisation. It works once:" in start.stderr
        assert start.stdout.startswith("https://z.example/link#set-up=")
    assert token_in(first.stdout) != token_in(second.stdout)
    assert created.returncode == 0
    assert (third.returncode, third.stdout) == (0, "")


def test_with_the_app_s_logins_alone_prepare_asks_for_no_administrator(
    database: Database, admin: sa.Engine, tmp_path: Path
) -> None:
    line = CommandLineHere(tmp_path / "home")
    addresses = {
        "DATABASE_APP_URL": database.logins.app_url,
        "DATABASE_AUTH_URL": database.logins.auth_url,
    }
    prepared = line("prepare", **addresses)
    assert (prepared.returncode, prepared.stdout) == (0, ""), prepared.stderr
    assert not (line.home / "postgres").exists(), "no server of its own was started"

    note = sa.text("select obj_description('app'::regnamespace::oid, 'pg_namespace')")
    with admin.begin() as superuser:
        of_this_version = superuser.execute(note).scalar_one()
        administration.run_script(superuser, "comment on schema app is 'Zixly of another version'")
    try:
        refused = line("prepare", **addresses)
    finally:
        with admin.begin() as superuser:
            administration.run_script(superuser, f"comment on schema app is '{of_this_version}'")
    assert refused.returncode == 2
    assert refused.stderr.startswith("The database is not up to date")
    assert "DATABASE_URL" in refused.stderr


def test_an_invitation_from_the_command_line_is_a_link_that_works(
    zixly: Callable[..., Ended], new_team: Callable[[], Team]
) -> None:
    team = new_team()
    email = f"new@{team.tenant_id}.example"
    invited = zixly("user", "invite", email, "--role", "viewer", "--as", team.admin.email)
    assert invited.returncode == 0, invited.stderr
    invitation = one_time_links.invitation(token_in(invited.stdout))
    assert (invitation.state, invitation.email, invitation.role) == (
        LinkState.OPEN,
        email,
        "VIEWER",
    )

    again = zixly("user", "invite", email, "--role", "viewer", "--as", team.admin.email)
    assert (again.returncode, again.stdout) == (2, "")
    assert "already has an open invitation" in again.stderr


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_an_administrator_invites(
    zixly: Callable[..., Ended], new_team: Callable[[], Team], role: str
) -> None:
    team = new_team()
    person = getattr(team, role)
    refused = zixly("user", "invite", "a@b.example", "--role", "admin", "--as", person.email)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Your role does not allow this." in refused.stderr


def test_with_a_mail_server_the_link_is_mailed_and_not_printed(
    zixly: Callable[..., Ended], new_team: Callable[[], Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    team = new_team()
    command = ("user", "invite", "{}", "--role", "editor", "--as", team.admin.email)
    monkeypatch.setenv("SMTP_HOST", mailbox.HOST)
    monkeypatch.setenv("SMTP_SECURITY", "none")
    with mailbox.running() as box:
        monkeypatch.setenv("SMTP_PORT", str(box.port))
        settings.cache_clear()
        mailed = zixly(*(part.format(f"m@{team.tenant_id}.example") for part in command))
        letter = box.letter()
    assert (mailed.returncode, mailed.stdout) == (0, ""), mailed.stderr
    assert letter["To"] == f"m@{team.tenant_id}.example"
    assert "/link#invitation=" in letter.get_content()
    assert "/link#" not in mailed.stderr

    unsent = zixly(*(part.format(f"n@{team.tenant_id}.example") for part in command))
    assert unsent.returncode == 0
    assert "The email could not be sent" in unsent.stderr
    assert one_time_links.invitation(token_in(unsent.stdout)).state is LinkState.OPEN
