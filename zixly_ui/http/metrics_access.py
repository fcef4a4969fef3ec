"""Middleware that limits Streamlit's metrics to the operator.

They count everyone's sessions and cached rows. An operator shows METRICS_TOKEN as
`Authorization: Bearer …`. Without a proxy, a program on this machine may read them, too.
"""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from zixly_data.settings import Settings
from zixly_ui.http import origins
from zixly_ui.http.addresses import streamlit_prefix
from zixly_ui.http.refused import refusal, send_refusal

_PROXY_HEADERS = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class OperatorRequired:
    """Refuses the metrics to anyone but the operator."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.path = f"{streamlit_prefix()}/_stcore/metrics"
        token = settings.metrics_token
        self.token = token.get_secret_value().encode() if token else None
        public = origins.origin_of_url(settings.public_url) if settings.public_url else None
        # To the app, a proxy on this machine looks like any other program on it.
        self.has_proxy = bool(settings.trusted_proxies) or (
            public is not None and not origins.Host(public.name, None).is_loopback()
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self.path or self._is_operator(scope):
            await self.app(scope, receive, send)
            return
        answer = refusal(
            scope,
            401,
            "The metrics are for the operator of Zixly.",
            "Send METRICS_TOKEN as a bearer token.",
            headers={"WWW-Authenticate": 'Bearer realm="Zixly metrics"'},
        )
        await send_refusal(answer, scope, receive, send)

    def _is_operator(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        given = headers.getlist("authorization")
        if given:
            scheme, _, token = given[0].partition(" ")
            is_token = self.token is not None and hmac.compare_digest(
                token.strip().encode("latin-1"), self.token
            )
            return is_token and scheme.lower() == "bearer" and len(given) == 1
        return not self.has_proxy and _is_this_machine(scope, headers)


def _is_this_machine(scope: Scope, headers: Headers) -> bool:
    """Return whether a program on this machine asks, without a proxy between."""
    host = origins.requested_host(headers)
    if not scope.get("client") or host is None or not host.is_loopback():
        return False
    try:
        peer = ip_address(scope["client"][0])
    except ValueError:
        return False
    # A server that listens on IPv6 sees IPv4 addresses as ::ffff:127.0.0.1.
    peer = getattr(peer, "ipv4_mapped", None) or peer
    return peer.is_loopback and not any(name in headers for name in _PROXY_HEADERS)
