"""The route `GET /healthz`, for monitors: 200 if Zixly can serve people, otherwise 503.

The answer names the parts and says `up` or `down`, nothing more. The database is asked at most
once a second in one thread, however many requests come; all of them share the answer.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit import runtime

LONGEST = 1.0


class SharedQuestion:
    """Asks a question that may block, and shares its answer for a second.

    Without an answer after a second the answer is no, and the question is not asked again while it
    is still open. So a database that hangs costs one thread, not one for each request. For one
    event loop.
    """

    def __init__(self, ask: Callable[[], bool], longest: float = LONGEST) -> None:
        self._ask = ask
        self._longest = longest
        self._asked_at = 0.0
        self._answer: Future[bool] | None = None

    async def answer(self) -> bool:
        now = time.monotonic()
        is_old = now - self._asked_at >= self._longest
        answer = self._answer
        if answer is None or (answer.done() and is_old):
            self._asked_at = now
            self._answer = answer = Future()
            # Not from the pool of threads, which may be full and is waited for at the end.
            threading.Thread(target=self._put, args=(answer,), name="health", daemon=True).start()
        remaining = self._asked_at + self._longest - now
        if not answer.done() and remaining > 0:
            await asyncio.wait({asyncio.wrap_future(answer)}, timeout=remaining)
        return answer.done() and answer.result()

    def _put(self, answer: Future[bool]) -> None:
        """Ask, and give the answer; a failure is no."""
        is_yes = False
        try:
            is_yes = self._ask()
        finally:
            answer.set_result(is_yes)


def routes(is_database_up: Callable[[], bool]) -> list[Route]:
    """Return the route. `is_database_up` may take any time."""
    database = SharedQuestion(is_database_up)

    async def health(request: Request) -> Response:
        are_pages_up, _ = await runtime.get_instance().is_ready_for_browser_connection
        parts = {"pages": are_pages_up, "database": await database.answer()}
        return JSONResponse(
            {name: "up" if is_up else "down" for name, is_up in parts.items()},
            status_code=200 if all(parts.values()) else 503,
            headers={"Cache-Control": "no-store"},
        )

    return [Route("/healthz", health, methods=["GET"])]
