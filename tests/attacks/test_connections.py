"""One machine without an account, against an app that may open 1,024 files.

Before there were budgets, 1,100 half requests or 253 windows left the app answering nobody, and
eight unfinished messages took 1.7 GB.
"""

from __future__ import annotations

import os
import socket
import statistics
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.support.servers.live_app import VERA, LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from tests.support.servers.window import Window, opened
from tests.zixly_ui.edge.small_server import BINARY, HALF, frame, is_closed, websocket
from zixly_ui.shell.request_headers import COOKIE

pytestmark = pytest.mark.nightly
DESCRIPTORS = 1024


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    home = tmp_path_factory.mktemp("attacked")
    with running(home, SCENARIO_TODAY, descriptors=DESCRIPTORS) as app:
        yield app


@pytest.fixture(scope="module")
def secret(app: LiveApp) -> str:
    return app.open_session(VERA)


@pytest.fixture
def vera(app: LiveApp, secret: str) -> Iterator[Window]:
    with opened(app, secret) as window:
        window.run("profitability")
        yield window


def open_files(app: LiveApp) -> int:
    return len(os.listdir(f"/proc/{app.process_id}/fd"))


def memory(app: LiveApp) -> int:
    """The bytes the process has in memory."""
    pages = Path(f"/proc/{app.process_id}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def download(app: LiveApp, secret: str) -> float:
    request = urllib.request.Request(
        f"{app.url}/download/financials.csv", headers={"Cookie": f"{COOKIE}={secret}"}
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.read().startswith(b"\xef\xbb\xbf") or answer.status == 200
    return time.perf_counter() - started


def click(person: Window) -> float:
    """How long a page takes, from the click to the end of its script."""
    started = time.perf_counter()
    assert len(person.run("profitability")) > 20, "the page of a person who is signed in"
    return time.perf_counter() - started


def usual_times(app: LiveApp, vera: Window, secret: str) -> tuple[float, float]:
    """How long a click and a download usually take."""
    clicks = [click(vera) for _ in range(15)]
    downloads = [download(app, secret) for _ in range(15)]
    return statistics.median(clicks), statistics.median(downloads)


def half_request(app: LiveApp) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", app.port), timeout=30)
    connection.sendall(HALF)
    return connection


def stranger(app: LiveApp) -> ClientConnection | None:
    """A window without a session; None if it was refused."""
    with suppress(OSError, WebSocketException):
        address = f"{app.url.replace('http', 'ws')}/_stcore/stream"
        window = connect(address, open_timeout=30, close_timeout=1, legacy=True)
        window.send(b"")
        return window
    return None


def close_all(windows: list[ClientConnection]) -> None:
    with ThreadPoolExecutor(50) as pool:
        list(pool.map(ClientConnection.close, windows))


def test_1100_half_requests_and_300_windows_keep_nobody_waiting(
    app: LiveApp, vera: Window, secret: str
) -> None:
    before = usual_times(app, vera, secret)
    halves = [half_request(app) for _ in range(1100)]
    with ThreadPoolExecutor(50) as pool:
        windows = [w for w in pool.map(stranger, [app] * 300) if w is not None]
    assert len(windows) >= 20, "a stranger may open windows"
    during = usual_times(app, vera, secret)
    assert open_files(app) < DESCRIPTORS * 3 / 4
    assert during[0] < 2 * before[0], "the click of a person who is signed in"
    assert during[1] < 2 * before[1], "their download"
    time.sleep(11)
    assert all(map(is_closed, halves)), "no half request is held for longer than ten seconds"
    close_all(windows)


def test_without_budgets_the_same_requests_leave_nobody_answered(tmp_path: Path) -> None:
    app = LiveApp(tmp_path, SCENARIO_TODAY, descriptors=256)
    of_streamlit = "import app; app.app.run(config={'server.port': app.settings().port})"
    app.arguments = ["-c", of_streamlit]
    try:
        app.start()
        halves = [half_request(app) for _ in range(300)]
        with pytest.raises(OSError, match="timed out"):
            urllib.request.urlopen(app.url, timeout=5)
        for half in halves:
            half.close()
    finally:
        app.close()


def test_windows_that_closed_give_their_descriptors_back(app: LiveApp, vera: Window) -> None:
    before = open_files(app)
    for _ in range(3):
        with ThreadPoolExecutor(20) as pool:
            close_all([w for w in pool.map(stranger, [app] * 20) if w is not None])
    # Some lost windows are kept for a while, in case their connection comes back.
    deadline = time.monotonic() + 30
    while open_files(app) > before + 8 * 3 + 4 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert open_files(app) <= before + 8 * 3 + 4
    click(vera)


def test_unfinished_messages_of_190_mb_take_no_memory(app: LiveApp, vera: Window) -> None:
    before = memory(app)
    connections = []
    for _ in range(8):
        connection = socket.create_connection(("127.0.0.1", app.port), timeout=30)
        with suppress(OSError):
            websocket(connection, path="/_stcore/stream")
            connection.sendall(frame(BINARY, 190_000_000))
            for _ in range(189):
                connection.sendall(bytes(1_000_000))
        connections.append(connection)
    assert memory(app) - before < 50_000_000
    assert all(is_closed(connection, within=10) for connection in connections)
    click(vera)


def test_a_flood_leaves_few_lines_in_the_log(app: LiveApp, vera: Window) -> None:
    before = app.log.stat().st_size
    for _ in range(500):
        with socket.create_connection(("127.0.0.1", app.port), timeout=30) as connection:
            connection.sendall(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
    with ThreadPoolExecutor(20) as pool:
        windows = [w for w in pool.map(stranger, [app] * 40) if w is not None]
    for window in windows:
        with suppress(OSError, WebSocketException):
            window.send(b"\xff\xff no protobuf")
    close_all(windows)
    click(vera)
    assert app.log.stat().st_size - before < 10_000
