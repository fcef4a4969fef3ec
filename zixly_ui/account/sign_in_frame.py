"""The frame of every form for people who are not signed in: the logo and a narrow column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def sign_in_frame() -> Iterator[None]:
    """Draw the content in a narrow column below the logo."""
    with st.container(horizontal_alignment="center"), st.container(key="sign-in", width=400):
        show_brand()
        yield


def show_brand() -> None:
    """Draw the logo above the form, and style the form's one button as the primary action.

    The library draws a secondary button with its own width and has no option for another.
    """
    theme = "dark" if st.context.theme.type == "dark" else "light"
    primary = st.get_option(f"theme.{theme}.primaryColor")
    link = st.get_option(f"theme.{theme}.linkColor") or primary
    button = ".st-key-sign-in [data-testid=stFormSubmitButton]"
    st.html(
        '<div class="zixly-brand"><img src="/favicon.png" width="56" height="56" alt="Zixly"></div>'
        "<style>"
        ".zixly-brand { display: flex; justify-content: center; padding: 8vh 0 .75rem }"
        ".st-key-sign-in [data-testid=stForm] { padding: 1.75rem 1.5rem }"
        ".st-key-sign-in [data-testid=stForm] h3 { text-align: center }"
        ".st-key-sign-in [class*=st-key-FormSubmitter], "
        ".st-key-sign-in [class*=st-key-FormSubmitter] > div { width: 100% }"
        f"{button} button {{ width: 100%; background: {primary}; border-color: {primary};"
        f" color: #fff }}"
        f"{button} button:is(:hover, :focus, :active) {{ filter: brightness(.93);"
        f" background: {primary}; border-color: {primary}; color: #fff }}"
        f".st-key-sign-in a {{ color: {link} }}"
        "</style>"
    )
