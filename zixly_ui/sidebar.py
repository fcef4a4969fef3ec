"""The frame around every page of a signed-in person: logo, menu and account in the sidebar."""

from __future__ import annotations

import time
from html import escape

import streamlit as st

from zixly_data.identity import Identity
from zixly_data.people import tenants
from zixly_data.people.tenants import Tenant
from zixly_ui.account.submit_form import submit_form
from zixly_ui.shell.assets import ASSETS
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.session import ORGANISATION

# The longest that the name and the time zone of before a change are shown.
_SECONDS = 45


def show_frame(identity: Identity) -> None:
    """Draw the logo, and in the sidebar the signed-in person with the sign-out button."""
    organisation = _organisation(identity)
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.logo(str(ASSETS / f"logo-{theme}.svg"), icon_image=str(ASSETS / "mark.svg"), size="large")
    with st.sidebar, st.container(key="signed-in", gap="small"):
        st.html(
            f'<div class="zixly-person" data-organisation="{escape(organisation.name)}"'
            f' data-zone="{escape(organisation.time_zone)}">'
            f"<strong>{escape(identity.full_name)}</strong>"
            f"<span>{escape(identity.email)}</span>"
            f"<span>{identity.role.label} · {escape(organisation.name)}</span></div>"
        )
        st.page_link(page_path("account.py"), label="My account", icon=":material/account_circle:")
        if st.button("Sign out", icon=":material/logout:", width="stretch", key="sign-out"):
            submit_form("/session/close")


def _organisation(identity: Identity) -> Tenant:
    """Return the organisation with its name and time zone, read once a minute per session."""
    organisation, read_at = st.session_state.get(ORGANISATION, (None, 0.0))
    is_fresh = time.monotonic() - read_at < _SECONDS
    if organisation is None or organisation.id != identity.tenant_id or not is_fresh:
        organisation = tenants.get(identity)
        st.session_state[ORGANISATION] = (organisation, time.monotonic())
    current: Tenant = organisation
    return current
