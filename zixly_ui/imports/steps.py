"""The steps of an import, one below the other: each appears once the previous is complete."""

from __future__ import annotations

import streamlit as st

from zixly_data import imports
from zixly_data.identity import Identity
from zixly_data.imports.cells.table import OpenedFile
from zixly_data.people.tenants import Tenant
from zixly_data.values.frames import rows
from zixly_ui.imports.clients import ask_about_clients
from zixly_ui.imports.columns import ask_for_columns, ask_for_kind, ask_questions
from zixly_ui.imports.confirm import offer_import, show_finished, show_notice
from zixly_ui.imports.duplicates import ask_about_duplicates
from zixly_ui.imports.meanings import ask_about_meanings
from zixly_ui.imports.metric import ask_for_metric
from zixly_ui.imports.preview import show_proposal
from zixly_ui.imports.stages import ask_about_stages
from zixly_ui.imports.tax import offer_tax
from zixly_ui.imports.text import earlier_text
from zixly_ui.imports.upload import ask_for_file, show_file
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell.markdown import plain


def show_steps(identity: Identity, tenant: Tenant, workspace: Workspace) -> None:
    """Show the steps from the upload to the result."""
    if workspace.finished is not None:
        show_finished(identity, workspace, workspace.finished)
        return
    if workspace.opened is None:
        ask_for_file(identity, workspace)
        return
    show_file(workspace)
    _note_earlier_import(identity, tenant, workspace.opened)
    if ask_for_kind(workspace) is None or not ask_for_columns(identity, workspace):
        return
    if not ask_for_metric(identity, workspace):
        return
    proposal = workspace.evaluate(identity)
    has_meanings = ask_about_meanings(workspace, proposal)
    if not ask_questions(workspace) or not has_meanings:
        return
    offer_tax(workspace, proposal)
    show_notice(workspace)
    ask_about_stages(identity, workspace, proposal)
    ask_about_clients(workspace, proposal)
    ask_about_duplicates(workspace, proposal)
    show_proposal(workspace, proposal)
    offer_import(workspace, proposal)


def wait_for_previous_run(workspace: Workspace) -> None:
    """Wait for an earlier run, which may still be rolling its transaction back."""
    if not workspace.lock.acquire(blocking=False):
        with st.spinner("Stopping…"):
            workspace.lock.acquire()
    workspace.lock.release()


def _note_earlier_import(identity: Identity, tenant: Tenant, opened: OpenedFile) -> None:
    for row in rows(imports.find_import(identity, checksum=opened.checksum)):
        st.info(plain(earlier_text(row, tenant.time_zone)), icon=":material/history:")
