"""The second step of signing in: a code, after the correct password.

    second_factor_step.continue_sign_in(account, email, address)   after a password or link
    second_factor_step.is_waiting(), show_code_form(address)       until the code or its time is up

A correct password is remembered only on the server, in the state of this browser window, for five
minutes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import streamlit as st

from zixly_data.access import second_factor, sessions
from zixly_data.access.sessions import Account
from zixly_data.errors import SignInRefused
from zixly_ui.account.sign_in_frame import sign_in_frame
from zixly_ui.account.submit_form import submit_form
from zixly_ui.shell.errors import sentence

SECONDS = 5 * 60
_WAITING = "second-step"


@dataclass(frozen=True)
class Waiting:
    """A sign-in waiting for its code: account, monotonic time of the password, next page."""

    account: Account
    email: str
    since: float
    next_path: str

    def is_over(self) -> bool:
        return time.monotonic() - self.since > SECONDS


def continue_sign_in(account: Account, email: str, address: str, next_path: str = "") -> None:
    """Continue after a correct password or link: ask for a code if required, otherwise sign in.

    `next_path` is the page to open; empty for the one in the address bar.
    """
    if second_factor.is_on(account):
        st.session_state[_WAITING] = Waiting(account, email, time.monotonic(), next_path)
        st.rerun()
    _open_session(account, address, next_path)


def is_waiting() -> bool:
    """Return whether the sign-in in this window waits for a code."""
    waiting = st.session_state.get(_WAITING)
    return isinstance(waiting, Waiting)


def show_code_form(address: str) -> None:
    """Draw the code form; with the correct code, open the session."""
    waiting: Waiting = st.session_state[_WAITING]
    with sign_in_frame():
        message = st.container()
        if waiting.is_over():
            _forget()
            message.info("Your sign-in timed out after five minutes.", icon=":material/lock_clock:")
            st.button("Sign in again", type="primary", key="second-step-again", width="stretch")
            return
        with st.form("second-step-form", enter_to_submit=True):
            st.subheader("Enter your code", anchor=False)
            # As Markdown, the email address would become a link.
            st.text(f"From your authenticator app, for {waiting.email}.")
            code = st.text_input(
                "Code", key="second-step-code", autocomplete="one-time-code", max_chars=40,
                placeholder="123 456",
            )  # fmt: skip
            is_submitted = st.form_submit_button("Continue", type="primary")
        st.caption("Lost your phone? Use a recovery code, or ask an administrator.")
        if st.button("Sign in as someone else", key="second-step-back", type="tertiary"):
            _forget()
            st.rerun()
        if is_submitted:
            with message:
                _check_code(waiting, code, address)


def _check_code(waiting: Waiting, code: str, address: str) -> None:
    if not code.strip():
        st.warning("Enter the 6-digit code from your authenticator app, or a recovery code.")
        return
    try:
        second_factor.check(waiting.account, code, waiting.email, address)
        _open_session(waiting.account, address, waiting.next_path)
    except SignInRefused as error:
        st.error(sentence(error), icon=":material/error:")
        return
    _forget()


def _open_session(account: Account, address: str, next_path: str) -> None:
    ticket = sessions.issue_ticket(account, address)
    submit_form("/session/open", ticket=ticket, next=next_path)
    st.success("Signing you in…", icon=":material/check:")


def _forget() -> None:
    st.session_state.pop(_WAITING, None)
