"""The main script: runs first at every rerun, decides who is there, and shows one page.

It lies beside no `pages/` folder on purpose: Streamlit would discover that one by itself and
serve its pages to anybody until the first `st.navigation`.
"""

from __future__ import annotations

import time

import streamlit as st

from zixly_data.errors import DatabaseUnavailable, SessionEnded
from zixly_data.identity import Identity
from zixly_ui.errors import guarded
from zixly_ui.navigation import navigation
from zixly_ui.session import current_identity
from zixly_ui.sidebar import show_frame
from zixly_ui.sign_in import show_sign_in
from zixly_ui.web import ASSETS

# How long a run waits for a database that has gone away. Until the run ends everything stays on
# the page, and with it what was typed; after it the calm page appears.
PATIENCE_SECONDS = 20


def main() -> None:
    st.set_page_config("Zixly", page_icon=str(ASSETS / "mark.svg"), layout="wide")
    notice = None
    try:
        identity = patiently_identified()
    except SessionEnded:
        identity, notice = None, "Your session has ended. Sign in again."
    except DatabaseUnavailable:
        navigation(None)
        raise
    page = navigation(identity.role if identity else None)
    if identity is None:
        show_sign_in(notice)
        st.stop()
    show_frame(identity)
    page.run()


def patiently_identified() -> Identity | None:
    """The signed-in person, waiting a while for a database that cannot be reached.

    Raises SessionEnded, or DatabaseUnavailable when the patience is used up.
    """
    give_up = time.monotonic() + PATIENCE_SECONDS
    told = False
    while True:
        try:
            return current_identity()
        except DatabaseUnavailable:
            if time.monotonic() > give_up:
                raise
            if not told:
                st.toast("The database cannot be reached. Waiting for it …", duration="long")
                told = True
        time.sleep(1)


with guarded():
    main()
