"""The embedded server is killed while an app runs: a click or two later it runs again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers import prepared
from tests.support.servers.live_app import ROOT
from tests.support.servers.prepared import Stage

STORY = """
import os, signal, sys
from pathlib import Path
from zixly_data.database import connection, migration
from zixly_data.figures import client_totals
from zixly_data.operations import operator as operators
from zixly_data.records import clients
from zixly_data.tables.clients import ClientDraft
from zixly_data.errors import DatabaseUnavailable
from zixly_data.identity import Role
from zixly_data.values.ids import new_id
from zixly_data.settings import Settings

home = Path(sys.argv[1])
server_logins = connection.open_database(Settings(home=home)).logins
migration.migrate(server_logins)
operators.create_tenant(server_logins.admin_url, "org", "Organisation")
operators.add_user(server_logins.admin_url, "org", "a@example.com", "A", Role.ADMIN)
admin = operators.open_session(server_logins.admin_url, "a@example.com")
clients.add(admin, ClientDraft("C-1", "Before"), row_id=new_id("ckpi"))
pid = int(next(home.glob("postgres/**/postmaster.pid")).read_text().split()[0])
os.kill(pid, signal.SIGKILL)
same = new_id("ckpi")
for attempt in range(5):
    try:
        clients.add(admin, ClientDraft("C-2", "After"), row_id=same)
        names = client_totals.list_clients(admin)["client_name"]
        break
    except DatabaseUnavailable:
        pass  # A backend that outlived its postmaster answered once more. Sent twice, counted once.
print(*names)
connection.close_database()
"""


@pytest.mark.slow
def test_a_killed_server_is_started_again_and_nothing_is_written_twice(tmp_path: Path) -> None:
    prepared.copy(Stage.EMPTY, tmp_path)
    ended = subprocess.run(
        [sys.executable, "-c", STORY, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.stdout.split() == ["After", "Before"], ended.stderr
