"""HTTP connections: nothing unfinished stays, and strangers take no more than their share."""

from __future__ import annotations

import socket

import pytest
from starlette.types import Receive, Scope, Send

from tests.zixly_ui.edge.conftest import Serve
from tests.zixly_ui.edge.small_server import (
    GET,
    HALF,
    SmallServer,
    answer,
    echo,
    is_closed,
    wait_until,
)
from zixly_ui.edge import connections
from zixly_ui.edge.connections import admit

POST = b"POST / HTTP/1.1\r\nHost: zixly\r\nContent-Length: 4\r\n\r\n"


@pytest.fixture
def deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short ones, so that a test need not wait for them."""
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "RESPONSE_SECONDS"):
        monkeypatch.setattr(connections, name, 0.4)


@pytest.mark.usefixtures("deadlines")
@pytest.mark.parametrize("first", [b"", b"G", HALF, GET[:-2], POST, POST + b"abc"])
def test_an_unfinished_request_is_closed(serve: Serve, first: bytes) -> None:
    connection = serve(echo).connect(first)
    assert not is_closed(connection)
    assert is_closed(connection, within=5)


@pytest.mark.usefixtures("deadlines")
def test_a_byte_now_and_then_prolongs_nothing(serve: Serve) -> None:
    connection = serve(echo).connect(HALF)
    bytes_sent = 0
    while not is_closed(connection, within=0.1) and bytes_sent < 50:
        connection.sendall(b"x")
        bytes_sent += 1
    assert bytes_sent < 20


@pytest.mark.usefixtures("deadlines")
def test_a_second_unfinished_request_is_closed_too(serve: Serve) -> None:
    connection = serve(echo).connect(GET)
    assert answer(connection).startswith(b"HTTP/1.1 200")
    connection.sendall(HALF)
    assert is_closed(connection, within=3)


@pytest.mark.usefixtures("deadlines")
def test_an_answer_that_nobody_reads_is_closed(serve: Serve) -> None:
    async def long(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1000):
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})

    server = serve(long)
    server.connect(GET)
    assert wait_until(lambda: len(server.guard.connections) == 1)
    assert wait_until(lambda: len(server.guard.connections) == 0)


@pytest.mark.usefixtures("deadlines")
def test_whole_requests_are_answered_one_after_the_other(serve: Serve) -> None:
    connection = serve(echo).connect(GET + POST + b"abcd" + GET)
    received = b""
    while received.count(b"HTTP/1.1 200") < 3 or not received.endswith(b"\r\n\r\n0"):
        received += answer(connection)
    assert received.count(b"\r\n\r\n0") == 2
    assert b"\r\n\r\n4" in received


async def of_a_person(scope: Scope, receive: Receive, send: Send) -> None:
    admit(scope)
    await echo(scope, receive, send)


@pytest.mark.usefixtures("deadlines")
def test_a_person_may_take_longer(serve: Serve) -> None:
    connection = serve(of_a_person).connect(POST)
    assert not is_closed(connection, within=1.0)
    connection.sendall(b"abcd")
    assert answer(connection).endswith(b"4")


def test_one_address_keeps_others_out_of_nothing(serve: Serve) -> None:
    server: SmallServer = serve(echo, connections_per_address=16)
    halves = [server.connect(HALF) for _ in range(40)]
    assert wait_until(lambda: sum(map(is_closed, halves)) == 24)
    assert len(server.guard.connections) == 16
    for source in ("127.0.0.1", "127.0.0.2"):
        with server.connect(GET, source) as connection:
            assert answer(connection).startswith(b"HTTP/1.1 200"), source


def test_all_addresses_together_have_a_share_and_whoever_has_most_gives_way(serve: Serve) -> None:
    server: SmallServer = serve(echo, connections=16, connections_per_address=16)
    crowd = [server.connect(HALF, "127.0.0.2") for _ in range(15)]
    single = server.connect(HALF, "127.0.0.3")
    assert wait_until(lambda: len(server.guard.connections) == 16)
    newcomers = [server.connect(HALF, f"127.0.0.{number}") for number in range(4, 10)]
    assert wait_until(lambda: sum(map(is_closed, crowd)) == 6)
    assert not any(map(is_closed, [single, *newcomers]))


def test_connections_that_closed_are_not_counted(serve: Serve) -> None:
    server: SmallServer = serve(echo)
    for first in (b"", HALF, GET):
        for connection in [server.connect(first) for _ in range(20)]:
            connection.close()
    assert wait_until(lambda: len(server.guard.connections) == 0)


def test_people_and_trusted_proxies_are_not_counted(serve: Serve) -> None:
    server: SmallServer = serve(of_a_person, connections_per_address=16)
    people = []
    for _ in range(40):
        people.append(server.connect(POST.replace(b"Host", b"Expect: 100-continue\r\nHost")))
        assert people[-1].recv(100).startswith(b"HTTP/1.1 100")
    assert len(server.guard.connections) == 0
    assert not any(map(is_closed, people))
    behind: SmallServer = serve(echo, trusted_proxies="127.0.0.1", connections_per_address=16)
    through_the_proxy = [behind.connect(HALF) for _ in range(40)]
    answer(behind.connect(GET))
    assert len(behind.guard.connections) == 0
    assert not any(map(is_closed, through_the_proxy))


def test_a_person_is_a_stranger_again_after_the_answer(serve: Serve) -> None:
    server: SmallServer = serve(of_a_person)
    connection = server.connect(POST)
    assert wait_until(lambda: len(server.guard.connections) == 0)
    connection.sendall(b"abcd")
    assert answer(connection).startswith(b"HTTP/1.1 200")
    assert wait_until(lambda: len(server.guard.connections) == 1)


def test_small_answers_are_sent_at_once(serve: Serve) -> None:
    seen: list[int] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        connection = scope["extensions"][connections.EXTENSION].transport.get_extra_info("socket")
        seen.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await echo(scope, receive, send)

    server = serve(look)
    answer(server.connect(GET))
    server.window()
    assert len(seen) == 2
    assert all(seen)
