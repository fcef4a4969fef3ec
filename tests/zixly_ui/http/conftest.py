"""One app for all tests of its web server; it has one connection, so a leak of it is noticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers.live_app import LiveApp, running
from tests.support.servers.own_database import opened
from tests.support.servers.prepared import SCENARIO_TODAY
from zixly_data.settings import Settings


@pytest.fixture(scope="session")
def live_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveApp]:
    with running(tmp_path_factory.mktemp("http"), SCENARIO_TODAY, DATABASE_POOL_SIZE="1") as app:
        yield app


@pytest.fixture(scope="module")
def database_of_app(live_app: LiveApp) -> Iterator[None]:
    """This process works on the app's database, as the app's own forms would."""
    with opened(Settings(home=live_app.home)):
        yield
