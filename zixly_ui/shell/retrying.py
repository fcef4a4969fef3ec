"""Waiting for a database that has gone away, without taking the page from under the person.

While a run lasts Streamlit leaves everything on the page, typed input included, and a button that
was pressed stays pressed. So a run that finds no database waits, and carries on when it is back:
the form that was being saved is then saved. Only a page that shows nothing yet gives up soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from zixly_data.errors import DatabaseUnavailable, TookTooLong

SECONDS_WITH_A_PAGE = 600
SECONDS_WITHOUT = 3

Answer = TypeVar("Answer")


def retry(ask: Callable[[], Answer]) -> Answer:
    """The answer of `ask`, asked again every second while the database cannot be reached.

    Raises DatabaseUnavailable when the patience is used up, TookTooLong at once.
    """
    started = time.monotonic()
    told = started - 60
    while True:
        try:
            return ask()
        except TookTooLong:
            # It would take as long again.
            raise
        except DatabaseUnavailable:
            now = time.monotonic()
            # Reading the state also lets Streamlit end this run when the browser has left.
            shown = st.session_state.get("page_shown", False)
            if now - started > (SECONDS_WITH_A_PAGE if shown else SECONDS_WITHOUT):
                raise
            if shown and now - told > 9:
                st.toast(
                    "The database cannot be reached just now. What you typed is safe; "
                    "Zixly carries on as soon as it is back.",
                    icon=":material/cloud_off:",
                    duration="long",
                )
                told = now
        time.sleep(1)


def run_page(run: Callable[[], None], ask: Callable[[], object]) -> None:
    """Run a page. If the database goes away under it, wait with `ask`, then run it afresh.

    Raises DatabaseUnavailable when that does not help three times in a row, TookTooLong at once.
    """
    st.session_state["page_shown"] = True
    try:
        run()
    except TookTooLong:
        raise
    except DatabaseUnavailable:
        failures = st.session_state.get("page_failures", 0) + 1
        st.session_state["page_failures"] = failures
        if failures > 3:
            raise
        time.sleep(1)
        retry(ask)
        st.rerun()
    st.session_state["page_failures"] = 0
