"""New password: a person with a reset link chooses a password and is signed in."""

from __future__ import annotations

import streamlit as st

from zixly_data.access import one_time_links
from zixly_data.access.one_time_links import LinkState
from zixly_data.errors import LinkClosed
from zixly_data.mail import messages as mail_messages
from zixly_ui.account import account_text, link_pages, second_factor_step
from zixly_ui.account.sign_in_frame import sign_in_frame
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell.session import current_address, signed_in_identity

token = link_pages.opened_token(mail_messages.PASSWORD)
link = one_time_links.reset_link(token) if token else None
address = current_address()

with sign_in_frame():
    if token is None or link is None or link.state is not LinkState.OPEN:
        link_pages.show_closed(mail_messages.PASSWORD, link.state if link else None)
        st.stop()
    st.header("Choose a new password", anchor=False)
    if signed_in_identity() is not None:
        link_pages.offer_to_sign_out(
            "/new-password", f"This link is for {link.email}. Sign out to use it."
        )
        st.stop()
    st.text(f"For {link.email}. You will be signed out on all other devices.")
    form = EntryForm("new-password", id_prefix="form")
    with form.box():
        form.password("password", "New password", is_new=True)
        st.caption(account_text.RULES)
        is_submitted = form.submit("Save password")
    if is_submitted:
        password = link_pages.read_password(form, "password", link.email)
        if password is not None:
            try:
                with st.spinner("One moment…"):
                    account = one_time_links.reset_password(token, password, address)
                    form.forget()
                    second_factor_step.continue_sign_in(account, link.email, address, "/")
            except LinkClosed:
                st.rerun()
