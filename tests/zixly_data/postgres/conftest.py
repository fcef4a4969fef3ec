"""Data folders for the tests of the embedded server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.servers import prepared
from tests.support.servers.prepared import Stage


@pytest.fixture
def made_before(home: Path) -> None:
    """The folder has a cluster, as after a first start, which takes seconds."""
    prepared.copy(Stage.EMPTY, home)
