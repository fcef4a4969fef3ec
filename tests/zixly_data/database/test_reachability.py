"""Whether the database answers: asked beside the pools, and without opening anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zixly_data.database import connection, reachability
from zixly_data.database.connection import Database
from zixly_data.database.pool import create_pool


def test_a_database_that_is_not_open_is_not_opened(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reachability.is_reachable(), "positive control"
    monkeypatch.setattr(connection, "_open", None)
    assert not reachability.is_reachable()
    assert connection.opened() is None


@pytest.mark.parametrize("changed", [{"port": 1}, {"password": "wrong"}, {"database": "nowhere"}])
def test_a_database_that_refuses_is_not_reachable(
    database: Database, monkeypatch: pytest.MonkeyPatch, changed: dict[str, object]
) -> None:
    url = database.app.url.set(**changed)  # type: ignore[arg-type]
    elsewhere = replace(database, app=create_pool(url.render_as_string(hide_password=False), 1))
    monkeypatch.setattr(connection, "_open", elsewhere)
    assert not reachability.is_reachable()


def test_it_takes_no_connection_from_the_pools(database: Database) -> None:
    before = database.app.pool.status()
    assert reachability.is_reachable()
    assert database.app.pool.status() == before
