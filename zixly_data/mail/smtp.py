"""Sending mail by SMTP. Without a mail server in the settings, links are shown to be copied."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import localtime, make_msgid

from zixly_data.errors import MailNotSent
from zixly_data.settings import Settings

# With a comma, brackets or a comment, a mail server could read another address, or two.
_SINGLE_ADDRESS = re.compile(r"""[^\s@,;:<>()\[\]\\"]+@[^\s@,;:<>()\[\]\\"]+""")


@dataclass(frozen=True)
class Letter:
    """A message in plain text to one person."""

    to: str
    subject: str
    text: str


def is_set_up(settings: Settings) -> bool:
    """Return whether the settings name a mail server."""
    return bool(settings.smtp_host)


def send(settings: Settings, letter: Letter) -> None:
    """Send a letter. Raises MailNotSent, which quotes neither the letter nor a password."""
    try:
        message = _build_message(settings, letter)
        with _connect(settings) as server:
            server.send_message(message, to_addrs=[letter.to])
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailNotSent(
            f"The email could not be sent ({type(error).__name__}).",
            advice="Check the SMTP settings, or copy the link and send it yourself.",
        ) from None


def _build_message(settings: Settings, letter: Letter) -> EmailMessage:
    if not _SINGLE_ADDRESS.fullmatch(letter.to):
        raise ValueError("this is not one address")
    message = EmailMessage()
    sender = settings.smtp_from or f"zixly@{settings.smtp_host}"
    message["From"] = sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip("> "))
    # Suppresses automatic replies, such as out-of-office notices.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _connect(settings: Settings) -> smtplib.SMTP:
    """Return a signed-in connection with TLS from the start, after STARTTLS, or without."""
    context = ssl.create_default_context()
    if settings.smtp_ca_file:
        context.load_verify_locations(settings.smtp_ca_file)
    host, port = settings.smtp_host, settings.smtp_port
    server: smtplib.SMTP
    if settings.smtp_security == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=20, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=20)
    try:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        if settings.smtp_user:
            password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
            server.login(settings.smtp_user, password)
    except BaseException:
        server.close()
        raise
    return server
