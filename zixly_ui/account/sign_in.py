"""Signing in: streamlit-authenticator's form and password check, our database and session.

The library draws the form and compares the password with the bcrypt hash. Everything else is
replaced: users come one at a time from the database through a mapping; failures are written
there; its cookie does not exist; and what it leaves in `st.session_state` identifies nobody. A
correct password, and the code of a second factor where there is one, yield a single-use ticket
which the browser exchanges at `/session/open` for the session's HttpOnly cookie.
"""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.views import Authenticate

from zixly_data.access import passwords, sessions, throttling
from zixly_data.errors import SignInRefused, ZixlyError
from zixly_ui.account import second_factor_step
from zixly_ui.account.sign_in_frame import sign_in_frame
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.session import current_address

LONGEST_EMAIL = 320
_LABELS = {
    "Form name": "Sign in to Zixly",
    "Username": "Email",
    "Password": "Password",
    "Login": "Sign in",
}


class _User(dict[str, Any]):
    """One user as the library reads and writes them: counting a failure goes to the database."""

    def __init__(self, email: str, address: str, found: sessions.Credentials | None) -> None:
        # An unknown user gets a hash nobody knows, and so the same answer after the same time.
        super().__init__(
            email=email,
            password=found.password_hash if found else sessions.DUMMY_HASH,
            name=found.full_name if found else "",
            failed_login_attempts=0,
        )
        self.found = found
        self._address = address

    def __setitem__(self, key: str, value: Any) -> None:
        if key == "failed_login_attempts" and value > 0:
            sessions.record_failure(self["email"], self._address)
        super().__setitem__(key, value)


class _Users(dict[str, _User]):
    """Everybody who could sign in, looked up when asked for and once per attempt."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    def __contains__(self, email: object) -> bool:
        return isinstance(email, str)

    def __missing__(self, email: str) -> _User:
        user = _User(email, self.address, sessions.credentials(email, self.address))
        self[email] = user
        return user

    def get(self, email: str, default: Any = None) -> Any:
        return self[email]


class _PasswordCheck(AuthenticationController):  # type: ignore[misc]
    """The library's check, for passwords exactly as typed and of any length.

    After an attempt `outcome` is the person's credentials, False for a refusal, or None where
    something was left empty. It lives for one run and is all that is believed.
    """

    def __init__(self, users: _Users) -> None:
        super().__init__({"usernames": {}}, auto_hash=False)
        # Set afterwards: the constructor would copy the mapping into a dictionary.
        self.authentication_model.credentials = {"usernames": users}
        self.users = users
        self.tried = False
        self.outcome: sessions.Credentials | Literal[False] | None = None

    def login(
        self, username: str | None = None, password: str | None = None, *rest: Any, **named: Any
    ) -> bool:
        self.tried = True
        email = (username or "").strip().lower()[:LONGEST_EMAIL]
        if not email or not password:
            return False
        with throttling.one_at_a_time(self.users.address):
            matched = self.authentication_model.login(email, passwords.as_typed(password)) is True
        self.outcome = (matched and self.users[email].found) or False
        return bool(self.outcome)


class _NoCookie:
    """Stands where the library keeps its own cookie: there is none."""

    def get_cookie(self) -> None:
        return None

    def set_cookie(self) -> None:
        return None


class _Form(Authenticate):  # type: ignore[misc]
    """The library's form without its cookie component, which would be an iframe on the page."""

    def __init__(self, users: _Users) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.cookie_controller = _NoCookie()
        self.authentication_controller = _PasswordCheck(users)


def show_sign_in(notice: str | None = None) -> None:
    """Draw the sign-in page; with the right password, go on to the code or the session."""
    # The library hides its form while it believes somebody is signed in.
    st.session_state["authentication_status"] = None
    address = current_address()
    if second_factor_step.is_waiting():
        second_factor_step.show_code_form(address)
        return
    form = _Form(_Users(address))
    with sign_in_frame():
        message = st.container()
        if notice:
            message.info(notice, icon=":material/lock_clock:")
        try:
            form.login(fields=_LABELS, key="sign-in-form")
            check = form.authentication_controller
            if check.outcome:
                with message:
                    second_factor_step.continue_sign_in(check.outcome, check.outcome.email, address)
            elif check.outcome is False:
                raise SignInRefused("This email address and password do not match.")
            elif check.tried:
                message.warning("Enter your email address and your password.")
        except ZixlyError as error:
            message.error(sentence(error), icon=":material/error:")
        finally:
            st.session_state["authentication_status"] = None
        st.html('<a href="/forgot-password" target="_self">Forgot your password?</a>')
