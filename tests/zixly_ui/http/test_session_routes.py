"""What the web server of Zixly answers to requests that do not come from its pages."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode

import pytest

from tests.support.servers.live_app import COLE, LiveApp
from zixly_data.access import sessions
from zixly_data.operations import operator

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database_of_app")]

Answer = tuple[int, dict[str, str], str]


@pytest.fixture
def ticket(live_app: LiveApp) -> str:
    person = sessions.credentials(COLE, "127.0.0.1")
    assert person is not None
    return sessions.issue_ticket(person, "127.0.0.1")


@pytest.fixture
def cookie(live_app: LiveApp) -> str:
    return f"zixly_session={operator.open_session(live_app.admin_url, COLE).secret}"


def ask(
    app: LiveApp, method: str, path: str, body: dict[str, str] | None = None, **headers: str
) -> Answer:
    """One request: status, headers in lower case, text."""
    connection_ = http.client.HTTPConnection("localhost", app.port, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
    connection_.request(method, path, urlencode(body) if body is not None else None, sent)
    answer = connection_.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection_.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, text


def is_signed_in(app: LiveApp, cookie: str) -> bool:
    """Whether the cookie's session passes; the file does not exist."""
    return ask(app, "GET", "/media/nothing.csv", Cookie=cookie)[0] == 404


def own_page(app: LiveApp) -> dict[str, str]:
    """The headers of a form post from one of Zixly's pages."""
    return {"Origin": app.url, "Sec_Fetch_Site": "same-origin"}


def test_a_ticket_buys_one_session(live_app: LiveApp, ticket: str) -> None:
    form = {"ticket": ticket, "next": "/clients?status=ACTIVE"}
    status, headers, _ = ask(live_app, "POST", "/session/open", form, **own_page(live_app))
    assert (status, headers["location"]) == (303, "/clients?status=ACTIVE")
    assert headers["set-cookie"].startswith("zixly_session=")
    assert "HttpOnly" in headers["set-cookie"]
    assert "SameSite=lax" in headers["set-cookie"]

    status, headers, _ = ask(live_app, "POST", "/session/open", form, **own_page(live_app))
    assert status == 303
    assert "set-cookie" not in headers, "a ticket is good for one session only"


@pytest.mark.parametrize("ticket", ["invented", "", "' or true --", "%00", "x" * 4000])
def test_an_invented_ticket_buys_nothing(live_app: LiveApp, ticket: str) -> None:
    form = {"ticket": ticket, "next": "/"}
    status, headers, _ = ask(live_app, "POST", "/session/open", form, **own_page(live_app))
    assert status == 303
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_another_site_cannot_sign_anybody_in_or_out(
    live_app: LiveApp, ticket: str, cookie: str, headers: dict[str, str]
) -> None:
    form = {"ticket": ticket, "next": "/"}
    status, answered, _ = ask(live_app, "POST", "/session/open", form, **headers)
    assert status == 403
    assert "set-cookie" not in answered

    status, answered, _ = ask(live_app, "POST", "/session/close", {}, Cookie=cookie, **headers)
    assert status == 403
    assert is_signed_in(live_app, cookie)


@pytest.mark.parametrize(
    ("origin", "opens"),
    [
        ("{own}", True),
        ("https://evil.example", False),
        ("null", False),
        ("http://localhost:9", False),
        ("http://127.0.0.1:9", False),
    ],
)
def test_another_site_cannot_open_the_live_connection(
    live_app: LiveApp, cookie: str, origin: str, opens: bool
) -> None:
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Cookie": cookie,
        "Origin": origin.format(own=live_app.url),
    }
    status, _, _ = ask(live_app, "GET", "/_stcore/stream", **handshake)
    assert (status == 101) is opens
    assert status in (101, 403)


def test_the_ticket_was_not_used_up_by_a_refused_request(live_app: LiveApp, ticket: str) -> None:
    form = {"ticket": ticket, "next": "/"}
    assert ask(live_app, "POST", "/session/open", form, Origin="https://evil.example")[0] == 403
    _, headers, _ = ask(live_app, "POST", "/session/open", form, **own_page(live_app))
    assert "set-cookie" in headers


def test_following_a_link_opens_and_closes_nothing(
    live_app: LiveApp, ticket: str, cookie: str
) -> None:
    for path in (f"/session/open?ticket={ticket}", "/session/close"):
        _, headers, _ = ask(live_app, "GET", path, Cookie=cookie, **own_page(live_app))
        assert "set-cookie" not in headers
    assert is_signed_in(live_app, cookie)


