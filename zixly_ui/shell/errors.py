"""What a person sees when something fails: one sentence and what to do, never a stack trace.

`guarded()` surrounds the main script and with it every page; `show_error` is also the app's
handler for what happens outside it (callbacks and fragments).
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
    """Show whatever fails inside in words, then end the run.

    The run ends with `st.stop()`, not normally: Streamlit then keeps the state of widgets that
    were not drawn, so what was typed is still there once the page can be shown again.
    """
    try:
        yield
    except FragmentHandledException:
        raise
    except Exception as error:
        show_error(error)
        st.stop()


def show_error(error: Exception) -> bool:
    """Show one failure. Returns True: it has been shown, Streamlit need not."""
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
            "Something went wrong here, and it is not your doing. Try again; if it happens "
            f"again, tell your administrator the number of this incident: **{incident}**",
            icon=":material/error:",
        )
    return True


def show_unavailable(error: DatabaseUnavailable) -> None:
    """A calm page for the time in which the database cannot be reached, or is too slow."""
    with st.container(key="unavailable", width=560):
        st.header(plain(str(error).removesuffix(".")))
        st.write(plain(error.advice))
        st.button("Try again", key="error-try-again", type="primary", icon=":material/refresh:")


def sentence(error: ZixlyError) -> str:
    """The error's sentence and its advice as Markdown in which nothing is markup."""
    return plain(f"{error} {error.advice}")
