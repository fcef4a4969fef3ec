"""What one change of a filter costs, in turn with another checkout of Zixly.

Two processes of the real app on one demo: this checkout, and the one to compare with. One person
clicks on the profitability page as in `clicking`, in rounds that alternate between the two. Printed
are the medians of all clicks, the ratio (the median of the rounds' ratios of medians), the messages
to the browser and the statements to the database per click.

    python -m bench.click OTHER_CHECKOUT [ROUNDS]
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

import sqlalchemy as sa
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.clicking import PERIODS, signed_in
from tests.support.servers.live_app import LiveApp, running
from zixly_data.database import administration, connection
from zixly_data.settings import Settings

CLICKS = 10  # per round, two of each period


def main(other: Path, rounds: int) -> None:
    with ExitStack() as running_ones:
        home = Path(running_ones.enter_context(tempfile.TemporaryDirectory()))
        after = running_ones.enter_context(running(home, date.today()))
        before = running_ones.enter_context(after.another(checkout=other))
        connection.open_database(Settings(home=home))
        running_ones.callback(connection.close_database)
        asyncio.run(_measure({"before": before, "after": after}, rounds))


async def _measure(apps: dict[str, LiveApp], rounds: int) -> None:
    people = {name: await signed_in(app) for name, app in apps.items()}
    times: dict[str, list[list[float]]] = {name: [] for name in apps}
    for number in range(rounds + 2):
        # The one that goes first changes, so that neither has the warmer machine.
        for name in list(apps)[:: 1 if number % 2 else -1]:
            durations = [(await _click(people[name], n))[0] for n in range(CLICKS)]
            if number >= 2:
                times[name].append(durations)
    print("| | median | messages | bytes | statements |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, app in apps.items():
        with _statements_logged(app) as count:
            answers = [await _click(people[name], n) for n in range(CLICKS)]
            statements = count() / CLICKS
        messages, size = (statistics.median(answer[n] for answer in answers) for n in (1, 2))
        median = statistics.median(time for round_ in times[name] for time in round_)
        print(f"| {name} | {median:.1f} ms | {messages:.0f} | {size:,.0f} | {statements:.1f} |")
    ratios = [
        statistics.median(after) / statistics.median(before)
        for before, after in zip(times["before"], times["after"], strict=True)
    ]
    print(f"\nRatio, median of {rounds} rounds: {statistics.median(ratios):.3f}")
    for person in people.values():
        await person.close()


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
    main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 15)
