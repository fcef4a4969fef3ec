"""Organisation settings: name, industry, calendar and currency, and removing the demo."""

from __future__ import annotations

import streamlit as st

from zixly_data.identity import Role
from zixly_data.people import demo_removal, tenants
from zixly_ui.components.forms import show_confirmation
from zixly_ui.organisation import demo_section, settings_form
from zixly_ui.shell.session import require_identity

identity = require_identity(Role.ADMIN, instead=settings_form.INSTEAD)
tenant = tenants.get(identity)
demo = demo_removal.contents(identity)

st.title("Organisation settings", anchor=False)
show_confirmation()
with st.container(key="organisation", width=640):
    settings_form.show(identity, tenant)
    if demo is not None:
        demo_section.show(identity, demo)
