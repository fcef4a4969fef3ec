"""What stands around every form of somebody who is not in yet: the mark, and a narrow column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st


@contextmanager
def sign_in_frame() -> Iterator[None]:
    """Draw what is inside in a narrow column below the mark."""
    with st.container(horizontal_alignment="center"), st.container(key="sign-in", width=400):
        show_brand()
        yield


def show_brand() -> None:
    """The mark above the form, and the form's one button as the page's primary action.

    The library draws it as a secondary button of its own width, with no way to say otherwise.
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
