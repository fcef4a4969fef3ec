"""Streamlit's index page with our styles and scripts, from the first moment.

A style that a script run draws arrives after the first elements, moves them, and is sent again at
every click. The page shows nobody's records and is the same for everybody.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import streamlit
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from zixly_ui.http.addresses import page_paths, streamlit_prefix
from zixly_ui.http.compressed_copies import CODECS
from zixly_ui.http.compressed_files import encoding_for, is_not_modified
from zixly_ui.shell.assets import ASSETS

# Streamlit adds its styles to the head while it runs. Those in the body win over them.
ROOT = b'<div id="root"></div>'
STYLES = ("zixly.css", "print.css")
# Before the grids of a page listen for a paste, and so before React draws.
SCRIPTS = b'<script defer src="/print.js"></script><script defer src="/paste.js"></script>'


def content() -> bytes:
    """Return the index page with our styles before the element in which Streamlit draws."""
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    before, root, after = index.partition(ROOT)
    if not root:
        raise ValueError("Streamlit's index page has no root element.")
    styles = b"".join((ASSETS / name).read_bytes() for name in STYLES)
    ours = b"<style>\n" + styles + b"</style>\n    " + SCRIPTS + b"\n    "
    return before + ours + root + after


class IndexPage:
    """Answers GET and HEAD at the addresses of pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        prefix = streamlit_prefix()
        self.paths = frozenset(prefix + path for path in page_paths())
        plain = content()
        self.contents: dict[str | None, bytes] = {None: plain}
        for encoding, (codec, level) in CODECS.items():
            compress = pa.Codec(codec, compression_level=level).compress
            self.contents[encoding] = compress(plain, asbytes=True)
        self.tag = sha256(plain).hexdigest()[:16]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and scope["path"] in self.paths
        if not is_ours or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        encoding = encoding_for(headers)
        page = self.contents[encoding]
        response = Response(
            page if scope["method"] == "GET" else b"",
            headers={
                # Asked for at each load, so that it names the scripts of the installed version.
                "Cache-Control": "no-cache",
                "Content-Length": str(len(page)),
                "ETag": f'"{self.tag}{f"-{encoding}" if encoding else ""}"',
                "Vary": "Accept-Encoding",
            },
            media_type="text/html",
        )
        if encoding is not None:
            response.headers["Content-Encoding"] = encoding
        if is_not_modified(response, headers):
            response = NotModifiedResponse(response.headers)
        await response(scope, receive, send)
