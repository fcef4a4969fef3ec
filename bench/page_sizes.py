"""What each page sends to the browser, reads from PostgreSQL, and how long its script runs.

Runs every page for all time as an administrator of the organisation in a data folder, twice, and
prints the second run. Fill the folder first, for example with `tests.scale.many_records.fill`.

    python -m bench.page_sizes FOLDER EMAIL [page …]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest, app_test
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

from tests.support import browser_sessions
from zixly_data.access.action_permissions import PAGES
from zixly_data.database import administration, connection
from zixly_data.settings import Settings
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES as FOLDER


def main(home: str, email: str, *pages: str) -> None:
    opened = connection.open_database(Settings(home=Path(home)))
    engine = administration.admin_engine(opened.logins.admin_url)
    secret = browser_sessions.open_session(engine, email)
    with engine.connect() as admin:
        query = sa.text("select max(id) from zixly.client_kpis")
        client = str(admin.execute(query).scalar_one())
    sent, read = [0], [0]

    class Runner(LocalScriptRunner):
        def run(self, *args: Any, **named: Any) -> Any:
            tree = super().run(*args, **named)
            sent[0] += sum(message.ByteSize() for message in self.forward_msgs())
            return tree

    def count(_connection: Any, cursor: Any, *_: Any) -> None:
        if cursor.description is not None:
            read[0] += cursor.rowcount

    sa.event.listen(opened.app, "after_cursor_execute", count)
    print("| page | sent | rows read | script |\n| --- | ---: | ---: | ---: |")
    with (
        mock.patch.object(app_test, "LocalScriptRunner", Runner),
        mock.patch.object(session, "current_secret", return_value=secret),
        mock.patch.object(st, "page_link", return_value=None),
    ):
        for page in pages or [page for page, needed in PAGES.items() if needed]:
            for _ in range(2):
                app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=300)
                app.query_params["period"] = "last-quarter" if page == "bridge" else "all"
                app.query_params["id"] = client
                sent[0] = read[0] = 0
                started = time.perf_counter()
                app.run()
                taken = time.perf_counter() - started
            assert not app.exception, app.exception[0]
            print(
                f"| {page} | {sent[0] / 1000:,.0f} kB | {read[0]:,} | {taken:,.2f} s |", flush=True
            )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(*sys.argv[1:])
    else:
        print("Left out: name a data folder and a person.")
