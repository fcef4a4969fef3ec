"""WebSocket connections: the size of a message, and how long it may remain unfinished.

Streamlit accepts 200 MB and looks at a message once it is whole. Here the size is counted as the
message arrives, so that nothing larger is ever in memory.
"""

from __future__ import annotations

import asyncio
from asyncio.transports import BaseTransport
from collections.abc import Hashable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from zixly_ui.edge.connections import EXTENSION, send_at_once
from zixly_ui.edge.guard import (
    HANDSHAKE_SECONDS,
    LARGEST_MESSAGE,
    LARGEST_MESSAGE_OF_STRANGER,
    MESSAGE_SECONDS,
    Connection,
    guard,
)
from zixly_ui.shell.request_headers import is_trusted, visitor_network

TRY_AGAIN_LATER = 1013
LARGEST_PIECE = 64 * 1024  # bytes


class Gathered:
    """A transport that sends what is written in quick succession in one piece.

    A run of a page writes some seventy messages. Each for itself would be a call of the operating
    system here, and wake the browser there.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        """Send the data once a turn of the event loop adds nothing, or 64 KB wait."""
        self._waiting.append(data)
        self._size += len(data)
        if self._size > LARGEST_PIECE:
            self.flush()
        elif len(self._waiting) == 1:
            self._loop.call_soon(self._look, self._size)

    def flush(self) -> None:
        """Send what waits."""
        pieces, self._waiting, self._size = self._waiting, [], 0
        if pieces:
            self._transport.write(b"".join(pieces))

    def close(self) -> None:
        """Send what waits, then close."""
        self.flush()
        self._transport.close()

    def _look(self, size: int) -> None:
        if self._size == size:
            self.flush()
        elif self._waiting:
            self._loop.call_soon(self._look, self._size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class GuardedWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket connection: a stranger's until `become_window` says whose it is."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport = Gathered(self.transport, self.loop)  # type: ignore[assignment]
        send_at_once(transport)
        self.conn.max_message_size = LARGEST_MESSAGE_OF_STRANGER
        self._unfinished: asyncio.TimerHandle | None = None
        self._handshake = self.loop.call_later(HANDSHAKE_SECONDS, self._give_up_handshake)
        peer = self.client[0] if self.client else None
        if not is_trusted(peer, guard().trusted_proxies):
            _shed(guard().connections.enter(visitor_network(peer), self))

    def connection_lost(self, exc: Exception | None) -> None:
        self._handshake.cancel()
        self._finished()
        for budget in (guard().connections, guard().windows, guard().anonymous_windows):
            budget.leave(self)
        super().connection_lost(exc)

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if self.response.status_code == 101:
            # The app starts at the next turn of the event loop.
            self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]

    def become_window(self, owner: Hashable, is_person: bool) -> None:
        """Count the connection as a window of this person, or of a stranger at this address."""
        guard().connections.leave(self)
        mine, other = guard().windows, guard().anonymous_windows
        if not is_person:
            mine, other = other, mine
        other.leave(self)
        self.conn.max_message_size = LARGEST_MESSAGE if is_person else LARGEST_MESSAGE_OF_STRANGER
        _shed(mine.enter(owner, self))

    def shed(self) -> None:
        """Close the window, because others need its place. Streamlit's page connects again."""
        if self.transport.is_closing():
            return
        if self.handshake_complete and not self.close_sent:
            self.conn.send_close(TRY_AGAIN_LATER)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self.transport.close()
            # A peer that reads nothing would keep the descriptor until what was written is sent.
            self.loop.call_later(1, self.transport.abort)
        else:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if not (self.frames or self.conn.reader.buffer):
            self._finished()
        elif self._unfinished is None and not self.transport.is_closing():
            self._unfinished = self.loop.call_later(MESSAGE_SECONDS, self.shed)

    def _finished(self) -> None:
        if self._unfinished is not None:
            self._unfinished.cancel()
            self._unfinished = None

    def _give_up_handshake(self) -> None:
        if not self.handshake_complete:
            self.transport.abort()


def _shed(other: Connection | None) -> None:
    if other is not None:
        other.shed()
