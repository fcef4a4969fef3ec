"""Set-up: the founder names the organisation and becomes its first administrator."""

from __future__ import annotations

import streamlit as st

from zixly_data.access import one_time_links
from zixly_data.access.one_time_links import LinkState
from zixly_data.errors import LinkClosed
from zixly_data.mail import messages as mail_messages
from zixly_ui.account import link_pages, organisation_setup, second_factor_step
from zixly_ui.account.sign_in_frame import sign_in_frame
from zixly_ui.shell.session import current_address

token = link_pages.opened_token(mail_messages.SET_UP)
state = one_time_links.set_up_link(token) if token else None
address = current_address()

with sign_in_frame():
    if token is None or state is not LinkState.OPEN:
        link_pages.show_closed(mail_messages.SET_UP, state)
        st.stop()
    st.header("Set up your organisation", anchor=False)
    st.write("You only do this once. You become the first administrator and can invite your team.")
    form = organisation_setup.form()
    with form.box():
        is_submitted = organisation_setup.show_fields(form)
    draft = organisation_setup.read(form) if is_submitted else None
    if draft is not None:
        try:
            with form.problems(), st.spinner("One moment…"):
                account = one_time_links.set_up(token, draft, address)
                form.forget()
                second_factor_step.continue_sign_in(account, draft.email, address, "/")
        except LinkClosed:
            st.rerun()
