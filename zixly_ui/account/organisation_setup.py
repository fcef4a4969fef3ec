"""The set-up form: the organisation and its first administrator."""

from __future__ import annotations

import streamlit as st

from zixly_data.access.one_time_links import OrganisationSetup
from zixly_data.errors import InvalidInput
from zixly_data.values import time_zones
from zixly_data.values.currencies import CODES, COMMON
from zixly_data.values.dates import MONTH_NAMES
from zixly_data.values.names import parse_name
from zixly_ui.account import account_text, link_pages
from zixly_ui.components.forms import EntryForm

# July first, where most Australian financial years start.
_MONTHS = [str((month + 6) % 12 + 1) for month in range(12)]
_JULY = _MONTHS[0]


def form() -> EntryForm:
    """Return the form, with the defaults of most Australian businesses."""
    return EntryForm(
        "set-up",
        id_prefix="form",
        initial={
            "time_zone": time_zones.DEFAULT,
            "reporting_currency": COMMON[0],
            "financial_year_start_month": _JULY,
        },
    )


def show_fields(form: EntryForm) -> bool:
    """Draw the fields; return whether the form was submitted."""
    form.text("tenant_name", "Organisation name")
    form.choice(
        "time_zone",
        "Time zone",
        time_zones.names(),
        lambda name: name.replace("_", " "),
        help="Decides when your day starts. Type to search.",
    )
    form.choice(
        "reporting_currency",
        "Reporting currency",
        [*COMMON, *sorted(CODES.difference(COMMON))],
        help="The currency of your totals. Each client can have its own currency.",
    )
    form.choice(
        "financial_year_start_month",
        "Financial year starts in",
        _MONTHS,
        lambda month: MONTH_NAMES[int(month) - 1],
    )
    form.text("full_name", "Your name")
    form.text("email", "Your email address", help="You sign in with this address.")
    form.password("password", "Choose a password", is_new=True)
    st.caption(account_text.RULES)
    return form.submit("Set up")


def read(form: EntryForm) -> OrganisationSetup | None:
    """Return the draft, or None if a field has a problem, which is shown beside it."""
    tenant_name = form.read("tenant_name", parse_name)
    full_name = form.read("full_name", parse_name)
    email = form.read("email", _email)
    password = link_pages.read_password(form, "password", email or "")
    if tenant_name is None or full_name is None or email is None or password is None:
        return None
    return OrganisationSetup(
        tenant_name=tenant_name,
        time_zone=str(form.value("time_zone")),
        reporting_currency=str(form.value("reporting_currency")),
        financial_year_start_month=int(form.value("financial_year_start_month")),
        email=email,
        full_name=full_name,
        password=password,
    )


def _email(text: str, field: str) -> str:
    email = text.strip()
    if "@" not in email:
        raise InvalidInput("Enter an email address such as name@example.com.", field=field)
    return email
