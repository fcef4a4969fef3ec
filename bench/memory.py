"""How much memory a server uses: at its start, and with signed-in people who opened every page.

Starts the real app on the demo, signs sessions in and opens every page in each over a WebSocket as
a browser would; the sessions stay open until the last figure is read. Linux only (PSS).

    python bench/memory.py [sessions]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import date
from pathlib import Path

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.servers.live_app import COLE, LiveApp, running
from zixly_data.database import connection
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_ui.shell import request_headers

PAGES = ("", "clients", "financials", "lead-funnel", "custom-kpis", "profitability", "team")
MEBIBYTE = 1024 * 1024


def main(sessions: int) -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), date.today()) as app:
        connection.open_database(Settings(home=app.home))
        try:
            asyncio.run(_measure(app, sessions))
        finally:
            connection.close_database()


async def _measure(app: LiveApp, sessions: int) -> None:
    print("| Moment | app, RSS | app, PSS | PostgreSQL, PSS | its processes |")
    print("| --- | ---: | ---: | ---: | ---: |")
    _row("At the start", app)
    people: list[websockets.ClientConnection] = []
    for number in range(1, sessions + 1):
        people.append(await _signed_in(app))
        for page in PAGES:
            await _open(people[-1], page)
        if number in (1, sessions):
            _row(f"{number} signed in, {len(PAGES)} pages each", app)
    for person in people:
        await person.close()


async def _signed_in(app: LiveApp) -> websockets.ClientConnection:
    secret = operator.open_session(app.admin_url, COLE).secret
    return await websockets.connect(
        f"{app.url.replace('http', 'ws')}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{request_headers.COOKIE}={secret}", "Origin": app.url},
        max_size=None,
    )


async def _open(person: websockets.ClientConnection, page: str) -> None:
    message = BackMsg()
    message.rerun_script.query_string = ""
    message.rerun_script.page_name = page
    await person.send(message.SerializeToString())
    signed_in = False
    while True:
        received = bytes(await person.recv(decode=False))
        signed_in |= b"Sign out" in received
        if ForwardMsg.FromString(received).WhichOneof("type") == "script_finished":
            break
    if not signed_in:
        raise RuntimeError(f"The page {page or 'overview'} did not open.")


def _row(moment: str, app: LiveApp) -> None:
    server = next(
        child for child in psutil.Process().children() if "app.py" in " ".join(child.cmdline())
    )
    pid = (app.home / "postgres/cluster/data/postmaster.pid").read_text().split()[0]
    postmaster = psutil.Process(int(pid))
    database = [postmaster, *postmaster.children(recursive=True)]
    own = server.memory_full_info()
    shared = sum(process.memory_full_info().pss for process in database)
    figures = " | ".join(f"{size / MEBIBYTE:.0f} MiB" for size in (own.rss, own.pss, shared))
    print(f"| {moment} | {figures} | {len(database)} |", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
