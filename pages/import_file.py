"""Import: upload a file, check the proposed changes, import them, and undo an earlier import."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures import client_totals
from zixly_data.identity import Role
from zixly_data.people import tenants
from zixly_ui.components.forms import show_confirmation
from zixly_ui.findings.first_steps import show_next_step
from zixly_ui.imports.confirm import run_import
from zixly_ui.imports.history import open_import, show_earlier_imports
from zixly_ui.imports.steps import show_steps, wait_for_previous_run
from zixly_ui.imports.workspace import open_workspace
from zixly_ui.shell.session import require_identity

identity = require_identity(Role.EDITOR)
tenant = tenants.get(identity)
workspace = open_workspace(identity)

st.title("Import", anchor=False)
with st.container():
    st.caption("Upload a file to see what it would change. Nothing is recorded until you confirm.")
    show_confirmation()
    if workspace.opened is None and workspace.finished is None:
        # A file that is open is the next step itself.
        show_next_step(identity, client_totals.recorded(identity))
if workspace.import_requested:
    # Clear the steps and the earlier imports: nothing there may be clicked while the import runs.
    st.empty()
    st.empty()
    with st.container():
        run_import(identity, workspace)

with st.container():
    wait_for_previous_run(workspace)
    show_steps(identity, tenant, workspace)
    if workspace.finished is not None:
        show_next_step(identity, client_totals.recorded(identity))
with st.container():
    chosen_ids = show_earlier_imports(identity, tenant)
    open_import(identity, tenant, chosen_ids, workspace)
