"""Known addresses are served; every other is 404, in words for a person or a program."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache

import pytest
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.house.test_layers import ROOT
from tests.support.servers.asgi import Reply, ask
from zixly_ui.http.addresses import KnownAddresses, page_paths, static_files
from zixly_ui.shell.navigation import MENU

PAGE = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
CLOSED = 1008
# The routes of st.App with streamlit 1.67. A route that a new version adds is served to nobody
# until it stands in `addresses`: decide there, then write it down here.
STREAMLIT_SERVED = {
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/stream",
    "/_stcore/upload_file/{session_id}/{file_id}",
    "/media/{file_id:path}",
    "",  # Pages, scripts and styles.
}
STREAMLIT_REFUSED = {
    "/_stcore/agent/interact",
    "/_stcore/agent/mcp",
    "/_stcore/agent/openapi.json",
    "/_stcore/bidi-components/{path:path}",
    "/auth/login",
    "/auth/logout",
    "/component/{path:path}",
    "/oauth2callback",
}
OURS = {
    "/download/{what}.csv": {"GET", "HEAD"},
    "/download/{what}.xlsx": {"GET", "HEAD"},
    "/favicon.png": {"GET", "HEAD"},
    "/healthz": {"GET", "HEAD"},
    "/link": {"GET", "HEAD"},
    "/link/open": {"POST"},
    "/link/open.js": {"GET", "HEAD"},
    "/overview": {"GET", "HEAD"},
    "/print.js": {"GET", "HEAD"},
    "/paste.js": {"GET", "HEAD"},
    "/robots.txt": {"GET", "HEAD"},
    "/session/close": {"POST"},
    "/session/open": {"POST"},
    "/session/submit.js": {"GET", "HEAD"},
}
WALK = """
import json, app
from streamlit import config
built = app.app._build_starlette_app()
routes = [[r.path, sorted(getattr(r, "methods", None) or [])] for r in built.routes]
own = len(app.routes)
print(json.dumps({
    "ours": routes[:own],
    "streamlit": routes[own:],
    "agent": config.get_option("server.enableAgentApi"),
    "origins": config.get_option("client.allowedOrigins"),
}))
"""


@cache
def real_app() -> dict[str, list[tuple[str, list[str]]]]:
    """The routes and options of the app as it starts, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", WALK], cwd=ROOT, capture_output=True, text=True, check=True
    )
    walked: dict[str, list[tuple[str, list[str]]]] = json.loads(done.stdout.splitlines()[-1])
    return walked


def request(path: str, *headers: tuple[str, str], method: str = "GET", kind: str = "http") -> Reply:
    routes = [
        Route("/link", lambda _: None, methods=["GET"]),
        Route("/link/open", lambda _: None, methods=["POST"]),
        Route("/download/{what}.csv", lambda _: None, methods=["GET"]),
    ]

    def wrap(app: ASGIApp) -> ASGIApp:
        return KnownAddresses(app, routes)

    return ask(wrap, path, *headers, method=method, kind=kind)


def test_every_route_of_the_app_is_known_here() -> None:
    assert {path for path, _ in real_app()["streamlit"]} == STREAMLIT_SERVED | STREAMLIT_REFUSED
    assert {path: set(methods) for path, methods in real_app()["ours"]} == OURS


@pytest.mark.parametrize("path", sorted(STREAMLIT_REFUSED))
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_what_streamlit_serves_and_zixly_does_not_need_is_no_address(
    path: str, method: str
) -> None:
    assert request(path.replace("{path:path}", "x/index.html"), method=method).status == 404


def test_the_agent_api_and_messages_from_frames_are_off() -> None:
    assert real_app()["agent"] is False
    assert real_app()["origins"] == []


def test_every_page_is_served() -> None:
    names = {entry.url_path for entries in MENU.values() for entry in entries}
    assert page_paths() == {"/"} | {f"/{name}" for name in names if name != "overview"}
    for path in page_paths():
        assert request(path).status == 0
        assert request(path, method="HEAD").status == 0
        if path != "/":
            assert request(f"{path}/").status == 0, "Streamlit redirects it"


