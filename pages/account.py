"""My account: password, second factor and sessions of the signed-in person."""

from __future__ import annotations

import streamlit as st

from zixly_data.access import account
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_ui.account import account_text, my_account
from zixly_ui.components.cards import headline
from zixly_ui.components.forms import show_confirmation
from zixly_ui.shell.session import require_identity

identity = require_identity(Role.VIEWER)
tenant = tenants.get(identity)
sessions = account.sessions(identity)
has_second_factor = my_account.has_second_factor(identity)

st.title("My account", anchor=False)
show_confirmation()
headline(account_text.headline_text(len(sessions), has_second_factor))
with st.container(key="account", width=640):
    my_account.show_password(identity)
    my_account.show_second_factor(identity, tenant.second_factor_required)
    my_account.show_sessions(
        identity, sessions, account_text.zone_of(st.context.timezone, tenant.time_zone)
    )
