"""The events of a page's run, handed to the event loop in batches.

Streamlit wakes its event loop for each element of a page. Its two threads then pass Python's lock
to each other a hundred times in a run, which takes longer than most elements. Here an element waits
a moment for others. The beginning and the end of a run do not wait, and take along what waits
before them: the session sees the same events in the same order (`test_batches.py`).
"""

from __future__ import annotations

from collections import deque
from typing import Any
from weakref import WeakKeyDictionary

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunnerEvent

# Seconds for which an element waits at most. A page takes 20 to 50 ms.
WAIT = 0.01


class Batch:
    """The waiting events of one session: its runs' threads add them, the event loop takes them."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[tuple[Any, ...], dict[str, Any]]] = deque()
        self.is_timer_set = False

    def take(self, session: AppSession) -> None:
        """Let the session handle everything that waits. Runs on the event loop."""
        # Before the events are taken: one that is added in the meantime sets the next timer.
        self.is_timer_set = False
        # Each of its calls would wake the event loop, which is awake.
        notify, session._message_enqueued_callback = session._message_enqueued_callback, None
        try:
            while self.waiting:
                arguments, named = self.waiting.popleft()
                session._handle_scriptrunner_event_on_event_loop(*arguments, **named)
        finally:
            session._message_enqueued_callback = notify
            if notify is not None:
                notify()
            if self.waiting:
                session._call_soon_on_event_loop(lambda: self.take(session))


_batches: WeakKeyDictionary[AppSession, Batch] = WeakKeyDictionary()


def send_in_batches() -> None:
    """Let the sessions of this process take the events of their runs in batches."""
    AppSession._on_scriptrunner_event = _receive  # type: ignore[method-assign,assignment]


def _receive(
    session: AppSession, sender: Any, event: ScriptRunnerEvent, *more: Any, **named: Any
) -> None:
    """Take an event on the thread of the run, in place of AppSession._on_scriptrunner_event."""
    batch = _batches.get(session)
    if batch is None:
        batch = _batches.setdefault(session, Batch())
    batch.waiting.append(((sender, event, *more), named))
    if event is not ScriptRunnerEvent.ENQUEUE_FORWARD_MSG:
        session._call_soon_on_event_loop(lambda: batch.take(session))
    elif not batch.is_timer_set:
        batch.is_timer_set = True
        session._call_soon_on_event_loop(
            lambda: session._event_loop.call_later(WAIT, batch.take, session)
        )
