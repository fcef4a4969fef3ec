"""The events of a page's run, handled and sent to the browser in batches.

Streamlit wakes its event loop for each element of a page, and sends each element in a turn of its
own. Its two threads pass Python's lock to each other a hundred times in a run, which takes longer
than most elements. Here the loop looks for elements every moment. The beginning and end of a run
wake it, and take along what waits before them. The browser gets the same messages in the same
order (`test_batches.py`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any
from weakref import WeakKeyDictionary

from streamlit import runtime
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import ScriptRunnerEvent
from streamlit.runtime.session_manager import SessionClientDisconnectedError

# Seconds between two looks, while a run lasts. A page takes 20 to 50 ms.
WAIT = 0.01
# Streamlit closes a connection for which 500 messages wait. Its own loop sends more at its pace.
MOST_MESSAGES = 200

_flush, _after_flush = AppSession.flush_browser_queue, AppSession.on_flushed_messages_sent


class Batch:
    """The waiting events of one session: its runs' threads add them, the event loop takes them."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[tuple[Any, ...], dict[str, Any]]] = deque()
        self.timer: asyncio.TimerHandle | None = None
        self.is_streamlit_sending = False

    def take(self, session: AppSession) -> None:
        """Let the session handle everything that waits, and send the messages. Runs on the event
        loop."""
        if self.timer is not None:
            self.timer.cancel()
        # Before the events are taken: an element that is added in the meantime wakes the loop.
        self.timer = None
        # Each message would wake the loop that sends.
        notify, session._message_enqueued_callback = session._message_enqueued_callback, None
        try:
            while self.waiting:
                arguments, named = self.waiting.popleft()
                session._handle_scriptrunner_event_on_event_loop(*arguments, **named)
        finally:
            session._message_enqueued_callback = notify
            if self.waiting or session._state is AppSessionState.APP_IS_RUNNING:
                self.timer = session._event_loop.call_later(WAIT, self.take, session)
            if notify is not None and not self._send(session):
                notify()

    def _send(self, session: AppSession) -> bool:
        """Send the session's messages, unless they have to wait for Streamlit's loop."""
        server = runtime.get_instance()
        connected = server._session_mgr.get_active_session_info(session.id)
        is_long = len(session._browser_queue) > MOST_MESSAGES
        if connected is None or is_long or self.is_streamlit_sending:
            return False
        try:
            for message in _flush(session):
                server._send_message(connected, message)
        except SessionClientDisconnectedError:
            server.disconnect_session(session.id, client=connected.client)
        _after_flush(session)
        return True


_batches: WeakKeyDictionary[AppSession, Batch] = WeakKeyDictionary()


def send_in_batches() -> None:
    """Let the sessions of this process take the events of their runs in batches."""
    for name, replacement in (
        ("_on_scriptrunner_event", _receive),
        ("flush_browser_queue", _begin_sending),
        ("on_flushed_messages_sent", _end_sending),
    ):
        setattr(AppSession, name, replacement)


def _batch_of(session: AppSession) -> Batch:
    batch = _batches.get(session)
    return _batches.setdefault(session, Batch()) if batch is None else batch


def _receive(
    session: AppSession, sender: Any, event: ScriptRunnerEvent, *more: Any, **named: Any
) -> None:
    """Take an event on the thread of the run, in place of AppSession._on_scriptrunner_event."""
    batch = _batch_of(session)
    batch.waiting.append(((sender, event, *more), named))
    if event is not ScriptRunnerEvent.ENQUEUE_FORWARD_MSG or batch.timer is None:
        session._call_soon_on_event_loop(lambda: batch.take(session))


def _begin_sending(session: AppSession) -> list[ForwardMsg]:
    """Return the messages for Streamlit's loop, which sends each in a turn of its own: until it has
    sent the last one, others must not overtake them."""
    messages = _flush(session)
    if messages:
        _batch_of(session).is_streamlit_sending = True
    return messages


def _end_sending(session: AppSession) -> None:
    _batch_of(session).is_streamlit_sending = False
    _after_flush(session)
