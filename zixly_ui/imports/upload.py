"""Uploading a file: it is read once, and a refusal is shown."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures import client_totals
from zixly_data.identity import Identity
from zixly_data.imports import FileRefused, open_file
from zixly_data.imports.files.opening import LARGEST_FILE
from zixly_ui.components.formatting import plural
from zixly_ui.imports.samples import show_samples
from zixly_ui.imports.workspace import Workspace
from zixly_ui.shell import uploaded_files
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain


def ask_for_file(identity: Identity, workspace: Workspace) -> None:
    """Show the uploader, and rerun the page once a file has been read."""
    if not client_totals.recorded(identity).clients:
        st.info(
            "There are no clients yet. Import clients first, or import a file of figures and "
            "choose what to do with each unknown client.",
            icon=":material/groups:",
        )
    if workspace.refusal:
        st.warning(workspace.refusal, icon=":material/draft:")
    not_received = uploaded_files.refusal()
    if not_received:
        st.warning(plain(not_received), icon=":material/draft:")
    number = workspace.number
    uploaded = st.file_uploader(
        f"CSV file or Excel workbook (.xlsx), up to {LARGEST_FILE // 1024 // 1024} MB",
        key=f"import-file-{number}",
    )
    if uploaded is not None:
        with workspace.lock, st.spinner("Reading the file…", show_time=True):
            # An earlier run, interrupted by a click, may have read it already.
            if workspace.number == number:
                try:
                    workspace.set_file(open_file(uploaded.name, uploaded_files.take(uploaded)))
                except FileRefused as error:
                    workspace.clear()
                    workspace.refusal = (
                        f"**{plain(uploaded.name)}** was not accepted. {sentence(error)}"
                    )
        st.rerun()
    show_samples()


def show_file(workspace: Workspace) -> None:
    """Show the name and size of the file, and a button for another file."""
    opened = workspace.opened
    assert opened is not None
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.markdown(
            f":material/draft: **{plain(opened.name)}** · {_format_size(opened.size)} · "
            f"{plural(len(workspace.table), 'row')}",
            width="content",
        )
        st.button("Choose another file", key="import-another", on_click=workspace.clear)


def _format_size(size: int) -> str:
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024)):,} KB"
    return f"{size / 1024 / 1024:,.1f} MB"
