"""Shared parts of the pages behind a link: the token, a closed link, the new password."""

from __future__ import annotations

import streamlit as st

from zixly_data.access.one_time_links import LinkState
from zixly_data.access.passwords import validate
from zixly_data.errors import InvalidInput
from zixly_data.mail.messages import PASSWORD
from zixly_ui.account import link_text
from zixly_ui.account.submit_form import submit_form
from zixly_ui.components.forms import EntryForm
from zixly_ui.shell.markdown import plain
from zixly_ui.shell.request_headers import LINK_COOKIE
from zixly_ui.shell.session import signed_in_identity


def opened_token(kind: str) -> str | None:
    """Return the token of the link opened in this browser, if it is of this kind."""
    opened_kind, _, token = (st.context.cookies.get(LINK_COOKIE) or "").partition(".")
    return token if opened_kind == kind and token else None


def show_closed(kind: str, state: LinkState | None) -> None:
    """Show why the link opens nothing, and what to do.

    `state` is None if this browser opened no link.
    """
    title, explanation = link_text.CLOSED[kind][state] if state else link_text.ABSENT
    st.header(title, anchor=False)
    st.write(plain(explanation))
    another_link = ' · <a href="/forgot-password" target="_self">Request a new link</a>'
    st.html(
        f'<a href="/" target="_self">Go to sign-in</a>{another_link if kind == PASSWORD else ""}'
        if signed_in_identity() is None
        else '<a href="/" target="_self">Go to the overview</a>'
    )


def offer_to_sign_out(path: str, reason: str) -> None:
    """Show the person signed in in this browser, with a button that signs them out."""
    person = signed_in_identity()
    # As Markdown, email addresses would become links.
    st.text(
        f"You are signed in as {person.full_name} ({person.email}).\n{reason}" if person else reason
    )
    if st.button("Sign out and continue", type="primary", key="make-room"):
        submit_form("/session/close", next=path)
    st.html('<a href="/" target="_self">Stay signed in</a>')


def read_password(form: EntryForm, field: str, email: str) -> str | None:
    """Return the new password, or None; a problem is shown beside the field."""

    def parse(password: str, name: str) -> str:
        if not password:
            raise InvalidInput("Enter a password.", field=name)
        return validate(password, email)

    return form.read(field, parse)
