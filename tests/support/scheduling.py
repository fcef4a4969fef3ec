"""Distributing tests among processes: a file at a time, the longest first, so that all of them end
at about the same time.

Tests on Debian's server stay together in one process, so that it starts once. pytest 9 ignores the
groups of pytest-xdist.
"""

from __future__ import annotations

import logging
from collections import defaultdict

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.support.servers import debian_postgres

# Seconds that a test takes, by the longest beginning of its path in this list.
_SECONDS = {
    "tests/": 0.05,
    "tests/browser/": 5.0,
    "tests/browser/access/": 4.0,
    "tests/house/test_preloading.py": 3.0,
    "tests/house/test_start.py": 3.0,
    "tests/scale/": 0.5,
    "tests/zixly_data/access/": 0.04,
    "tests/zixly_data/cli/": 0.1,
    "tests/zixly_data/cli/test_setup.py": 0.8,
    "tests/zixly_data/database/": 0.04,
    "tests/zixly_data/database/isolation/": 0.015,
    "tests/zixly_data/database/test_bulk_changes.py": 3.0,
    "tests/zixly_data/database/test_durability.py": 20.0,
    "tests/zixly_data/database/test_pool.py": 0.4,
    "tests/zixly_data/database/test_replay.py": 2.0,
    "tests/zixly_data/database/test_revival.py": 3.0,
    "tests/zixly_data/database/test_upgrade.py": 2.0,
    "tests/zixly_data/imports/": 0.05,
    "tests/zixly_data/imports/test_confirming.py": 0.3,
    "tests/zixly_data/imports/test_import_crash.py": 2.5,
    "tests/zixly_data/imports/test_round_trip.py": 0.3,
    "tests/zixly_data/imports/test_undoing.py": 0.4,
    "tests/zixly_data/postgres/": 0.6,
    "tests/zixly_ui/": 0.1,
    "tests/zixly_ui/http/": 0.2,
}
# An app takes seconds to start, and a browser takes as long before it knows Streamlit's scripts, so
# these share one: those in a browser fill two processes from the beginning on.
_TOGETHER = ("tests/browser/access/", "tests/browser/", "tests/zixly_ui/http/")


def server_of(test: str) -> str | None:
    """The server that a test of the scenario runs on; none if it needs no database."""
    parameters = test.partition("[")[2].removesuffix("]")
    servers = ("embedded", *debian_postgres.installed())
    names = [n for n in servers if parameters == n or parameters.startswith(f"{n}-")]
    return names[0] if names else None


def scope_of(test: str) -> str:
    """The tests that run in one process, one after the other."""
    server = server_of(test)
    if server not in (None, "embedded"):
        return str(server)
    file = test.partition("::")[0]
    return next((folder for folder in _TOGETHER if file.startswith(folder)), file)


class LongestFirst(LoadScopeScheduling):  # type: ignore[misc]
    """Hands scopes out in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LongestFirst:
    return LongestFirst(config, log)


def pytest_collection_finish() -> None:
    """Let Streamlit's loggers propagate to the root: pytest attaches itself, three
    times per test, to each of the sixty loggers that do not."""
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger) and logger.name.startswith("streamlit."):
            logger.propagate = True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the remaining tests after all other hooks have run."""
    if not hasattr(config, "workerinput"):
        return
    seconds: defaultdict[str, float] = defaultdict(float)
    for item in items:
        beginning = max((b for b in _SECONDS if item.nodeid.startswith(b)), key=len)
        seconds[scope_of(item.nodeid)] += _SECONDS[beginning]
    items.sort(key=lambda item: -seconds[scope_of(item.nodeid)])
