"""A real SMTP server for the tests: it keeps the emails it receives.

with mailbox.running() as box:
    … mail.send(box.settings(), letter) …
    box.letter()          the first letter, once it has arrived
"""

from __future__ import annotations

import email
import email.policy
import queue
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from zixly_data.settings import Settings

HOST = "127.0.0.1"
USER, PASSWORD = "postman", "a secret of the postman"


class Mailbox:
    """The received emails, in order, and the address of the server."""

    def __init__(self, security: str, needs_sign_in: bool, certificate: Path | None) -> None:
        self.security = security
        self.needs_sign_in = needs_sign_in
        self.certificate = certificate
        self.port = free_port()
        self.arrived: queue.Queue[EmailMessage] = queue.Queue()
        self.recipients: list[str] = []
        self.refuses = False

    def settings(self, **changed: Any) -> Settings:
        """Settings for this server."""
        signs_in = {"smtp_user": USER, "smtp_password": SecretStr(PASSWORD)}
        return Settings(
            **{
                "smtp_host": HOST,
                "smtp_port": self.port,
                "smtp_security": self.security,
                "smtp_from": "Zixly <zixly@example.com>",
                "smtp_ca_file": str(self.certificate) if self.certificate else None,
                **(signs_in if self.needs_sign_in else {}),
                **changed,
            }
        )

    def letter(self) -> EmailMessage:
        """Wait for the next email."""
        return self.arrived.get(timeout=60)

    def is_empty(self) -> bool:
        return self.arrived.empty()

    async def handle_RCPT(  # noqa: N802 - the name the server looks for
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if self.refuses:
            return "550 No such person here"
        envelope.rcpt_tos.append(address)
        self.recipients.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.put(message)
        return "250 Kept"


@contextmanager
def running(
    security: str = "none", *, needs_sign_in: bool = False, folder: Path | None = None
) -> Iterator[Mailbox]:
    """A server for the duration of the block; its certificate, for TLS, is created in `folder`."""
    certificate = None if security == "none" else _certificate(folder or Path())
    box = Mailbox(security, needs_sign_in, certificate)
    tls = None
    if certificate is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, certificate.with_suffix(".key"))
    controller = Controller(
        box,
        hostname=HOST,
        port=box.port,
        ssl_context=tls if security == "tls" else None,
        tls_context=tls if security == "starttls" else None,
        require_starttls=security == "starttls",
        authenticator=_authenticate,
        auth_required=needs_sign_in,
        auth_require_tls=security == "starttls",
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _authenticate(
    _server: object, _session: object, _envelope: object, _mechanism: str, credentials: Any
) -> Any:
    fits = isinstance(credentials, LoginPassword) and (credentials.login, credentials.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=fits, handled=False)


def _certificate(folder: Path) -> Path:
    """A certificate for this machine that nobody else trusts, and its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Zixly's tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    place = folder / "mail.pem"
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    place.with_suffix(".key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return place
