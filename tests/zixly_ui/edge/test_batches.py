"""A page's messages are the same, sent one by one as Streamlit does, or in batches.

Two servers of Streamlit on one script: one as it is, one with our batches.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.support.servers.live_app import free_port

ROOT = Path(__file__).parents[3]

APP = """
from contextlib import asynccontextmanager
import streamlit as st
from zixly_ui.edge import batches, theme_message

@asynccontextmanager
async def lifespan(app):
    if {batched}:
        batches.send_in_batches()
        theme_message.remember()
    yield

app = st.App("script.py", lifespan=lifespan)
"""

SCRIPT = """
import time
import streamlit as st

case = st.query_params["case"]
st.title(case)
if case == "page":
    left, right = st.columns(2)
    with left, st.container(border=True):
        st.metric("Profit", "$5", "+1%")
        st.button("Save")
        time.sleep(0.03)
    right.selectbox("Period", ["a", "b"])
    with st.popover("Views", on_change="rerun"):
        st.text_input("Name")
    st.html("<b>x</b>")
    st.dataframe({"a": [1, 2]})
if case == "many":
    for number in range(450):
        st.text(number)
if case == "slow":
    for number in range(12):
        st.text(number)
        time.sleep(0.012)
if case == "replaced":
    place = st.empty()
    for number in range(20):
        place.text(number)
        time.sleep(0.004)
    with place.container():
        st.text("the end")
if case == "rerun":
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    st.text(st.session_state.runs)
    if st.session_state.runs % 3:
        st.toast(f"again {st.session_state.runs}")
        st.rerun()
if case == "error":
    st.text("before")
    raise ValueError("an error of the page")
if case == "stop":
    st.text("before")
    st.stop()
"""

# Chosen anew by each server, session or run.
OF_ONE_RUN = {"scriptRunId", "sessionId", "run", "runId", "fragmentIdsThisRun", "lastCommit"}


@contextmanager
def _server(folder: Path, batched: bool) -> Iterator[int]:
    name = f"app_{batched}.py"
    (folder / name).write_text(APP.format(batched=batched))
    port = free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", name, f"--server.port={port}",
        "--server.headless=true", "--server.fileWatcherType=none", "--server.address=127.0.0.1",
        "--browser.gatherUsageStats=false", "--client.showErrorDetails=none",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("The server did not start.")


@pytest.fixture(scope="module")
def browsers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClientConnection, ...]]:
    """A WebSocket to each server: Streamlit's own way first, then the batches."""
    folder = tmp_path_factory.mktemp("batches")
    (folder / "script.py").write_text(SCRIPT)
    with ExitStack() as stack:
        ports = [stack.enter_context(_server(folder, batched)) for batched in (False, True)]
        yield tuple(
            stack.enter_context(
                connect(
                    f"ws://127.0.0.1:{port}/_stcore/stream",
                    subprotocols=[Subprotocol("streamlit")],
                    max_size=None,
                )
            )
            for port in ports
        )


def _run(browser: ClientConnection, case: str) -> list[dict[str, Any]]:
    """The messages of one click, to the last: that no script is running."""
    message = BackMsg()
    message.rerun_script.query_string = f"case={case}"
    browser.send(message.SerializeToString())
    messages: list[dict[str, Any]] = []
    is_finished = False
    while True:
        answer = ForwardMsg.FromString(bytes(browser.recv(timeout=60, decode=False)))
        messages.append(_without_ids(MessageToDict(answer)))
        kind = answer.WhichOneof("type")
        if kind == "script_finished":
            is_finished = answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        if kind == "session_status_changed" and is_finished:
            return messages


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(v) for name, v in value.items() if name not in OF_ONE_RUN}
    return [_without_ids(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("case", ["page", "many", "slow", "error", "stop"])
def test_the_messages_are_equal(browsers: tuple[ClientConnection, ...], case: str) -> None:
    for _ in range(2):
        one_by_one, batched = (_run(browser, case) for browser in browsers)
        assert batched == one_by_one
        assert len(batched) > 4


@pytest.mark.parametrize("case", ["replaced", "rerun"])
def test_what_replaces_something_leaves_the_same_page(
    browsers: tuple[ClientConnection, ...], case: str
) -> None:
    """Streamlit leaves out what is replaced before it was sent, which depends on the moment."""
    for _ in range(2):
        one_by_one, batched = (_page(_run(browser, case)) for browser in browsers)
        assert batched == one_by_one


def _page(messages: list[dict[str, Any]]) -> Any:
    """The last element at each place, and the toasts and other messages in their order."""
    starts = [number for number, message in enumerate(messages) if "newSession" in message]
    drawn, others = {}, []
    for number, message in enumerate(messages):
        if "delta" not in message:
            others.append(message)
        elif "toast" in str(message["delta"]):
            others.append(message["delta"])
        elif number > starts[-1]:
            drawn[tuple(message["metadata"]["deltaPath"])] = message["delta"]
    return drawn, others
