"""Signing in: streamlit-authenticator's form and password check, our database and session.

The library draws the form and compares the password with the bcrypt hash. Everything else is
replaced: users are read one at a time from the database through a mapping; failures are recorded
there; the library sets no cookie; and its values in `st.session_state` identify nobody. A correct
password, with the code of a second factor if there is one, yields a single-use ticket that the
browser exchanges at `/session/open` for the HttpOnly cookie of the session.
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
    """A user as the library reads and writes it: a counted failure goes to the database."""

    def __init__(self, email: str, address: str, credentials: sessions.Credentials | None) -> None:
        # An unknown user gets a dummy hash, and so the same reply after the same time.
        super().__init__(
            email=email,
            password=credentials.password_hash if credentials else sessions.DUMMY_HASH,
            name=credentials.full_name if credentials else "",
            failed_login_attempts=0,
        )
        self.credentials = credentials
        self._address = address

    def __setitem__(self, key: str, value: Any) -> None:
        if key == "failed_login_attempts" and value > 0:
            sessions.record_failure(self["email"], self._address)
        super().__setitem__(key, value)


class _Users(dict[str, _User]):
    """All users who could sign in, each looked up on demand and once per attempt."""

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

    After an attempt `outcome` is the person's credentials, False for a refusal, or None if a field
    was empty. It lasts for one run and is the only result that is trusted.
    """

    def __init__(self, users: _Users) -> None:
        super().__init__({"usernames": {}}, auto_hash=False)
        # Set afterwards, because the constructor would copy the mapping into a dictionary.
        self.authentication_model.credentials = {"usernames": users}
        self.users = users
        self.is_attempted = False
        self.outcome: sessions.Credentials | Literal[False] | None = None

    def login(
        self, username: str | None = None, password: str | None = None, *args: Any, **kwargs: Any
    ) -> bool:
        self.is_attempted = True
        email = (username or "").strip().lower()[:LONGEST_EMAIL]
        if not email or not password:
            return False
        with throttling.serialise_attempts(self.users.address):
            is_match = (
                self.authentication_model.login(email, passwords.bcrypt_input(password)) is True
            )
        self.outcome = (is_match and self.users[email].credentials) or False
        return bool(self.outcome)


class _NoCookie:
    """Replaces the library's cookie handler: the library sets no cookie."""

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
    """Draw the sign-in page; after the correct password, continue to the code or the session."""
    # The library hides its form while this state names a signed-in user.
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
                raise SignInRefused("The email address or password is incorrect.")
            elif check.is_attempted:
                message.warning("Enter your email address and password.")
        except ZixlyError as error:
            message.error(sentence(error), icon=":material/error:")
        finally:
            st.session_state["authentication_status"] = None
        st.html('<a href="/forgot-password" target="_self">Forgot your password?</a>')
