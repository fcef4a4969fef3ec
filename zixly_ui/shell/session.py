"""Who is at this page. Every page starts with `identity = require_identity(Role.…)`.

A page never takes the word of an earlier run: the session's secret is looked up again each time,
so a deactivated person sees nothing from the next click on. Within one run the main script's
look-up is enough for the page: it is milliseconds old, and the decision that counts is made by the
database in any case, at every transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from zixly_data.access import sessions
from zixly_data.database.connection import one_moment as one_moment
from zixly_data.errors import SessionEnded
from zixly_data.identity import Identity, Role
from zixly_data.settings import settings
from zixly_ui.shell.request_headers import COOKIE, client_address

_of_this_run: ContextVar[Identity | None] = ContextVar("identity of this run", default=None)


def current_secret() -> str | None:
    """The session's secret this browser presents, or None. The one seam for tests of pages."""
    return st.context.cookies.get(COOKIE)


def current_identity() -> Identity | None:
    """The signed-in person, or None where this browser presents no session.

    Raises SessionEnded if it presents one that has ended, DatabaseUnavailable if nobody can say.
    """
    secret = current_secret()
    return None if secret is None else sessions.identify(secret)


@contextmanager
def identity_of_this_run(identity: Identity) -> Iterator[None]:
    """Let the page that runs inside take this identity without asking again."""
    token = _of_this_run.set(identity)
    try:
        yield
    finally:
        _of_this_run.reset(token)


def require_identity(role: Role = Role.VIEWER) -> Identity:
    """The signed-in person, if their role includes `role`; otherwise a calm page, and stop."""
    try:
        identity = _of_this_run.get() or current_identity()
    except SessionEnded:
        identity = None
    if identity is None:
        show_session_ended()
        st.stop()
    if not identity.role.includes(role):
        show_no_permission(identity, role)
        st.stop()
    return identity


def signed_in_identity() -> Identity | None:
    """Who is signed in, for the pages that are open to people who are not."""
    return _of_this_run.get()


def current_address() -> str:
    """The address this browser is at, as the trail and the delays after failures keep it."""
    headers = {name.lower(): value for name, value in st.context.headers.items()}
    return client_address(st.context.ip_address, headers, settings().trusted_proxies)


def show_session_ended() -> None:
    """Say that the session is over, with the way back in."""
    with st.container(key="session-ended", width=560):
        st.header("Your session has ended")
        st.write("You were signed out, here or elsewhere, or you were away for a long time.")
        # Any rerun without a session leads to the sign-in form, which comes back to this page.
        st.button("Sign in again", type="primary", key="session-ended-sign-in")


def show_no_permission(identity: Identity, role: Role) -> None:
    """Say who may open this page, without hinting at what is on it."""
    with st.container(key="no-permission", width=560):
        st.header("This page is for another role")
        st.write(
            f"It needs the role {role.label}; you are signed in as {identity.role.label}. "
            "Ask an administrator of your organisation if you need it."
        )
        # Not st.page_link, which fails where a page runs without the main script, as in tests.
        st.html('<a href="/" target="_self">Go to the overview</a>')
