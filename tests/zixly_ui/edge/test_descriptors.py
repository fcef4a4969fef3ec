"""Descriptors: the limit is raised, and the shares fit into any limit."""

from __future__ import annotations

import subprocess
import sys

import pytest

from zixly_ui.edge import descriptors
from zixly_ui.edge.descriptors import PER_STORED_WINDOW, PER_WINDOW

SHOW = "from zixly_ui.edge.descriptors import raise_limit as r; import resource; "
RAISE = f"{SHOW}print(r(), *resource.getrlimit(resource.RLIMIT_NOFILE))"


def test_the_limit_is_raised_to_what_the_system_allows() -> None:
    limited = 'ulimit -Sn 256 && ulimit -Hn 900 && exec "$0" -c "$1"'
    ended = subprocess.run(
        ["sh", "-c", limited, sys.executable, RAISE], capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == ["900", "900", "900"]


@pytest.mark.parametrize(
    ("soft", "hard", "expected"),
    [(256, 1_000_000_000, 65_536), (1024, -1, 65_536), (100_000, 1_000_000, 100_000)],
)
def test_the_limit_is_not_raised_without_need(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, expected: int
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(descriptors.resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(descriptors.resource, "setrlimit", lambda _, to: asked.append(to))
    assert descriptors.raise_limit() == expected
    assert asked == ([] if soft >= expected else [(expected, hard)])


@pytest.mark.parametrize("limit", [512, 1024, 4096, 65_536])
def test_the_shares_fit_into_the_limit(limit: int) -> None:
    shares = descriptors.shares(limit)
    taken = (
        shares.connections
        + PER_WINDOW * (shares.anonymous_windows + shares.windows)
        + PER_STORED_WINDOW * (shares.stored_anonymous_windows + shares.stored_windows)
    )
    assert taken + descriptors.BACKLOG + descriptors.FOR_ITSELF <= limit
    assert min(vars(shares).values()) >= 4
