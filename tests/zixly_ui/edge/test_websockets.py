"""WebSocket messages: their size is counted while they arrive."""

from __future__ import annotations

import asyncio
import socket

import pytest
from starlette.types import Receive, Scope, Send

from tests.zixly_ui.edge.conftest import Serve
from tests.zixly_ui.edge.small_server import BINARY, CONTINUED, TEXT, echo, frame, is_closed
from zixly_ui.edge import websockets
from zixly_ui.edge.guard import LARGEST_MESSAGE_OF_STRANGER as LARGEST
from zixly_ui.edge.websockets import LARGEST_PIECE

PIECE = bytes(100_000)


def sent_before_the_end(connection: socket.socket, size: int) -> int:
    """How many bytes the server takes of a message of this size."""
    sent = 0
    connection.settimeout(10)
    try:
        while sent < size:
            sent += connection.send(PIECE[: size - sent])
            if is_closed(connection):
                break
    except OSError:
        pass
    return sent


@pytest.mark.parametrize("opcode", [BINARY, TEXT])
@pytest.mark.parametrize("size", [LARGEST + 1, 190_000_000, 2**62])
def test_a_message_too_large_ends_with_its_first_bytes(
    serve: Serve, opcode: int, size: int
) -> None:
    connection = serve(echo).window()
    connection.sendall(frame(opcode, size))
    assert sent_before_the_end(connection, 20_000_000) < 20_000_000
    assert is_closed(connection, within=5)


def test_a_message_in_many_frames_is_counted_as_a_whole(serve: Serve) -> None:
    connection = serve(echo).window()
    sent = 0
    try:
        while sent < 20_000_000 and not is_closed(connection):
            head = frame(BINARY if not sent else CONTINUED, len(PIECE), is_final=False)
            connection.settimeout(10)
            connection.sendall(head + PIECE)
            sent += len(PIECE)
    except OSError:
        pass
    assert LARGEST <= sent < 20_000_000


@pytest.mark.parametrize("frames", [1, 10])
def test_the_largest_message_arrives(serve: Serve, frames: int) -> None:
    connection = serve(echo).window()
    part = bytes(LARGEST // frames)
    for number in range(frames):
        opcode = CONTINUED if number else BINARY
        connection.sendall(frame(opcode, len(part), number == frames - 1) + part)
    connection.settimeout(10)
    assert connection.recv(100)[2:] == str(LARGEST).encode()


@pytest.mark.parametrize("is_final", [True, False])
def test_an_unfinished_message_is_not_held(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, is_final: bool
) -> None:
    monkeypatch.setattr(websockets, "MESSAGE_SECONDS", 0.4)
    server = serve(echo)
    size = len(PIECE) * 2 if is_final else len(PIECE)
    unfinished, idle = server.window(), server.window()
    unfinished.sendall(frame(BINARY, size, is_final) + PIECE)
    assert is_closed(unfinished, within=5)
    assert not is_closed(idle)


def test_a_handshake_that_gets_no_answer_is_closed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(20)

    monkeypatch.setattr(websockets, "HANDSHAKE_SECONDS", 0.3)
    connection = serve(silent).connect(
        b"GET / HTTP/1.1\r\nHost: zixly\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    assert is_closed(connection, within=5)


async def _messages(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await receive()
    for text in ("one", "two", "x" * LARGEST_PIECE):
        await send({"type": "websocket.send", "bytes": text.encode()})
    await send({"type": "websocket.send", "bytes": b"last"})
    await send({"type": "websocket.close", "code": 1000})


def test_messages_in_quick_succession_arrive_in_order_and_before_the_end(serve: Serve) -> None:
    connection = serve(_messages).window()
    connection.sendall(frame(BINARY, 1) + b"x")
    connection.settimeout(10)
    received = b""
    while not received.endswith(b"\x88\x02\x03\xe8"):
        piece = connection.recv(100_000)
        assert piece, received[-100:]
        received += piece
    large = b"\x82\x7f" + LARGEST_PIECE.to_bytes(8, "big") + b"x" * LARGEST_PIECE
    assert received == b"\x82\x03one\x82\x03two" + large + b"\x82\x04last\x88\x02\x03\xe8"
