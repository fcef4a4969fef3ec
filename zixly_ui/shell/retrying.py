"""Retries while the database cannot be reached, without losing the page on the screen.

While a run lasts, Streamlit keeps everything on the page, including typed input and the pressed
button. A run without a database therefore waits and continues once the database is back, so that a
form being saved is then saved. Only a page that shows nothing yet gives up soon.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from zixly_data.errors import DatabaseUnavailable, NeedsOperator, TookTooLong

SECONDS_WITH_PAGE = 600
SECONDS_WITHOUT_PAGE = 3

Result = TypeVar("Result")


def retry(query: Callable[[], Result]) -> Result:
    """Return the result of `query`, repeated every second while the database cannot be reached.

    Raises DatabaseUnavailable when the waiting time is over; TookTooLong and NeedsOperator at once,
    because another attempt would end in the same way.
    """
    started = time.monotonic()
    last_notice = started - 60
    while True:
        try:
            return query()
        except (TookTooLong, NeedsOperator):
            raise
        except DatabaseUnavailable:
            now = time.monotonic()
            # Reading the state also lets Streamlit end this run once the browser is gone.
            is_page_shown = st.session_state.get("page_shown", False)
            if now - started > (SECONDS_WITH_PAGE if is_page_shown else SECONDS_WITHOUT_PAGE):
                raise
            if is_page_shown and now - last_notice > 9:
                st.toast(
                    "The database is unavailable at the moment. Your entries are kept, and Zixly "
                    "continues once it is back.",
                    icon=":material/cloud_off:",
                    duration="long",
                )
                last_notice = now
        time.sleep(1)


def run_page(run: Callable[[], None], query: Callable[[], object]) -> None:
    """Run a page. If the database becomes unreachable, retry `query` until it is back, then rerun.

    Raises DatabaseUnavailable if three reruns in a row have failed; TookTooLong and NeedsOperator
    at once.
    """
    st.session_state["page_shown"] = True
    try:
        run()
    except (TookTooLong, NeedsOperator):
        raise
    except DatabaseUnavailable:
        failures = st.session_state.get("page_failures", 0) + 1
        st.session_state["page_failures"] = failures
        if failures > 3:
            raise
        time.sleep(1)
        retry(query)
        st.rerun()
    st.session_state["page_failures"] = 0
