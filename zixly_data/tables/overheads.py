"""The table `overheads`: revenue and expenses of the business that belong to no client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from zixly_data.tables.clients import CURRENCY
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import NOTE, SOURCE, Field
from zixly_data.tables.financials import EXPENSES, RECORD_DATE, REVENUE


class OverheadKind(StrEnum):
    """Whether it is decided that an amount belongs to no client."""

    OVERHEAD = "OVERHEAD"
    UNASSIGNED = "UNASSIGNED"


_KIND = Field("Type", "option", headings=("kind", "type", "overheadtype"))
_ACCOUNT = Field(
    "Account", example="Rent", clearable=True,
    help="The account in your books, such as Rent or Wages.",
    headings=("account", "accountname", "accountcode", "category", "expenseaccount", "ledger"),
)  # fmt: skip
_COUNTERPARTY = Field(
    "Counterparty", example="Brisbane Offices", clearable=True,
    help="Who was paid or who paid.",
    headings=(
        "counterparty", "supplier", "suppliername", "vendor", "vendorname", "payee", "contact",
        "contactname", "merchant", "paidto",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class OverheadDraft:
    """An overhead as a person enters it: amounts in its own currency, to the cent."""

    record_date: Annotated[date, RECORD_DATE]
    currency: Annotated[str, CURRENCY]
    revenue: Annotated[Decimal, REVENUE]
    expenses: Annotated[Decimal, EXPENSES]
    kind: Annotated[str, _KIND] = OverheadKind.OVERHEAD
    account: Annotated[str | None, _ACCOUNT] = None
    counterparty: Annotated[str | None, _COUNTERPARTY] = None
    note: Annotated[str | None, NOTE] = None


OVERHEADS = EntryTable("overheads", "overhead", "ovh", OverheadDraft, SOURCE, is_imported=True)
