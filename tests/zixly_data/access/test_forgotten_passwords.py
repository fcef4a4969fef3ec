"""Forgotten passwords are reset by email, without revealing whether an address has an account."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Team
from tests.support.servers import mailbox
from zixly_data.access import forgotten_passwords, one_time_links, sessions
from zixly_data.access.one_time_links import LinkState
from zixly_data.database.connection import Database
from zixly_data.errors import MailNotSent
from zixly_data.settings import Settings, settings

HERE = "203.0.113.7"


@pytest.fixture
def people(new_team: Callable[[], Team]) -> Team:
    return new_team()


def test_an_active_user_gets_a_link_that_works(people: Team) -> None:
    with mailbox.running() as box:
        chosen = box.settings(public_url="https://zixly.example.com/")
        forgotten_passwords.send_link(f" {people.viewer.email.upper()} ", HERE, chosen)
        letter = box.letter()
    assert letter["To"] == people.viewer.email
    link = next(
        line for line in letter.get_content().split() if line.startswith("https://zixly.example")
    )
    address, _, token = link.partition("=")
    assert address == "https://zixly.example.com/link#password"
    assert one_time_links.reset_link(token).state is LinkState.OPEN
    assert "expires in 1 hour" in letter.get_content()


def test_nobody_else_is_written_to(database: Database) -> None:
    with mailbox.running() as box:
        for email in ("nobody@zixly.com.au", "", "not an address", "x" * 400):
            forgotten_passwords.send_link(email, HERE, box.settings())
        assert box.recipients == []


def test_a_mail_server_that_is_away_changes_nothing(people: Team) -> None:
    away = Settings(smtp_host=mailbox.HOST, smtp_port=mailbox.free_port(), smtp_security="none")
    with pytest.raises(MailNotSent):
        forgotten_passwords.send_link(people.viewer.email, HERE, away)
    assert sessions.identify(people.viewer.secret).email == people.viewer.email


def test_asking_waits_for_nothing_and_the_next_person_is_answered_after_a_failure(
    people: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mailbox.running() as box:
        monkeypatch.setenv("SMTP_HOST", mailbox.HOST)
        monkeypatch.setenv("SMTP_PORT", str(box.port))
        monkeypatch.setenv("SMTP_SECURITY", "none")
        settings.cache_clear()
        try:
            forgotten_passwords.request_link("half a pair \ud800 and a \0", HERE)
            forgotten_passwords.request_link("nobody@zixly.com.au", HERE)
            forgotten_passwords.request_link(people.viewer.email, HERE)
            assert box.letter()["To"] == people.viewer.email
            assert box.is_empty()
        finally:
            settings.cache_clear()
