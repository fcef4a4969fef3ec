"""How long people wait for a page while another person imports a file in the same process.

The real app on the demo; sessions over WebSockets, as in `bench.clicking`. Neighbours change the
period of the profitability page, with a pause between two clicks: first alone, then while a thread
of the app's own process reads, previews and confirms files without a pause, as the import page
does. The files: every row is right, every row has an unknown client, each row another one, and
every second row.

    python -m bench.import_neighbours [ROWS] [NEIGHBOURS] [SECONDS] [PAUSE]
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import websockets

from bench.clicking import click, signed_in
from tests.support.servers.live_app import SUPPORT, LiveApp, running
from zixly_data.database import connection
from zixly_data.operations import operator
from zixly_data.settings import Settings

FILES: dict[str, Callable[[int], str]] = {
    "all right": lambda row: "HBC-2024-001",
    "all of one unknown client": lambda row: "NOBODY",
    "all of unknown clients": lambda row: f"NOBODY-{row}",
    "every second of an unknown client": lambda row: "NOBODY" if row % 2 else "HBC-2024-001",
}
# Python runs this in the app's process before the app itself (`sitecustomize`).
IMPORTER = """
import os, sys, threading, time
from pathlib import Path

def work():
    home = Path(os.environ["ZIXLY_HOME"])
    while not (home / "go").exists():
        time.sleep(0.05)
    # Not before: the app imports the same modules while it starts.
    from dataclasses import replace
    from zixly_data import imports
    from zixly_data.database import connection
    from zixly_data.imports import previews
    identity = connection.identify(os.environ["IMPORTER"])
    kind = imports.Kind.FINANCIALS
    while True:
        data = (home / "figures.csv").read_bytes()
        began = time.perf_counter()
        opened = imports.open_file("figures.csv", data)
        mapping = imports.suggest(identity, kind, opened.tables[0])
        mapping = replace(mapping, duplicates="KEEP")
        proposal = imports.propose(identity, kind, opened, mapping)
        previews.totals(proposal)
        previews.rejection_causes(proposal)
        previews.rejections(proposal, 1_000)
        previewed = time.perf_counter() - began
        if proposal.changes_anything:
            done = imports.confirm(
                identity, proposal, skip_rejected=True, progress=lambda some, rows: None
            )
            imports.undo(identity, done.id)
        previews.rejected_file(proposal)
        with open(home / "times", "a") as times:
            times.write(f"{previewed} {time.perf_counter() - began}\\n")

if os.path.basename(sys.argv[0] if sys.argv else "") in ("", "app.py"):
    threading.Thread(target=work, daemon=True).start()
"""


def main(rows: int, neighbours: int, seconds: int, pause: float) -> None:
    print(f"| {rows:,} rows, {neighbours} neighbours | clicks | median | 95th percentile | longest "
          "| preview | whole |")  # fmt: skip
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, client in FILES.items():
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder, "home")
            code = Path(folder, "code")
            code.mkdir()
            (code / "sitecustomize.py").write_text(IMPORTER)
            with running(home, date.today()) as app:
                app.stop()
                connection.open_database(Settings(home=home))
                secret = operator.open_session(app.admin_url, SUPPORT).secret
                lines = [f"{client(n)},2031-01-{n % 28 + 1:02},{n}.00" for n in range(rows)]
                text = "\n".join(["client_id,date,revenue", *lines, ""])
                (home / "figures.csv").write_text(text)
                app.environment = {
                    "IMPORTER": secret,
                    "PYTHONPATH": os.pathsep.join([str(code), str(Path.cwd())]),
                }
                app.start()
                try:
                    asyncio.run(_measure(app, home, name, neighbours, seconds, pause))
                finally:
                    connection.close_database()


async def _measure(
    app: LiveApp, home: Path, name: str, neighbours: int, seconds: int, pause: float
) -> None:
    people = [await signed_in(app) for _ in range(neighbours)]
    for person in people:
        await click(person, "profitability")
    _row("alone", await _all(people, seconds, pause), [])
    (home / "go").touch()
    await asyncio.sleep(1)
    times = await _all(people, seconds, pause)
    written = home / "times"
    _row(name, times, written.read_text().splitlines() if written.exists() else [])
    for person in people:
        await person.close()


async def _all(
    people: list[websockets.ClientConnection], seconds: int, pause: float
) -> list[float]:
    until = time.perf_counter() + seconds
    clicks = await asyncio.gather(*(_clicks(person, until, pause) for person in people))
    return [duration for durations in clicks for duration in durations]


async def _clicks(person: websockets.ClientConnection, until: float, pause: float) -> list[float]:
    durations = []
    while time.perf_counter() < until:
        duration = await click(person, "profitability")
        assert duration is not None, "a page did not load"
        durations.append(duration * 1000)
        # Not in step, as people who click at once after each other's click would be.
        await asyncio.sleep(random.uniform(0.5, 1.5) * pause)
    return durations


def _row(name: str, times: list[float], imports: list[str]) -> None:
    figures = (statistics.median(times), statistics.quantiles(times, n=20)[-1], max(times))
    seconds = [[float(part) for part in line.split()] for line in imports]
    parts = [f"{statistics.median(column):.1f} s" for column in zip(*seconds, strict=True)]
    print(f"| {name} | {len(times)} | " + " | ".join(f"{x:.0f} ms" for x in figures)
          + " | " + " | ".join(parts or ["", ""]) + " |", flush=True)  # fmt: skip


if __name__ == "__main__":
    given = sys.argv[1:] + ["40000", "4", "30", "1"][len(sys.argv) - 1 :]
    main(*(int(argument) for argument in given[:3]), float(given[3]))
