"""Middleware that sends static files compressed; each is compressed once in the life of the app.

Static files are Streamlit's scripts and styles and our own script for printing. Nothing else is
compressed here: not what shows anyone's records, whose length would tell of its contents, and not
what is compressed already, such as fonts and pictures. The index page: `index_page`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import FileResponse, Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zixly_ui.http.addresses import static_files, streamlit_prefix
from zixly_ui.http.compressed_copies import CODECS, Copies
from zixly_ui.shell.assets import ASSETS

SUFFIXES = frozenset({".js", ".css", ".svg"})
# Below, the head of an answer is most of it.
SMALLEST = 1_000

_WITH_HASH = re.compile(r"\.[\w-]{8}\.\w+")
_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*")
# Used for its comparison of conditional requests alone.
_conditions = StaticFiles()


def files_for_everybody() -> dict[str, Path]:
    """Return the files of Streamlit and the larger ones of ours, by address."""
    prefix = streamlit_prefix()
    of_streamlit = {prefix + path: file for path, file in static_files().items()}
    return {**of_streamlit, **{f"/{name}": ASSETS / name for name in ("print.js", "paste.js")}}


def encoding_for(headers: Headers) -> str | None:
    """Return the first of CODECS that Accept-Encoding allows: by name or `*`, weight above 0."""
    weights: dict[str, float] = {}
    for choice in ",".join(headers.getlist("accept-encoding")).split(","):
        name, _, parameter = choice.partition(";")
        weight = _WEIGHT.fullmatch(parameter or "q=1")
        weights[name.strip().lower()] = float(weight[1]) if weight else 0
    others = weights.get("*", 0)
    return next((name for name in CODECS if weights.get(name, others) > 0), None)


def is_not_modified(response: Response, headers: Headers) -> bool:
    """Return whether the client of these headers has the response already."""
    return _conditions.is_not_modified(response.headers, headers)


def has_hash(file: Path) -> bool:
    """Return whether the name has a hash of the content, so that neither ever changes."""
    return _WITH_HASH.search(file.name) is not None


def caching_of(file: Path) -> str:
    """Return Cache-Control for a static file."""
    return "public, max-age=31536000, immutable" if has_hash(file) else "max-age=3600"


class CompressedFiles:
    """Answers GET and HEAD for `files`, by their addresses, where the client accepts an encoding.

    A request for a part of a file (Range) and a client that accepts none are answered by the app
    behind, from the file itself.
    """

    def __init__(self, app: ASGIApp, files: Mapping[str, Path]) -> None:
        self.app = app
        self.files = {path: file for path, file in files.items() if file.suffix in SUFFIXES}
        self.copies = Copies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = self.files.get(scope["path"]) if scope["type"] == "http" else None
        if file is None or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        encoding = None if "range" in headers else encoding_for(headers)
        if encoding is not None:
            response = await self._response(file, encoding, headers, scope["method"])
            if response is not None:
                await response(scope, receive, send)
                return

        async def send_varying(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).add_vary_header("Accept-Encoding")
            await send(message)

        await self.app(scope, receive, send_varying)

    async def _response(
        self, file: Path, encoding: str, headers: Headers, method: str
    ) -> Response | None:
        """Return the file compressed; None if it is too small, cannot be read or held."""
        try:
            status = file.stat()
            if status.st_size < SMALLEST:
                return None
            content = await self.copies.content(file, encoding, status, is_final=has_hash(file))
        except OSError:
            return None
        if content is None:
            return None
        response = Response(
            content if method == "GET" else b"",
            headers={
                "Cache-Control": caching_of(file),
                "Content-Encoding": encoding,
                "Content-Length": str(len(content)),
                "ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}-{encoding}"',
                "Last-Modified": formatdate(status.st_mtime, usegmt=True),
                "Vary": "Accept-Encoding",
            },
            media_type=FileResponse(file).media_type,
        )
        if is_not_modified(response, headers):
            return NotModifiedResponse(response.headers)
        return response
