"""The middleware that distinguishes the windows of people from those of strangers.

A window whose cookie belongs to a session is a person's; any other is a stranger's, with a smaller
share. Only a server with the connections of this folder keeps to the shares; with any other server
this middleware changes nothing.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Hashable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zixly_data.errors import DatabaseUnavailable, ZixlyError
from zixly_data.identity import Identity
from zixly_ui.edge.connections import EXTENSION
from zixly_ui.edge.guard import guard
from zixly_ui.edge.websockets import TRY_AGAIN_LATER, GuardedWebSocket
from zixly_ui.shell.request_headers import client_address, cookie_in, visitor_network

# Names the window to what Streamlit keeps of its handshake. Never sent to a browser.
WINDOW_HEADER = "x-zixly-window"
# A person who was deactivated keeps a person's share no longer than this.
RECHECK_SECONDS = 30

NOT_GUARDED = (
    "This server limits neither connections nor messages of visitors who are not signed in. "
    "Start Zixly with: python app.py"
)

Owner = tuple[bool, Hashable]

logger = logging.getLogger(__name__)

_owners: dict[str, Owner] = {}


def owner_of(name: str) -> Owner | None:
    """Return whether an open window is a person's, and whose it is; None if it is not known.

    The owner of a person's window is their user id, that of a stranger's the network they are in.
    """
    return _owners.get(name)


class Windows:
    """Gives each WebSocket its share: that of a person, or that of a stranger."""

    def __init__(self, app: ASGIApp, identify: Callable[[str], Identity]) -> None:
        self.app = app
        self.identify = identify
        self.has_warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        connection = scope.get("extensions", {}).get(EXTENSION)
        if not isinstance(connection, GuardedWebSocket):
            if not self.has_warned:
                logger.warning(NOT_GUARDED)
                self.has_warned = True
            await self.app(scope, receive, send)
            return
        window = _Window(scope, connection, self.identify)
        try:
            if await window.may_open():
                await self.app(scope, window.receiving(receive), send)
            else:
                await send({"type": "websocket.close", "code": TRY_AGAIN_LATER})
        finally:
            _owners.pop(window.name, None)


class _Window:
    def __init__(
        self, scope: Scope, connection: GuardedWebSocket, identify: Callable[[str], Identity]
    ) -> None:
        self.connection = connection
        self.identify = identify
        self.name = secrets.token_hex(8)
        headers = Headers(scope=scope)
        peer = scope["client"][0] if scope.get("client") else None
        address = client_address(peer, dict(headers.items()), guard().trusted_proxies)
        self.network = visitor_network(address)
        self.secret = cookie_in("; ".join(headers.getlist("cookie")))
        self.checked = 0.0
        MutableHeaders(scope=scope)[WINDOW_HEADER] = self.name

    async def may_open(self) -> bool:
        """Find out whose window it is. Return False if a stranger opens too many at once."""
        is_person, owner = await self._owner()
        if not is_person and not await guard().opening.wait(self.network):
            return False
        self._belongs_to(is_person, owner)
        return True

    def receiving(self, receive: Receive) -> Receive:
        """Pass messages on, those of a stranger no faster than their rate.

        From time to time, look up whether the session of a person still lasts.
        """

        async def receive_and_check() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                if self.secret and time.monotonic() - self.checked > RECHECK_SECONDS:
                    self._belongs_to(*await self._owner())
                is_person, _ = _owners[self.name]
                if not is_person and not await guard().messages.wait(self.network):
                    return {"type": "websocket.disconnect", "code": TRY_AGAIN_LATER}
            return message

        return receive_and_check

    async def _owner(self) -> Owner:
        self.checked = time.monotonic()
        if self.secret is None:
            return False, self.network
        try:
            identity = await run_in_threadpool(self.identify, self.secret)
        except DatabaseUnavailable:
            # Whose it was before; a new one is a stranger's until the database is back.
            return _owners.get(self.name, (False, self.network))
        except ZixlyError:
            return False, self.network
        return True, identity.user_id

    def _belongs_to(self, is_person: bool, owner: Hashable) -> None:
        if _owners.get(self.name) != (is_person, owner):
            _owners[self.name] = (is_person, owner)
            self.connection.become_window(owner, is_person)
