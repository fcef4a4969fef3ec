"""Paper: the page as a document that is handed to an accountant, or saved as PDF.

The browser prints; `print.css` lays the page out on A4 without what is only for the screen, and
`print.js` adds what paper needs besides: whose figures these are, who printed them and when, and
whole tables.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.people.tenants import Tenant
from zixly_ui.components.formatting import clock_time
from zixly_ui.shell.assets import ASSETS


def prepare_paper() -> None:
    """What every page needs for being printed; once per run, in the frame around it."""
    st.html(ASSETS / "print.css")
    with st.container(key="print-script"):
        st.html('<script src="/print.js"></script>', unsafe_allow_javascript=True)


def print_button(tenant: Tenant, *said: str) -> None:
    """A button that prints the page or saves it as PDF.

    `said` is what the choices on the page come to, in words: the period, the clients, the currency.
    It stands below the title on paper, with the time at which the figures were read.
    """
    now = clock_time(datetime.now(UTC), tenant.time_zone)
    words = [*filter(None, said), f"as recorded on {now}"]
    st.html(
        f'<button type="button" class="zixly-download" data-print="{escape(json.dumps(words))}">'
        '<span class="zixly-icon" aria-hidden="true" translate="no">print</span>'
        "Print or save as PDF</button>",
        width="content",
    )


def screen_only(key: str) -> DeltaGenerator:
    """A place for what means nothing on paper, such as where to click."""
    return st.container(key=f"screen-only-{key}")
