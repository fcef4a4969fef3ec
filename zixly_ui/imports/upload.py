"""Taking a file: it is read once, and what cannot be read is refused in words."""

from __future__ import annotations

import streamlit as st

from zixly_data.figures import client_totals
from zixly_data.identity import Identity
from zixly_data.imports import FileRefused, open_file
from zixly_data.imports.files.opening import LARGEST_FILE
from zixly_ui.components.formatting import plural
from zixly_ui.imports.samples import what_can_be_imported
from zixly_ui.imports.workspace import Desk
from zixly_ui.shell.errors import sentence
from zixly_ui.shell.markdown import plain


def ask_for_file(identity: Identity, desk: Desk) -> None:
    """The place to put a file. A file that can be read reruns the page with it."""
    if client_totals.list_clients(identity).empty:
        st.info(
            "There are no clients yet. Import them first, or let a file of figures bring them "
            "along: clients that Zixly does not know are asked about.",
            icon=":material/groups:",
        )
    if desk.refusal:
        st.warning(desk.refusal, icon=":material/draft:")
    number = desk.number
    given = st.file_uploader(
        f"A CSV file or an Excel workbook (.xlsx), of up to {LARGEST_FILE // 1024 // 1024} MB",
        key=f"import-file-{number}",
    )
    if given is not None:
        with desk.lock, st.spinner("Reading the file …", show_time=True):
            # A run that a click has overtaken may have read it already.
            if desk.number == number:
                try:
                    desk.take(open_file(given.name, given.getvalue()))
                except FileRefused as error:
                    desk.clear()
                    desk.refusal = f"**{plain(given.name)}** was not taken. {sentence(error)}"
        st.rerun()
    what_can_be_imported()


def file_line(desk: Desk) -> None:
    """Which file it is, and the way to another."""
    opened = desk.opened
    assert opened is not None
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.markdown(
            f":material/draft: **{plain(opened.name)}** · {_size(opened.size)} · "
            f"{plural(len(desk.table), 'row')}",
            width="content",
        )
        st.button("Take another file", key="import-another", on_click=desk.clear)


def _size(count: int) -> str:
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024)):,} KB"
    return f"{count / 1024 / 1024:,.1f} MB"
