"""Team: members with their roles, open invitations, and the rights of each role."""

from __future__ import annotations

import streamlit as st

from zixly_data.identity import Role
from zixly_data.people import audit, invitations, team, tenants
from zixly_data.values.paging import cut_frame
from zixly_ui.components import paging
from zixly_ui.components.cards import headline
from zixly_ui.components.downloads import download
from zixly_ui.components.forms import show_confirmation
from zixly_ui.components.record_dialog import table_key
from zixly_ui.components.tables import records_table
from zixly_ui.shell.session import require_identity
from zixly_ui.team import invitation_forms, member_forms
from zixly_ui.team import text as team_text

identity = require_identity(Role.ADMIN)
tenant = tenants.get(identity)
members = team.members(identity)
pending = invitations.pending(identity)

with st.container(horizontal=True, horizontal_alignment="distribute"):
    st.title("Team", anchor=False, width="content")
    invitation_forms.invite_button(identity, tenant)
show_confirmation()

headline(team_text.headline_text(members))
st.caption("Click a person to change their role, remove their access or help them sign in.")
page = cut_frame(members, paging.requested("members", team_text.MEMBER_SORTS))
paging.controls("members", team_text.MEMBER_SORTS, page)
chosen_members = records_table(
    team_text.table(page.frame, tenant.time_zone),
    team_text.COLUMNS,
    table_key(team_text.MEMBER, page.frame["id"]),
    opens="id",
    anywhere=True,
)
download(
    identity,
    lambda: team.members(identity).drop(columns=["id"]),
    "team.csv",
    dataset="users",
    filters=audit.filters(),
)

chosen_invitations = []
if not pending.empty:
    st.subheader("Pending invitations", anchor=False)
    st.caption("Click an invitation to send it again or withdraw it.")
    page = cut_frame(pending, paging.requested("invitations", team_text.INVITATION_SORTS))
    paging.controls("invitations", team_text.INVITATION_SORTS, page)
    chosen_invitations = records_table(
        team_text.invitations_table(page.frame, tenant.time_zone),
        team_text.INVITATIONS,
        table_key(team_text.INVITATION, page.frame["id"]),
        opens="id",
        anywhere=True,
    )
    download(
        identity,
        lambda: invitations.pending(identity).drop(columns=["id"]),
        "invitations.csv",
        dataset="invitations",
        filters=audit.filters(),
        label="Download invitations",
    )

member_forms.show_security(identity, tenant, members)

st.subheader("What each role can do", anchor=False)
st.markdown(team_text.rights_table())
st.caption("A new role or status takes effect at the person's next click.")

if chosen_members:
    member_forms.change_member(identity, members, chosen_members)
elif chosen_invitations:
    invitation_forms.change_invitation(identity, tenant, pending, chosen_invitations)
