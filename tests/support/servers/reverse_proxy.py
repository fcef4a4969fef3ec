"""A reverse proxy in front of the app, as operators use one: TLS outside, plain HTTP inside.

It passes Host on, adds the client's address to X-Forwarded-For, sets X-Forwarded-Proto, and passes
upgraded connections (WebSockets) through. All others have one request per connection.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FILE = "throw-away.pem"


@contextmanager
def running(folder: Path, app_port: int) -> Iterator[str]:
    """The proxy's address, `https://localhost:…`, with a self-signed certificate."""
    started: Future[tuple[int, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        over = asyncio.Event()
        server = await asyncio.start_server(
            lambda reader, writer: _pass_on(reader, writer, app_port),
            "127.0.0.1", 0, ssl=certificate(folder),
        )  # fmt: skip
        port = server.sockets[0].getsockname()[1]
        started.set_result((port, asyncio.get_running_loop(), over))
        await over.wait()
        server.close()

    # asyncio.run ends open connections when `serve` is done.
    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    port, loop, over = started.result(10)
    try:
        yield f"https://localhost:{port}"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, app_port: int
) -> None:
    inside: asyncio.StreamWriter | None = None
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        answers, inside = await asyncio.open_connection("127.0.0.1", app_port)
        inside.write(_rewritten(head, writer.get_extra_info("peername")[0]).encode("latin-1"))
        await asyncio.gather(_copy(reader, inside), _copy(answers, writer))
    except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
        pass
    finally:
        for end in filter(None, (inside, writer)):
            end.close()


def _rewritten(head: str, peer: str) -> str:
    """The head of a request as the app receives it."""
    request, *lines = head.rstrip("\r\n").split("\r\n")
    upgrades = any(line.lower().startswith("upgrade:") for line in lines)
    before = [line.split(":", 1)[1] for line in lines if _is(line, "x-forwarded-for")]
    headers = [line for line in lines if not _is(line, "x-forwarded-for", "x-forwarded-proto")]
    if not upgrades:
        headers = [*(line for line in headers if not _is(line, "connection")), "Connection: close"]
    forwarded = ", ".join([*(address.strip() for address in before), peer])
    headers += [f"X-Forwarded-For: {forwarded}", "X-Forwarded-Proto: https"]
    return "\r\n".join([request, *headers, "", ""])


def _is(line: str, *names: str) -> bool:
    return line.split(":", 1)[0].lower() in names


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65_536):
        target.write(data)
        await target.drain()
    if target.can_write_eof():
        target.write_eof()
    else:
        target.close()


def certificate(folder: Path) -> ssl.SSLContext:
    """Write a key and a certificate of its own for `localhost` into one file, and load them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / FILE
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
