"""How long a neighbour waits for a trivial page while another person opens the heaviest ones.

The real app with an organisation of 2,000 clients. An administrator opens one page after the other
for all time, each again and again without a pause; a neighbour, whom the page of the team refuses,
opens that again and again in the same process, with a pause between two clicks.

    python -m bench.neighbours [RECORDS] [SECONDS A PAGE] [PAUSE]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import sqlalchemy as sa
import websockets

from bench.clicking import click, signed_in
from tests.conftest import Team
from tests.scale.many_records import fill
from tests.support.servers.live_app import COLE, LiveApp, running
from zixly_data.access.action_permissions import PAGES
from zixly_data.database import administration, connection
from zixly_data.identity import Identity
from zixly_data.operations import operator
from zixly_data.settings import Settings
from zixly_ui.shell.navigation import MENU

CLIENTS, EVENTS, VALUES = 2_000, 200_000, 300_000
TENANT = "zixly-org-001"
# In the address of a page, beside the period.
QUERIES = {"bridge": "period=last-quarter", "client": "period=all&id={client}"}


def main(records: int, seconds: int, pause: float) -> None:
    with ExitStack() as running_ones:
        home = Path(running_ones.enter_context(tempfile.TemporaryDirectory()))
        app = running_ones.enter_context(running(home, date.today()))
        connection.open_database(Settings(home=home))
        running_ones.callback(connection.close_database)
        client = _fill(app, records)
        asyncio.run(_measure(app, client, seconds, pause))


def _fill(app: LiveApp, records: int) -> str:
    """Give the demo's organisation these numbers of rows; return one of its clients."""
    engine = administration.admin_engine(app.admin_url)
    cole: Identity = connection.identify(operator.open_session(app.admin_url, COLE).secret)
    rows = {"clients": CLIENTS, "records": records, "events": EVENTS, "values": VALUES}
    filled = fill(Team(TENANT, cole, cole, cole), engine, date.today(), **rows)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as admin:
        admin.execute(sa.text("vacuum"))
    engine.dispose()
    return filled.client


async def _measure(app: LiveApp, client: str, seconds: int, pause: float) -> None:
    neighbour, heavy = await signed_in(app), await signed_in(app, COLE)
    print("| | pages | median | neighbour's clicks | median | 95th percentile | longest |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    await _trivial(neighbour, time.perf_counter() + 2, pause)
    _row("nobody", [], await _trivial(neighbour, time.perf_counter() + seconds, pause))
    for page in (
        entry.url_path
        for entries in MENU.values()
        for entry in entries
        if PAGES[entry.file.removesuffix(".py")] is not None
    ):
        query = QUERIES.get(page, "period=all").format(client=client)
        await _opened(heavy, page, query)
        until = time.perf_counter() + seconds
        own, others = await asyncio.gather(
            _heavy(heavy, page, query, until), _trivial(neighbour, until, pause)
        )
        _row(page, own, others)


async def _heavy(
    person: websockets.ClientConnection, page: str, query: str, until: float
) -> list[float]:
    times = []
    while time.perf_counter() < until:
        times.append(await _opened(person, page, query))
    return times


async def _trivial(person: websockets.ClientConnection, until: float, pause: float) -> list[float]:
    times = []
    while time.perf_counter() < until:
        times.append(await _opened(person, "team", "period=all"))
        await asyncio.sleep(pause)
    return times


async def _opened(person: websockets.ClientConnection, page: str, query: str) -> float:
    duration = await click(person, page, query)
    assert duration is not None, f"{page} did not load"
    return duration * 1000


def _row(name: str, own: list[float], others: list[float]) -> None:
    figures = (statistics.median(others), statistics.quantiles(others, n=20)[-1], max(others))
    print(f"| {name} | {len(own) or ''} | {f'{statistics.median(own):.0f} ms' if own else ''} "
          f"| {len(others)} | " + " | ".join(f"{x:.0f} ms" for x in figures) + " |",
          flush=True)  # fmt: skip


if __name__ == "__main__":
    given = sys.argv[1:] + ["1000000", "10", "0.02"][len(sys.argv) - 1 :]
    main(int(given[0]), int(given[1]), float(given[2]))
