"""Invitation: an invited person chooses a password and is signed in."""

from __future__ import annotations

import streamlit as st

from zixly_data.access import one_time_links
from zixly_data.access.one_time_links import LinkState
from zixly_data.errors import AlreadyExists, LinkClosed
from zixly_data.identity import Role
from zixly_data.mail import messages as mail_messages
from zixly_data.values.names import parse_name
from zixly_ui.account import account_text, link_pages, second_factor_step
from zixly_ui.account.sign_in_frame import sign_in_frame
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.session import current_address, signed_in_identity

token = link_pages.opened_token(mail_messages.INVITATION)
invitation = one_time_links.invitation(token) if token else None
address = current_address()

with sign_in_frame():
    if token is None or invitation is None or invitation.state is not LinkState.OPEN:
        link_pages.show_closed(mail_messages.INVITATION, invitation.state if invitation else None)
        st.stop()
    role = Role(invitation.role).label
    st.header(plain(f"Join {invitation.tenant_name} as {role}"), anchor=False)
    if signed_in_identity() is not None:
        link_pages.offer_to_sign_out(
            "/invitation",
            f"This invitation is for {invitation.email}. Sign out to accept it.",
        )
        st.stop()
    st.text(f"You will sign in as {invitation.email}.")
    form = EntryForm("invitation", id_prefix="form")
    with form.box():
        form.text("full_name", "Your name")
        form.password("password", "Choose a password", is_new=True)
        st.caption(account_text.RULES)
        is_submitted = form.submit("Join")
    if is_submitted:
        name = form.read("full_name", parse_name)
        password = link_pages.read_password(form, "password", invitation.email)
        if name is not None and password is not None:
            try:
                with st.spinner("One moment…"):
                    account = one_time_links.accept_invitation(token, name, password, address)
                    form.forget()
                    second_factor_step.continue_sign_in(account, invitation.email, address, "/")
            except LinkClosed:
                st.rerun()
            except AlreadyExists:
                form.problem(
                    "",
                    "This email address already has an account. Sign in with it, or ask for an "
                    "invitation to another address.",
                )
