"""Printing: a page as a document for an accountant, or saved as PDF.

The browser prints. `print.css` lays the page out on A4 without screen-only elements, and `print.js`
adds the letterhead (organisation, person, time) and whole tables.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from zixly_data.people.tenants import Tenant
from zixly_ui.components.formatting import clock_time


def print_button(tenant: Tenant, *choices: str) -> None:
    """Draw a button that prints the page or saves it as PDF.

    `choices` describe the filters of the page: period, clients, currency. On paper they stand below
    the title, with the time at which the figures were read.
    """
    now = clock_time(datetime.now(UTC), tenant.time_zone)
    lines = [*filter(None, choices), f"as recorded on {now}"]
    st.html(
        f'<button type="button" class="zixly-download" data-print="{escape(json.dumps(lines))}">'
        '<span class="zixly-icon" aria-hidden="true" translate="no">print</span>'
        "Print or save as PDF</button>",
        width="content",
    )


def screen_only(key: str) -> DeltaGenerator:
    """Return a container for text that is useless on paper, such as where to click."""
    return st.container(key=f"screen-only-{key}")
