"""Removing the demo: what goes and what stays, counted, and a form that asks for the name."""

from __future__ import annotations

import streamlit as st

from zixly_data.errors import (
    NOT_SAVED,
    Conflict,
    InvalidInput,
    LastAdmin,
    MonthClosed,
    NotConfirmed,
    NotFound,
    SessionEnded,
)
from zixly_data.identity import Identity
from zixly_data.mail import messages as mail_messages
from zixly_data.people import demo_removal
from zixly_data.people.demo_removal import DemoContents
from zixly_ui.account.submit_form import submit_form
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import current_identity
from zixly_ui.shell.url_state import OPENED

# The numbers that the person sees: what is removed is what they agreed to.
_SLOT = f"{OPENED}demo"
_REFUSALS = (Conflict, InvalidInput, LastAdmin, MonthClosed, NotConfirmed, NotFound, *NOT_SAVED)


def show(identity: Identity, contents: DemoContents) -> None:
    """Draw what removing the demo does, and the form that removes it."""
    seen: DemoContents = st.session_state.setdefault(_SLOT, contents)
    st.subheader("The demo", anchor=False)
    st.markdown(
        "This organisation has the demo's invented clients and people. Remove them when you begin "
        "with your own."
    )
    place = st.container()
    form = EntryForm("demo", id_prefix="edit")
    with st.expander("Remove the demo…", icon=":material/delete:"):
        with form.box(border=False):
            with_own = seen.loses_own and st.checkbox(
                "Also delete what my team added", key=f"{form.draft_id}-own"
            )
            form.text("name", "To confirm, type the name of the organisation")
            is_submitted = form.submit("Remove the demo", destroys=True)
        if is_submitted:
            _remove(identity, form, seen, bool(with_own))
    if not is_submitted and seen != contents:
        st.session_state[_SLOT] = contents
        st.rerun()
    with place:
        for line in demo_removal.consequences(st.session_state[_SLOT]):
            st.markdown(f"- {plain(line)}")


def _remove(identity: Identity, form: EntryForm, seen: DemoContents, with_own: bool) -> None:
    """Remove the demo and lead the person on, or show a refusal and keep what was typed."""
    typed = str(form.value("name") or "")
    try:
        token = retry(lambda: demo_removal.remove(identity, seen, typed, with_own=with_own))
    except _REFUSALS as error:
        if isinstance(error, Conflict):
            st.session_state[_SLOT] = error.current
        st.error(sentence(error), icon=":material/error:")
        return
    form.forget()
    st.session_state.pop(_SLOT, None)
    if token is not None:
        st.success("The demo was removed. Set up your own organisation now.")
        submit_form("/link/open", kind=mail_messages.SET_UP, token=token)
    elif _is_signed_in():
        confirm("The demo was removed.")
        st.rerun()
    else:
        st.success("The demo was removed, and its people are signed out. Sign in as yourself.")
        submit_form("/session/close")
    st.stop()


def _is_signed_in() -> bool:
    """Return whether the person is still a member: a person of the demo went with it."""
    try:
        return current_identity() is not None
    except SessionEnded:
        return False
