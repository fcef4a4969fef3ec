"""Another site's page, another port, another host: none reads or changes Zixly as the person.

A browser sends the cookie of `localhost` to each port of it, so the attacker here has the cookie
and may choose everything else that a browser would let a page choose.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support.servers import raw_requests
from tests.support.servers.live_app import COLE, LiveApp, running
from tests.support.servers.prepared import SCENARIO_TODAY
from tests.support.servers.raw_requests import UPGRADE

pytestmark = pytest.mark.nightly

PUBLIC = "https://books.example"
FOREIGN = [
    "http://localhost:1", "http://localhost", "http://127.0.0.1:{port}",
    "http://0.0.0.0:{port}", "http://[::1]:{port}", "http://localhost:{port}0",
    "http://localhost.evil.example:{port}", "http://evil.example", "http://evil@localhost:{port}",
    "http://localhost:{port}/", "http://localhost:{port}, http://evil.example", "null", "",
    "file://", "localhost:{port}", "//localhost:{port}", "chrome-extension://localhost:{port}",
]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    with running(tmp_path_factory.mktemp("origins"), SCENARIO_TODAY) as started:
        yield started


@pytest.fixture(scope="module")
def public(app: LiveApp) -> Iterator[LiveApp]:
    """The same data, served to people at another address."""
    with app.another(PUBLIC_URL=PUBLIC) as started:
        yield started


@pytest.fixture(scope="module")
def cookie(app: LiveApp) -> str:
    return f"zixly_session={app.open_session(COLE)}"


def read_clients(app: LiveApp, cookie: str, origin: str | None) -> bytes:
    """What a page of this origin can read of the person's page Clients. Raises InvalidStatus."""
    with connect(
        f"ws://localhost:{app.port}/_stcore/stream",
        origin=None if origin is None else websockets.Origin(origin),
        additional_headers={"Cookie": cookie},
        subprotocols=[websockets.Subprotocol("streamlit")],
        max_size=None,
    ) as window:
        message = BackMsg()
        message.rerun_script.page_name = "clients"
        window.send(message.SerializeToString())
        everything = b""
        while True:
            part = bytes(window.recv(timeout=60, decode=False))
            everything += part
            if ForwardMsg.FromString(part).WhichOneof("type") == "script_finished":
                return everything


def test_a_page_of_another_origin_reads_nothing(app: LiveApp, cookie: str) -> None:
    own = f"http://localhost:{app.port}"
    assert b"Harbor Bridge" in read_clients(app, cookie, own), "positive control"
    assert b"Harbor Bridge" in read_clients(app, cookie, own.upper().replace("HTTP", "http"))
    for origin in FOREIGN:
        with pytest.raises(InvalidStatus) as refused:
            read_clients(app, cookie, origin.format(port=app.port))
        assert refused.value.response.status_code == 403, origin
    with pytest.raises(InvalidStatus):
        read_clients(app, cookie, None)


def test_the_app_asks_nobody_for_its_own_address(app: LiveApp) -> None:
    """Streamlit would, for an origin that it does not know, at a server on the internet."""
    assert "checkip" not in app.log.read_text()
    assert "ConnectionError" not in app.log.read_text()


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_origin_changes_nothing(app: LiveApp, cookie: str, origin: str) -> None:
    head = [f"Host: localhost:{app.port}", f"Cookie: {cookie}", "Content-Length: 0"]
    own, foreign = f"Origin: http://localhost:{app.port}", f"Origin: {origin.format(port=app.port)}"
    change = "DELETE /_stcore/upload_file/window/file HTTP/1.1"
    assert raw_requests.ask(app.port, change, *head, foreign)[0] == 403
    assert raw_requests.ask(app.port, "POST /session/close HTTP/1.1", *head, foreign)[0] == 403
    assert b"Harbor Bridge" in read_clients(app, cookie, f"http://localhost:{app.port}")
    # The controls pass the rule: one meets no such window, the other no such ticket.
    assert raw_requests.ask(app.port, change, *head, own)[0] == 404
    opening = "POST /session/open HTTP/1.1"
    assert raw_requests.ask(app.port, opening, *head, own)[0] == 303
    assert raw_requests.ask(app.port, opening, *head, foreign)[0] == 403


