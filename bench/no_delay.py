"""TCP_NODELAY for an app that is started without Zixly's own connections."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from zixly_ui.edge.connections import send_at_once


class NoDelay:
    """Middleware that sends small WebSocket messages at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            send_at_once(send.__self__.transport)  # type: ignore[attr-defined]
        await self.app(scope, receive, send)
