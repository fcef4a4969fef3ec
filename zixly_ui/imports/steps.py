"""The steps of an import, one below the other: each appears when the one before it is settled."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from zixly_data.identity import Identity
from zixly_data.people.tenants import Tenant
from zixly_data.values.frames import rows
from zixly_ui.imports.clients import ask_about_clients
from zixly_ui.imports.columns import ask_for_columns, ask_what_is_doubtful, ask_what_it_is
from zixly_ui.imports.confirm import ask_about_days, offer_import, show_done, show_notice
from zixly_ui.imports.preview import show_proposal
from zixly_ui.imports.text import earlier_words
from zixly_ui.imports.upload import ask_for_file, file_line
from zixly_ui.imports.workspace import Desk
from zixly_ui.shell.markdown import plain


def show_steps(identity: Identity, tenant: Tenant, desk: Desk, earlier: pd.DataFrame) -> None:
    """Everything from taking a file to what was done with it. `earlier` are the imports so far."""
    if desk.done is not None:
        show_done(identity, desk, desk.done)
        return
    if desk.opened is None:
        ask_for_file(identity, desk)
        return
    file_line(desk)
    _same_file(tenant, desk, earlier)
    if ask_what_it_is(desk) is None or not ask_for_columns(identity, desk):
        return
    proposal = desk.evaluate(identity)
    if not ask_what_is_doubtful(desk):
        return
    show_notice(desk)
    ask_about_clients(desk, proposal)
    show_proposal(desk, proposal)
    ask_about_days(desk, proposal)
    offer_import(desk)


def wait_for_its_end(desk: Desk) -> None:
    """A run that this one has overtaken may still be rolling its transaction back."""
    if not desk.lock.acquire(blocking=False):
        with st.spinner("Stopping …"):
            desk.lock.acquire()
    desk.lock.release()


def _same_file(tenant: Tenant, desk: Desk, earlier: pd.DataFrame) -> None:
    opened = desk.opened
    same = [row for row in rows(earlier) if opened and row["checksum"] == opened.checksum]
    if same:
        st.info(plain(earlier_words(same[0], tenant.time_zone)), icon=":material/history:")
