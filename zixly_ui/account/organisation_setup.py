"""The set-up form: the organisation and its first administrator."""

from __future__ import annotations

import streamlit as st

from zixly_data.access.one_time_links import OrganisationSetup
from zixly_data.errors import InvalidInput
from zixly_data.values.names import parse_name
from zixly_ui.account import account_text, link_pages
from zixly_ui.components import organisation_fields
from zixly_ui.components.forms import EntryForm


def form() -> EntryForm:
    """Return the form, with the defaults of most Australian businesses."""
    return EntryForm("set-up", id_prefix="form", initial=organisation_fields.initial())


def show_fields(form: EntryForm) -> bool:
    """Draw the fields; return whether the form was submitted."""
    organisation_fields.show(form, name_label="Organisation name")
    form.text("full_name", "Your name")
    form.text("email", "Your email address", help="You sign in with this address.")
    form.password("password", "Choose a password", is_new=True)
    st.caption(account_text.RULES)
    return form.submit("Set up")


def read(form: EntryForm) -> OrganisationSetup | None:
    """Return the draft, or None if a field has a problem, which is shown beside it."""
    full_name = form.read("full_name", parse_name)
    email = form.read("email", _email)
    password = link_pages.read_password(form, "password", email or "")
    organisation = organisation_fields.read(form)
    if organisation is None or full_name is None or email is None or password is None:
        return None
    return OrganisationSetup(organisation, email=email, full_name=full_name, password=password)


def _email(text: str, field: str) -> str:
    email = text.strip()
    if "@" not in email:
        raise InvalidInput("Enter an email address such as name@example.com.", field=field)
    return email
