"""Import: upload a file, check the proposed changes, import them, and undo an earlier import."""

from __future__ import annotations

import streamlit as st

from zixly_data import imports
from zixly_data.figures import client_totals
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_ui.components.forms import show_confirmation
from zixly_ui.findings.first_steps import show_next_step
from zixly_ui.imports.confirm import run_import
from zixly_ui.imports.history import earlier_imports, open_import
from zixly_ui.imports.steps import show_steps, wait_for_its_end
from zixly_ui.imports.workspace import desk_of
from zixly_ui.shell.session import require_identity

identity = require_identity(Role.EDITOR)
tenant = tenants.get(identity)
desk = desk_of(identity)

st.title("Import", anchor=False)
with st.container():
    st.caption("A file shows first what it would change. Nothing is written before you say so.")
    show_confirmation()
    show_next_step(identity, client_totals.list_clients(identity))
if desk.wants_import:
    # Clear the steps and the earlier imports: nothing there may be clicked while the import runs.
    st.empty()
    st.empty()
    with st.container():
        run_import(identity, desk)

with st.container():
    wait_for_its_end(desk)
    past_imports = imports.list_imports(identity)
    show_steps(identity, tenant, desk, past_imports)
with st.container():
    chosen_ids = earlier_imports(tenant, past_imports)
    open_import(identity, tenant, past_imports, chosen_ids, desk)
