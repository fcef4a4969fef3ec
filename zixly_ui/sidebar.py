"""The frame around every page of a signed-in person: the logo above the menu, the person below."""

from __future__ import annotations

from html import escape

import streamlit as st

from zixly_data import tenants
from zixly_data.identity import Identity
from zixly_ui.send_form import send_form
from zixly_ui.web import ASSETS


def show_frame(identity: Identity) -> None:
    """Draw the logo, and at the foot of the sidebar who is signed in, with the way out."""
    st.html(ASSETS / "zixly.css")
    theme = "dark" if st.context.theme.type == "dark" else "light"
    st.logo(str(ASSETS / f"logo-{theme}.svg"), icon_image=str(ASSETS / "mark.svg"), size="large")
    with st.sidebar, st.container(key="signed-in", gap="small"):
        st.html(
            f'<div class="zixly-person"><strong>{escape(identity.full_name)}</strong>'
            f"<span>{escape(identity.email)}</span>"
            f"<span>{identity.role.label} · {escape(_organisation(identity))}</span></div>"
        )
        if st.button("Sign out", icon=":material/logout:", width="stretch", key="sign-out"):
            send_form("/session/close")


def _organisation(identity: Identity) -> str:
    """The organisation's name, asked for once per browser session."""
    known: tuple[str, str] | None = st.session_state.get("organisation")
    if known is None or known[0] != identity.tenant_id:
        known = (identity.tenant_id, tenants.get(identity).name)
        st.session_state["organisation"] = known
    return known[1]
