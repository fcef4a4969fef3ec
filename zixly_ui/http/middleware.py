"""Middleware that handles every request before Streamlit does.

Plain ASGI, because Starlette's BaseHTTPMiddleware buffers and costs a task per request; these two
only look at the scope, or at one message.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from zixly_data.errors import DatabaseUnavailable, ZixlyError
from zixly_ui.edge.connections import admit
from zixly_ui.shell.errors import message
from zixly_ui.shell.request_headers import cookie_in


def content_security_policy() -> str:
    """Return the strictest policy with which Streamlit runs.

    Nothing is fetched from, sent to or framed by other sites. Charts need eval for their
    expressions, the theme needs inline styles. Inline scripts are refused except those in
    Streamlit's own index page, which are allowed by their hash.
    """
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    hashes = [
        f"'sha256-{b64encode(sha256(script).digest()).decode()}'"
        for script in re.findall(rb"<script>(.*?)</script>", index, re.DOTALL)
    ]
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(["script-src 'self' 'unsafe-eval' blob:", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "media-src 'self' data: blob:",
            "connect-src 'self' data: blob:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "frame-ancestors 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "object-src 'none'",
        )
    )


class SecurityHeaders:
    """Adds headers that keep other sites out of our pages and our pages out of theirs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.policy = content_security_policy()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                # With no-referrer a browser sends `Origin: null`, and our own forms would be
                # indistinguishable from those of another site.
                headers["Referrer-Policy"] = "same-origin"
                headers["Content-Security-Policy"] = self.policy
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SessionRequired:
    """Limits downloads to signed-in people.

    Streamlit itself serves anyone who knows the address. The session is looked up at every request,
    so a link stops working the moment its holder is signed out or deactivated.
    """

    def __init__(self, app: ASGIApp, identify: Callable[[str], object]) -> None:
        self.app = app
        self.identify = identify
        # Read here, because Streamlit's configuration is incomplete at import.
        base = config.get_option("server.baseUrlPath").strip("/")
        prefix = f"/{base}" if base else ""
        self.guarded = f"{prefix}/media/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self.guarded):
            await self.app(scope, receive, send)
            return
        refusal = await self._refusal(scope)
        await (refusal or self.app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        secret = cookie_in(cookies.decode("latin-1"))
        if secret is None:
            return PlainTextResponse("Sign in to open this.", status_code=401)
        try:
            await run_in_threadpool(self.identify, secret)
        except DatabaseUnavailable as error:
            return PlainTextResponse(message(error), status_code=503)
        except ZixlyError as error:
            return PlainTextResponse(message(error), status_code=401)
        admit(scope)
        return None
