"""The sections of the account page: password, second factor, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from zixly_data.access import account, second_factor
from zixly_data.access.sessions import Account
from zixly_data.errors import NotFound, TooManyAttempts
from zixly_data.identity import Identity
from zixly_data.values.frames import rows
from zixly_ui.account import account_text, second_factor_setup
from zixly_ui.account.devices import device
from zixly_ui.components.formatting import plural
from zixly_ui.components.forms import EntryForm, confirm
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.retrying import retry
from zixly_ui.shell.session import current_address

_MOST_SESSIONS = 20
_STEP = "second-factor-step"


def show_password(identity: Identity) -> None:
    """Show the form for a new password. Changing it ends the other sessions."""
    st.subheader("Password", anchor=False)
    form = EntryForm("password", id_prefix="pwd")
    with form.box():
        form.password("old", "Current password")
        form.password("password", "New password", is_new=True)
        form.password("again", "Confirm new password", is_new=True)
        st.caption(account_text.RULES + " You will be signed out on all other devices.")
        is_submitted = form.submit("Change password")
    if not is_submitted:
        return
    old, new, repeated = (str(form.value(name) or "") for name in ("old", "password", "again"))
    if not old:
        form.problem("old", "Enter your current password.")
    if not new:
        form.problem("password", "Enter a new password.")
    elif new != repeated:
        form.problem("again", "The passwords do not match. Type the new password again.")
    if form.is_valid:
        with _refusals(form):
            retry(lambda: account.change_password(identity, old, new, current_address()))
            form.saved("Your password was changed. You are signed out on all other devices.")


def has_second_factor(identity: Identity) -> bool:
    """Return whether this person needs a code to sign in."""
    return second_factor.is_on(_account(identity))


def show_second_factor(identity: Identity, is_required: bool) -> None:
    """Show the second factor: set up, set up anew, switch off."""
    st.subheader("Two-step sign-in", anchor=False)
    if st.session_state.get(_STEP) == "set up":
        with st.container(border=True):
            _set_up(identity)
    elif not has_second_factor(identity):
        st.markdown(
            "Require a code from your phone as well as your password, so that a stolen password is "
            "not enough to sign in."
        )
        if st.button("Set up", icon=":material/qr_code_2:", key="second-factor-set-up"):
            _go_to("set up")
    else:
        left = account_text.codes_left(second_factor.recovery_codes_left(_account(identity)))
        st.markdown(f":green[:material/verified_user: **On.**] {left}")
        _show_changes(identity, is_required)


def _show_changes(identity: Identity, is_required: bool) -> None:
    """Show the buttons for setting up anew and switching off.

    Both weaken the account for a moment, so they ask for the password first.
    """
    with st.container(horizontal=True):
        if st.button("Set up again…", icon=":material/qr_code_2:", key="second-factor-anew"):
            _go_to("ask-again")
        if not is_required and st.button("Turn off…", key="second-factor-off"):
            _go_to("ask-off")
    if is_required:
        st.caption("Your organisation requires two-step sign-in, so you cannot turn it off.")
    step = st.session_state.get(_STEP)
    if step not in ("ask-again", "ask-off"):
        return
    form = EntryForm(f"second-factor-{step}", id_prefix="pwd")
    with form.box():
        st.markdown(
            "For a new phone or new recovery codes. The old ones work until you confirm the new."
            if step == "ask-again"
            else "You will then sign in with your password only."
        )
        form.password("old", "Enter your password to confirm")
        is_submitted = form.submit("Continue" if step == "ask-again" else "Turn off")
    if is_submitted:
        with _refusals(form):
            typed = str(form.value("old") or "")
            retry(lambda: account.check_password(identity, typed, current_address()))
            form.forget()
            if step == "ask-again":
                _go_to("set up")
            retry(lambda: second_factor.remove(identity.secret))
            confirm("Two-step sign-in is off.")
            _go_to(None)


def _set_up(identity: Identity) -> None:
    if second_factor_setup.show_set_up(identity.secret):
        _go_to(None)
    if st.button("Not now", key="second-factor-not-now", type="tertiary"):
        _go_to(None)


def show_sessions(identity: Identity, session_rows: pd.DataFrame, zone: ZoneInfo) -> None:
    """List the sessions of the person, those used last, each with a button to end it."""
    st.subheader("Where you are signed in", anchor=False)
    now = datetime.now(UTC)
    with st.container(key="sessions", gap="small"):
        for session in rows(session_rows.head(_MOST_SESSIONS)):
            _show_session(identity, session, now, zone)
    if len(session_rows) > _MOST_SESSIONS:
        st.caption(f"Showing the {_MOST_SESSIONS} used last of {len(session_rows):,}.")
    others = len(session_rows) - 1
    if others > 1 and st.button(
        f"End all {others:,} other sessions", icon=":material/logout:", key="end-others"
    ):
        ended = retry(lambda: account.end_other_sessions(identity))
        confirm(f"{plural(ended, 'session')} ended. You are signed in on this device only.")
        st.rerun()
    st.caption(
        "If you do not recognise a device, end its session and change your password: someone else "
        "may know it."
    )


def _show_session(
    identity: Identity, session: dict[str, Any], now: datetime, zone: ZoneInfo
) -> None:
    device_name = device(session["user_agent"])
    seen = account_text.last_seen(session["last_seen_at"], now, zone)
    address = session["address"] or "address unknown"
    with st.container(
        border=True, horizontal=True, vertical_alignment="center",
        horizontal_alignment="distribute", key=f"session-{session['id']}",
    ):  # fmt: skip
        mark = " :green-badge[This device]" if session["is_this"] else ""
        st.markdown(
            f"**{plain(device_name)}**{mark}  \n{plain(seen)} · {plain(address)}", width="content"
        )
        if session["is_this"]:
            return
        if st.button("End session", key=f"end-{session['id']}", help=f"Sign out {device_name}"):
            with suppress(NotFound):
                retry(lambda: account.end_session(identity, session["id"]))
            confirm(f"{device_name} was signed out.")
            st.rerun()


@contextmanager
def _refusals(form: EntryForm) -> Iterator[None]:
    """Show a refused password check beside its field."""
    with form.problems():
        try:
            yield
        except TooManyAttempts as error:
            form.problem("old", f"{error} {error.advice}")


def _account(identity: Identity) -> Account:
    return Account(identity.tenant_id, identity.user_id)


def _go_to(step: str | None) -> NoReturn:
    st.session_state[_STEP] = step
    st.rerun()
