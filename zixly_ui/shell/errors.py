"""Error messages on pages: one sentence and the next step, never a stack trace.

`handle_errors()` surrounds the main script and with it every page; `show_error` is also the app's
handler for errors outside it (callbacks and fragments).
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException

from zixly_data import os_errors
from zixly_data.errors import (
    AccessDenied,
    DatabaseUnavailable,
    NotPrepared,
    ServerFailed,
    SessionEnded,
    ZixlyError,
)
from zixly_ui.shell.markdown import plain

logger = logging.getLogger(__name__)

# Everyone who works meets a full disk at every click: one line a minute is enough.
_NOTE_SECONDS = 60
_noted: dict[str, float] = {}
_noting = threading.Lock()


@contextmanager
def handle_errors() -> Iterator[None]:
    """Show any error raised inside as a message, then end the run.

    The run ends with `st.stop()`, not normally: Streamlit then keeps the state of widgets that were
    not drawn, so typed input is still there once the page can be shown again.
    """
    try:
        yield
    except FragmentHandledException:
        raise
    except Exception as error:
        show_error(error)
        st.stop()


def show_error(error: Exception) -> bool:
    """Show the error. Return True, which tells Streamlit that it has been shown."""
    if isinstance(error, OSError) and os_errors.is_of_machine(error):
        error = os_errors.storage_failed("The server cannot do this now", error)
    if isinstance(error, SessionEnded):
        st.info("Your session has ended. Sign in again.", icon=":material/lock_clock:")
        st.button("Sign in again", key="error-sign-in", type="primary")
    elif isinstance(error, DatabaseUnavailable):
        show_unavailable(error)
    elif isinstance(error, AccessDenied):
        st.warning(sentence(error), icon=":material/lock:")
    elif isinstance(error, ZixlyError):
        st.error(sentence(error), icon=":material/error:")
    else:
        incident = secrets.token_hex(4).upper()
        logger.error("Incident %s", incident, exc_info=error)
        st.error(
            "Something went wrong. Try again. If it happens again, give your administrator this "
            f"incident number: **{incident}**",
            icon=":material/error:",
        )
    return True


def show_unavailable(error: DatabaseUnavailable) -> None:
    """Show a calm page while the database cannot be reached or is too slow."""
    with st.container(key="unavailable", width=560):
        st.header(plain(for_person(error).removesuffix(".")))
        st.write(plain(next_step(error)))
        st.button("Try again", key="error-try-again", type="primary", icon=":material/refresh:")


def sentence(error: ZixlyError) -> str:
    """Return the error and the person's next step as Markdown with all markup escaped."""
    return plain(message(error))


def message(error: ZixlyError) -> str:
    """Return the error and the person's next step, as `next_step` does."""
    return f"{for_person(error)} {next_step(error)}"


def next_step(error: ZixlyError) -> str:
    """Return the person's next step; write advice for the operator to the log."""
    if error.is_for_operator:
        _note_for_operator(error)
    return error.next_step


def for_person(error: ZixlyError) -> str:
    """Return the sentence without the paths and settings that only the operator needs."""
    if isinstance(error, ServerFailed | NotPrepared):
        return "Zixly cannot use its database."
    return str(error)


def _note_for_operator(error: ZixlyError) -> None:
    """Write the error with its advice to the log, at most once a minute each."""
    now = time.monotonic()
    with _noting:
        if now - _noted.get(str(error), -_NOTE_SECONDS) < _NOTE_SECONDS:
            return
        _noted[str(error)] = now
    logger.error("%s %s", error, error.advice)
