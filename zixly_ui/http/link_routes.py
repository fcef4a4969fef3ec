"""How a link from a mail reaches its page without its token ever standing in an address we see.

`/link#invitation=TOKEN` asks this server for `/link` alone. The page's own script reads what stands
behind the `#` and posts it; the answer keeps it in a cookie no script can read, for half an hour,
and leads to the page of its kind.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

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


def routes(settings: Settings) -> list[BaseRoute]:
    """The page a link opens, its script, and where that script posts to."""

    async def opening(_: Request) -> Response:
        return FileResponse(
            ASSETS / "link.html", media_type="text/html", headers={"Cache-Control": "no-store"}
        )

    async def open_link(request: Request) -> Response:
        """Keep the link in a cookie and go to its page; one that cannot be right is not kept."""
        form = await same_origin_form(request)
        if form is None:
            return refusal()
        kind, token = form.get("kind", ""), form.get("token", "")
        answer = RedirectResponse(PAGES.get(kind, "/"), status_code=303)
        if kind in PAGES and _TOKEN.fullmatch(token):
            answer.set_cookie(
                LINK_COOKIE,
                f"{kind}.{token}",
                max_age=_MINUTES * 60,
                path="/",
                httponly=True,
                samesite="strict",
                secure=is_secure(request, settings),
            )
        else:
            answer.delete_cookie(LINK_COOKIE, path="/", httponly=True, samesite="strict")
        return answer

    return [
        Route("/link", opening, methods=["GET"]),
        Route("/link/open", open_link, methods=["POST"]),
        Route("/link/open.js", asset("link.js", "text/javascript"), methods=["GET"]),
    ]
