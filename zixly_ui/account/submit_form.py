"""Form posts from the browser to our own routes, which can set cookies; a page cannot."""

from __future__ import annotations

from html import escape

import streamlit as st


def submit_form(action: str, **fields: str) -> None:
    """Have the browser post `fields` to one of our own routes and follow the redirect."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    st.html(
        f'<form method="post" action="{escape(action)}" data-zixly-send>{inputs}</form>'
        '<script src="/session/submit.js"></script>',
        unsafe_allow_javascript=True,
    )