def test_every_file_of_streamlit_is_served_and_no_other() -> None:
    assert len(static_files()) > 100
    assert all(request(path).status == 0 for path in static_files())
    script = min(static_files())
    for path in ("/static/js/nothing.js", "/static", "/static/", f"{script}/", f"{script}x"):
        assert request(path).status == 404, path


@pytest.mark.parametrize(
    "path",
    [
        "/api", "/metrics", "/favicon-x", "/favicon.ico", "/index.html", "/manifest.json",
        "/Clients", "/clients//", "//clients", "//", "/clients/x", "/clients/team", "/clients\0",
        "/clients ", "/./clients", "/x/../clients", "/\\evil.example", "//evil.example", "", "*",
        "clients", "http://localhost/clients", "/overview", "/clients;x", "/clients/_stcore/health",
        "/clients/_stcore/stream", "/clients/static/js/index.js", "/_stcore", "/_stcore/",
        "/_stcore/health/", "/_stcore/HEALTH", "/_stcore/script-health-check", "/_stcore/new",
        "/media", "/media/", "/media/a/b", "/media/../_stcore/agent/mcp",
        "/_stcore/upload_file/a", "/_stcore/upload_file/a/b/c", "/_stcore/upload_file//b",
        "/link/", "/link/open/", "/download/", "/download/a/b.csv", "/download/a.xls",
        "/.env", "/app/static/x",
    ],
)  # fmt: skip
def test_any_other_address_is_nobody_s(path: str) -> None:
    for method in ("GET", "POST", "HEAD"):
        assert request(path, method=method).status == 404
    assert request(path, kind="websocket").status == CLOSED


def test_the_live_connection_is_the_only_websocket() -> None:
    assert request("/_stcore/stream", kind="websocket").status == 0
    assert request("/_stcore/stream").status == 404
    for path in ("/", "/clients", "/_stcore/health", "/_stcore/stream/"):
        assert request(path, kind="websocket").status == CLOSED


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/", "POST", "GET, HEAD"),
        ("/clients", "DELETE", "GET, HEAD"),
        ("/clients/", "POST", "GET, HEAD"),
        ("/clients", "OPTIONS", "GET, HEAD"),
        ("/clients", "get", "GET, HEAD"),
        ("/link/open", "GET", "POST"),
        ("/link", "PUT", "GET, HEAD"),
        ("/download/x.csv", "POST", "GET, HEAD"),
        ("/_stcore/health", "POST", "GET, HEAD"),
        ("/_stcore/upload_file/window/file", "POST", "DELETE, PUT"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(path: str, method: str, allowed: str) -> None:
    answer = request(path, method=method)
    assert (answer.status, answer.headers["allow"]) == (405, allowed)
    assert answer.json()["title"] == "Method Not Allowed"
    assert request(path, method=allowed.split(",", maxsplit=1)[0]).status == 0, "positive control"


def test_a_program_reads_a_problem() -> None:
    answer = request("/api")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no page at this address. Check the address, or open Zixly and choose a "
        "page.",
    }


def test_a_person_reads_a_page_that_repeats_nothing_of_the_address() -> None:
    answer = request("/<script>alert(1)</script>{advice}", PAGE)
    assert answer.status == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert "There is no page at this address." in answer.text
    assert '<a href="/">Go to Zixly</a>' in answer.text
    assert "<svg" in answer.text
    assert "script" not in answer.text
    assert "{" not in answer.text.split("</style>")[1]


def test_below_a_base_path_streamlit_s_addresses_move_and_ours_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zixly_ui.http.addresses.streamlit_prefix", lambda: "/books")
    for path in ("/books", "/books/", "/books/clients", "/books/_stcore/health", "/link"):
        assert request(path).status == 0, path
    for path in ("/", "/clients", "/_stcore/health", "/books/link", "/booksclients", "/books/x"):
        assert request(path).status == 404, path
    assert request("/books/_stcore/stream", kind="websocket").status == 0
    assert request("/_stcore/stream", kind="websocket").status == CLOSED
