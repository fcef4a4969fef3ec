"""The settings of an organisation, in the table `tenants`: asked once at set-up, and changeable.

Each field's `help` says what a change does to figures. The set-up page, the settings page and the
commands `tenant create` and `tenant set` validate them by `TENANTS.values`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field
from zixly_data.values import time_zones

JULY = 7

_NAME = Field(
    "Name", help="It is shown beside your name and in invitations. It changes no figures."
)
_INDUSTRY = Field("Industry", help="A description of your business. It changes no figures.")
_TIME_ZONE = Field(
    "Time zone", "zone",
    help="It decides when “today” and “this month” begin. Dates that are recorded never move.",
)  # fmt: skip
_CURRENCY = Field(
    "Reporting currency", "currency",
    help="Converted totals are in this currency, so the months need exchange rates into it. "
    "Nothing that is recorded changes.",
)  # fmt: skip
_FIRST_MONTH = Field(
    "First month of the financial year", "calendar_month",
    help="Quarters and years of all reports are grouped from this month. Months stay as they are.",
)  # fmt: skip


@dataclass(frozen=True)
class OrganisationDraft:
    """The settings of an organisation as a person enters them."""

    name: Annotated[str, _NAME]
    industry: Annotated[str | None, _INDUSTRY] = None
    time_zone: Annotated[str, _TIME_ZONE] = time_zones.DEFAULT
    reporting_currency: Annotated[str, _CURRENCY] = "AUD"
    financial_year_start_month: Annotated[int, _FIRST_MONTH] = JULY


TENANTS = EntryTable("tenants", "tenant", "", OrganisationDraft)
