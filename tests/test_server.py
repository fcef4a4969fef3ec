"""The embedded server as its users see it: start, attach, share, refuse, and leave nothing."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.server_users import App, kill_all, postmaster, server_processes
from zixly_data import server_binaries, server_cluster, server_process
from zixly_data.errors import ServerFailed
from zixly_data.server import ServerAddress, start
from zixly_data.server_cluster import Folder
from zixly_data.server_locks import exclusive, open_lock, try_lock

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


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


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


def test_what_was_written_is_there_after_a_restart_even_if_the_folder_moved(home: Path) -> None:
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
    known = psycopg.conninfo.conninfo_to_dict(address.url())
    assert known["user"] == "po st"
    assert known["password"] == "p/w@:%ü"
    assert known["dbname"] == "zi xly"


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


def test_two_homes_are_two_servers(home: Path, tmp_path: Path) -> None:
    mine, yours = start(home), start(tmp_path / "another home")
    try:
        remember(mine.address, "mine")
        assert mine.address.port != yours.address.port
        assert ask(yours.address, "select to_regclass('words')") is None
    finally:
        mine.close()
        yours.close()


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


def test_the_server_of_another_folder_is_never_taken_for_ours(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(home).close()
    other_home = tmp_path / "another home"
    other = start(other_home)
    lock = open_lock(home / "postgres/server.lock")
    try:
        # Someone holds our folder, and its pid file points to the other server, which even
        # accepts our password: only the data folder tells them apart.
        (home / "postgres/cluster/password").write_text(other.address.password)
        claim = (other_home / "postgres/cluster/data/postmaster.pid").read_text()
        (home / "postgres/cluster/data/postmaster.pid").write_text(claim)
        assert try_lock(lock)
        monkeypatch.setattr(server_process, "START_SECONDS", 1.0)
        monkeypatch.setattr(server_process, "STOP_SECONDS", {})
        with pytest.raises(ServerFailed, match="does not answer"):
            start(home)
        assert ask(other.address, "select 1") == 1
    finally:
        os.close(lock)
        other.close()


def test_a_server_started_by_hand_on_our_folder_is_left_alone(home: Path, tmp_path: Path) -> None:
    start(home).close()
    folder = Folder.of(home)
    programs = server_binaries.find(folder.data)
    port = server_process.free_port()
    with folder.open_log() as log, exclusive(tmp_path / "lock", seconds=1) as other_lock:
        options = ["-D", str(folder.data), "-p", str(port), "-c", "unix_socket_directories="]
        by_hand = programs.launch("postgres", options, log=log, keep=other_lock)
    try:
        while not server_process._is_ours(folder, port):
            assert by_hand.poll() is None
        with pytest.raises(ServerFailed, match="did not start is using"):
            start(home)
        assert server_process._is_ours(folder, port)
    finally:
        by_hand.terminate()
        by_hand.wait()


def test_a_taken_port_is_passed_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = int(squatter.getsockname()[1])
        ports = iter([taken, taken, server_process.free_port()])
        monkeypatch.setattr(server_process, "free_port", lambda: next(ports))
        server = start(home)
        try:
            assert server.address.port != taken
            assert ask(server.address, "select 1") == 1
        finally:
            server.close()


def test_when_every_port_is_taken_it_says_so_in_words(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = int(squatter.getsockname()[1])
        monkeypatch.setattr(server_process, "free_port", lambda: taken)
        with pytest.raises(ServerFailed, match=r"server\.log"):
            start(home)
    monkeypatch.undo()
    start(home).close()


def test_a_folder_of_another_major_version_is_refused_and_untouched(home: Path) -> None:
    folder = Folder.of(home)
    programs = server_binaries.find(folder.data)
    older = replace(programs, folder=programs.folder.parent.parent / "pginstall" / "bin")
    folder.cluster.mkdir()
    with folder.open_log() as log, exclusive(folder.start_lock, seconds=1) as lock:
        options = ["-D", str(folder.data), "-U", "postgres", "--locale=C"]
        assert older.launch("initdb", options, log=log, keep=lock).wait() == 0
    before = contents(folder.cluster)
    assert (folder.data / "PG_VERSION").read_text().strip() == "16"

    with pytest.raises(ServerFailed, match="made by PostgreSQL 16") as refusal:
        start(home)
    assert "Export it" in refusal.value.advice
    assert contents(folder.cluster) == before


def test_a_cluster_folder_without_a_database_is_refused_and_untouched(home: Path) -> None:
    precious = home / "postgres/cluster/precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("do not lose me")
    with pytest.raises(ServerFailed, match="holds no PostgreSQL database"):
        start(home)
    assert precious.read_text() == "do not lose me"


def test_a_home_that_cannot_be_written_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ServerFailed, match="cannot hold the database") as refusal:
        start(tmp_path / "file" / "home")
    assert "ZIXLY_HOME" in refusal.value.advice


def test_a_failed_initdb_names_the_log_and_leaves_nothing_in_the_way(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_cluster, "SUPERUSER", "pg_reserved")
    with pytest.raises(ServerFailed, match=r"server\.log"):
        start(home)
    assert "pg_reserved" in (home / "postgres/server.log").read_text()
    assert sorted(path.name for path in (home / "postgres").iterdir()) == [
        "server.log",
        "start.lock",
    ]
    monkeypatch.undo()
    start(home).close()


def test_a_long_log_is_set_aside(home: Path) -> None:
    start(home).close()
    log = home / "postgres/server.log"
    with log.open("ab") as file:
        file.truncate(20_000_000)
    start(home).close()
    assert log.stat().st_size < 1_000_000
    assert log.with_suffix(".log.1").stat().st_size == 20_000_000
