"""Middleware of addresses: Zixly's own and those of Streamlit that its pages use, and no others.

Streamlit answers every unknown path with its index page and status 200. This list decides instead;
`tests/zixly_ui/http/test_addresses.py` compares it with the routes of the app, so that a route
that a new version of Streamlit adds is noticed. Not used and not served: Streamlit's agent API and
MCP server, its components, its sign-in by OpenID Connect, its script health check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import streamlit
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from zixly_ui.http.refused import refusal, send_refusal
from zixly_ui.shell.navigation import MENU

_READ = frozenset({"GET", "HEAD"})
WEBSOCKET = "/_stcore/stream"
STREAMLIT = {
    "/_stcore/health": _READ,
    "/_stcore/host-config": _READ,
    "/_stcore/metrics": _READ,
}
STREAMLIT_BELOW = {
    re.compile(r"/media/[^/]+"): _READ,
    re.compile(r"/_stcore/upload_file/[^/]+/[^/]+"): frozenset({"PUT", "DELETE"}),
}


def streamlit_prefix() -> str:
    """Return what Streamlit's addresses begin with, '' unless server.baseUrlPath is set."""
    base = config.get_option("server.baseUrlPath").strip("/")
    return f"/{base}" if base else ""


def page_paths() -> frozenset[str]:
    """Return the paths of the pages; the first page is `/`."""
    names = {entry.url_path for entries in MENU.values() for entry in entries}
    return frozenset({"/", *(f"/{name}" for name in names - {"overview"})})


@cache
def static_files() -> Mapping[str, Path]:
    """Return Streamlit's own scripts, styles and fonts by their paths."""
    root = Path(streamlit.__file__).parent / "static"
    files = (path for path in (root / "static").rglob("*") if path.is_file())
    return {f"/{path.relative_to(root).as_posix()}": path for path in files}


class KnownAddresses:
    """Answers 404 for an unknown address and 405 for a wrong method; `routes` are our own."""

    def __init__(self, app: ASGIApp, routes: Sequence[Route]) -> None:
        self.app = app
        self.routes = routes
        self.prefix = streamlit_prefix()
        self.pages = page_paths()
        self.exact = dict.fromkeys(self.pages | static_files().keys(), _READ) | STREAMLIT
        if self.prefix:
            self.exact["/favicon.png"] = _READ

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            methods = self._methods(scope)
            is_known = scope["method"] in methods
        else:
            methods = frozenset()
            is_known = scope["type"] != "websocket" or scope["path"] == self.prefix + WEBSOCKET
        if is_known:
            await self.app(scope, receive, send)
            return
        if methods:
            answer = refusal(
                scope,
                405,
                f"This address answers {' and '.join(sorted(methods))} requests only.",
                "Open Zixly and try again from there.",
                headers={"Allow": ", ".join(sorted(methods))},
            )
        else:
            answer = refusal(
                scope,
                404,
                "There is no page at this address.",
                "Check the address, or open Zixly and choose a page.",
            )
        await send_refusal(answer, scope, receive, send)

    def _methods(self, scope: Scope) -> frozenset[str]:
        """Return the methods that the address accepts; none if it is not known."""
        path: str = scope["path"]
        below_prefix = path.removeprefix(self.prefix) or ("/" if self.prefix else "")
        if path.startswith(self.prefix) and below_prefix.startswith("/"):
            methods = self._streamlit_methods(below_prefix)
            if methods:
                return methods
        ours = (route for route in self.routes if route.matches(scope)[0] != Match.NONE)
        return frozenset().union(*(route.methods or () for route in ours))

    def _streamlit_methods(self, path: str) -> frozenset[str]:
        if path in self.exact:
            return self.exact[path]
        if path != "//" and path.removesuffix("/") in self.pages:
            # Streamlit redirects it to the page.
            return _READ
        below = (methods for form, methods in STREAMLIT_BELOW.items() if form.fullmatch(path))
        return next(below, frozenset())
