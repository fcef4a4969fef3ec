"""Refusals of requests: a page for a person, `application/problem+json` (RFC 9457) for a program.

A browser that opens an address accepts text/html; scripts and programs do not ask for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from zixly_ui.shell.assets import ASSETS


def refusal(
    scope: Scope,
    status: int,
    sentence: str,
    advice: str,
    *,
    start: str = "/",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response for this request; `start` is the address of Zixly on the page."""
    all_headers = {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})}
    if "text/html" in ",".join(Headers(scope=scope).getlist("accept")).lower():
        texts = {
            "title": escape(sentence.rstrip(".")),
            "sentence": escape(sentence),
            "advice": escape(advice),
            "start": escape(start),
            # Within the page, because a request for another host gets no file.
            "mark": (ASSETS / "mark.svg").read_text("utf-8"),
        }
        page = (ASSETS / "refused.html").read_text("utf-8")
        page = re.sub(r"\{(\w+)\}", lambda name: texts[name[1]], page)
        return HTMLResponse(page, status, all_headers)
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": f"{sentence} {advice}",
    }
    return JSONResponse(problem, status, all_headers, media_type="application/problem+json")


async def send_refusal(response: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the response; a WebSocket is closed instead, which a browser sees as 403.

    uvicorn can send a response there, too, but writes an error into its log each time.
    """
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await response(scope, receive, send)
