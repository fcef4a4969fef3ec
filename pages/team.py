"""Team: who may sign in, and what each of them may do."""

from __future__ import annotations

import streamlit as st

from zixly_data import team, tenants
from zixly_data.identity import Role
from zixly_ui import team_text
from zixly_ui.cards import headline
from zixly_ui.session import require_identity
from zixly_ui.tables import download, records_table

identity = require_identity(Role.ADMIN)
tenant = tenants.get(identity)
members = team.members(identity)

st.title("Team", anchor=False)
headline(team_text.answer(members))
records_table(team_text.table(members, tenant.time_zone), team_text.COLUMNS, "members")
download(lambda: team.members(identity).drop(columns=["id"]), "team.csv")

st.subheader("What each role may do", anchor=False)
st.markdown(team_text.rights_table())
st.caption("A change of role or status takes effect at the person's next click.")
