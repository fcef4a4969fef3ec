"""Folders of servers, created once per run and then copied.

initdb, the migration and the demo take seconds of processor time; a copy takes a tenth of one. Each
copy is a separate cluster: a test may change its roles, its passwords, anything.

    EMPTY      a cluster without Zixly
    SCENARIO   migrated, with the demo as loaded on SCENARIO_TODAY
    LIVE       SCENARIO with Sarah of ABC Construction and everyone's password (`passwords.json`)
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path

from tests.support import evidence, known_passwords
from tests.support.servers import debian_postgres
from zixly_data.database import logins, migration
from zixly_data.identity import Role
from zixly_data.operations import demo, operator
from zixly_data.postgres import server
from zixly_data.settings import Settings

EMBEDDED = "embedded"
SCENARIO_TODAY = date(2026, 11, 22)
COLE, SUPPORT, VERA = "cole@zixly.com.au", "support@zixly.com.au", "vera@zixly.com.au"
SARAH = "sarah@abcconstruction.com.au"

# Where this run keeps its folders; its workers inherit it.
_VARIABLE = "ZIXLY_TESTS_PREPARED"


class Stage(StrEnum):
    EMPTY = "empty"
    SCENARIO = "scenario"
    LIVE = "live"


def begin_run() -> None:
    """Give this run and its workers a folder for the prepared servers."""
    folder = tempfile.mkdtemp(prefix="zixly-prepared-")
    Path(folder).chmod(0o711)  # Debian's account passes through it to its own cluster.
    os.environ[_VARIABLE] = folder


def end_run() -> None:
    shutil.rmtree(os.environ.pop(_VARIABLE), ignore_errors=True)


def copy(stage: Stage, home: Path, kind: str = EMBEDDED) -> None:
    """Fill `home`, which may exist, with the folder of a server that does not run."""
    folder = os.environ.get(_VARIABLE)
    if folder is None:  # outside a run of tests
        home.mkdir(parents=True, exist_ok=True)
        _make(stage, home, kind)
        return
    made = Path(folder) / f"{kind}-{stage}"
    with open(f"{made}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            draft = made.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o755)
            _make(stage, draft, kind)
            draft.rename(made)
    home.mkdir(parents=True, exist_ok=True)
    # The files of a cluster keep their owner, which shutil does not copy.
    subprocess.run(["cp", "-a", f"{made}/.", str(home)], check=True)


@contextmanager
def running(kind: str, stage: Stage, home: Path) -> Iterator[Settings]:
    """The settings of a server at this stage, for as long as the block runs.

    The embedded server starts automatically on first use. Debian's starts at once, in a separate
    folder, because pytest closes its folders to the account that Debian's server runs as.
    """
    if kind == EMBEDDED:
        copy(stage, home)
        with evidence.following(home / "postgres" / "server.log", "server.log"):
            yield Settings(home=home)
        return
    with tempfile.TemporaryDirectory(prefix="zixly-postgres-") as folder:
        place = Path(folder)
        copy(stage, place, kind)
        log = debian_postgres.log_of(place)
        with evidence.following(log, f"{kind}.log"), debian_postgres.serving(kind, place) as url:
            yield Settings(home=place, database_url=url)


def passwords(home: Path) -> dict[str, str]:
    """Everyone's password in a LIVE folder, by email address."""
    by_email: dict[str, str] = json.loads((home / "passwords.json").read_text())
    return by_email


def add_people(admin_url: str, home: Path) -> None:
    """Create Sarah's organisation, give everyone a password and write it to `passwords.json`."""
    operator.create_tenant(admin_url, "abc-org-001", "ABC Construction")
    operator.add_user(admin_url, "abc-org-001", SARAH, "Sarah", Role.ADMIN)
    chosen = {email: secrets.token_urlsafe(12) for email in (COLE, SUPPORT, VERA, SARAH)}
    for email, password in chosen.items():
        known_passwords.give(admin_url, email, password)
    (home / "passwords.json").write_text(json.dumps(chosen))


def _make(stage: Stage, home: Path, kind: str) -> None:
    if stage is Stage.EMPTY:
        if kind == EMBEDDED:
            server.start(home).close()
        else:
            debian_postgres.create(kind, home)
        return
    copy(Stage.SCENARIO if stage is Stage.LIVE else Stage.EMPTY, home, kind)
    if kind == EMBEDDED:
        _fill(stage, Settings(home=home))
    else:
        with debian_postgres.serving(kind, home) as url:
            _fill(stage, Settings(home=home, database_url=url))


def _fill(stage: Stage, settings: Settings) -> None:
    held = logins.open_logins(settings)
    try:
        if stage is Stage.SCENARIO:
            migration.migrate(held)
            demo.load(held.admin_url, today=SCENARIO_TODAY)
        else:
            add_people(held.admin_url, settings.home)
    finally:
        held.close()
