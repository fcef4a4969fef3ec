"""How often a page that shows much asks the database: every round trip is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
import streamlit as st
from streamlit.testing.v1 import AppTest

from zixly_data.database import connection
from zixly_data.identity import Identity
from zixly_ui.shell import session
from zixly_ui.shell.navigation import PAGES as FOLDER

MOST = 20
CLIENT = "Harbor Bridge Construction"


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """Connections taken, transactions begun and ended, and statements, in order."""
    opened = connection.opened()
    assert opened is not None
    seen: list[str] = []
    listeners = {
        "before_cursor_execute": lambda _one, _two, statement, *_: seen.append(statement),
        "checkout": lambda *_: seen.append("connect"),
        "begin": lambda _: seen.append("begin"),
        "commit": lambda _: seen.append("commit"),
        "rollback": lambda _: seen.append("rollback"),
    }
    for event, listener in listeners.items():
        sa.event.listen(opened.app, event, listener)
    try:
        yield seen
    finally:
        for event, listener in listeners.items():
            sa.event.remove(opened.app, event, listener)


@pytest.mark.parametrize("page", ["overview", "client"])
def test_a_page_asks_twenty_times_at_most(
    cole: Identity, admin: sa.Engine, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(session, "current_secret", lambda: cole.secret)
    # A page by itself knows no others that it could lead to.
    monkeypatch.setattr(st, "page_link", lambda *_, **__: None)
    app = AppTest.from_file(str(FOLDER / f"{page}.py"), default_timeout=60)
    if page == "client":
        query = sa.text(
            "select id from zixly.client_kpis where tenant_id = :tenant and client_name = :name"
        )
        with admin.connect() as asking:
            client = asking.execute(query, {"tenant": cole.tenant_id, "name": CLIENT}).scalar_one()
        app.query_params["id"] = client
        app.query_params["period"] = "all"
    with round_trips() as seen:
        app.run()
    assert not app.exception
    assert app.metric
    assert len(seen) <= MOST, seen


def test_one_question_in_a_transaction_of_its_own_takes_five(cole: Identity) -> None:
    with round_trips() as seen, connection.scoped(cole) as transaction:
        transaction.execute(sa.text("select 1"))
    assert len(seen) == 5
