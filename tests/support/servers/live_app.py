"""The real app in a separate process, on its own data folder and port.

Cole ADMIN, Support EDITOR, Vera VIEWER of Zixly, with the demo scenario; Sarah of ABC.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from tests.support import browser_sessions, evidence
from tests.support.servers import prepared
from tests.support.servers.prepared import COLE, SARAH, SUPPORT, VERA, Stage
from zixly_data.database import administration, logins, migration
from zixly_data.operations import demo
from zixly_data.settings import Settings

__all__ = ["COLE", "SARAH", "SUPPORT", "VERA", "LiveApp", "running"]
ROOT = Path(__file__).parents[3]


class LiveApp:
    """Start with `start()`, end with `stop()`.

    `today` is the day the demo was loaded; None leaves the database without people. `environment`
    has further settings of the app, `descriptors` limits its open files.
    """

    def __init__(
        self, home: Path, today: date | None, *, descriptors: int | None = None, **environment: str
    ) -> None:
        self.home = home
        self.descriptors = descriptors
        self.arguments = ["app.py"]
        self.checkout = ROOT
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = environment
        self.log = home / "app.log"
        self._process: subprocess.Popen[bytes] | None = None
        is_prepared = today == prepared.SCENARIO_TODAY
        prepared.copy(Stage.LIVE if is_prepared else Stage.EMPTY, home)
        # Keeps the database running for as long as the tests run, regardless of the started apps.
        self._held = logins.open_logins(Settings(home=home))
        self.admin_url = self._held.admin_url
        if not is_prepared:
            migration.migrate(self._held)
            if today is not None:
                demo.load(self.admin_url, today=today)
                prepared.add_people(self.admin_url, home)

    @property
    def process_id(self) -> int:
        assert self._process is not None, "the app is not running"
        return self._process.pid

    def password(self, email: str) -> str:
        return prepared.passwords(self.home)[email]

    def open_session(self, email: str) -> str:
        """Open a session for a person as the correct password does; return its secret."""
        engine = administration.admin_engine(self.admin_url)
        try:
            return browser_sessions.open_session(engine, email)
        finally:
            engine.dispose()

    @contextmanager
    def another(
        self, *, port: int | None = None, checkout: Path | None = None, **environment: str
    ) -> Iterator[LiveApp]:
        """A second process of the app on the same data, just started, perhaps of other code."""
        other = copy(self)
        other.checkout = checkout or self.checkout
        other.port = port or free_port()
        other.url = f"http://localhost:{other.port}"
        other.environment = environment
        other.log = self.home / f"app-{other.port}.log"
        with evidence.following(other.log, other.log.name):
            try:
                other.start()
                yield other
            finally:
                other.stop()

    def client_id(self, external_id: str) -> str:
        """Our own id of one of Zixly's clients."""
        engine = administration.admin_engine(self.admin_url)
        with engine.begin() as admin:
            query = sa.text("select id from zixly.client_kpis where client_id = :client_id")
            return str(admin.execute(query, {"client_id": external_id}).scalar_one())

    def start(self) -> None:
        """Start the app and wait until it answers."""
        environment = {
            **{
                k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "STREAMLIT_"))
            },
            "ZIXLY_HOME": str(self.home),
            "PORT": str(self.port),
            **self.environment,
        }
        with self.log.open("ab") as log:
            command = [sys.executable, *self.arguments]
            if self.descriptors is not None:
                limited = 'ulimit -n "$0" && exec "$@"'
                command = ["sh", "-c", limited, str(self.descriptors), *command]
            self._process = subprocess.Popen(
                command, cwd=self.checkout, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"The app ended at once:\n{self.log.read_text()}")
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=20):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(f"The app did not answer:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End the app as Ctrl-C does."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=120)
            self._process = None

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """The database refuses every connection for the duration of the block."""
        url = sa.make_url(self.admin_url)
        name = url.database
        beside = url.set(database="template1").render_as_string(hide_password=False)
        engine = administration.admin_engine(beside).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as server:
            server.execute(sa.text(f'alter database "{name}" allow_connections false'))
            server.execute(
                sa.text(
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = :n"
                ),
                {"n": name},
            )
            try:
                yield
            finally:
                server.execute(sa.text(f'alter database "{name}" allow_connections true'))

    def close(self) -> None:
        self.stop()
        self._held.close()


@contextmanager
def running(
    home: Path, today: date | None, *, descriptors: int | None = None, **environment: str
) -> Iterator[LiveApp]:
    app = LiveApp(home, today, descriptors=descriptors, **environment)
    with (
        evidence.following(app.log, "app.log"),
        evidence.following(home / "postgres" / "server.log", "server.log"),
    ):
        try:
            app.start()
            yield app
        finally:
            app.close()


def free_port() -> int:
    """A port below those that connections to others take for themselves in the meantime."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
