"""The fields of an organisation, in the form of set-up and in that of its settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from zixly_data.tables.field import Field
from zixly_data.tables.tenants import JULY, TENANTS, OrganisationDraft
from zixly_data.values import time_zones
from zixly_data.values.currencies import CODES, COMMON
from zixly_data.values.dates import MONTH_NAMES
from zixly_ui.components.forms import EntryForm

# From July, when most Australian financial years begin.
_MONTHS = [str((month + JULY - 1) % 12 + 1) for month in range(12)]


def initial(organisation: Any = None) -> dict[str, Any]:
    """Return the first values of the form; without an organisation, those of most Australian ones.

    `organisation` has the attributes of an OrganisationDraft.
    """
    if organisation is None:
        organisation = OrganisationDraft("")
    values = {name: getattr(organisation, name) for name in TENANTS.entered}
    return {
        **values,
        "industry": values["industry"] or "",
        "financial_year_start_month": str(values["financial_year_start_month"]),
    }


def show(form: EntryForm, *, name_label: str, explains_changes: bool = False) -> None:
    """Draw the fields.

    With `explains_changes`, each says below it what a change does to figures.
    """
    help_of = {name: field.help for name, field in TENANTS.entered.items()}
    tips: Mapping[str, str | None] = dict.fromkeys(help_of) if explains_changes else help_of

    def explain(name: str) -> None:
        if explains_changes:
            st.caption(help_of[name])

    form.text("name", name_label)
    explain("name")
    form.text("industry", f"{_label('industry')} (optional)")
    explain("industry")
    form.choice(
        "time_zone",
        _label("time_zone"),
        _with(time_zones.names(), form.value("time_zone")),
        lambda name: name.replace("_", " "),
        help=tips["time_zone"],
    )
    explain("time_zone")
    form.choice(
        "reporting_currency",
        _label("reporting_currency"),
        [*COMMON, *sorted(CODES.difference(COMMON))],
        help=tips["reporting_currency"],
    )
    explain("reporting_currency")
    form.choice(
        "financial_year_start_month",
        _label("financial_year_start_month"),
        _MONTHS,
        lambda month: MONTH_NAMES[int(month) - 1],
        help=tips["financial_year_start_month"],
    )
    explain("financial_year_start_month")


def read(form: EntryForm) -> OrganisationDraft | None:
    """Return the draft, or None if a field has a problem, which is shown beside it."""
    values: dict[str, Any] = {
        name: form.read(name, partial(_parse, field)) for name, field in TENANTS.entered.items()
    }
    return OrganisationDraft(**values) if form.is_valid else None


def texts(organisation: Any) -> dict[str, str]:
    """Return the values of an organisation or a draft for people, by field."""
    values = {name: str(getattr(organisation, name) or "") for name in TENANTS.entered}
    month = MONTH_NAMES[organisation.financial_year_start_month - 1]
    zone = organisation.time_zone.replace("_", " ")
    return {**values, "financial_year_start_month": month, "time_zone": zone}


def _parse(field: Field, text: str, _: str) -> Any:
    return field.parse(text)


def _label(name: str) -> str:
    return TENANTS.entered[name].label


def _with(names: tuple[str, ...], current: Any) -> list[str]:
    """Return the names and the current one, which an operator may have chosen from old names."""
    return [*names, current] if current and current not in names else list(names)
