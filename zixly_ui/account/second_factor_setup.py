"""Setting up a second factor: QR code, confirmation, and recovery codes.

`show_required` is the only page for a person whose organisation requires a second factor;
`show_set_up` is the same on the account page. Recovery codes stay on the screen, on any page, until
the person confirms having kept them.
"""

from __future__ import annotations

import segno
import streamlit as st

from zixly_data.access import second_factor
from zixly_data.errors import NotFound
from zixly_ui.account.sign_in_frame import show_brand
from zixly_ui.account.submit_form import submit_form
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell.retrying import retry

_CODES = "recovery-codes"
# Dark on white in both themes, which every app can read.
_DARK, _LIGHT = "#1c2430", "#ffffff"


def show_required(session_secret: str) -> None:
    """Show the set-up alone with a sign-out button: no page opens before it is done."""
    with (
        st.container(horizontal_alignment="center"),
        st.container(key="enrolment", width=560),
    ):
        show_brand()
        st.header("Set up two-step sign-in", anchor=False)
        st.markdown(
            "Your organisation requires a code from your phone when you sign in. "
            "Setting it up takes two minutes, and you only do it once."
        )
        if show_set_up(session_secret):
            st.rerun()
        if st.button("Sign out", icon=":material/logout:", key="enrolment-sign-out"):
            submit_form("/session/close")


def show_set_up(session_secret: str) -> bool:
    """Draw the three steps. Return True once confirmed: `are_codes_unseen` is then true."""
    enrolment = retry(lambda: second_factor.begin(session_secret))
    st.markdown(
        "**1.** Open an authenticator app on your phone, such as Google Authenticator, "
        "Microsoft Authenticator, 1Password or Aegis."
    )
    st.markdown("**2.** Scan this QR code with the app.")
    st.html(f'<img src="{qr_code(enrolment.uri)}" width="208" height="208" alt="{_ALT}">')
    with st.expander("Can’t scan it? Enter this key instead"):
        st.code(group_in_fours(enrolment.secret), language=None, wrap_lines=True)
        st.caption("Time-based, 6 digits, 30 seconds: the default in every app.")
    form = EntryForm("second-factor", id_prefix="tfa")
    with form.box(border=False):
        form.text("code", "**3.** Enter the 6-digit code from the app", placeholder="123 456")
        is_submitted = form.submit("Turn on")
    if not is_submitted:
        return False
    with form.problems():
        try:
            codes = retry(lambda: second_factor.confirm(session_secret, str(form.value("code"))))
        except NotFound:
            # Confirmed in another window a moment ago.
            st.rerun()
        st.session_state[_CODES] = codes
        form.forget()
        return True
    return False


def are_codes_unseen() -> bool:
    """Return whether there are new recovery codes that the person has not confirmed."""
    return bool(st.session_state.get(_CODES))


def show_codes() -> None:
    """Show the recovery codes once, to copy and to download."""
    codes: list[str] = st.session_state[_CODES]
    with st.container(key="recovery-codes", width=560):
        st.success("Two-step sign-in is on.", icon=":material/check_circle:")
        st.header("Save your recovery codes", anchor=False)
        st.markdown(
            "Each code signs you in once if you lose your phone. Keep them in a password manager "
            "or on paper, not on your phone. **They are not shown again.**"
        )
        st.code("\n".join(codes), language=None)
        with st.container(horizontal=True):
            st.download_button(
                "Download",
                codes_file(codes),
                file_name="zixly-recovery-codes.txt",
                mime="text/plain",
                icon=":material/download:",
                on_click="ignore",
                key="recovery-codes-download",
            )
            if st.button("I have saved them", type="primary", key="recovery-codes-kept"):
                del st.session_state[_CODES]
                st.rerun()


def codes_file(codes: list[str]) -> str:
    """Return the recovery codes as a text file."""
    head = (
        "Recovery codes for Zixly. Each one signs you in once, instead of a code from your phone."
    )
    return "\n".join([head, "", *codes, ""])


def qr_code(uri: str) -> str:
    """Return the QR code of `uri` as a data URI: dark on white, with a margin."""
    code = segno.make(uri, error="m", micro=False)
    address: str = code.svg_data_uri(dark=_DARK, light=_LIGHT, border=4, scale=5)
    return address


def group_in_fours(secret: str) -> str:
    """Return a secret in groups of four characters, for typing."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


_ALT = "QR code for your authenticator app"
