"""Letters through a real mail server: plain, STARTTLS, TLS, and every way in which it can fail."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.support.servers import mailbox
from zixly_data.errors import MailNotSent
from zixly_data.mail import smtp
from zixly_data.mail.smtp import Letter
from zixly_data.settings import Settings

SECRET = "zqFfb1Uk3uQ-token-of-a-link"
LETTER = Letter(
    to="support@zixly.com.au",
    subject="Zoë lädt ein — 100 % naïve ✓",
    text=f"Guten Tag, 你好.\n\nhttps://zixly.example/link#invitation={SECRET}\n",
)


def refused(settings: Settings, letter: Letter = LETTER) -> str:
    """The sentence and the advice of the refusal, which hold no secret."""
    with pytest.raises(MailNotSent) as refusal:
        smtp.send(settings, letter)
    said = f"{refusal.value} {refusal.value.advice}"
    shown = "".join(traceback.format_exception(refusal.value))
    for secret in (SECRET, mailbox.PASSWORD, "wrong password", LETTER.to):
        assert secret not in said
        assert secret not in shown
    return said


def test_without_a_server_there_is_no_mail() -> None:
    assert not smtp.is_set_up(Settings(smtp_host=""))
    assert smtp.is_set_up(Settings(smtp_host="mail.example.com"))


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("needs_sign_in", [False, True])
def test_a_letter_arrives_as_it_was_written(
    tmp_path: Path, security: str, needs_sign_in: bool
) -> None:
    with mailbox.running(security, needs_sign_in=needs_sign_in, folder=tmp_path) as box:
        smtp.send(box.settings(), LETTER)
        arrived = box.letter()

    assert arrived["To"] == LETTER.to
    assert arrived["From"] == "Zixly <zixly@example.com>"
    assert arrived["Subject"] == LETTER.subject
    assert arrived.get_content().replace("\r\n", "\n") == LETTER.text
    assert arrived["Message-ID"].endswith("@example.com>")
    assert arrived["Date"]


def test_the_sender_is_the_mail_server_s_where_none_is_set() -> None:
    with mailbox.running() as box:
        smtp.send(box.settings(smtp_from=""), LETTER)
        assert box.letter()["From"] == f"zixly@{mailbox.HOST}"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    tmp_path: Path, security: str
) -> None:
    with mailbox.running(security, folder=tmp_path) as box:
        assert "SSLCertVerificationError" in refused(box.settings(smtp_ca_file=None))
        assert box.is_empty()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_is_no_good(tmp_path: Path, security: str) -> None:
    with mailbox.running(security, folder=tmp_path) as box:
        assert "SSLCertVerificationError" in refused(box.settings(smtp_host="localhost"))
        assert box.is_empty()


def test_a_server_without_starttls_is_not_spoken_to_in_clear() -> None:
    with mailbox.running("none") as box:
        refused(box.settings(smtp_security="starttls"))
        assert box.is_empty()


def test_a_wrong_password_sends_nothing(tmp_path: Path) -> None:
    with mailbox.running("starttls", needs_sign_in=True, folder=tmp_path) as box:
        wrong = SecretStr("wrong password")
        assert "SMTPAuthenticationError" in refused(box.settings(smtp_password=wrong))
        assert box.is_empty()


def test_a_recipient_the_server_does_not_know_is_said() -> None:
    with mailbox.running() as box:
        box.refuses = True
        assert "SMTPRecipientsRefused" in refused(box.settings())


def test_nobody_at_the_port_is_said() -> None:
    nobody = Settings(smtp_host=mailbox.HOST, smtp_port=mailbox.free_port(), smtp_security="none")
    assert "Check the SMTP settings" in refused(nobody)


def test_a_missing_file_of_certificates_is_said(tmp_path: Path) -> None:
    with mailbox.running() as box:
        assert "FileNotFoundError" in refused(box.settings(smtp_ca_file=str(tmp_path / "no.pem")))


@pytest.mark.parametrize(
    "to",
    [
        "a,victim@example.com",
        "x\r\nBcc: victim@example.com",
        "",
        "no address",
        "<a@b>, c@d",
        "a@b(c)",
    ],
)
def test_an_address_that_could_be_taken_for_another_reaches_nobody(to: str) -> None:
    with mailbox.running() as box:
        refused(box.settings(), Letter(to=to, subject="Hello", text="Hello"))
        assert box.recipients == []


def test_a_line_end_in_a_subject_adds_no_header() -> None:
    with mailbox.running() as box:
        refused(box.settings(), Letter(LETTER.to, "Hello\r\nBcc: victim@example.com", "Hello"))
        assert box.recipients == []
