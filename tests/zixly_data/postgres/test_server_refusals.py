"""Refusals of the embedded server, and obstacles that it avoids."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.support.servers.server_users import kill_all, server_processes
from zixly_data.errors import ServerFailed
from zixly_data.postgres import binaries as server_binaries
from zixly_data.postgres import cluster as server_cluster
from zixly_data.postgres import locks
from zixly_data.postgres import process as server_process
from zixly_data.postgres.cluster import Folder
from zixly_data.postgres.locks import exclusive, open_lock, try_lock
from zixly_data.postgres.server import ServerAddress, start

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "home"
    yield place
    kill_all(server_processes(place))


def works(address: ServerAddress) -> bool:
    with psycopg.connect(address.url()) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.usefixtures("made_before")
def test_the_server_of_another_folder_is_never_used(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(home).close()
    other_home = tmp_path / "another home"
    other = start(other_home)
    lock = open_lock(home / "postgres/server.lock")
    try:
        # Another process holds our folder, and its pid file points to the other server, which even
        # accepts our password: only the data folder differs.
        (home / "postgres/cluster/password").write_text(other.address.password)
        claim = (other_home / "postgres/cluster/data/postmaster.pid").read_text()
        (home / "postgres/cluster/data/postmaster.pid").write_text(claim)
        assert try_lock(lock)
        monkeypatch.setattr(server_process, "START_SECONDS", 1.0)
        monkeypatch.setattr(server_process, "STOP_SECONDS", {})
        with pytest.raises(ServerFailed, match="does not respond"):
            start(home)
        assert works(other.address)
    finally:
        # Without time to stop, the other server would outlive its test.
        monkeypatch.undo()
        os.close(lock)
        other.close()


@pytest.mark.usefixtures("made_before")
def test_a_server_started_by_hand_on_our_folder_is_left_alone(home: Path, tmp_path: Path) -> None:
    start(home).close()
    folder = Folder.of(home)
    programs = server_binaries.find(folder.data)
    port = server_process.free_port()
    with folder.open_log() as log, exclusive(tmp_path / "lock", seconds=1) as other_lock:
        options = ["-D", str(folder.data), "-p", str(port), "-c", "unix_socket_directories="]
        by_hand = programs.launch("postgres", options, log=log, inherited=other_lock)
    try:
        while not server_process._is_ours(folder, port):
            assert by_hand.poll() is None
        with pytest.raises(ServerFailed, match="did not start is using"):
            start(home)
        assert server_process._is_ours(folder, port)
    finally:
        by_hand.terminate()
        by_hand.wait()


@pytest.mark.usefixtures("made_before")
def test_a_taken_port_is_passed_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken_port = int(squatter.getsockname()[1])
        ports = iter([taken_port, taken_port, server_process.free_port()])
        monkeypatch.setattr(server_process, "free_port", lambda: next(ports))
        server = start(home)
        try:
            assert server.address.port != taken_port
            assert works(server.address)
        finally:
            server.close()


@pytest.mark.usefixtures("made_before")
def test_a_message_says_that_every_port_is_taken(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken_port = int(squatter.getsockname()[1])
        monkeypatch.setattr(server_process, "free_port", lambda: taken_port)
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
        assert older.launch("initdb", options, log=log, inherited=lock).wait() == 0
    before = contents(folder.cluster)
    assert (folder.data / "PG_VERSION").read_text().strip() == "16"

    with pytest.raises(ServerFailed, match="created by PostgreSQL 16") as refusal:
        start(home)
    assert "Export the data" in refusal.value.advice
    assert contents(folder.cluster) == before


def test_a_cluster_folder_without_a_database_is_refused_and_untouched(home: Path) -> None:
    precious = home / "postgres/cluster/precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("do not lose me")
    with pytest.raises(ServerFailed, match="contains no PostgreSQL database"):
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


@pytest.mark.usefixtures("made_before")
def test_a_long_log_is_set_aside(home: Path) -> None:
    start(home).close()
    log = home / "postgres/server.log"
    with log.open("ab") as file:
        file.truncate(20_000_000)
    start(home).close()
    assert log.stat().st_size < 1_000_000
    assert log.with_suffix(".log.1").stat().st_size == 20_000_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is damaged"),
        (b"\xff\xfe", "is damaged"),
        (bytes(43), "is damaged"),
        (None, "cannot be read"),
    ],
    ids=["empty", "not ASCII", "zeros", "a folder"],
)
def test_a_damaged_password_file_is_refused_in_words(
    home: Path, content: bytes | None, sentence: str
) -> None:
    folder = Folder.of(home)
    password = folder.cluster / "password"
    folder.data.mkdir(parents=True)
    (folder.data / "PG_VERSION").write_text("18\n")
    if content is None:
        password.mkdir()
    else:
        password.write_bytes(content)
    with pytest.raises(ServerFailed, match=rf"password.* {sentence}") as refusal:
        start(home)
    assert refusal.value.advice


@pytest.mark.usefixtures("made_before")
def test_a_wrong_password_is_refused_at_once_and_stops_the_server(home: Path) -> None:
    password = home / "postgres/cluster/password"
    right = password.read_bytes()
    password.write_bytes(b"another-password")
    with pytest.raises(ServerFailed, match="its content is not the password"):
        start(home)
    assert server_processes(home) == []
    password.write_bytes(right + b"\n")
    server = start(home)
    assert works(server.address)
    server.close()


@pytest.mark.parametrize("content", [b"", b"\xff18", b"eighteen", bytes(3)])
def test_a_damaged_version_file_is_refused_in_words(home: Path, content: bytes) -> None:
    version = home / "postgres/cluster/data/PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_bytes(content)
    with pytest.raises(ServerFailed, match=r"PG_VERSION is damaged"):
        start(home)


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL])
def test_a_disk_without_locks_is_refused_in_words(
    home: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def no_lock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(locks.fcntl, "flock", no_lock)
    with pytest.raises(ServerFailed, match="does not support file locks") as refusal:
        start(home)
    assert "local disk" in refusal.value.advice
    assert not (home / "postgres/cluster").exists()


def test_a_disk_that_grants_every_lock_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks.fcntl, "flock", lambda *_: None)
    with pytest.raises(ServerFailed, match="does not support file locks"):
        start(home)
    assert not (home / "postgres/cluster").exists()


@pytest.mark.usefixtures("made_before")
def test_a_damaged_cluster_says_so_instead_of_pointing_to_the_disk(home: Path) -> None:
    (home / "postgres/cluster/data/global/pg_control").write_bytes(bytes(8192))
    with pytest.raises(ServerFailed, match=r"did not start: .*damaged") as refusal:
        start(home)
    assert "restore" in refusal.value.advice