def test_signing_out_revokes_the_session_and_clears_the_cookie(
    live_app: LiveApp, cookie: str
) -> None:
    status, headers, _ = ask(
        live_app, "POST", "/session/close", {}, Cookie=cookie, **own_page(live_app)
    )
    assert (status, headers["location"]) == (303, "/")
    assert 'zixly_session=""' in headers["set-cookie"]
    assert "Max-Age=0" in headers["set-cookie"]
    assert not is_signed_in(live_app, cookie)


def test_an_oversized_form_is_refused(live_app: LiveApp) -> None:
    form = {"ticket": "x" * 10_000, "next": "/"}
    assert ask(live_app, "POST", "/session/open", form, **own_page(live_app))[0] == 403


def test_a_copied_cookie_opens_nothing_after_signing_out(live_app: LiveApp, cookie: str) -> None:
    ask(live_app, "POST", "/session/close", {}, Cookie=cookie, **own_page(live_app))
    assert ask(live_app, "GET", "/media/0123456789abcdef.csv", Cookie=cookie)[0] == 401
    status, answered, _ = ask(
        live_app, "POST", "/session/close", {}, Cookie=cookie, **own_page(live_app)
    )
    assert status == 303, "and signing out twice is no error"
    assert "Max-Age=0" in answered["set-cookie"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nobody_sends_files_without_a_session(live_app: LiveApp, cookie: str, method: str) -> None:
    path = "/_stcore/upload_file/session/file"
    assert ask(live_app, method, path, {})[0] == 401
    assert ask(live_app, method, path, {}, Cookie=cookie)[0] != 401, "positive control"


def test_downloads_need_a_session(live_app: LiveApp, cookie: str) -> None:
    path = "/media/0123456789abcdef.csv"
    assert ask(live_app, "GET", path)[0] == 401
    assert ask(live_app, "GET", path, Cookie="zixly_session=invented")[0] == 401
    assert ask(live_app, "HEAD", path)[0] == 401
    assert ask(live_app, "GET", path, Cookie=cookie)[0] == 404, "positive control"


def test_writing_a_guarded_path_differently_does_not_help(live_app: LiveApp) -> None:
    for path in ("/%6dedia/0123.csv", "//media/0123.csv", "/x/../media/0123.csv", "/media//0123"):
        assert ask(live_app, "GET", path)[0] in (401, 404), path


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/team", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/session/submit.js", 200),
        ("GET", "/favicon.png", 200),
        ("GET", "/overview", 307),
        ("GET", "/media/nothing.csv", 401),
        ("POST", "/session/open", 403),
        ("DELETE", "/session/open", 405),
        ("GET", "/static/js/nothing.js", 404),
        ("GET", "/robots.txt", 200),
        ("GET", "/healthz", 200),
        ("GET", "/component/nothing/index.html", 404),
    ],
)
def test_every_answer_carries_the_security_headers(
    live_app: LiveApp, method: str, path: str, status: int
) -> None:
    answered, headers, _ = ask(live_app, method, path)
    assert answered == status
    has_security_headers(headers)


def test_streamlit_s_own_scripts_carry_the_security_headers(live_app: LiveApp) -> None:
    _, _, page = ask(live_app, "GET", "/")
    (script,) = set(re.findall(r'src="\.?(/static/js/index[^"]+)"', page))
    status, headers, _ = ask(live_app, "GET", script)
    assert status == 200
    has_security_headers(headers)


def has_security_headers(headers: dict[str, str]) -> None:
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_the_name_of_the_first_page_leads_to_it(live_app: LiveApp) -> None:
    status, headers, _ = ask(live_app, "GET", "/overview?period=all")
    assert (status, headers["location"]) == (307, "/?period=all")


def test_no_secret_and_no_address_of_a_request_is_logged(live_app: LiveApp, ticket: str) -> None:
    form = {"ticket": ticket, "next": "/"}
    _, headers, _ = ask(live_app, "POST", "/session/open", form, **own_page(live_app))
    secret = headers["set-cookie"].split("=", 1)[1].split(";")[0]
    log = live_app.log.read_text()
    assert ticket not in log
    assert secret not in log
    assert "/session/open" not in log
