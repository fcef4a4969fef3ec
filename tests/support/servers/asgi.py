"""Requests to a middleware in this process, with every byte of the scope chosen by the test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Result = TypeVar("Result")


def in_event_loop(steps: Coroutine[Any, Any, Result]) -> Result:
    """Run the steps in a new thread: the browser of other tests leaves a loop in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, steps).result()


@dataclass(frozen=True)
class Reply:
    """What was answered. `status` 0 means that the request reached the app behind, 1008 that a
    WebSocket was closed."""

    status: int
    headers: dict[str, str]
    text: str
    scope: Scope | None = None
    """The scope that the app behind received."""

    def json(self) -> Any:
        return json.loads(self.text)


def ask(
    middleware: Callable[[ASGIApp], ASGIApp],
    path: str,
    *headers: tuple[str, str],
    method: str = "GET",
    kind: str = "http",
    peer: str | None = "127.0.0.1",
    scheme: str = "http",
) -> Reply:
    """Send one request through the middleware, in front of an app that answers nothing."""
    reached: list[Scope] = []
    sent: list[Message] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": kind,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "scheme": scheme,
        "client": (peer, 50_000) if peer else None,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "extensions": {"websocket.http.response": {}},
    }
    if kind == "http":
        scope["method"] = method
    in_event_loop(middleware(behind)(scope, receive, send))
    if reached:
        assert not sent
        return Reply(0, {}, "", reached[0])
    start, *rest = sent
    if start["type"] == "websocket.close":
        return Reply(start["code"], {}, "")
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    body = b"".join(message["body"] for message in rest)
    return Reply(start["status"], answered, body.decode())
