"""Starting and stopping the app at a terminal: sentences, no tracebacks, nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.servers.live_app import ROOT
from tests.support.servers.server_users import server_processes

pytestmark = pytest.mark.slow


def start(home: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "STREAMLIT_"))}
    return subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, text=True,
        env={**bare, "ZIXLY_HOME": str(home), "PORT": str(port), **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def taken_port(squatter: socket.socket) -> int:
    squatter.bind(("127.0.0.1", 0))
    return int(squatter.getsockname()[1])


def test_ctrl_c_ends_the_app_and_its_server_without_a_word(tmp_path: Path) -> None:
    with socket.socket() as free:
        port = taken_port(free)
    app = start(tmp_path, port)
    try:
        while True:
            assert app.poll() is None, app.stdout and app.stdout.read()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=20):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        app.send_signal(signal.SIGINT)
        output, _ = app.communicate(timeout=120)
    finally:
        app.kill()
    assert app.returncode == 0
    assert f"http://127.0.0.1:{port}" in output
    assert "Traceback" not in output
    assert "ScriptRunContext" not in output
    assert server_processes(tmp_path) == []


def test_a_taken_port_is_reported_in_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as squatter:
        port = taken_port(squatter)
        squatter.listen()
        app = start(tmp_path / "home", port)
        output, _ = app.communicate(timeout=120)
    assert app.returncode == 1
    assert output.startswith(f"Port {port} is already in use.")
    assert len(output.splitlines()) == 1
    assert not (tmp_path / "home").exists()


def test_an_unreachable_database_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as free:
        port = taken_port(free)
    app = start(tmp_path, port, DATABASE_URL="secret, and no address")
    output, _ = app.communicate(timeout=120)
    assert app.returncode == 1
    assert "DATABASE_URL is not a database address." in output
    assert len(output.splitlines()) == 1
    assert "secret" not in output
