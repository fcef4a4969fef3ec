"""How long people wait for a page while 100,000 rows are imported in the same server process.

Starts a Streamlit app in the same way as ours, with a page that draws the profitability report of a
tenant through `zixly_data`. Some people rerun it over WebSockets, each with a pause
between two clicks; first without an import, then while a thread of the same process
imports.

    python -m bench.import_neighbours [PEOPLE]
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.imports import as_csv, furnished, made_up
from bench.rerun import ROOT, _free_port, _wait_for
from zixly_data.database import administration, connection, migration
from zixly_data.settings import Settings

ROWS, PAUSE, QUIET = 100_000, 0.3, 15.0
PAGE = """
import os
import streamlit as st
from zixly_data.database import connection
from zixly_data.figures import profitability as reports
from zixly_data.values.period import parse
from datetime import date

identity = connection.identify(os.environ["READER"])
report = reports.profitability(identity, parse("2024-Q1", date(2024, 3, 1)))
st.title("Profitability")
st.dataframe(report.clients)
st.button("Again")
"""
APP = """
import os, threading, time
from contextlib import asynccontextmanager
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from zixly_data import imports
from zixly_data.access import sessions
from zixly_data.database import connection
from zixly_data.settings import Settings
from bench.no_delay import NoDelay

home = Path(os.environ["ZIXLY_HOME"])

def work():
    identity = connection.identify(os.environ["IMPORTER"])
    while not (home / "go").exists():
        time.sleep(0.05)
    (home / "began").touch()
    opened = imports.open_file("figures.csv", (home / "figures.csv").read_bytes())
    mapping = imports.suggest(identity, imports.Kind.FINANCIALS, opened.tables[0])
    proposal = imports.propose(identity, imports.Kind.FINANCIALS, opened, mapping)
    imports.confirm(identity, proposal, progress=lambda done, rows: None)
    (home / "done").touch()

@asynccontextmanager
async def lifespan(app):
    connection.open_database(Settings(home=home))
    threading.Thread(target=work, daemon=True).start()
    yield

app = st.App("script.py", lifespan=lifespan, middleware=[Middleware(NoDelay)])
"""


def main(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        held = connection.open_database(Settings(home=home)).logins
        try:
            migration.migrate(held)
            engine = administration.admin_engine(held.admin_url)
            importer = furnished(held.admin_url, engine, 0)
            reader = furnished(held.admin_url, engine, 1)
            (home / "figures.csv").write_bytes(as_csv(made_up(ROWS)))
            (home / "script.py").write_text(PAGE)
            (home / "app.py").write_text(APP)
            port = _free_port()
            server = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true",
                 "--server.fileWatcherType=none", f"--server.port={port}",
                 "--server.address=127.0.0.1", "--runner.postScriptGC=false",
                 "--browser.gatherUsageStats=false"],
                cwd=folder, stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(ROOT), "ZIXLY_HOME": folder,
                     "READER": reader.secret, "IMPORTER": importer.secret},
            )  # fmt: skip
            try:
                _wait_for(port)
                asyncio.run(_measure(port, home, people))
            finally:
                server.terminate()
                server.wait()
        finally:
            connection.close_database()


async def _measure(port: int, home: Path, people: int) -> None:
    print(f"| {people} people | reruns | median | 95th percentile | longest |")
    print("| --- | ---: | ---: | ---: | ---: |")
    end = time.monotonic() + QUIET
    _row("without an import", await _all(port, people, lambda: time.monotonic() > end))
    (home / "go").touch()
    started = time.monotonic()
    times = await _all(port, people, (home / "done").exists)
    _row(f"an import of {ROWS:,} rows ({time.monotonic() - started:.0f} s)", times)


async def _all(port: int, people: int, is_over: Callable[[], bool]) -> list[float]:
    durations = await asyncio.gather(*(_reruns(port, is_over) for _ in range(people)))
    return [duration for reruns in durations for duration in reruns]


async def _reruns(port: int, is_over: Callable[[], bool]) -> list[float]:
    """Milliseconds from a click to the last message, without the run that opens the page."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    times: list[float] = []
    async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as browser:
        while not is_over():
            message = BackMsg()
            message.rerun_script.query_string = ""
            started = time.perf_counter()
            await browser.send(message.SerializeToString())
            while True:
                answer = ForwardMsg.FromString(await browser.recv())
                if answer.WhichOneof("type") == "script_finished":
                    break
            times.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(PAUSE)
    return times[1:]


def _row(label: str, times: list[float]) -> None:
    figures = (median(times), quantiles(times, n=20)[-1], max(times))
    print(
        f"| {label} | {len(times)} | " + " | ".join(f"{x:.0f} ms" for x in figures) + " |",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4)
