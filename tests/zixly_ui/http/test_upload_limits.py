"""Time and memory of uploads: the middleware alone, with Streamlit's own store of files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from tests.support.servers.asgi import in_event_loop
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.settings import Settings
from zixly_ui.http import uploads
from zixly_ui.http.upload_budget import Budget, OverBudget
from zixly_ui.shell import uploaded_files
from zixly_ui.shell.request_headers import COOKIE

MB = 1024 * 1024


def person(name: str, role: Role = Role.EDITOR) -> Identity:
    return Identity("t", name, role, f"{name}@example.com", name, f"s-{name}", secret=name)


class Server:
    """The middleware above an app that stores each body as Streamlit's route does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files = MemoryUploadedFileManager("/_stcore/upload_file")
        self.people = {name: person(name) for name in ("ann", "ben")}
        self.runs: list[str] = []
        monkeypatch.setattr(uploads, "get_instance", lambda: self)
        self.middleware = uploads.Uploads(self.store, self.identify, Settings())

    # What the middleware asks of Streamlit's runtime.
    uploaded_file_mgr = property(lambda self: self.files)

    def get_client(self, window: str) -> Any:
        handshake = SimpleNamespace(cookies={COOKIE: window})
        return SimpleNamespace(client_context=handshake)

    def get_app_session(self, window: str) -> Any:
        run = lambda state: self.runs.append(window)  # noqa: E731
        return SimpleNamespace(request_rerun=run, _client_state=None)

    def is_active_session(self, window: str) -> bool:
        return False

    def identify(self, secret: str) -> Identity:
        if secret not in self.people:
            raise SessionEnded("The session has ended.")
        return self.people[secret]

    async def store(self, scope: Scope, receive: Receive, send: Send) -> None:
        data, more = b"", True
        while more:
            message = await receive()
            data += message.get("body", b"")
            more = message.get("more_body", False)
        _, _, _, window, file = scope["path"].split("/")
        self.files.add_file(window, UploadedFileRec(file, "a.csv", "text/csv", data))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def put(self, name: str, file: str, receive: Receive, length: int = 0) -> int:
        """Send a file to the person's window; return the status."""
        headers = {
            "cookie": f"{COOKIE}={name}",
            "sec-fetch-site": "same-origin",
            "content-type": "multipart/form-data; boundary=b",
            "content-length": str(length),
        }
        scope = {
            "type": "http", "method": "PUT", "path": f"/_stcore/upload_file/{name}/{file}",
            "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
        }  # fmt: skip
        statuses: list[int] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        await self.middleware(scope, receive, send)
        return statuses[0] if statuses else 0

    def stored(self) -> list[str]:
        return [file for window in self.files.file_storage.values() for file in window]


def sends(*pieces: bytes, then: Callable[[], Coroutine[Any, Any, None]] | None = None) -> Receive:
    """A body in these pieces; `then` is awaited before the last."""
    waiting = list(pieces)

    async def receive() -> Message:
        piece = waiting.pop(0)
        if not waiting and then is not None:
            await then()
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    return receive


async def for_ever() -> None:
    await asyncio.Event().wait()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(uploads, "KEPT", 0.05)
    return Server(monkeypatch)


def test_a_file_that_nobody_takes_is_dropped(server: Server) -> None:
    async def story() -> None:
        assert await server.put("ann", "file", sends(b"a" * MB)) == 204
        assert server.stored() == ["file"]
        assert server.middleware.budget.held == MB
        await asyncio.sleep(0.2)
        assert server.files.file_storage == {}, "nothing is left, not even an empty window"
        assert server.middleware.budget.held == 0

    in_event_loop(story())


def test_a_file_that_a_page_takes_makes_room_at_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "KEPT", 60)

    async def story() -> None:
        for file in ("first", "second"):
            assert await server.put("ann", file, sends(b""), 50 * MB) == 204
        assert await server.put("ann", "third", sends(b""), 50 * MB) == 429
        assert await server.put("ben", "third", sends(b""), 50 * MB) == 204, "another person"
        server.files.remove_file("ann", "first")
        assert await server.put("ann", "third", sends(b""), 50 * MB) == 204

    in_event_loop(story())


def test_a_replaced_file_is_counted_once_and_kept_for_its_own_minute(server: Server) -> None:
    async def story() -> None:
        assert await server.put("ann", "file", sends(b"a" * MB)) == 204
        await asyncio.sleep(0.03)
        assert await server.put("ann", "file", sends(b"a")) == 204
        assert server.middleware.budget.held == 1
        await asyncio.sleep(0.03)
        assert server.stored() == ["file"]
        await asyncio.sleep(0.1)
        assert server.stored() == []

    in_event_loop(story())


def test_a_body_that_never_ends_is_ended(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LONGEST_TRANSFER", 0.05)

    async def story() -> None:
        assert await server.put("ann", "file", sends(b"a", b"", then=for_ever)) == 408
        assert (server.stored(), server.middleware.budget.held) == ([], 0)

    in_event_loop(story())


def test_a_person_who_hangs_up_holds_nothing(server: Server) -> None:
    async def hang_up() -> Message:
        raise uploads.ClientDisconnect

    async def story() -> None:
        assert await server.put("ann", "file", hang_up, 50 * MB) == 0
        assert (server.stored(), server.middleware.budget.held) == ([], 0)

    in_event_loop(story())


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (None, 401)])
def test_a_person_who_loses_the_role_while_sending_leaves_nothing(
    server: Server, role: Role | None, status: int
) -> None:
    async def change() -> None:
        del server.people["ann"]
        if role:
            server.people["ann"] = person("ann", role)

    async def story() -> None:
        assert await server.put("ann", "file", sends(b"a", b"a", then=change)) == status
        assert (server.stored(), server.middleware.budget.held) == ([], 0)

    in_event_loop(story())


def test_one_person_sends_so_many_files_at_once(server: Server) -> None:
    async def story() -> None:
        hanging = [
            asyncio.create_task(server.put("ann", f"{n}", sends(b"a", b"", then=for_ever)))
            for n in range(uploads.AT_ONCE)
        ]
        await asyncio.sleep(0.05)
        assert await server.put("ann", "one more", sends(b"a")) == 429
        assert server.runs == ["ann"], "the window runs again"
        assert uploaded_files.drop_refusal("ann") == (
            "Zixly receives 4 files from one person at a time. "
            "Wait until they have arrived, then choose the file again."
        )
        assert await server.put("ben", "another", sends(b"a")) == 204
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        assert await server.put("ann", "one more", sends(b"a")) == 204

    in_event_loop(story())


def test_the_process_has_a_limit_too() -> None:
    budget = Budget(per_person=10, in_total=15, at_once=4)
    first = budget.begin("ann", 10)
    with pytest.raises(OverBudget) as over:
        budget.begin("ann", 1)
    assert over.value.status == 429
    with pytest.raises(OverBudget) as over:
        budget.begin("ben", 6)
    assert over.value.status == 503
    second = budget.begin("ben", 5)
    with pytest.raises(OverBudget):
        budget.grow(second, 6)
    budget.release(first)
    budget.grow(second, 10)
    budget.release(second)
    budget.release(second)
    assert budget.held == 0
