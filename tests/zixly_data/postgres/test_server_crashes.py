"""The embedded server after kills of the app, the server, or both, at the worst moment."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.servers.server_users import (
    App,
    eventually,
    holders,
    kill_all,
    postmaster,
    server_processes,
)
from zixly_data.postgres import process as server_process
from zixly_data.postgres.server import ServerAddress, start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "home"
    yield place
    kill_all(holders(place / "postgres/start.lock") + server_processes(place))


def works(address: ServerAddress) -> bool:
    with psycopg.connect(address.url()) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def starts_and_stops(home: Path) -> None:
    server = start(home)
    assert works(server.address)
    server.close()
    assert server_processes(home) == []


def unfinished(home: Path) -> list[Path]:
    return list((home / "postgres").glob("unfinished-*/data/PG_VERSION"))


def write_pid(home: Path, pid: int) -> None:
    file = home / "postgres/cluster/data/postmaster.pid"
    file.write_text("\n".join([str(pid), *file.read_text().splitlines()[1:]]) + "\n")


def app_caught_in_initdb(home: Path) -> App:
    """An app that is paused while initdb continues."""
    while True:
        app = App(home)
        eventually(lambda: unfinished(home) or (home / "postgres/cluster").exists())
        app.process.send_signal(signal.SIGSTOP)
        if unfinished(home):
            return app
        app.is_killed()  # this machine was too slow: begin again
        kill_all(server_processes(home))
        shutil.rmtree(home)


@pytest.mark.usefixtures("made_before")
def test_a_killed_apps_server_is_taken_over_and_stopped_by_the_next_one(home: Path) -> None:
    app = App(home)
    port = app.port()
    app.is_killed()
    assert server_processes(home) != []

    next_one = start(home)
    assert next_one.address.port == port
    next_one.close()
    assert server_processes(home) == []


@pytest.mark.usefixtures("made_before")
def test_a_killed_app_takes_nothing_from_those_who_still_use_the_server(home: Path) -> None:
    first, second = App(home), App(home)
    assert first.port() == second.port()
    first.is_killed()
    second.does("ask")
    assert second.says() == "here"
    assert second.leaves() == 0
    assert server_processes(home) == []


@pytest.mark.usefixtures("made_before")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_an_app_that_is_asked_to_end_stops_the_server(home: Path, ending: signal.Signals) -> None:
    app = App(home, code=_SLEEPS)
    app.port()
    app.process.send_signal(ending)
    assert app.ends() == 0
    assert server_processes(home) == []


@pytest.mark.usefixtures("made_before")
def test_ctrl_c_at_the_terminal_reaches_the_app_and_not_the_server(home: Path) -> None:
    app = App(home)
    app.port()
    os.killpg(app.process.pid, signal.SIGINT)
    assert app.says() == "interrupted"
    app.does("ask")
    assert app.says() == "here"
    assert app.leaves() == 0


@pytest.mark.usefixtures("made_before")
def test_a_killed_postmaster_is_replaced_at_the_same_address(home: Path) -> None:
    server = start(home)
    os.kill(postmaster(home), signal.SIGKILL)

    again = start(home)
    assert again.address == server.address
    assert works(server.address)
    server.close()
    assert works(again.address)
    again.close()
    assert server_processes(home) == []


@pytest.mark.nightly
@pytest.mark.usefixtures("made_before")
def test_a_killed_postmaster_whose_query_goes_on_is_waited_for(home: Path) -> None:
    server = start(home)
    with psycopg.connect(server.address.url(), autocommit=True) as connection:
        row = connection.execute("select pg_backend_pid()").fetchone()
        assert row is not None
        backend = int(row[0])
        os.kill(backend, signal.SIGSTOP)
        os.kill(postmaster(home), signal.SIGKILL)
        newcomer = App(home)
        eventually(lambda: server_processes(home) == [backend])
        time.sleep(0.5)
        assert newcomer.process.poll() is None
        assert server_processes(home) == [backend]
        os.kill(backend, signal.SIGCONT)
        os.kill(backend, signal.SIGTERM)
        newcomer.port()
        newcomer.does("ask")
        assert newcomer.says() == "here"
        assert newcomer.leaves() == 0
    server.close()


@pytest.mark.usefixtures("made_before")
def test_every_acknowledged_write_survives_the_end_of_everything(home: Path) -> None:
    acknowledged = []
    for count in (1, 70, 129):
        app = App(home, "100000")
        app.port()
        app.does("write")
        acknowledged += [int(app.says()) for _ in range(count)]
        kill_all([app.process.pid, *server_processes(home)])
        acknowledged += [int(line) for line in app.process.stdout or () if line.endswith("\n")]
        app.ends()
    server = start(home)
    with psycopg.connect(server.address.url()) as connection:
        stored = sorted(n for (n,) in connection.execute("select n from writes"))
    server.close()
    assert len(acknowledged) >= 200
    missing = list(stored)
    for n in acknowledged:
        missing.remove(n)  # ValueError if an acknowledged write is missing
    assert len(missing) <= 3  # stored, but killed before it was printed


def test_an_app_killed_in_the_middle_of_initdb_delays_nobody(home: Path) -> None:
    app_caught_in_initdb(home).is_killed()
    starts_and_stops(home)
    assert unfinished(home) == []


@pytest.mark.nightly
def test_everything_killed_in_the_middle_of_initdb_leaves_a_clean_start(home: Path) -> None:
    app = app_caught_in_initdb(home)
    kill_all(holders(home / "postgres/start.lock"))
    app.ends()
    assert unfinished(home) != []
    starts_and_stops(home)
    assert unfinished(home) == []


def test_ctrl_c_in_the_middle_of_initdb_leaves_nothing_behind(home: Path) -> None:
    app = app_caught_in_initdb(home)
    app.process.send_signal(signal.SIGINT)
    app.process.send_signal(signal.SIGCONT)
    assert app.ends() != 0
    assert holders(home / "postgres/start.lock") == []
    assert unfinished(home) == []
    starts_and_stops(home)


@pytest.mark.usefixtures("made_before")
@pytest.mark.parametrize("kills", [2, pytest.param(8, marks=pytest.mark.nightly)])
def test_an_app_killed_at_any_moment_of_a_start_harms_nobody(home: Path, kills: int) -> None:
    chance = random.Random(1)
    for _ in range(kills):
        app = App(home)
        time.sleep(chance.uniform(0.1, 0.8))
        app.is_killed()
        if chance.random() < 0.5:
            kill_all(server_processes(home))
    starts_and_stops(home)


@pytest.mark.usefixtures("made_before")
def test_a_stale_pid_file_with_a_reused_number_fools_nobody_and_kills_nobody(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(home)
    kill_all(server_processes(home))
    bystander = subprocess.Popen(["sleep", "600"])
    try:
        write_pid(home, bystander.pid)
        again = start(home)
        assert again.address == server.address

        # Now the server runs, and its file has the number of another process.
        true_pid = postmaster(home)
        write_pid(home, bystander.pid)
        third = start(home)
        assert third.address == again.address
        with monkeypatch.context() as patience:
            patience.setattr(server_process, "STOP_SECONDS", {"SIGINT": 0.5})
            for share in (third, again, server):
                share.close()
        assert bystander.poll() is None
        assert server_processes(home) != []
        write_pid(home, true_pid)
        starts_and_stops(home)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.usefixtures("made_before")
@pytest.mark.parametrize("rubbish", ["", "12", "not\na\npid\nfile\n", "1\n" * 8])
def test_a_damaged_pid_file_is_replaced(home: Path, rubbish: str) -> None:
    start(home).close()
    (home / "postgres/cluster/data/postmaster.pid").write_text(rubbish)
    starts_and_stops(home)


_SLEEPS = """
import signal, sys, time
from pathlib import Path
from zixly_data.postgres.server import start
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
server = start(Path(sys.argv[1]))
try:
    print(server.address.port, flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    sys.exit(0)
"""
