"""A window of the app without a browser: what Streamlit's page sends, and the end of the script."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.support.servers.live_app import LiveApp
from zixly_ui.shell.request_headers import COOKIE


class Window:
    """An open window; `click` runs a page."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def click(self, page: str = "", query: str = "") -> bytes:
        """Run a page; return everything it sent, once its script has ended."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        self.connection.send(message.SerializeToString())
        received = b""
        while True:
            piece = self.connection.recv(timeout=60, decode=False)
            assert isinstance(piece, bytes)
            received += piece
            if ForwardMsg.FromString(piece).WhichOneof("type") == "script_finished":
                return received

    def seconds_of_click(self, page: str) -> float:
        """How long a page takes, from the click to the end of its script."""
        started = time.perf_counter()
        assert b"Sign out" in self.click(page)
        return time.perf_counter() - started

    def close(self) -> None:
        self.connection.close()


def open_window(app: LiveApp, secret: str = "", origin: str = "", **headers: str) -> Window:
    """Open a window, signed in with the secret of a session."""
    if secret:
        headers["Cookie"] = f"{COOKIE}={secret}"
    return Window(
        connect(
            f"{app.url.replace('http', 'ws')}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(origin or app.url),
            additional_headers=headers,
            open_timeout=30,
            close_timeout=1,
            max_size=None,
            legacy=True,
        )
    )


@contextmanager
def window(app: LiveApp, secret: str = "") -> Iterator[Window]:
    """A window for the duration of the block."""
    opened = open_window(app, secret)
    try:
        yield opened
    finally:
        opened.close()
