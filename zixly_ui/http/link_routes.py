"""Routes for links in mails: the token never appears in an address that the server sees.

For `/link#invitation=TOKEN` the browser requests `/link` alone. The script of that page reads the
part after the `#` and posts it; the response keeps it for half an hour in a cookie that no script
can read, and redirects to the page of its kind.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from zixly_data.mail import messages as mail_messages
from zixly_data.settings import Settings
from zixly_ui.http.session_routes import asset, is_secure, refusal, same_origin_form
from zixly_ui.shell.assets import ASSETS
from zixly_ui.shell.request_headers import LINK_COOKIE

PAGES = {
    mail_messages.INVITATION: "/invitation",
    mail_messages.PASSWORD: "/new-password",
    mail_messages.SET_UP: "/set-up",
}
_MINUTES = 30
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}")


def routes(settings: Settings) -> list[Route]:
    """Return the page that a link opens, its script, and the route that the script posts to."""

    async def opening(_: Request) -> Response:
        return FileResponse(
            ASSETS / "link.html", media_type="text/html", headers={"Cache-Control": "no-store"}
        )

    async def open_link(request: Request) -> Response:
        """Keep the token in a cookie and redirect to its page; drop a malformed one."""
        form = await same_origin_form(request)
        if form is None:
            return refusal()
        kind, token = form.get("kind", ""), form.get("token", "")
        response = RedirectResponse(PAGES.get(kind, "/"), status_code=303)
        if kind in PAGES and _TOKEN.fullmatch(token):
            response.set_cookie(
                LINK_COOKIE,
                f"{kind}.{token}",
                max_age=_MINUTES * 60,
                path="/",
                httponly=True,
                samesite="strict",
                secure=is_secure(request, settings),
            )
        else:
            response.delete_cookie(LINK_COOKIE, path="/", httponly=True, samesite="strict")
        return response

    return [
        Route("/link", opening, methods=["GET"]),
        Route("/link/open", open_link, methods=["POST"]),
        Route("/link/open.js", asset("link.js", "text/javascript"), methods=["GET"]),
    ]
