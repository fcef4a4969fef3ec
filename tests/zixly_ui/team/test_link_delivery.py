"""A link reaches whom it is for: by mail, or shown to be copied where there is no mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import mailbox
from zixly_data.identity import Role
from zixly_data.mail import messages as mail_messages
from zixly_data.settings import settings
from zixly_ui.team.link_delivery import Delivery

LETTER = mail_messages.invitation(
    "https://zixly.example.com",
    to="new@person.example",
    token="a-token",
    role=Role.VIEWER,
    organisation="Zixly",
    invited_by="Cole",
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("PUBLIC_URL", "https://zixly.example.com/")
    monkeypatch.setenv("SMTP_SECURITY", "none")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


def test_without_mail_the_link_is_there_to_copy(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("SMTP_HOST", raising=False)
    delivery = Delivery()
    delivery.hand_over(LETTER, mail_messages.INVITATION, "a-token")
    assert delivery.link == "https://zixly.example.com/link#invitation=a-token"
    assert (delivery.letter, delivery.is_sent, delivery.refusal) == (LETTER, False, "")
    assert delivery.link in LETTER.text


def test_where_mail_is_set_the_letter_is_sent(environment: pytest.MonkeyPatch) -> None:
    with mailbox.running() as box:
        environment.setenv("SMTP_HOST", mailbox.HOST)
        environment.setenv("SMTP_PORT", str(box.port))
        delivery = Delivery()
        delivery.hand_over(LETTER, mail_messages.INVITATION, "a-token")
        assert (delivery.is_sent, delivery.refusal) == (True, "")


def test_mail_that_fails_is_said_and_the_link_is_there_to_copy(
    environment: pytest.MonkeyPatch,
) -> None:
    with mailbox.running() as box:
        gone = box.port
    environment.setenv("SMTP_HOST", mailbox.HOST)
    environment.setenv("SMTP_PORT", str(gone))
    delivery = Delivery()
    delivery.hand_over(LETTER, mail_messages.INVITATION, "a-token")
    assert not delivery.is_sent
    assert "could not be sent" in delivery.refusal
    assert delivery.link.endswith("#invitation=a-token")
