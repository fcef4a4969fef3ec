"""How a link gets from the address bar into a cookie, and what the routes for it refuse."""

from __future__ import annotations

import pytest

from tests.support.servers.live_app import LiveApp
from tests.zixly_ui.http.test_session_routes import ask, own_page
from zixly_data.access.one_time_links import new_token
from zixly_data.mail import messages as mail_messages
from zixly_ui.http.link_routes import PAGES

pytestmark = pytest.mark.slow


def test_the_page_of_a_link_is_kept_by_nobody_and_framed_by_nobody_else(live_app: LiveApp) -> None:
    status, headers, text = ask(live_app, "GET", "/link")
    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert "<script src=" in text
    assert "<script>" not in text
    assert "set-cookie" not in headers


@pytest.mark.parametrize("kind", list(PAGES))
def test_a_link_becomes_a_cookie_no_script_and_no_other_site_can_use(
    live_app: LiveApp, kind: str
) -> None:
    token = new_token()
    form = {"kind": kind, "token": token}
    status, headers, _ = ask(live_app, "POST", "/link/open", form, **own_page(live_app))
    assert (status, headers["location"]) == (303, PAGES[kind])
    cookie = headers["set-cookie"]
    assert cookie.startswith(f"zixly_link={kind}.{token};")
    for attribute in ("HttpOnly", "SameSite=strict", "Max-Age=1800", "Path=/"):
        assert attribute in cookie
    assert token not in headers["location"]
    assert token not in live_app.log.read_text()


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "session", "token": new_token()},
        {"kind": mail_messages.INVITATION, "token": "short"},
        {"kind": mail_messages.INVITATION, "token": "x" * 129},
        {"kind": mail_messages.INVITATION, "token": f"{new_token()}; Path=/evil"},
        {"kind": mail_messages.INVITATION, "token": f"{new_token()}\r\nSet-Cookie: a=b"},
        {"kind": "", "token": ""},
        {},
    ],
)
def test_what_cannot_be_a_link_is_not_kept(live_app: LiveApp, form: dict[str, str]) -> None:
    status, headers, _ = ask(live_app, "POST", "/link/open", form, **own_page(live_app))
    assert status == 303
    assert headers["location"] in {"/", *PAGES.values()}
    assert 'zixly_link=""' in headers["set-cookie"]
    assert "Max-Age=0" in headers["set-cookie"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}],
)
def test_another_site_opens_no_link_here(live_app: LiveApp, headers: dict[str, str]) -> None:
    form = {"kind": mail_messages.INVITATION, "token": new_token()}
    status, answered, _ = ask(live_app, "POST", "/link/open", form, **headers)
    assert status == 403
    assert "set-cookie" not in answered


def test_following_an_address_opens_no_link(live_app: LiveApp) -> None:
    path = f"/link/open?kind=invitation&token={new_token()}"
    _, headers, _ = ask(live_app, "GET", path, **own_page(live_app))
    assert "zixly_link" not in headers.get("set-cookie", "")
