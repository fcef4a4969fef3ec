"""A window of the app without a browser: its live connection, and the files that it sends."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.support.servers.live_app import LiveApp
from zixly_ui.shell.request_headers import COOKIE

BOUNDARY = "----a-boundary"
END = f"\r\n--{BOUNDARY}--\r\n".encode()


def part(name: str | None = "figures.csv", field: str = "file") -> bytes:
    """The lines before a file, or before a field if there is no name."""
    named = "" if name is None else f'; filename="{name}"'
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"{named}\r\n'
    return f"{head}Content-Type: text/csv\r\n\r\n".encode()


def body(data: bytes) -> bytes:
    """A file as a browser sends it."""
    return part() + data + END


class Window:
    """A window that a person has open. `id` is the one in the addresses of its uploads."""

    def __init__(self, app: LiveApp, secret: str, connection: ClientConnection, xsrf: str) -> None:
        self.app = app
        self.secret = secret
        self.connection = connection
        self.xsrf = xsrf
        self.id = ""

    def run(self, page: str = "") -> list[ForwardMsg]:
        """Run the page as a click does; return what it drew."""
        message = BackMsg()
        message.rerun_script.page_name = page
        self.connection.send(message.SerializeToString())
        return self.drawn()

    def drawn(self) -> list[ForwardMsg]:
        """What the app sends until the run ends."""
        received = []
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(self.connection.recv(timeout=60, decode=False))
            received.append(answer)
            if answer.HasField("new_session"):
                self.id = answer.new_session.initialize.session_id
            if answer.HasField("script_finished"):
                return received

    def headers(self, **changed: str | None) -> dict[str, str]:
        """The headers of an upload; None leaves one out, `_` is a hyphen."""
        sent: dict[str, str | None] = {
            "Cookie": f"{COOKIE}={self.secret}; _streamlit_xsrf={self.xsrf}",
            "X-Xsrftoken": self.xsrf,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            **{name.replace("_", "-"): value for name, value in changed.items()},
        }
        return {name: value for name, value in sent.items() if value is not None}

    def put(
        self, content: bytes | Iterable[bytes], file: str = "file-1", **changed: str | None
    ) -> tuple[int, str]:
        """Send a body to a file's address; return the status and the text of the answer."""
        return self.ask("PUT", file, content, **changed)

    def ask(
        self, method: str, file: str, content: bytes | Iterable[bytes] = b"", **changed: str | None
    ) -> tuple[int, str]:
        """Ask for a file's address."""
        connection = http.client.HTTPConnection("localhost", self.app.port, timeout=120)
        try:
            # The app may have answered, and read no further.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(
                    method, f"/_stcore/upload_file/{self.id}/{file}", content,
                    self.headers(**changed), encode_chunked=not isinstance(content, bytes),
                )  # fmt: skip
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def opened(app: LiveApp, secret: str) -> Iterator[Window]:
    """A window opened with this cookie."""
    ask = http.client.HTTPConnection("localhost", app.port, timeout=60)
    ask.request("GET", "/_stcore/health")
    cookies = ask.getresponse().getheader("Set-Cookie") or ""
    ask.close()
    xsrf = cookies.partition("_streamlit_xsrf=")[2].partition(";")[0]
    with connect(
        f"ws://localhost:{app.port}/_stcore/stream",
        origin=app.url,  # type: ignore[arg-type]
        subprotocols=[Subprotocol("streamlit"), Subprotocol(xsrf)],
        additional_headers={"Cookie": f"{COOKIE}={secret}; _streamlit_xsrf={xsrf}"},
        max_size=None,
        # A test that waits reads nothing, but pings are still answered.
        max_queue=None,
    ) as connection:
        window = Window(app, secret, connection, xsrf)
        window.run()
        yield window
