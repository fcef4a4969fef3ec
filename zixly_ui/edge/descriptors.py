"""File descriptors: raising the limit of this process, and dividing them between its users.

Without a descriptor nothing can be opened: no connection, no file, no database.
"""

from __future__ import annotations

import resource
from dataclasses import dataclass

# Enough for ten thousand windows. The hard limit may be a billion, and some libraries make a table
# of as many entries.
MOST = 65_536
# The connections that can arrive while the server is busy; uvicorn accepts them all at once, and
# only then can any be refused.
BACKLOG = 128
# The database, log, files being read and written, Python itself.
FOR_ITSELF = 128
# The socket of a window, and three for the event loop that Streamlit opens for each.
PER_WINDOW = 4
PER_STORED_WINDOW = 3


@dataclass(frozen=True)
class Shares:
    """How many of each kind fit into the descriptors of this process."""

    connections: int
    anonymous_windows: int
    stored_anonymous_windows: int
    windows: int
    stored_windows: int


def raise_limit() -> int:
    """Raise the limit of descriptors as far as the system allows; return the limit in force.

    Shells and systemd start processes with 1,024 and allow far more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST if hard == resource.RLIM_INFINITY else min(hard, MOST)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return MOST if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def shares(limit: int) -> Shares:
    """Divide `limit` descriptors: half of them for people, a quarter each for connections and
    windows of strangers."""
    free = max(limit - BACKLOG - FOR_ITSELF, 128)
    return Shares(
        connections=free // 4,
        anonymous_windows=free * 3 // 16 // PER_WINDOW,
        stored_anonymous_windows=free // 16 // PER_STORED_WINDOW,
        windows=free * 3 // 8 // PER_WINDOW,
        stored_windows=free // 8 // PER_STORED_WINDOW,
    )
