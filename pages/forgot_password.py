"""Forgotten password: mails a reset link, with the same reply for known and unknown addresses."""

from __future__ import annotations

import streamlit as st

from zixly_data.access import forgotten_passwords
from zixly_data.mail import smtp
from zixly_data.settings import settings
from zixly_ui.account.sign_in_frame import sign_in_frame
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell.session import current_address

with sign_in_frame():
    st.header("Forgot your password?", anchor=False)
    if smtp.is_set_up(settings()):
        st.write("Enter the email address you sign in with to get a link for a new password.")
        form = EntryForm("forgot-password", id_prefix="form")
        with form.box():
            form.text("email", "Email")
            is_submitted = form.submit("Send link")
        email = str(form.value("email") or "").strip()
        if is_submitted and not email:
            form.problem("email", "Enter your email address.")
        elif is_submitted:
            forgotten_passwords.request_link(email, current_address())
            st.success(
                "If this address has an account, you will receive an email with a link. The link "
                "expires in 1 hour. If no email arrives, check your spam folder or ask an "
                "administrator of your organisation.",
                icon=":material/mail:",
            )
    else:
        st.write(
            "Email is not set up on this server. Ask an administrator of your organisation for a "
            "link to choose a new password."
        )
    st.html('<a href="/" target="_self">Back to sign-in</a>')
