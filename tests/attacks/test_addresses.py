"""Addresses that are nobody's, the agent API, the metrics, and the health check as a lever."""

from __future__ import annotations

import http.client
import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.pages import eventually, sql
from tests.support.servers import raw_requests
from tests.support.servers.live_app import COLE, VERA, LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from tests.support.servers.raw_requests import UPGRADE
from tests.support.servers.server_users import postmaster

pytestmark = pytest.mark.nightly

TOKEN = "a-token-of-the-tests-of-32-bytes"
NOBODY = [
    "/api", "/metrics", "/favicon-x", "/healthz/", "/healthz2", "/.env", "/.git/config", "/admin",
    "/index.html", "/manifest.json", "/static/js/x.js", "/static/", "/clients/1", "/Clients",
    "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/static/..%2findex.html",
    "/%5c%5cevil.example%5cshare", "//evil.example", "/clients%00", "/clients%0d%0aX:1",
    "/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp",
    "/clients/_stcore/agent/mcp", "/_stcore/script-health-check", "/_stcore/bidi-components/x/y",
    "/component/x/index.html", "/auth/login", "/oauth2callback", "/app/static/x", "/%ff", "/ü",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    with running(tmp_path_factory.mktemp("addresses"), SCENARIO_TODAY) as started:
        yield started


def ask(
    app: LiveApp, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[int, str, str]:
    """The status, the type and the text of an answer."""
    connection = http.client.HTTPConnection("localhost", app.port, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8", "replace")
    connection.close()
    return answer.status, answer.getheader("content-type") or "", text


@pytest.mark.parametrize("path", NOBODY)
def test_an_address_that_is_nobody_s_is_404(app: LiveApp, path: str) -> None:
    host = f"Host: localhost:{app.port}"
    assert raw_requests.ask(app.port, "GET /clients HTTP/1.1", host)[0] == 200, "positive control"
    for accept in ("Accept: text/html", "Accept: */*"):
        status, text = raw_requests.ask(app.port, f"GET {path} HTTP/1.1", host, accept)
        # uvicorn itself refuses bytes that no address may have.
        assert status == 404 or (status == 400 and not path.isascii())
        assert "Streamlit" not in text
    origin = f"Origin: http://localhost:{app.port}"
    window = raw_requests.ask(app.port, f"GET {path} HTTP/1.1", host, origin, *UPGRADE)
    assert window[0] in (400, 403)


def test_a_flood_of_them_writes_nothing_into_the_log(app: LiveApp) -> None:
    before = app.log.stat().st_size
    host, origin = f"Host: localhost:{app.port}", f"Origin: http://localhost:{app.port}"
    for path in [path for path in NOBODY if path.isascii()] * 3:
        raw_requests.ask(app.port, f"GET {path} HTTP/1.1", host)
        raw_requests.ask(app.port, f"GET {path} HTTP/1.1", host, origin, *UPGRADE)
    assert app.log.stat().st_size == before


def test_the_agent_api_stays_off_even_if_streamlit_s_option_turns_it_on(app: LiveApp) -> None:
    hello = json.dumps({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {}},
    })  # fmt: skip
    cookie = f"zixly_session={app.open_session(COLE)}"
    with app.another(STREAMLIT_SERVER_ENABLE_AGENT_API="true") as turned_on:
        for served in (app, turned_on):
            for path in ("/_stcore/agent/mcp", "/_stcore/agent/interact"):
                for body in (hello, "{}"):
                    status, kind, text = ask(
                        served, path, "POST", body, Cookie=cookie, Content_Type="application/json"
                    )
                    assert (status, kind) == (404, "application/problem+json")
                    assert "Harbor" not in text


def test_a_viewer_reads_no_metrics_through_a_proxy(app: LiveApp) -> None:
    vera = f"zixly_session={app.open_session(VERA)}"
    metrics = "/_stcore/metrics"
    assert ask(app, metrics)[0] == 200, "positive control: a program on this machine"
    for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert ask(app, metrics, Cookie=vera, **{name: "127.0.0.1"})[0] == 401
    assert ask(app, metrics, Cookie=vera, Host="zixly.example.com")[0] == 401
    assert ask(app, metrics, Cookie=vera, Host="evil.example")[0] == 401, "a rebound name"


def test_an_operator_reads_the_metrics_with_the_token_alone(app: LiveApp) -> None:
    with app.another(METRICS_TOKEN=TOKEN, PUBLIC_URL="https://books.example") as public:
        bearer = f"Bearer {TOKEN}"
        status, _, text = ask(public, "/_stcore/metrics", Authorization=bearer)
        assert (status, "# EOF" in text) == (200, True), "positive control"
        assert ask(public, "/_stcore/metrics")[0] == 401
        assert ask(public, f"/_stcore/metrics?token={TOKEN}")[0] == 401
        assert ask(public, "/_stcore/metrics", Authorization=f"{bearer}x")[0] == 401
        assert TOKEN not in public.log.read_text()


def test_a_flood_at_the_health_check_asks_the_database_once_a_second(app: LiveApp) -> None:
    connections = "select sessions from pg_stat_database where datname = current_database()"

    def count() -> int:
        return int(sql(app, connections)[0][0])

    before, started = count(), time.monotonic()
    with ThreadPoolExecutor(16) as strangers:
        answers = set(strangers.map(lambda _: ask(app, "/healthz"), range(600)))
    seconds = time.monotonic() - started
    assert answers == {(200, "application/json", '{"pages":"up","database":"up"}')}
    asked = count() - before
    # Our own counting takes a connection, too; the first answer may have been fresh or not.
    assert 1 <= asked <= seconds + 3


def test_a_database_that_hangs_is_down_for_everyone_and_up_afterwards(app: LiveApp) -> None:
    server = postmaster(app.home)
    eventually(lambda: ask(app, "/healthz")[0], 200)
    try:
        os.kill(server, signal.SIGSTOP)
        eventually(lambda: ask(app, "/healthz")[0], 503)
        threads = _threads(app)
        with ThreadPoolExecutor(16) as strangers:
            answers = list(strangers.map(lambda _: ask(app, "/healthz"), range(200)))
        assert {status for status, *_ in answers} == {503}
        assert {text for *_, text in answers} == {'{"pages":"up","database":"down"}'}
        assert _threads(app) <= threads + 1
    finally:
        os.kill(server, signal.SIGCONT)
    eventually(lambda: ask(app, "/healthz")[0], 200)


def _threads(app: LiveApp) -> int:
    assert app._process is not None
    return len(list(Path(f"/proc/{app._process.pid}/task").iterdir()))
