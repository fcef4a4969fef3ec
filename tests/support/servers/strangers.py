"""Strangers who keep what people need, and how long a person waits meanwhile."""

from __future__ import annotations

import socket
import statistics
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.support.servers.live_app import LiveApp
from tests.support.servers.window import Window
from tests.zixly_ui.edge.small_server import HALF
from zixly_ui.shell.request_headers import COOKIE


def half_request(app: LiveApp) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", app.port), timeout=30)
    connection.sendall(HALF)
    return connection


def open_windows(app: LiveApp, count: int) -> list[ClientConnection]:
    """Windows without a session, those that were not refused."""
    with ThreadPoolExecutor(50) as pool:
        return [window for window in pool.map(_open_window, [app] * count) if window is not None]


def _open_window(app: LiveApp) -> ClientConnection | None:
    with suppress(OSError, WebSocketException):
        address = f"{app.url.replace('http', 'ws')}/_stcore/stream"
        window = connect(address, open_timeout=30, close_timeout=1, legacy=True)
        window.send(b"")
        return window
    return None


def close_all(windows: list[ClientConnection]) -> None:
    with ThreadPoolExecutor(50) as pool:
        list(pool.map(ClientConnection.close, windows))


def usual_times(app: LiveApp, person: Window, secret: str) -> tuple[float, float]:
    """How many seconds a click and a download of a person usually take."""
    clicks = [click(person) for _ in range(15)]
    downloads = [download(app, secret) for _ in range(15)]
    return statistics.median(clicks), statistics.median(downloads)


def click(person: Window) -> float:
    """How long a page takes, from the click to the end of its script."""
    started = time.perf_counter()
    assert len(person.run("profitability")) > 20, "the page of a person who is signed in"
    return time.perf_counter() - started


def download(app: LiveApp, secret: str, timeout: float = 60) -> float:
    """How long a person's records take. Raises TimeoutError if nothing arrives in time."""
    request = urllib.request.Request(
        f"{app.url}/download/financials.csv", headers={"Cookie": f"{COOKIE}={secret}"}
    )
    started = time.perf_counter()
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        assert b"Harbor Bridge Construction" in answer.read()
    return time.perf_counter() - started
