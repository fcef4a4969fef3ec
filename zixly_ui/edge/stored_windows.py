"""Windows whose connection was lost, kept for a short time.

Streamlit keeps the state of a page whose connection breaks, so that a person on a train loses
nothing. Its own store has 128 places for everybody, looks at their age only when one is asked for,
and leaves what it drops to the garbage collector, with its descriptors and files.
"""

from __future__ import annotations

import asyncio
import time

from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.session_manager import SessionInfo, SessionStorage

from zixly_ui.edge.budget import Budget
from zixly_ui.edge.descriptors import Shares
from zixly_ui.edge.windows import WINDOW_HEADER, owner_of

SWEEP_SECONDS = 5
PER_PERSON = 16
PER_ADDRESS_OF_STRANGERS = 8


class StoredWindows(SessionStorage):
    """Keeps lost windows for `server.disconnectedSessionTTL` seconds, in fair shares."""

    def __init__(self, runtime: Runtime, shares: Shares) -> None:
        self._runtime = runtime
        self._seconds = float(config.get_option("server.disconnectedSessionTTL"))
        self._stored: dict[str, tuple[float, SessionInfo]] = {}
        self._people: Budget[str] = Budget(PER_PERSON, shares.stored_windows)
        self._strangers: Budget[str] = Budget(
            PER_ADDRESS_OF_STRANGERS, shares.stored_anonymous_windows
        )

    def get(self, session_id: str) -> SessionInfo | None:
        """Return the lost window, or None if there is none of this id."""
        _, stored = self._stored.get(session_id, (0.0, None))
        return stored

    def save(self, session_info: SessionInfo) -> None:
        """Keep the window. The oldest of the owner with the most is given up if there are many."""
        session = session_info.session
        is_person, owner = self._owner(session.id)
        self._stored[session.id] = (time.monotonic(), session_info)
        given_up = (self._people if is_person else self._strangers).enter(owner, session.id)
        if given_up is not None:
            self._give_up(given_up)

    def delete(self, session_id: str) -> None:
        """Forget the window: it is connected again, or closed by Streamlit."""
        del self._stored[session_id]
        self._people.leave(session_id)
        self._strangers.leave(session_id)

    def list(self) -> list[SessionInfo]:
        """Return all lost windows."""
        return [stored for _, stored in self._stored.values()]

    def sweep(self) -> None:
        """Give up the windows whose time is over."""
        oldest = time.monotonic() - self._seconds
        for session_id in [k for k, (since, _) in self._stored.items() if since < oldest]:
            self._give_up(session_id)

    def _give_up(self, session_id: str) -> None:
        _, stored = self._stored[session_id]
        self.delete(session_id)
        # Streamlit holds a lock while it saves.
        asyncio.get_running_loop().call_soon(stored.session.shutdown)

    def _owner(self, session_id: str) -> tuple[bool, object]:
        active = self._runtime._session_mgr.get_active_session_info(session_id)
        context = active.client.client_context if active is not None else None
        headers = dict(context.headers) if context is not None else {}
        return owner_of(headers.get(WINDOW_HEADER, "")) or (False, None)


async def keep_for_runtime(runtime: Runtime, shares: Shares) -> None:
    """Replace Streamlit's store of lost windows, and give up old ones until cancelled."""
    storage = StoredWindows(runtime, shares)
    vars(runtime._session_mgr)["_session_storage"] = storage
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        storage.sweep()
