"""The real app serves with the connections of `zixly_ui.edge`."""

from __future__ import annotations

import socket

import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.servers.live_app import VERA, LiveApp
from tests.support.servers.window import opened
from tests.zixly_ui.edge.small_server import BINARY, frame, is_closed, websocket
from zixly_ui.edge.guard import LARGEST_MESSAGE_OF_STRANGER


def test_a_stranger_may_not_begin_a_message_that_is_too_large(live_app: LiveApp) -> None:
    for size, is_refused in (
        (LARGEST_MESSAGE_OF_STRANGER, False),
        (LARGEST_MESSAGE_OF_STRANGER + 1, True),
    ):
        with socket.create_connection(("127.0.0.1", live_app.port), timeout=30) as connection:
            websocket(connection, path="/_stcore/stream")
            connection.sendall(frame(BINARY, size))
            assert is_closed(connection, within=2) == is_refused, size


def test_a_person_may_send_more_than_a_stranger(live_app: LiveApp) -> None:
    """Zeros are no message of Streamlit, which says so (1002) once it has received them."""
    for secret, code in ((live_app.open_session(VERA), 1002), ("", 1009)):
        with opened(live_app, secret) as window:
            window.connection.send(bytes(LARGEST_MESSAGE_OF_STRANGER + 1))
            with pytest.raises(ConnectionClosed) as closed:
                window.drawn()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == code
