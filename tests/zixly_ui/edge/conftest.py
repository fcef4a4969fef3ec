"""A uvicorn with the app's connections and a small application, in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from tests.zixly_ui.edge.small_server import SmallServer
from zixly_data.settings import Settings
from zixly_ui.edge import connections, websockets, windows
from zixly_ui.edge.connections import GuardedHttp
from zixly_ui.edge.guard import Guard
from zixly_ui.edge.websockets import GuardedWebSocket

Serve = Callable[..., Any]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start a server for an ASGI application, with the settings given by name."""
    running: list[Any] = []

    @contextmanager
    def started(app: Any, **settings: Any) -> Iterator[SmallServer]:
        guard = Guard(Settings(**settings), 1024)
        for module in (connections, websockets, windows):
            monkeypatch.setattr(module, "guard", lambda: guard)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            server = uvicorn.Server(
                uvicorn.Config(
                    app, http=GuardedHttp, ws=GuardedWebSocket, log_level="error", lifespan="off"
                )
            )
            thread = threading.Thread(
                target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True
            )
            thread.start()
            while not server.started:
                thread.join(0.01)
            try:
                yield SmallServer(listening.getsockname()[1], guard)
            finally:
                server.should_exit = True
                server.force_exit = True
                thread.join(10)

    def start(app: Any, **settings: Any) -> SmallServer:
        context = started(app, **settings)
        running.append(context)
        return context.__enter__()

    yield start
    for context in running:
        context.__exit__(None, None, None)
