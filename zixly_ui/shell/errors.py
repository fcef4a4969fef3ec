"""Error messages on pages: one sentence and the next step, never a stack trace.

`handle_errors()` surrounds the main script and with it every page; `show_error` is also the app's
handler for errors outside it (callbacks and fragments).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import FragmentHandledException

from zixly_data.errors import AccessDenied, DatabaseUnavailable, SessionEnded, ZixlyError
from zixly_ui.shell.markdown import plain

logger = logging.getLogger(__name__)


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
        st.header(plain(str(error).removesuffix(".")))
        st.write(plain(error.advice))
        st.button("Try again", key="error-try-again", type="primary", icon=":material/refresh:")


def sentence(error: ZixlyError) -> str:
    """Return the error and its advice as Markdown with all markup escaped."""
    return plain(f"{error} {error.advice}")
