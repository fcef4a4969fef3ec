"""The embedded server for its users: start, attach, share, refuse, and leave nothing behind."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.support.servers import prepared
from tests.support.servers.prepared import Stage
from tests.support.servers.server_users import App, kill_all, postmaster, server_processes
from zixly_data.postgres.server import ServerAddress, start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "Cole’s books"
    yield place
    kill_all(server_processes(place))


def ask(address: ServerAddress, question: str) -> object:
    with psycopg.connect(address.url()) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
    return row[0]


def remember(address: ServerAddress, word: str) -> None:
    with psycopg.connect(address.url()) as connection:
        connection.execute("create table if not exists words (word text)")
        connection.execute("insert into words values (%s)", [word])


def test_a_first_start_gives_a_working_database_and_the_end_leaves_no_process(home: Path) -> None:
    server = start(home)
    assert ask(server.address, "select current_database()") == "zixly"
    assert ask(server.address, "select current_user") == "postgres"
    assert str(ask(server.address, "show server_version")).startswith("18.")
    assert len(server_processes(home)) > 1

    server.close()
    server.close()
    assert server_processes(home) == []
    with pytest.raises(psycopg.OperationalError):
        ask(server.address, "select 1")


@pytest.mark.usefixtures("made_before")
def test_data_survives_a_restart_even_if_the_folder_moved(home: Path) -> None:
    with_words = start(home)
    remember(with_words.address, "Bondi")
    with_words.close()

    moved = home.rename(home.parent / "elsewhere")
    server = start(moved)
    try:
        assert ask(server.address, "select word from words") == "Bondi"
        assert server.address.password == with_words.address.password
    finally:
        server.close()


def test_the_settings_that_keep_an_acknowledged_write_are_on(home: Path) -> None:
    server = start(home)
    expected = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "jit": "off",
        "shared_buffers": "64MB",
        "max_connections": "60",
        "data_directory": str(home / "postgres/cluster/data"),
    }
    try:
        assert {name: ask(server.address, f"show {name}") for name in expected} == expected
        assert ask(server.address, "select lower('ÅSA') || ('a' < 'B')") == "åsafalse"
    finally:
        server.close()


def test_the_password_is_random_private_and_needed(home: Path, tmp_path: Path) -> None:
    server, other = start(home), start(tmp_path / "another home")
    try:
        assert server.address.password != other.address.password
        assert len(server.address.password) >= 32
        assert server.address.password not in repr(server.address)
        assert server.address.password not in (home / "postgres/server.log").read_text()
        password = home / "postgres/cluster/password"
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        for wrong in ("", other.address.password):
            with pytest.raises(psycopg.OperationalError):
                ask(replace(server.address, password=wrong), "select 1")
        stored = "select rolpassword ~ '^SCRAM-SHA-256' from pg_authid where rolname = 'postgres'"
        assert ask(server.address, stored) is True
        hba = "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"
        assert ask(server.address, hba) == "scram-sha-256"
    finally:
        other.close()
        server.close()


def test_an_address_is_quoted_for_libpq() -> None:
    address = ServerAddress("127.0.0.1", 5432, "po st", "p/w@:%ü", "zi xly")
    parsed = psycopg.conninfo.conninfo_to_dict(address.url())
    assert parsed["user"] == "po st"
    assert parsed["password"] == "p/w@:%ü"
    assert parsed["dbname"] == "zi xly"


@pytest.mark.usefixtures("made_before")
def test_settings_of_the_shell_lead_neither_us_nor_the_server_astray(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "PGHOSTADDR": "192.0.2.1",
        "PGPORT": "1",
        "PGDATA": "/nowhere",
        "PGOPTIONS": "-c no.such=1 -c nonsense",
        "PGCLIENTENCODING": "LATIN1",
        "LC_ALL": "xx_XX.nothing",
        "DATABASE_URL": "postgresql://secret@nowhere/",
    }.items():
        monkeypatch.setenv(name, value)
    server = start(home)
    try:
        environment = Path(f"/proc/{postmaster(home)}/environ").read_bytes()
        assert b"secret" not in environment
    finally:
        server.close()


def test_threads_that_start_it_at_once_get_the_same_server(home: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        servers = [future.result() for future in [threads.submit(start, home) for _ in range(4)]]
    assert len({server.address for server in servers}) == 1
    for server in servers[:-1]:
        server.close()
    assert ask(servers[-1].address, "select 1") == 1
    servers[-1].close()
    assert server_processes(home) == []


def test_two_processes_that_start_it_cold_at_once_share_one(home: Path) -> None:
    app, command_line = App(home), App(home)
    assert app.port() == command_line.port()
    assert app.leaves() == 0
    command_line.does("ask")
    assert command_line.says() == "here"
    assert command_line.leaves() == 0
    assert server_processes(home) == []


@pytest.mark.usefixtures("made_before")
def test_two_homes_are_two_servers(home: Path, tmp_path: Path) -> None:
    prepared.copy(Stage.EMPTY, tmp_path / "another home")
    mine, yours = start(home), start(tmp_path / "another home")
    try:
        remember(mine.address, "mine")
        assert mine.address.port != yours.address.port
        assert ask(yours.address, "select to_regclass('words')") is None
    finally:
        mine.close()
        yours.close()


@pytest.mark.usefixtures("made_before")
def test_a_forked_child_that_ends_leaves_its_parents_server_alone(home: Path) -> None:
    server = start(home)
    child = os.fork()
    if child == 0:
        server.close()
        os._exit(0)
    os.waitpid(child, 0)
    try:
        assert ask(server.address, "select 1") == 1
        newcomer = start(home)
        newcomer.close()
        assert ask(server.address, "select 1") == 1
    finally:
        server.close()
