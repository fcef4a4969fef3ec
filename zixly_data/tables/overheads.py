"""The table `overheads`: revenue and expenses of the business that belong to no client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from zixly_data.errors import InvalidInput
from zixly_data.tables.clients import CURRENCY
from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import NOTE, SOURCE, Field
from zixly_data.tables.financials import EXPENSES, RECORD_DATE, REVENUE


class OverheadKind(StrEnum):
    """Whether it is decided that an amount belongs to no client."""

    OVERHEAD = "OVERHEAD"
    UNASSIGNED = "UNASSIGNED"

    @property
    def label(self) -> str:
        """The kind for people: `Not yet assigned`."""
        return "Overhead" if self is OverheadKind.OVERHEAD else "Not yet assigned"


_KINDS = {
    " ".join(text.split()).casefold(): kind
    for kind in OverheadKind
    for text in (kind.value, kind.label)
}
_KIND = Field("Type", "option", headings=("kind", "type", "overheadtype"))
_REVENUE = replace(
    REVENUE,
    example="0.00",
    headings=(
        "revenue", "income", "credit", "creditamount", "moneyin", "deposit", "deposits", "paidin",
        "received",
    ),
)  # fmt: skip
_EXPENSES = replace(
    EXPENSES,
    example="900.00",
    headings=EXPENSES.headings,
)  # fmt: skip
_ACCOUNT = Field(
    "Account", example="Rent", clearable=True, is_key=True,
    help="The account in your books, such as Rent or Wages.",
    headings=(
        "account", "accountname", "accountcode", "expenseaccount", "accountingcategory",
        "category", "ledger",
    ),
)  # fmt: skip
_COUNTERPARTY = Field(
    "Counterparty", example="Brisbane Offices", clearable=True, is_key=True,
    help="The supplier you paid, or the business that paid you.",
    headings=(
        "counterparty", "supplier", "suppliername", "vendor", "vendorname", "payee", "paidto",
        "contact", "contactname", "merchant", "merchantname",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class OverheadDraft:
    """An overhead as a person enters it: amounts in its own currency, to the cent."""

    record_date: Annotated[date, RECORD_DATE]
    currency: Annotated[str, replace(CURRENCY, is_key=True)]
    revenue: Annotated[Decimal, _REVENUE]
    expenses: Annotated[Decimal, _EXPENSES]
    kind: Annotated[str, _KIND] = OverheadKind.OVERHEAD
    account: Annotated[str | None, _ACCOUNT] = None
    counterparty: Annotated[str | None, _COUNTERPARTY] = None
    note: Annotated[str | None, NOTE] = None


OVERHEADS = EntryTable("overheads", "overhead", "ovh", OverheadDraft, SOURCE, is_imported=True)


def parse_kind(text: str, field: str = "kind") -> OverheadKind:
    """Return the kind with this code or label, in any case. Raises InvalidInput naming `field`."""
    kind = _KINDS.get(" ".join(text.split()).casefold())
    if kind is None:
        labels = " or ".join(kind.label for kind in OverheadKind)
        raise InvalidInput(f"The type must be {labels}.", field=field)
    return kind
