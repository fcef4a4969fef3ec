"""Windows whose connection was lost: kept for a while, in fair shares, then shut down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.servers.asgi import in_event_loop
from zixly_ui.edge import stored_windows, windows
from zixly_ui.edge.descriptors import Shares
from zixly_ui.edge.stored_windows import StoredWindows

SHARES = Shares(
    connections=9, anonymous_windows=9, stored_anonymous_windows=3, windows=9, stored_windows=20
)


class OpenWindows:
    """Stands for Streamlit's sessions, which need a running app; `ended` are those shut down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ended: list[str] = []
        self.owners: dict[str, Any] = {}
        self.storage = StoredWindows(SimpleNamespace(_session_mgr=self), SHARES)  # type: ignore[arg-type]
        monkeypatch.setattr(windows, "_owners", self.owners)

    def get_active_session_info(self, session_id: str) -> Any:
        headers = [(windows.WINDOW_HEADER, session_id)]
        return SimpleNamespace(
            client=SimpleNamespace(client_context=SimpleNamespace(headers=headers))
        )

    def lose(self, session_id: str, is_person: bool, owner: str) -> None:
        """The window's connection breaks."""
        self.owners[session_id] = (is_person, owner)
        shutdown = lambda: self.ended.append(session_id)  # noqa: E731
        session = SimpleNamespace(id=session_id, shutdown=shutdown)
        self.storage.save(SimpleNamespace(session=session))  # type: ignore[arg-type]


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> OpenWindows:
    return OpenWindows(monkeypatch)


def run_steps(steps: Callable[[], None]) -> None:
    async def run() -> None:
        steps()
        await asyncio.sleep(0)

    in_event_loop(run())


def test_strangers_do_not_take_the_places_of_people(lost: OpenWindows) -> None:
    def steps() -> None:
        lost.lose("person", True, "cole")
        for number in range(40):
            lost.lose(f"stranger {number}", False, f"198.51.100.{number}")

    run_steps(steps)
    assert lost.storage.get("person") is not None
    assert len(lost.ended) == 37
    assert len(lost.storage.list()) == 4


def test_one_address_and_one_person_have_a_share(lost: OpenWindows) -> None:
    def steps() -> None:
        lost.lose("other person", True, "vera")
        for number in range(30):
            lost.lose(f"cole {number}", True, "cole")

    run_steps(steps)
    assert lost.ended == [f"cole {number}" for number in range(14)]
    assert lost.storage.get("other person") is not None


def test_a_window_that_comes_back_is_not_shut_down(
    lost: OpenWindows, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(stored_windows.time, "monotonic", lambda: clock.now)

    def steps() -> None:
        lost.lose("comes back", True, "cole")
        lost.lose("stays away", True, "cole")
        lost.storage.delete("comes back")
        clock.now += lost.storage._seconds - 1
        lost.lose("just lost", True, "cole")
        lost.storage.sweep()
        clock.now += 2
        lost.storage.sweep()

    run_steps(steps)
    assert lost.ended == ["stays away"]
    assert lost.storage.get("stays away") is None
    assert lost.storage.get("just lost") is not None
