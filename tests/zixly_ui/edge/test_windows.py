"""Windows: a person's and a stranger's have different shares."""

from __future__ import annotations

from typing import Any

import pytest

from tests.zixly_ui.edge.conftest import Serve
from tests.zixly_ui.edge.small_server import BINARY, echo, frame, is_closed, wait_until
from zixly_data.errors import DatabaseUnavailable, SessionEnded
from zixly_data.identity import Identity, Role
from zixly_ui.edge import windows
from zixly_ui.edge.guard import LARGEST_MESSAGE_OF_STRANGER
from zixly_ui.edge.windows import WINDOW_HEADER, Windows, owner_of

MORE_THAN_A_STRANGERS = LARGEST_MESSAGE_OF_STRANGER + 1


class Sessions:
    """Sessions by their secret, `cole` being that of Cole."""

    is_database_up = True

    def __init__(self) -> None:
        self.open = {"cole", "vera"}

    def identify(self, secret: str) -> Identity:
        if not self.is_database_up:
            raise DatabaseUnavailable("The database is unavailable at the moment.")
        if secret not in self.open:
            raise SessionEnded("Your session has ended.")
        return Identity(
            "zixly-org-001",
            secret,
            Role.VIEWER,
            f"{secret}@zixly.com.au",
            secret.title(),
            1,
            secret,
        )


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


def behind_proxy(serve: Serve, sessions: Sessions, app: Any = echo, **settings: int) -> Any:
    """A server that trusts the address its clients write, as that of a proxy."""
    return serve(Windows(app, sessions.identify), trusted_proxies="127.0.0.1", **settings)


def said(connection: Any, size: int) -> bytes:
    """The answer to a message of this size; empty if the window was closed instead."""
    connection.settimeout(10)
    try:
        connection.sendall(frame(BINARY, size) + bytes(size))
        return bytes(connection.recv(100)[2:])
    except OSError:
        return b""


def test_a_person_may_send_more_than_a_stranger(serve: Serve, sessions: Sessions) -> None:
    server = behind_proxy(serve, sessions)
    assert said(server.window(cookie="cole"), MORE_THAN_A_STRANGERS) == b"1000001"
    for cookie in ("", "ended"):
        assert said(server.window(cookie=cookie), 10) == b"10"
        assert said(server.window(cookie=cookie), MORE_THAN_A_STRANGERS) != b"1000001"


def test_a_session_that_ended_leaves_a_strangers_share(
    serve: Serve, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "RECHECK_SECONDS", 0)
    server = behind_proxy(serve, sessions)
    window = server.window(cookie="cole")
    assert said(window, MORE_THAN_A_STRANGERS) == b"1000001"
    sessions.open.clear()
    assert said(window, 10) == b"10"
    assert (len(server.guard.windows), len(server.guard.anonymous_windows)) == (0, 1)
    assert said(window, MORE_THAN_A_STRANGERS) != b"1000001"


def test_a_lost_database_changes_nobodys_share(
    serve: Serve, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "RECHECK_SECONDS", 0)
    server = behind_proxy(serve, sessions)
    before = server.window(cookie="cole")
    sessions.is_database_up = False
    assert said(before, MORE_THAN_A_STRANGERS) == b"1000001"
    during = server.window(cookie="vera")
    assert len(server.guard.anonymous_windows) == 1
    sessions.is_database_up = True
    assert said(during, 10) == b"10"
    assert said(during, MORE_THAN_A_STRANGERS) == b"1000001"


def test_strangers_windows_of_one_address_have_a_share(serve: Serve, sessions: Sessions) -> None:
    server = behind_proxy(serve, sessions, anonymous_windows_per_address=4)
    person = server.window(cookie="cole")
    strangers = [server.window() for _ in range(7)]
    assert wait_until(lambda: [is_closed(w) for w in strangers] == [True] * 3 + [False] * 4)
    elsewhere = server.window("198.51.100.7")
    assert not is_closed(person)
    assert not is_closed(elsewhere)


def test_strangers_windows_altogether_have_a_share(serve: Serve, sessions: Sessions) -> None:
    server = behind_proxy(serve, sessions, anonymous_windows=6)
    crowd = [server.window("198.51.100.7") for _ in range(6)]
    newcomer = server.window("2001:db8::7")
    assert wait_until(lambda: [is_closed(w) for w in crowd] == [True] + [False] * 5)
    assert said(newcomer, 5) == b"5"


def test_the_oldest_window_of_a_person_closes_for_the_newest(
    serve: Serve, sessions: Sessions
) -> None:
    server = behind_proxy(serve, sessions, windows_per_person=4)
    mine = [server.window(cookie="cole") for _ in range(5)]
    others = server.window(cookie="vera")
    assert wait_until(lambda: [is_closed(w) for w in mine] == [True] + [False] * 4)
    assert not is_closed(others)


def test_windows_that_closed_are_not_counted(serve: Serve, sessions: Sessions) -> None:
    server = behind_proxy(serve, sessions)
    for window in [server.window(cookie=cookie) for cookie in ("cole", "", "ended") * 5]:
        window.close()
    budgets = (server.guard.connections, server.guard.windows, server.guard.anonymous_windows)
    assert wait_until(lambda: sum(map(len, budgets)) == 0)
    assert wait_until(lambda: not windows._owners)


def test_one_address_opens_only_so_many_at_once(serve: Serve, sessions: Sessions) -> None:
    server = behind_proxy(serve, sessions)
    server.guard.opening.at_once, server.guard.opening.longest_wait = 3, 0.0
    opened = [server.window() for _ in range(3)]
    with pytest.raises(AssertionError, match="403"):
        server.window()
    assert not any(map(is_closed, opened))
    server.window("198.51.100.7")
    server.window(cookie="cole")


def test_messages_of_strangers_wait_for_their_turn(serve: Serve, sessions: Sessions) -> None:
    server = behind_proxy(serve, sessions)
    server.guard.messages.at_once, server.guard.messages.longest_wait = 3, 0.0
    stranger, person = server.window(), server.window(cookie="cole")
    assert [said(stranger, 5) for _ in range(3)] == [b"5"] * 3
    assert [said(person, 5) for _ in range(10)] == [b"5"] * 10
    assert b"5" not in said(stranger, 5)[:1]


def test_streamlit_reads_whose_window_it_is_from_a_header_that_no_browser_can_set(
    serve: Serve, sessions: Sessions
) -> None:
    seen: list[tuple[list[bytes], Any]] = []

    async def look(scope: Any, receive: Any, send: Any) -> None:
        names = [v for k, v in scope["headers"] if k == WINDOW_HEADER.encode()]
        seen.append((names, owner_of(names[0].decode())))
        await echo(scope, receive, send)

    server = behind_proxy(serve, sessions, look)
    server.window(cookie=f"cole\r\n{WINDOW_HEADER}: mine\r\n{WINDOW_HEADER.upper()}: mine")
    server.window("198.51.100.7")
    assert [len(names) for names, _ in seen] == [1, 1]
    assert seen[0][0] != [b"mine"]
    assert [owner for _, owner in seen] == [(True, "cole"), (False, "198.51.100.7")]
