"""The signed-in person. Every page starts with `identity = require_identity(Role.…)`.

Each run looks up the session's secret again, so a deactivated person sees nothing from the next
click on. Within one run the page reuses the look-up of the main script: it is milliseconds old, and
PostgreSQL checks the session again in every transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from zixly_data.access import sessions
from zixly_data.database.connection import snapshot as snapshot
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.settings import settings
from zixly_ui.shell.request_headers import COOKIE, client_address

# What the sidebar read of the organisation; a change of its settings drops it.
ORGANISATION = "organisation"

_of_this_run: ContextVar[Identity | None] = ContextVar("identity of this run", default=None)


def current_secret() -> str | None:
    """Return the session's secret from this browser, or None.

    Tests of pages replace this function.
    """
    return st.context.cookies.get(COOKIE)


def current_identity() -> Identity | None:
    """Return the signed-in person, or None if the browser presents no session.

    Raises SessionEnded if the session has ended, DatabaseUnavailable if it cannot be looked up.
    """
    secret = current_secret()
    return None if secret is None else sessions.identify(secret)


@contextmanager
def identity_of_this_run(identity: Identity) -> Iterator[None]:
    """Reuse the identity for every page run inside, without another look-up."""
    token = _of_this_run.set(identity)
    try:
        yield
    finally:
        _of_this_run.reset(token)


def require_identity(role: Role = Role.VIEWER, *, instead: str = "") -> Identity:
    """Return the signed-in person if their role includes `role`; otherwise explain and stop.

    `instead` says what people with lesser roles can do, in Markdown.
    """
    try:
        identity = _of_this_run.get() or current_identity()
    except SessionEnded:
        identity = None
    if identity is None:
        show_session_ended()
        st.stop()
    if not identity.role.includes(role):
        show_no_permission(identity, role, instead)
        st.stop()
    return identity


def signed_in_identity() -> Identity | None:
    """Return the signed-in person, or None, for pages that are open to all."""
    return _of_this_run.get()


def current_address() -> str:
    """Return the browser's address, as the audit trail and the sign-in delays record it."""
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    return client_address(st.context.ip_address, headers, settings().trusted_proxies)


def show_session_ended() -> None:
    """Show that the session has ended, with a button to sign in again."""
    with st.container(key="session-ended", width=560):
        st.header("Your session has ended")
        st.write("You were signed out, or you were inactive for too long.")
        # Any rerun without a session shows the sign-in form, which returns to this page.
        st.button("Sign in again", type="primary", key="session-ended-sign-in")


def show_no_permission(identity: Identity, role: Role, instead: str = "") -> None:
    """Show the role that the page needs, without hinting at its content."""
    with st.container(key="no-permission", width=560):
        st.header("You do not have access to this page")
        st.write(
            f"It requires the role {role.label}, and you are signed in as {identity.role.label}. "
            "Ask an administrator of your organisation for access."
        )
        if instead:
            st.write(instead)
        # st.page_link fails where a page runs without the main script, as in tests.
        st.html('<a href="/" target="_self">Go to the overview</a>')
