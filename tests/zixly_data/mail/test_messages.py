"""What the letters say, and where their links lead."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from zixly_data.access.one_time_links import LinkState, new_token
from zixly_data.identity import Role
from zixly_data.mail import messages as mail_messages
from zixly_ui.account import link_text
from zixly_ui.http import link_routes

APP = "https://zixly.example.com"
TOKEN = "a-token-of-43-characters-as-they-are-made-up"


def invitation(**changed: str) -> mail_messages.Letter:
    said = {
        "to": "support@zixly.com.au",
        "token": TOKEN,
        "organisation": "Zixly",
        "invited_by": "Cole",
        **changed,
    }
    return mail_messages.invitation(APP, role=Role.EDITOR, **said)


def test_an_invitation_says_who_invites_where_to_as_what_and_for_how_long() -> None:
    letter = invitation()
    assert letter.to == "support@zixly.com.au"
    assert letter.subject == "Cole invited you to join Zixly on Zixly"
    for words in ("Cole has invited you", "Editor role", "expires in 7 days", "works once"):
        assert words in letter.text
    assert f"\n{APP}/link#invitation={TOKEN}\n" in letter.text


@pytest.mark.parametrize("role", list(Role))
def test_every_role_is_said_in_words(role: Role) -> None:
    letter = mail_messages.invitation(
        APP, to="a@b.example", token=TOKEN, role=role, organisation="Zixly", invited_by="Cole"
    )
    assert f"the {role.label} role. You will be able to view" in " ".join(letter.text.split())


def test_a_letter_about_a_password_says_for_whom_and_for_how_long() -> None:
    letter = mail_messages.new_password(
        APP, to="support@zixly.com.au", token=TOKEN, full_name="Support Team", lasts="1 hour"
    )
    for words in (
        "Hello Support Team",
        "support@zixly.com.au",
        "expires in 1 hour",
        "did not request",
    ):
        assert words in " ".join(letter.text.split())
    assert f"\n{APP}/link#password={TOKEN}\n" in letter.text
    assert TOKEN not in letter.subject


def test_a_name_adds_no_line_to_a_letter() -> None:
    evil = "Cole\r\nBcc: victim@example.com\n\nPay here"
    letter = invitation(invited_by=evil, organisation=evil)
    assert len(letter.text.splitlines()) == len(invitation().text.splitlines())
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


@pytest.mark.parametrize(
    "kind", [mail_messages.INVITATION, mail_messages.PASSWORD, mail_messages.SET_UP]
)
def test_a_token_is_no_part_of_what_a_browser_asks_a_server_for(kind: str) -> None:
    token = new_token()
    parts = urlsplit(mail_messages.link(APP, kind, token))
    assert (parts.path, parts.query) == ("/link", "")
    assert parts.fragment == f"{kind}={token}"


@pytest.mark.parametrize("kind", list(link_routes.PAGES))
def test_every_link_that_opens_nothing_says_so_in_words_of_its_own(kind: str) -> None:
    closed = link_text.CLOSED[kind]
    assert set(closed) == set(LinkState) - {LinkState.OPEN}
    assert len({title for title, _ in closed.values()}) == len(closed)
    assert all(advice.endswith(".") for _, advice in closed.values())
