"""Strangers at the nginx of `docs/many-people.md`: each limit holds, and people notice nothing."""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.support.servers import nginx
from tests.support.servers.asgi import in_event_loop
from tests.support.servers.live_app import COLE, LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from zixly_ui.shell import request_headers

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not nginx.IS_INSTALLED, reason="nginx is not installed"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    folder = tmp_path_factory.mktemp("nginx")
    with running(folder / "app", SCENARIO_TODAY, TRUSTED_PROXIES="127.0.0.1") as started:
        yield started


@pytest.fixture
def port(app: LiveApp, tmp_path: Path) -> Iterator[int]:
    """A fresh nginx for each test: what one has counted does not disturb the next."""
    with nginx.running(tmp_path, app.port) as listening:
        yield listening


@pytest.fixture
def cookie(app: LiveApp) -> str:
    return f"{request_headers.COOKIE}={app.open_session(COLE)}"


TLS = ssl._create_unverified_context()


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPSConnection(nginx.NAME, port, timeout=60, context=TLS)
    connection.request(
        method, path, body or None, {name.replace("_", "-"): text for name, text in headers.items()}
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def files_of_first_page(port: int) -> list[str]:
    status, page = ask(port, "GET", "/")
    assert status == 200
    return re.findall(r'(?:src|href)="\.?(/static/[^"]+)"', page.decode())


async def statuses(port: int, paths: list[str]) -> Counter[int]:
    asked = (asyncio.to_thread(ask, port, "GET", path) for path in paths)
    return Counter([status for status, _ in await asyncio.gather(*asked)])


def test_people_load_pages_and_keep_windows_open(port: int, cookie: str, app: LiveApp) -> None:
    files = files_of_first_page(port)
    assert files
    assert set(in_event_loop(statuses(port, files))) == {200}
    # Nine more people behind the same address, with as many requests as a first visit has.
    assert in_event_loop(statuses(port, ["/_stcore/health"] * 360)) == {200: 360}

    async def open_window() -> bytes:
        async with websockets.connect(
            f"wss://{nginx.NAME}:{port}/_stcore/stream", ssl=TLS,
            subprotocols=[websockets.Subprotocol("streamlit")],
            additional_headers={"Cookie": cookie, "Origin": f"https://{nginx.NAME}:{port}"},
        ) as window:  # fmt: skip
            await window.send(BackMsg(rerun_script={}).SerializeToString())
            return bytes(await asyncio.wait_for(window.recv(decode=False), 60))

    assert in_event_loop(open_window())


def half_request(port: int, text: bytes) -> ssl.SSLSocket:
    raw = socket.create_connection((nginx.NAME, port), timeout=60)
    secured = TLS.wrap_socket(raw, server_hostname=nginx.NAME)
    secured.sendall(text)
    return secured


def test_a_flood_of_requests_is_cut(port: int) -> None:
    held = [
        half_request(port, b"GET /_stcore/health HTTP/1.1\r\nHost: localhost\r\n")
        for _ in range(700)
    ]
    for connection in held:
        connection.sendall(b"Connection: close\r\n\r\n")
    answers = Counter([connection.recv(100)[9:12] for connection in held])
    assert answers[b"200"] >= 200
    assert answers[b"429"] >= 100
    assert sum(answers.values()) == answers[b"200"] + answers[b"429"]
    for connection in held:
        connection.close()


def test_half_requests_are_closed_and_do_not_reach_the_app(port: int) -> None:
    held = [half_request(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ") for _ in range(300)]
    assert files_of_first_page(port), "others are served meanwhile"
    started = time.monotonic()
    answers = [connection.recv(100) for connection in held]
    assert time.monotonic() - started < 60
    # Closed without an answer, or with 408.
    assert {answer[9:12] for answer in answers} <= {b"", b"408"}
    for connection in held:
        connection.close()


def test_bodies_have_the_size_of_what_they_are_for(port: int, cookie: str) -> None:
    assert ask(port, "POST", "/session/open", b"x" * 70_000, Cookie=cookie)[0] == 413
    assert ask(port, "POST", "/session/open", b"x" * 100, Cookie=cookie)[0] != 413
    path = "/_stcore/upload_file/a/b"
    announced = f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 55000000\r\n\r\n"
    assert half_request(port, announced.encode()).recv(100)[9:12] == b"413"
    assert ask(port, "PUT", path, b"x" * 100, Cookie=cookie)[0] != 413
    assert ask(port, "GET", "/?a=" + "x" * 9000)[0] == 414
    assert ask(port, "GET", "/?a=" + "x" * 7000)[0] == 200


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/healthz"])
def test_the_operator_s_addresses_are_not_published(port: int, cookie: str, path: str) -> None:
    status, page = ask(port, "GET", path, Cookie=cookie)
    assert status == 404
    assert b"nginx" in page, "the app was not asked"


def test_another_name_gets_no_certificate(port: int) -> None:
    raw = socket.create_connection(("127.0.0.1", port), timeout=60)
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        TLS.wrap_socket(raw, server_hostname="evil.example")


def test_an_address_that_a_stranger_writes_is_not_passed_on(port: int, app: LiveApp) -> None:
    """nginx replaces X-Forwarded-For; asked directly, the app would take it from its proxy."""
    site = nginx.configuration(app.home, app.port, port)
    assert site.count("X-Forwarded-For $remote_addr;") == 2
    assert "proxy_set_header X-Forwarded-For $proxy_add" not in site
