"""Middleware of hosts and origins, for HTTP and WebSockets.

SameSite cookies do not separate the ports of a host, and Streamlit accepts a WebSocket from any
port of localhost and of its own addresses. Without this rule, a page that another program serves on
this machine could read Zixly as the person who opened it.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from zixly_data.errors import NotPrepared
from zixly_data.settings import Settings
from zixly_ui.http import origins
from zixly_ui.http.addresses import streamlit_prefix
from zixly_ui.http.refused import refusal, send_refusal
from zixly_ui.shell.request_headers import COOKIE, LINK_COOKIE, is_https

# Asked by programs on the same machine or network, by whatever name it has there. None of these
# shows anyone's records; the metrics have a rule of their own.
FOR_ANY_HOST = frozenset({"/_stcore/health", "/_stcore/metrics"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class HostsAndOrigins:
    """Refuses requests for another host, and whatever another site's page sends.

    With PUBLIC_URL, its host is the only one. The host is always that of the Host header, which a
    proxy must pass on: X-Forwarded-Host is not read.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.open = {"/healthz", *(streamlit_prefix() + path for path in FOR_ANY_HOST)}
        self.own = origins.origin_of_url(settings.public_url) if settings.public_url else None
        if settings.public_url and self.own is None:
            raise NotPrepared("The setting PUBLIC_URL is not valid.", advice="Correct it.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_open = scope["type"] == "http" and scope["path"] in self.open
        answer = None if is_open else self._wrong_host(scope, headers)
        if answer is None and self._is_foreign(scope, headers):
            answer = refusal(
                scope,
                403,
                "This request came from another website.",
                "Open Zixly in a tab of its own and try again.",
                start=self.settings.public_url or "/",
            )
        if answer is not None:
            await send_refusal(answer, scope, receive, send)
            return
        if scope["type"] == "websocket":
            scope = _with_equal_host(scope, headers)
        await self.app(scope, receive, send)

    def _wrong_host(self, scope: Scope, headers: Headers) -> Response | None:
        host = origins.requested_host(headers)
        if host is None:
            sentence = "This request does not name the host it is for, or names it wrongly."
            advice = "Check the address and open it again."
            return refusal(scope, 400, sentence, advice, start=self.settings.public_url or "/")
        if self.own is None or self.own.is_at(host):
            return None
        return refusal(
            scope,
            421,
            f"This Zixly is at {self.settings.app_url()}.",
            "Open that address. If you did, the proxy in front of Zixly changes the Host header: "
            "the operator must set it to pass the header on.",
            start=self.settings.app_url(),
        )

    def _is_foreign(self, scope: Scope, headers: Headers) -> bool:
        secure = self._is_https(scope, headers)
        if scope["type"] == "http":
            is_change = scope["method"] not in _READING
            return is_change and origins.comes_from_elsewhere(headers, self.own, is_https=secure)
        if "origin" not in headers:
            # Browsers always send it with a WebSocket. A program with somebody's cookie can send it
            # too, and a proxy that drops it would drop the rule; without a cookie nothing is lost.
            cookies = ";".join(headers.getlist("cookie"))
            return COOKIE in cookies or LINK_COOKIE in cookies
        return not origins.names_own_origin(headers, self.own, is_https=secure)

    def _is_https(self, scope: Scope, headers: Headers) -> bool:
        peer = scope["client"][0] if scope.get("client") else None
        return self.settings.cookie_secure or is_https(
            scope["scheme"], peer, headers, self.settings.trusted_proxies
        )


def _with_equal_host(scope: Scope, headers: Headers) -> Scope:
    """Return the scope with the Host written as in the Origin, which the rule found equal.

    Streamlit compares the two as texts. Where they differ it asks a server on the internet for its
    own address.
    """
    written = headers.get("origin", "").partition("//")[2]
    if not written or written == headers.get("host"):
        return scope
    changed = {**scope, "headers": list(scope["headers"])}
    MutableHeaders(scope=changed)["host"] = written
    return changed
