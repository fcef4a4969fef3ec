"""The embedded server in difficult places: as root, as process 1, on a full disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.servers.server_users import (
    App,
    eventually,
    kill_all,
    postmaster,
    server_processes,
)
from zixly_data.errors import ServerFailed
from zixly_data.postgres import binaries as server_binaries
from zixly_data.postgres.server import start


def allowed(*arguments: str) -> bool:
    return (
        shutil.which(arguments[0]) is not None
        and not subprocess.run([*arguments, "true"], capture_output=True, check=False).returncode
    )


linux = sys.platform == "linux"
root = linux and os.geteuid() == 0
as_someone = ("unshare", "--user", "--map-user=1", "--")
as_process_1 = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--")
programs_for_all = all(
    folder.stat().st_mode & 1 for folder in (server_binaries._folder() / "postgres").parents
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not linux, reason="looks for processes in /proc"),
]
needs_root = pytest.mark.skipif(not root, reason="is about being root")
needs_namespaces = pytest.mark.skipif(
    not (linux and allowed(*as_someone)), reason="user namespaces are not allowed here"
)
needs_process_1 = pytest.mark.skipif(
    not (linux and allowed(*as_process_1)), reason="process namespaces are not allowed here"
)
needs_open_programs = pytest.mark.skipif(
    not programs_for_all, reason="the environment is in a folder only root may enter"
)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "home"
    yield place
    kill_all(server_processes(place))


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home that every account may enter; pytest's folders are private."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    kill_all(server_processes(place))
    shutil.rmtree(place)


@pytest.fixture
def no_namespaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "no programs here"))


def owners(folder: Path) -> set[int]:
    return {path.stat().st_uid for path in folder.rglob("*")}


@needs_root
@needs_namespaces
def test_root_runs_it_in_a_namespace_and_no_file_changes_hands(home: Path) -> None:
    server = start(home)
    try:
        assert owners(home) == {0}
        own_namespace = os.readlink("/proc/self/ns/user")
        assert os.readlink(f"/proc/{postmaster(home)}/ns/user") != own_namespace
    finally:
        server.close()
    assert server_processes(home) == []


@needs_root
@needs_open_programs
@pytest.mark.usefixtures("no_namespaces")
def test_root_without_namespaces_runs_it_as_an_unprivileged_account(
    open_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(open_home)
    data = open_home / "postgres/cluster/data"
    account = data.stat().st_uid
    assert account != 0
    assert Path(f"/proc/{postmaster(open_home)}").stat().st_uid == account
    server.close()
    assert server_processes(open_home) == []

    # The folder still belongs to that account, even if namespaces are allowed (again).
    monkeypatch.undo()
    again = start(open_home)
    assert Path(f"/proc/{postmaster(open_home)}").stat().st_uid == account
    with psycopg.connect(again.address.url()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    again.close()
    assert owners(data) == {account}


@needs_root
@pytest.mark.usefixtures("no_namespaces")
def test_a_folder_closed_to_that_account_is_refused_and_stays_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = {folder: folder.stat().st_mode for folder in (closed, *closed.parents)}
    with pytest.raises(ServerFailed, match="cannot access") as refusal:
        start(closed / "home")
    assert "ordinary user" in refusal.value.advice
    assert {folder: folder.stat().st_mode for folder in before} == before


@pytest.mark.usefixtures("made_before")
@needs_root
@needs_namespaces
def test_roots_own_folder_is_refused_where_only_accounts_would_do(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(home).close()
    monkeypatch.setenv("PATH", str(tmp_path / "no programs here"))
    with pytest.raises(ServerFailed, match="belongs to root"):
        start(home)
    assert owners(home) == {0}


@needs_namespaces
def test_an_ordinary_user_runs_it_directly(home: Path) -> None:
    app = App(home, prefix=as_someone)
    app.port()
    app.does("ask")
    assert app.says() == "here"
    assert app.leaves() == 0
    assert server_processes(home) == []


@pytest.mark.usefixtures("made_before")
@needs_root
@needs_namespaces
def test_an_ordinary_user_is_refused_the_folder_of_another(home: Path) -> None:
    start(home).close()
    os.chown(home / "postgres/cluster/data", 12345, 12345)
    app = App(home, prefix=as_someone, code=_SAYS_WHY)
    assert "belongs to another account" in app.says()
    app.leaves()


@pytest.mark.nightly
@needs_process_1
def test_process_1_of_a_container_is_not_fooled_by_a_zombie_postmaster(home: Path) -> None:
    app = App(home, prefix=as_process_1, code=_PROCESS_1)
    lines = []
    while line := app.says():
        lines.append(line)
    assert app.leaves() == 0
    assert lines == ["adopted", "zombie", "works", "stopped", "works", "stopped"]
    assert server_processes(home) == []


@pytest.mark.usefixtures("made_before")
def test_a_postmaster_that_dies_is_collected_by_the_app_that_started_it(home: Path) -> None:
    server = start(home)
    first = postmaster(home)
    kill_all([first])
    eventually(lambda: not Path(f"/proc/{first}").exists())
    again = start(home)
    server.close()
    again.close()
    assert server_processes(home) == []


@needs_root
def test_a_full_disk_is_reported_and_allows_another_try(tmp_path: Path) -> None:
    small = ("unshare", "--mount", "sh", "-c")
    mount = f'mount -t tmpfs -o size=12m none "{tmp_path}" && exec "$@"'
    if not allowed(*small, mount, "sh"):
        pytest.skip("no disk may be mounted here")
    app = App(tmp_path / "home", prefix=(*small, mount, "sh"), code=_SAYS_WHY)
    assert "server.log" in app.says()
    assert app.says() == "['server.log', 'start.lock']"
    app.leaves()


_SAYS_WHY = """
import sys
from pathlib import Path
from zixly_data.errors import ServerFailed
from zixly_data.postgres.server import start
home = Path(sys.argv[1])
try:
    start(home)
except ServerFailed as failure:
    print(failure, flush=True)
    print(sorted(path.name for path in (home / "postgres").iterdir()), flush=True)
"""

# As process 1 it inherits the postmaster of a killed app, and reaps no other children.
_PROCESS_1 = """
import os, signal, subprocess, sys
from pathlib import Path
import psycopg
from tests.support.servers.server_users import eventually, postmaster
from zixly_data.postgres.server import start

home = Path(sys.argv[1])
killed = "import os, sys; from pathlib import Path; from zixly_data.postgres.server import start; "
killed += "start(Path(sys.argv[1])); os.kill(os.getpid(), 9)"

def state(pid):
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[:2]

def works(server):
    with psycopg.connect(server.address.url()) as connection:
        return connection.execute("select 1").fetchone() == (1,)

def adopt():
    subprocess.run([sys.executable, "-c", killed, str(home)], check=False)
    assert state(postmaster(home))[1] == "1"
    return postmaster(home)

def say(word):
    print(word, flush=True)

assert os.getpid() == 1
dead = adopt()
say("adopted")
os.kill(dead, signal.SIGKILL)
eventually(lambda: state(dead)[0] == "Z")
say("zombie")
server = start(home)
assert works(server)
say("works")
server.close()
say("stopped")
adopted = adopt()
server = start(home)
assert postmaster(home) == adopted and works(server)
say("works")
server.close()
assert state(adopted)[0] == "Z"
say("stopped")
"""
