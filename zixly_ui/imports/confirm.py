"""The button that makes a proposal true, the run in which it does, and what is said of it after."""

from __future__ import annotations

import streamlit as st

from zixly_data import imports
from zixly_data.errors import AlreadyExists, InvalidInput, MonthClosed, NotFound, StillWriting
from zixly_data.exports.csv_file import CSV_MIME
from zixly_data.identity import Identity
from zixly_data.imports import Action, Kind, Moved, Proposal
from zixly_ui.components.formatting import plural
from zixly_ui.imports.history import ask_to_undo
from zixly_ui.imports.preview import rejected_name
from zixly_ui.imports.text import KINDS, PAGES, STOPPED, promise, written
from zixly_ui.imports.workspace import Desk, Done
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.navigation import page_path
from zixly_ui.shell.retrying import retry

_ABOUT_DAYS = "A row on a day with a record is a further record, not a new version of that one"


def ask_about_days(desk: Desk, proposal: Proposal) -> None:
    """Whether a row on a day with a record is that record, where it makes a difference."""
    mapping = desk.mapping
    if mapping is None or proposal.kind is Kind.CLIENTS:
        return
    if desk.counts[Action.CHANGED] or mapping.same_day_is_new:
        is_new = st.checkbox(
            _ABOUT_DAYS, mapping.same_day_is_new, key=f"import-same-day-{desk.number}"
        )
        if is_new != mapping.same_day_is_new:
            desk.say(same_day_is_new=is_new)
            st.rerun()


def offer_import(desk: Desk) -> None:
    """The page's one obvious action; it says what it does."""

    def want() -> None:
        desk.wants_import = True

    something = desk.counts[Action.NEW] or desk.counts[Action.CHANGED]
    with st.container(horizontal=True, vertical_alignment="center"):
        if something:
            st.button(promise(desk.counts), type="primary", key="import-confirm",
                      icon=":material/upload:", on_click=want)  # fmt: skip
        st.button("Compare again", key="import-again", icon=":material/refresh:",
                  on_click=desk.forget_proposal)  # fmt: skip
    if something:
        st.caption("All of it goes in, or nothing. Afterwards it can be undone as a whole.")
    else:
        st.caption("There is nothing to import.")


def run_import(identity: Identity, desk: Desk) -> None:
    """Writes the proposal while the page shows how far it is. Any other click ends the run, and
    the transaction with it; the next run says so."""
    proposal = desk.proposal
    desk.wants_import = False
    if proposal is None:
        st.rerun()
    st.subheader(plain(f"Importing {proposal.file_name}"), anchor=False)
    bar = st.progress(0.0, "Looking whether anything changed meanwhile …")
    st.button("Cancel", key="import-cancel", icon=":material/close:")
    st.caption("Stay on this page: whatever you click stops the import, and nothing goes in.")

    def tell(done: int, rows: int) -> None:
        words = f"{done:,} of {plural(rows, 'row')} written"
        bar.progress(done / max(rows, 1), f"{words}; finishing …" if done == rows else words)

    with desk.lock:
        desk.notice = STOPPED
        try:
            imported = retry(
                lambda: imports.confirm(identity, proposal, skip_rejected=True, progress=tell)
            )
            desk.finish(imported)
        except Moved as error:
            desk.put(error.current if isinstance(error.current, Proposal) else None)
            desk.notice = (
                f"{error} Nothing was imported. This is what the file would do as things are now."
            )
        except (AlreadyExists, InvalidInput, MonthClosed, NotFound, StillWriting) as error:
            desk.put(None)
            desk.notice = f"{error} {error.advice} Nothing was imported."
    st.rerun()


def show_notice(desk: Desk) -> None:
    """Why nothing was imported, until something else is said of the file."""
    if desk.notice:
        st.warning(plain(desk.notice), icon=":material/info:")


def show_done(identity: Identity, desk: Desk, done: Done) -> None:
    """What was imported, where it is, and the way back."""
    st.success(
        plain(f"Imported {written(done.counts)} of {done.file_name}."),
        icon=":material/check_circle:",
    )
    rejected = done.counts[Action.REJECTED]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Import another file", type="primary", key="import-next",
                  icon=":material/upload_file:", on_click=desk.clear)  # fmt: skip
        if st.button("Undo", icon=":material/undo:", key="import-undo"):
            ask_to_undo(identity, done.id, desk)
        st.page_link(
            page_path(PAGES[done.kind]),
            label=f"Go to {KINDS[done.kind]}",
            icon=":material/arrow_forward:",
            query_params={"period": "all"} if done.kind is not Kind.CLIENTS else None,
        )
    if rejected:
        them = "it" if rejected == 1 else "them"
        st.markdown(
            f"{plural(rejected, 'row')} could not be imported. Mend {them} in this file, which "
            f"says what is wrong, and import {them}."
        )
        st.download_button(
            "Download what could not be imported",
            done.left_out,
            file_name=rejected_name(done.file_name),
            mime=CSV_MIME,
            key="import-left-out",
            icon=":material/download:",
            on_click="ignore",
        )
