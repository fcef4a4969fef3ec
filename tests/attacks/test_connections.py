"""One machine without an account, against an app that may open 1,024 files.

Before there were budgets, 1,100 half requests or 253 windows left the app answering nobody, and
eight unfinished messages took 1.7 GB.
"""

from __future__ import annotations

import os
import socket
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from tests.support.servers.live_app import VERA, LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from tests.support.servers.strangers import (
    click,
    close_all,
    download,
    half_request,
    open_windows,
)
from tests.support.servers.window import Window, opened
from tests.zixly_ui.edge.small_server import BINARY, frame, is_closed, websocket

pytestmark = pytest.mark.nightly
DESCRIPTORS = 1024
# Seconds, with and without budgets.
ANSWERED_WITHIN = 5


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


def test_1100_half_requests_and_300_windows_keep_nobody_out(
    app: LiveApp, vera: Window, secret: str
) -> None:
    """`bench/strangers.py` measures how long people wait meanwhile."""
    halves = [half_request(app) for _ in range(1100)]
    windows = open_windows(app, 300)
    assert len(windows) >= 20, "a stranger may open windows"
    for _ in range(15):
        click(vera)
        download(app, secret, ANSWERED_WITHIN)
    assert open_files(app) < DESCRIPTORS * 3 / 4
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
            urllib.request.urlopen(app.url, timeout=ANSWERED_WITHIN)
        for half in halves:
            half.close()
    finally:
        app.close()


def test_windows_that_closed_give_their_descriptors_back(app: LiveApp, vera: Window) -> None:
    before = open_files(app)
    for _ in range(3):
        close_all(open_windows(app, 20))
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
    windows = open_windows(app, 40)
    for window in windows:
        with suppress(OSError, WebSocketException):
            window.send(b"\xff\xff no protobuf")
    close_all(windows)
    click(vera)
    assert app.log.stat().st_size - before < 10_000
