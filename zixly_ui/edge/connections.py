"""HTTP connections: deadlines for requests, and the budget of strangers' connections.

uvicorn waits for the rest of a request for ever. All of this must happen before a request is whole,
so before any middleware sees it. `scope["extensions"]["zixly.connection"]` is the connection: what
recognises a session calls its `admit()`.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from zixly_ui.edge.guard import BODY_SECONDS, HEAD_SECONDS, RESPONSE_SECONDS, guard
from zixly_ui.shell.request_headers import is_trusted, visitor_network

EXTENSION = "zixly.connection"


def admit(scope: Any) -> None:
    """Record that the request came from a person who is signed in.

    The connection then leaves the budget of strangers until the answer is complete, and its request
    may take as long as it needs.
    """
    connection = scope.get("extensions", {}).get(EXTENSION)
    if connection is not None:
        connection.admit()


def send_at_once(transport: asyncio.BaseTransport) -> None:
    """Send small messages at once.

    Streamlit passes uvicorn a socket that it has bound itself, on which asyncio does not switch off
    Nagle's algorithm; every rerun then waits for the browser's delayed acknowledgement.
    """
    connection = transport.get_extra_info("socket")
    if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class GuardedHttp(H11Protocol):
    """uvicorn's HTTP connection, with a deadline for each part of a request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        send_at_once(transport)
        self._deadline: asyncio.TimerHandle | None = None
        self._phase = ""
        self._enter()
        self._expect("head", HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._follow(is_head_begun=True)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._enter()
        self._follow(is_head_begun=bool(self.conn.trailing_data[0]))

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._leave()
        self._phase = "upgraded"
        super().handle_websocket_upgrade(event)

    def admit(self) -> None:
        """Let the request take as long as it needs; its person is signed in."""
        guard().connections.leave(self)
        self._phase = "admitted"
        self._cancel()

    def shed(self) -> None:
        """Close the connection, because others need its place."""
        self._cancel()
        self.transport.abort()

    def _follow(self, is_head_begun: bool) -> None:
        """Set the deadline of the part of the request that comes now."""
        if self._phase == "upgraded" or self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            if is_head_begun:
                self._expect("head", HEAD_SECONDS)
            else:
                # uvicorn closes a connection on which no further request begins.
                self._phase = "between"
                self._cancel()
            return
        if "extensions" not in self.scope:
            self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]
            self._phase = ""
        if self._phase == "admitted":
            return
        if self.conn.their_state is h11.SEND_BODY:
            self._expect("body", BODY_SECONDS)
        else:
            self._expect("response", RESPONSE_SECONDS)

    def _expect(self, phase: str, seconds: float) -> None:
        """Close the connection if the part is not over in time. What has begun is not prolonged."""
        if phase != self._phase:
            self._cancel()
            self._phase = phase
            self._deadline = self.loop.call_later(seconds, self.shed)

    def _enter(self) -> None:
        peer = self.client[0] if self.client else None
        if not is_trusted(peer, guard().trusted_proxies):
            last = guard().connections.enter(visitor_network(peer), self)
            if last is not None:
                last.shed()

    def _leave(self) -> None:
        self._cancel()
        guard().connections.leave(self)

    def _cancel(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
