"""The app with the two logins alone, as `compose.yaml` starts it: no administrator's address."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.servers.asgi import in_event_loop
from tests.support.servers.live_app import COLE, LiveApp
from zixly_data.database import logins
from zixly_data.settings import Settings
from zixly_ui.shell import request_headers

# It starts an app of its own.
pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def app(live_app: LiveApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    """A second process with an empty data folder, on the database that another one prepared."""
    held = logins.open_logins(Settings(home=live_app.home))
    home = tmp_path_factory.mktemp("logins")
    try:
        with live_app.another(
            ZIXLY_HOME=str(home), DATABASE_APP_URL=held.app_url, DATABASE_AUTH_URL=held.auth_url
        ) as other:
            yield other
    finally:
        held.close()


async def page(app: LiveApp, name: str, cookie: str) -> tuple[bytes, int]:
    """What a page sends to a browser with this cookie, and how its script ended."""
    async with websockets.connect(
        f"{app.url.replace('http', 'ws')}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
        additional_headers={"Cookie": cookie, "Origin": app.url},
        max_size=None,
    ) as browser:
        message = BackMsg()
        message.rerun_script.page_name = name
        await browser.send(message.SerializeToString())
        content = b""
        while True:
            received = bytes(await asyncio.wait_for(browser.recv(decode=False), 60))
            content += received
            answer = ForwardMsg.FromString(received)
            if answer.WhichOneof("type") == "script_finished":
                return content, answer.script_finished


def test_a_signed_in_person_reads_a_page(app: LiveApp) -> None:
    cookie = f"{request_headers.COOKIE}={app.open_session(COLE)}"
    content, ended = in_event_loop(page(app, "clients", cookie))
    assert ended == ForwardMsg.FINISHED_SUCCESSFULLY
    assert b"Harbor Bridge Construction" in content

    stranger, _ = in_event_loop(page(app, "clients", "zixly_session=invented"))
    assert b"Harbor Bridge Construction" not in stranger
    assert b"Sign in to Zixly" in stranger


def test_it_neither_has_nor_writes_a_way_to_administer(app: LiveApp) -> None:
    home = Path(app.environment["ZIXLY_HOME"])
    assert {path.name for path in home.iterdir()} & {"logins.json", "postgres"} == set()
    opened = logins.open_logins(
        Settings(
            home=home,
            database_app_url=app.environment["DATABASE_APP_URL"],
            database_auth_url=app.environment["DATABASE_AUTH_URL"],
        )
    )
    assert opened.admin_url == ""
