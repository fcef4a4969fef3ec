"""Routes that open and close a session, and serve our few static files.

A Streamlit script cannot set a cookie, so a correct password yields a single-use ticket. The
browser posts it here, and the response sets the HttpOnly cookie of the session. Only POST changes
anything, only from our own pages, and no secret is ever part of an address.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.staticfiles import NotModifiedResponse

from zixly_data.access import sessions
from zixly_data.errors import DatabaseUnavailable, SessionEnded, ZixlyError
from zixly_data.settings import Settings
from zixly_ui.http.compressed_files import caching_of, is_not_modified
from zixly_ui.http.origins import is_same_origin
from zixly_ui.shell.assets import ASSETS
from zixly_ui.shell.errors import message
from zixly_ui.shell.request_headers import (
    COOKIE,
    LINK_COOKIE,
    client_address,
    cookie_in,
    is_https,
    safe_path,
)

LARGEST_FORM = 8_192

logger = logging.getLogger(__name__)


def routes(settings: Settings) -> list[Route]:
    """Return the routes beside Streamlit's own."""

    async def open_session(request: Request) -> Response:
        """Exchange a ticket for the session cookie, then redirect to the requested page."""
        form = await same_origin_form(request)
        if form is None:
            return refusal()
        headers = {name.lower(): value for name, value in request.headers.items()}
        address = client_address(peer_of(request), headers, settings.trusted_proxies)
        response = RedirectResponse(safe_path(form.get("next", "/")), status_code=303)
        try:
            secret = await run_in_threadpool(
                sessions.redeem_ticket,
                form.get("ticket", ""),
                address,
                headers.get("user-agent", "")[:400],
            )
        except SessionEnded:
            return response
        except DatabaseUnavailable as error:
            return _unavailable(error)
        response.set_cookie(
            COOKIE,
            secret,
            max_age=int(settings.session_life.total_seconds()),
            path="/",
            httponly=True,
            samesite="lax",
            secure=is_secure(request, settings),
        )
        if LINK_COOKIE in request.cookies:
            # The link has been used, so its cookie is no longer needed.
            response.delete_cookie(LINK_COOKIE, path="/", httponly=True, samesite="strict")
        return response

    async def close_session(request: Request) -> Response:
        """Revoke the session in the database and clear the cookie."""
        form = await same_origin_form(request)
        if form is None:
            return refusal()
        secret = cookie_in(request.headers.get("cookie", ""))
        response = RedirectResponse(safe_path(form.get("next", "/")), status_code=303)
        if secret is not None:
            try:
                await run_in_threadpool(sessions.end_session, secret)
            except SessionEnded:
                pass
            except DatabaseUnavailable as error:
                return _unavailable(error)
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
        return response

    async def overview(request: Request) -> Response:
        """Redirect `/overview`, the name of the first page, to `/`.

        Streamlit gives the first page no path of its own.
        """
        query = request.url.query
        return RedirectResponse(f"/?{query}" if query else "/")

    return [
        Route("/overview", overview, methods=["GET"]),
        Route("/session/open", open_session, methods=["POST"]),
        Route("/session/close", close_session, methods=["POST"]),
        Route("/session/submit.js", asset("submit.js", "text/javascript"), methods=["GET"]),
        Route("/print.js", asset("print.js", "text/javascript"), methods=["GET"]),
        Route("/paste.js", asset("paste.js", "text/javascript"), methods=["GET"]),
        Route("/robots.txt", asset("robots.txt", "text/plain"), methods=["GET"]),
        # Streamlit's index page requests this one before any script has run.
        Route("/favicon.png", asset("mark.svg", "image/svg+xml"), methods=["GET"]),
    ]


def asset(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    file = ASSETS / name
    headers = {"Cache-Control": caching_of(file)}

    async def serve(request: Request) -> Response:
        response = FileResponse(
            file, media_type=media_type, headers=headers, stat_result=file.stat()
        )
        if is_not_modified(response, request.headers):
            return NotModifiedResponse(response.headers)
        return response

    return serve


def peer_of(request: Request) -> str | None:
    """Return the address at the other end of the connection, possibly that of a proxy."""
    return request.client.host if request.client else None


def is_secure(request: Request, settings: Settings) -> bool:
    """Return whether a cookie set now may be limited to HTTPS."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return settings.cookie_secure or is_https(
        request.url.scheme, peer_of(request), headers, settings.trusted_proxies
    )


async def same_origin_form(request: Request) -> dict[str, str] | None:
    """Return the fields of a small same-origin form post, or None for any other request."""
    if not is_same_origin(request.headers):
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=8)
    except ValueError:
        return None
    return {name: values[0] for name, values in fields.items()}


def refusal() -> Response:
    return PlainTextResponse("This request did not come from Zixly.", status_code=403)


def _unavailable(error: ZixlyError) -> Response:
    logger.warning("A session could not be changed: %s", type(error).__name__)
    return PlainTextResponse(message(error), status_code=503)
