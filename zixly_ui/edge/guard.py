"""The budgets of this process, and the limits they come from."""

from __future__ import annotations

import resource
from collections.abc import Hashable
from functools import cache
from typing import Protocol

from zixly_data.settings import Settings, settings
from zixly_ui.edge import descriptors
from zixly_ui.edge.budget import Budget
from zixly_ui.edge.rates import Rate

# Names and passwords are typed into windows of strangers, files are not: those come by HTTP.
LARGEST_MESSAGE_OF_STRANGER = 1_000_000
# The largest that a page sends by itself is the month's grid: 500 rows are 60 kB.
LARGEST_MESSAGE = 16_000_000
# A browser sends the head of a request in one piece; 10 s leave time for a very slow line.
HEAD_SECONDS = 10
# A form of a page has at most 8 kB. Files have deadlines of their own.
BODY_SECONDS = 20
# The largest file of the first page has 3 MB compressed: 10 kB a second.
RESPONSE_SECONDS = 300
# Until the session of a new window is known; longer than the database may take to answer.
HANDSHAKE_SECONDS = 30
MESSAGE_SECONDS = 30


class Connection(Hashable, Protocol):
    """A connection that can be told to leave."""

    def shed(self) -> None:
        """Close the connection, because others need its place."""


class Guard:
    """The budgets of one process.

    `connections`: of strangers, by address. `anonymous_windows`: by address. `windows`: by person.
    `opening` and `messages`: of strangers' windows, by address.
    """

    def __init__(self, chosen: Settings, limit: int) -> None:
        shares = descriptors.shares(limit)
        self.shares = shares
        self.trusted_proxies = chosen.trusted_proxies
        self.connections: Budget[Connection] = Budget(
            chosen.connections_per_address, min(chosen.connections, shares.connections)
        )
        self.anonymous_windows: Budget[Connection] = Budget(
            chosen.anonymous_windows_per_address,
            min(chosen.anonymous_windows, shares.anonymous_windows),
        )
        self.windows: Budget[Connection] = Budget(chosen.windows_per_person, shares.windows)
        # A browser that restores its windows opens some ten at once.
        self.opening = Rate(at_once=20, per_second=2, longest_wait=5)
        # Signing in takes about five messages. The connection is not read while it waits.
        self.messages = Rate(at_once=60, per_second=5, longest_wait=60)


@cache
def guard() -> Guard:
    """Return the budgets of this process. The first call divides the descriptors."""
    return Guard(settings(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
