"""What one change of a filter costs, in turn with another checkout of Zixly.

Two processes of the real app on one demo: this checkout, and the one to compare with. One person
clicks on the profitability page of each in turn, as in `clicking`. Printed are the duration, the
app's processor time, the messages to the browser and the statements to the database per click, and
the ratios to the other checkout: of each pair of clicks, and of the whole.

    python -m bench.click OTHER_CHECKOUT [PAIRS]
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import psutil
import sqlalchemy as sa
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.clicking import PERIODS, signed_in
from tests.support.servers.live_app import LiveApp, running
from zixly_data.database import administration, connection
from zixly_data.settings import Settings

WARMING, COUNTED = 20, 10  # clicks


def main(other: Path, pairs: int) -> None:
    with ExitStack() as running_ones:
        home = Path(running_ones.enter_context(tempfile.TemporaryDirectory()))
        after = running_ones.enter_context(running(home, date.today()))
        before = running_ones.enter_context(after.another(checkout=other))
        connection.open_database(Settings(home=home))
        running_ones.callback(connection.close_database)
        asyncio.run(_measure({"before": before, "after": after}, pairs))


async def _measure(apps: dict[str, LiveApp], pairs: int) -> None:
    people = {name: await signed_in(app) for name, app in apps.items()}
    times: dict[str, list[float]] = {name: [] for name in apps}
    spent: dict[str, float] = {}
    for number in range(-WARMING, pairs):
        if number == 0:
            spent = {name: _processor_time(app) for name, app in apps.items()}
        # The one that goes first changes, so that neither has the warmer machine.
        for name in list(apps)[:: 1 if number % 2 else -1]:
            duration, _, _ = await _click(people[name], number)
            if number >= 0:
                times[name].append(duration)
    processor = {name: (_processor_time(app) - spent[name]) / pairs for name, app in apps.items()}
    print("| | median | quickest quarter | processor | messages | bytes | statements |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, app in apps.items():
        with _statements_logged(app) as count:
            answers = [await _click(people[name], number) for number in range(COUNTED)]
            statements = count() / COUNTED
        messages, size = (statistics.median(answer[n] for answer in answers) for n in (1, 2))
        print(
            f"| {name} | {statistics.median(times[name]):.1f} ms | {_quick(times[name]):.1f} ms "
            f"| {processor[name]:.1f} ms | {messages:.0f} | {size:,.0f} | {statements:.1f} |"
        )
    ratio = statistics.median(
        after / before for before, after in zip(times["before"], times["after"], strict=True)
    )
    print(
        f"\nRatios of {pairs} pairs: median {ratio:.3f}, "
        f"quickest quarter {_quick(times['after']) / _quick(times['before']):.3f}, "
        f"processor time {processor['after'] / processor['before']:.3f}"
    )
    for person in people.values():
        await person.close()


def _quick(times: list[float]) -> float:
    """The slowest of the quickest quarter: on a busy machine, nearer to the work itself."""
    return statistics.quantiles(times, n=4)[0]


def _processor_time(app: LiveApp) -> float:
    """Milliseconds of processor time that the app's process has used."""
    times = psutil.Process(app.process_id).cpu_times()
    return (times.user + times.system) * 1000


async def _click(person: websockets.ClientConnection, number: int) -> tuple[float, int, int]:
    """Milliseconds until the script has ended, and the messages and bytes until then."""
    message = BackMsg()
    message.rerun_script.query_string = f"period={PERIODS[number % len(PERIODS)]}"
    message.rerun_script.page_name = "profitability"
    started = time.perf_counter()
    await person.send(message.SerializeToString())
    received: list[bytes] = []
    while True:
        received.append(bytes(await person.recv(decode=False)))
        if len(received[-1]) < 200:
            answer = ForwardMsg.FromString(received[-1])
            if answer.WhichOneof("type") == "script_finished":
                break
    duration = (time.perf_counter() - started) * 1000
    assert any(b"Sign out" in one for one in received), "The page did not load."
    assert answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
    # The status and what else follows the end.
    await asyncio.sleep(0.03)
    return duration, len(received), sum(map(len, received))


@contextmanager
def _statements_logged(app: LiveApp) -> Iterator[Callable[[], int]]:
    """Let the server log the statements of everybody; yields a function that counts them."""
    log = app.home / "postgres" / "server.log"
    start = log.stat().st_size

    def count() -> int:
        added = log.read_bytes()[start:]
        return added.count(b"LOG:  statement:") + added.count(b"LOG:  execute ")

    engine = administration.admin_engine(app.admin_url)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as server:
        server.execute(sa.text("alter system set log_parameter_max_length = 0"))
        server.execute(sa.text("alter system set log_statement = 'all'"))
        server.execute(sa.text("select pg_reload_conf()"))
        time.sleep(0.3)
        try:
            yield count
        finally:
            server.execute(sa.text("alter system reset all"))
            server.execute(sa.text("select pg_reload_conf()"))
    engine.dispose()


if __name__ == "__main__":
    if sys.argv[1:]:
        main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 150)
    else:
        print("Left out: name another checkout to compare with.")
