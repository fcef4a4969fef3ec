"""How long a trivial rerun takes, from the click to the last message, after each step of tuning.

Starts a one-button app with the heap of a real one (pandas, Plotly, SQLAlchemy loaded) as
`streamlit run` does, once per step, and reruns it over a WebSocket as a browser would.

    python bench/rerun.py [reruns]
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).parents[1]

SCRIPT = """
import pandas, plotly.graph_objects, sqlalchemy
import streamlit as st
st.title("Trivial")
st.button("Again")
"""

APP = """
import gc
from contextlib import asynccontextmanager
import pandas, plotly.graph_objects, sqlalchemy
import streamlit as st
from starlette.middleware import Middleware
from bench.no_delay import NoDelay

@asynccontextmanager
async def lifespan(app):
    if {freeze}:
        gc.collect()
        gc.freeze()
    yield

app = st.App("script.py", lifespan=lifespan, middleware=[Middleware(NoDelay)] if {nodelay} else [])
"""

# Step, postScriptGC, TCP_NODELAY, gc.freeze
STEPS = (
    ("Streamlit without changes", True, False, False),
    ("`runner.postScriptGC = false`", False, False, False),
    ("and TCP_NODELAY", False, True, False),
    ("and `gc.freeze()`", False, True, True),
)


def measure(reruns: int, collect: bool, nodelay: bool, freeze: bool) -> list[float]:
    """Milliseconds of each rerun."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "script.py").write_text(SCRIPT)
        Path(folder, "app.py").write_text(APP.format(nodelay=nodelay, freeze=freeze))
        port = _free_port()
        command = [
            sys.executable, "-m", "streamlit", "run", "app.py",
            "--server.headless=true", "--server.fileWatcherType=none",
            f"--server.port={port}", "--server.address=127.0.0.1",
            f"--runner.postScriptGC={str(collect).lower()}",
            "--browser.gatherUsageStats=false",
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait_for(port)
            return asyncio.run(_reruns(port, reruns))
        finally:
            server.terminate()
            server.wait()


async def _reruns(port: int, count: int) -> list[float]:
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as browser:
        times = []
        for number in range(count + 10):
            message = BackMsg()
            message.rerun_script.query_string = ""
            started = time.perf_counter()
            await browser.send(message.SerializeToString())
            while True:
                answer = ForwardMsg.FromString(await browser.recv())
                if answer.WhichOneof("type") == "script_finished":
                    break
            if number >= 10:
                times.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(0.02)
        return times


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The server did not start.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print("| Step | median ms | 95th percentile ms |")
    print("| --- | ---: | ---: |")
    for name, *tuning in STEPS:
        times = measure(count, *tuning)
        ninety_fifth = statistics.quantiles(times, n=20)[-1]
        print(f"| {name} | {statistics.median(times):.1f} | {ninety_fifth:.1f} |", flush=True)