@pytest.mark.parametrize(
    "hosts",
    [
        ["Host: a", "Host: b"],
        ["Host: localhost:{port}", "Host: localhost:{port}"],
        ["Host:"],
        ["Host: a b"],
        ["Host: evil@localhost:{port}"],
        ["Host: localhost:{port}/x"],
        ["Host: localhost:99999"],
        ["Host: \xe4.example"],
        [],
    ],
)
def test_a_malformed_host_is_refused(app: LiveApp, cookie: str, hosts: list[str]) -> None:
    lines = [host.format(port=app.port) for host in hosts]
    fine = f"Host: localhost:{app.port}"
    assert raw_requests.ask(app.port, "GET / HTTP/1.1", fine)[0] == 200, "positive control"
    assert raw_requests.ask(app.port, "GET / HTTP/1.1", *lines)[0] == 400
    assert raw_requests.ask(app.port, "GET / HTTP/1.0", *lines)[0] == 400
    origin = f"Origin: http://localhost:{app.port}"
    stream = "GET /_stcore/stream HTTP/1.1"
    opened = raw_requests.ask(app.port, stream, fine, origin, f"Cookie: {cookie}", *UPGRADE)
    assert opened[0] == 101, "positive control"
    refused = raw_requests.ask(app.port, stream, *lines, origin, f"Cookie: {cookie}", *UPGRADE)
    assert refused[0] in (400, 403)


def test_two_origins_are_refused(app: LiveApp, cookie: str) -> None:
    own = f"Origin: http://localhost:{app.port}"
    head = [f"Host: localhost:{app.port}", f"Cookie: {cookie}", *UPGRADE]
    stream = "GET /_stcore/stream HTTP/1.1"
    assert raw_requests.ask(app.port, stream, *head, own)[0] == 101, "positive control"
    for origins in ([own, own], [own, "Origin: http://evil.example"], ["Origin: null", own]):
        assert raw_requests.ask(app.port, stream, *head, *origins)[0] in (400, 403)


@pytest.mark.parametrize("host", ["localhost:{port}", "evil.example", "books.example.evil.example"])
def test_with_a_public_address_no_other_host_is_served(
    app: LiveApp, public: LiveApp, host: str
) -> None:
    own, other = "Host: books.example", f"Host: {host.format(port=public.port)}"
    origins = [f"Origin: {PUBLIC}", f"Origin: http://{host.format(port=public.port)}"]
    requests = ["GET / HTTP/1.1", "GET /clients HTTP/1.1", "GET /download/clients.csv HTTP/1.1"]
    with_cookie = f"Cookie: zixly_session={app.open_session(COLE)}"
    for request in requests:
        assert raw_requests.ask(public.port, request, own, with_cookie)[0] == 200
        status, text = raw_requests.ask(public.port, request, other, with_cookie)
        assert status == 421
        assert "Harbor" not in text
    stream = "GET /_stcore/stream HTTP/1.1"
    opened = raw_requests.ask(public.port, stream, own, origins[0], with_cookie, *UPGRADE)
    assert opened[0] == 101, "positive control"
    for origin in origins:
        refused = raw_requests.ask(public.port, stream, other, origin, with_cookie, *UPGRADE)
        assert refused[0] == 403
    rebound = raw_requests.ask(public.port, stream, own, origins[1], with_cookie, *UPGRADE)
    assert rebound[0] == 403
    forwarded = "X-Forwarded-Host: books.example"
    assert raw_requests.ask(public.port, "GET / HTTP/1.1", other, forwarded)[0] == 421


def test_monitors_still_ask_by_the_address_of_the_machine(public: LiveApp) -> None:
    here = f"Host: 127.0.0.1:{public.port}"
    assert raw_requests.ask(public.port, "GET /healthz HTTP/1.1", here)[0] == 200
    assert raw_requests.ask(public.port, "GET /healthz HTTP/1.0")[0] == 200


def test_nothing_of_this_fills_the_log(app: LiveApp, public: LiveApp) -> None:
    for log in (app.log, public.log):
        assert "Traceback" not in log.read_text()
        assert "evil" not in log.read_text()
