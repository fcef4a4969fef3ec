"""Clients that misbehave, and the small application they misbehave to."""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from zixly_ui.edge.guard import Guard

GET = b"GET / HTTP/1.1\r\nHost: zixly\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: zixly\r\nX-Endless: "
BINARY, TEXT, CONTINUED, CLOSE, FINAL = 2, 1, 0, 8, 0x80


@dataclass
class SmallServer:
    """A running server and the budgets it keeps."""

    port: int
    guard: Guard

    def connect(self, first: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        """A connection from an address of this machine, with its first bytes sent."""
        connection = socket.create_connection(
            ("127.0.0.1", self.port), timeout=10, source_address=(source, 0)
        )
        connection.sendall(first)
        return connection

    def window(self, address: str = "203.0.113.1", cookie: str = "") -> socket.socket:
        """A WebSocket after its handshake, of a browser at this address behind a proxy."""
        return websocket(self.connect(), cookie, address)


def websocket(
    connection: socket.socket, cookie: str = "", address: str = "", path: str = "/"
) -> socket.socket:
    """Open a WebSocket on the connection."""
    cookies = f"Cookie: zixly_session={cookie}\r\n" if cookie else ""
    connection.sendall(
        f"GET {path} HTTP/1.1\r\nHost: zixly\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        f"X-Forwarded-For: {address}\r\n{cookies}\r\n".encode()
    )
    answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return connection


def frame(opcode: int, length: int, is_final: bool = True) -> bytes:
    """The head of a frame as a browser sends it; its mask changes nothing."""
    first = opcode | (FINAL if is_final else 0)
    return bytes([first, 0xFF]) + struct.pack("!Q", length) + bytes(4)


def is_closed(connection: socket.socket, within: float = 0.0) -> bool:
    """Whether the other end has closed the connection, or does so in time."""
    connection.settimeout(within or 0.001)
    try:
        while connection.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def answer(connection: socket.socket) -> bytes:
    """One answer of `echo`; what came of it, if the connection was closed."""
    connection.settimeout(10)
    received = b""
    try:
        while not re.search(rb"\r\n\r\n\d+$", received):
            piece = connection.recv(4096)
            if not piece:
                break
            received += piece
    except OSError:
        pass
    return received


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether the condition becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers a request with the size of its body, and each message with its size."""
    if scope["type"] == "http":
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        body = str(size).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        size = len(message.get("bytes") or message.get("text", ""))
        await send({"type": "websocket.send", "text": str(size)})
