"""Confirming an import: the button, the run that writes the proposal, and its result."""

from __future__ import annotations

import streamlit as st

from zixly_data import imports
from zixly_data.errors import NOT_SAVED, AlreadyExists, InvalidInput, MonthClosed, NotFound
from zixly_data.identity import Identity
from zixly_data.imports import Action, Kind, Proposal, ProposalOutdated
from zixly_ui.components.downloads import download_csv
from zixly_ui.components.formatting import plural
from zixly_ui.imports.history import ask_to_undo
from zixly_ui.imports.preview import rejected_name
from zixly_ui.imports.text import KINDS, PAGES, STOPPED, finished_text, import_label
from zixly_ui.imports.workspace import FinishedImport, Workspace
from zixly_ui.shell.errors import message
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.retrying import retry


def offer_import(workspace: Workspace, proposal: Proposal) -> None:
    """Show the primary button, labelled with its effect, once there is nothing left to decide."""

    def request_import() -> None:
        workspace.import_requested = True

    changes_anything = proposal.changes_anything
    with st.container(horizontal=True, vertical_alignment="center"):
        if changes_anything and not proposal.is_undecided:
            st.button(import_label(workspace.counts), type="primary", key="import-confirm",
                      icon=":material/upload:", on_click=request_import)  # fmt: skip
        st.button("Compare again", key="import-again", icon=":material/refresh:",
                  on_click=workspace.discard_proposal)  # fmt: skip
    if proposal.is_undecided:
        st.caption("Decide about the possible duplicates above. Nothing is imported until then.")
    elif changes_anything:
        st.caption(
            "Either all of these rows are imported or none. You can undo the import as a whole."
        )
    elif proposal.only_waits:
        st.caption("Answer the questions above. Nothing is imported until then.")
    else:
        st.caption("There is nothing to import.")


def run_import(identity: Identity, workspace: Workspace) -> None:
    """Write the proposal while the page shows progress. Any other click ends the run and rolls the
    transaction back; the next run shows a notice."""
    proposal = workspace.proposal
    workspace.import_requested = False
    if proposal is None:
        st.rerun()
    st.subheader(plain(f"Importing {proposal.file_name}"), anchor=False)
    bar = st.progress(0.0, "Checking for changes since the preview…")
    st.button("Cancel", key="import-cancel", icon=":material/close:")
    st.caption("Stay on this page. Clicking anything stops the import, and nothing is imported.")

    def report_progress(done: int, rows: int) -> None:
        text = f"{done:,} of {plural(rows, 'row')} written"
        bar.progress(done / max(rows, 1), f"{text}, finishing…" if done == rows else text)

    with workspace.lock:
        workspace.notice = STOPPED
        try:
            imported = retry(
                lambda: imports.confirm(
                    identity, proposal, skip_rejected=True, progress=report_progress
                )
            )
            workspace.finish(imported)
        except ProposalOutdated as error:
            workspace.set_proposal(error.current if isinstance(error.current, Proposal) else None)
            workspace.notice = (
                f"{error} Nothing was imported. This is what the file would change now."
            )
        except (AlreadyExists, InvalidInput, MonthClosed, NotFound, *NOT_SAVED) as error:
            workspace.set_proposal(None)
            workspace.notice = f"{message(error)} Nothing was imported."
    st.rerun()


def show_notice(workspace: Workspace) -> None:
    """Show why nothing was imported, until the mapping changes."""
    if workspace.notice:
        st.warning(plain(workspace.notice), icon=":material/info:")


def show_finished(identity: Identity, workspace: Workspace, finished: FinishedImport) -> None:
    """Show what was imported, with a link to the records and a button to undo."""
    st.success(
        plain(finished_text(finished.counts, finished.file_name)),
        icon=":material/check_circle:",
    )
    rejected = finished.counts[Action.REJECTED]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Import another file", type="primary", key="import-next",
                  icon=":material/upload_file:", on_click=workspace.clear)  # fmt: skip
        if st.button("Undo", icon=":material/undo:", key="import-undo"):
            ask_to_undo(identity, finished.id, workspace)
        st.page_link(
            page_path(PAGES[finished.kind]),
            label=f"Go to {KINDS[finished.kind]}",
            icon=":material/arrow_forward:",
            query_params={"period": "all"} if finished.kind is not Kind.CLIENTS else None,
        )
    if rejected:
        them = "it" if rejected == 1 else "them"
        st.markdown(
            f"{plural(rejected, 'row')} could not be imported. Download {them} with the reasons, "
            f"correct {them} and import the file."
        )
        download_csv(
            "Download rejected rows",
            finished.left_out,
            rejected_name(finished.file_name),
            key="import-left-out",
        )
