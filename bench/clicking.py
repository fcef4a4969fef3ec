"""How long people wait for a page when many are signed in, each clicking every five seconds.

The real app on the demo; sessions over WebSockets, as browsers open them. A click changes the
period of the profitability page. First one person alone, on that page and on a nearly empty page
(the message without permission); then all people at once. Measured from the click to the end of
the page's script, without drawing in a browser.

With several processes, each serves its share of the people, as behind a proxy that sends a browser
to the same process; all use one database.

    python -m bench.clicking [PEOPLE] [SECONDS] [PROCESSES]
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.support.servers.live_app import SUPPORT, LiveApp, running
from zixly_data.database import connection
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_ui.shell import request_headers

PERIODS = ("2024-Q1", "last-quarter", "this-fy", "last-12-months", "2025-Q2")
EVERY = 5.0


def main(people: int, seconds: int, processes: int) -> None:
    with ExitStack() as running_ones:
        home = Path(running_ones.enter_context(tempfile.TemporaryDirectory()))
        first = running_ones.enter_context(running(home, date.today()))
        others = [running_ones.enter_context(running(home, None)) for _ in range(processes - 1)]
        connection.open_database(Settings(home=home))
        running_ones.callback(connection.close_database)
        asyncio.run(_measure([first, *others], people, seconds))


async def _measure(apps: list[LiveApp], people: int, seconds: int) -> None:
    print("| | clicks | errors | median | 95th percentile | longest |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    alone = await signed_in(apps[0])
    for name, page in (
        ("one person, a nearly empty page", "team"),
        ("one person", "profitability"),
    ):
        times = [await click(alone, page) for _ in range(60)]
        _row(name, times[10:])
    crowd = [alone, *[await signed_in(apps[n % len(apps)]) for n in range(1, people)]]
    for person in crowd:
        await click(person, "profitability")
    until = time.perf_counter() + seconds
    durations = await asyncio.gather(*(_clicks(person, until) for person in crowd))
    by = "" if len(apps) == 1 else f", {len(apps)} processes"
    _row(
        f"{people} people, a click each {EVERY:.0f} s{by}",
        [duration for clicks in durations for duration in clicks],
    )
    for person in crowd:
        await person.close()


async def _clicks(person: websockets.ClientConnection, until: float) -> list[float | None]:
    times: list[float | None] = []
    await asyncio.sleep(random.uniform(0, EVERY))
    while time.perf_counter() < until:
        started = time.perf_counter()
        times.append(await click(person, "profitability"))
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - started)))
    return times


async def click(
    person: websockets.ClientConnection, page: str, query: str | None = None
) -> float | None:
    """Seconds until the script has ended; None if the page did not load. By default a change of
    the period."""
    message = BackMsg()
    message.rerun_script.query_string = query or f"period={random.choice(PERIODS)}"
    message.rerun_script.page_name = page
    started = time.perf_counter()
    await person.send(message.SerializeToString())
    came = False
    while True:
        received = bytes(await person.recv(decode=False))
        came |= b"Sign out" in received
        answer = ForwardMsg.FromString(received)
        if answer.WhichOneof("type") == "script_finished":
            fine = came and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            return time.perf_counter() - started if fine else None


async def signed_in(app: LiveApp, email: str = SUPPORT) -> websockets.ClientConnection:
    secret = operator.open_session(app.admin_url, email).secret
    return await websockets.connect(
        f"{app.url.replace('http', 'ws')}/_stcore/stream",
        subprotocols=[websockets.Subprotocol("streamlit")],
        additional_headers={"Cookie": f"{request_headers.COOKIE}={secret}", "Origin": app.url},
        max_size=None,
    )


def _row(name: str, times: list[float | None]) -> None:
    fine = sorted(duration * 1000 for duration in times if duration is not None)
    cut = statistics.quantiles(fine, n=20)[-1]
    print(
        f"| {name} | {len(times)} | {len(times) - len(fine)} | {statistics.median(fine):.0f} ms "
        f"| {cut:.0f} ms | {fine[-1]:.0f} ms |",
        flush=True,
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in (sys.argv[1:] + ["100", "60", "1"][len(sys.argv) - 1 :])))
