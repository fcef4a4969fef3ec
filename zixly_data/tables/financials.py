"""The table `financials`: revenue and expenses of a client on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import NOTE, SOURCE, Field, date_headings

_WITHOUT_TAX = "Without GST or other tax."
_CREDIT = f"{_WITHOUT_TAX} A credit is a negative amount, such as -500.00."
RECORD_DATE = Field(
    "Date", "date", is_key=True, file_name="date",
    headings=date_headings(
        "invoicedate", "issuedate", "entereddate", "processeddate", "valuedate", "paiddate",
        "dateissued", "belegdatum", "rechnungsdatum", "completeddate", "createdutc",
    ),
)  # fmt: skip
# Revenue beside expenses, but in German banks' files every amount.
TURNOVER = ("umsatz", "umsätze")
REVENUE = Field(
    "Revenue", "money", example="15,000.00", help=_CREDIT,
    headings=(
        "revenue", "income", "sales", "turnover", "credit", "creditamount", "moneyin", "deposit",
        "deposits", "paidin", "invoiced", "billed", "fees", "billableamount", "abrechenbarerbetrag",
        "erlös", "erlöse", "umsatzerlöse", "einnahmen", *TURNOVER,
    ),
)  # fmt: skip
EXPENSES = Field(
    "Expenses", "money", example="8,000.00", help=_WITHOUT_TAX,
    headings=(
        "expenses", "expense", "costs", "cost", "debit", "debitamount", "moneyout", "withdrawal",
        "withdrawals", "paidout", "costofsales", "spend", "spent", "costamount", "kostenbetrag",
        "kosten", "ausgaben", "aufwand", "aufwendungen",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class FinancialDraft:
    """A record as a person enters it: amounts in the client's currency, to the cent."""

    client_kpi_id: Annotated[str, Field("Client", "client", is_key=True)]
    record_date: Annotated[date, RECORD_DATE]
    revenue: Annotated[Decimal, REVENUE]
    expenses: Annotated[Decimal, EXPENSES]
    note: Annotated[str | None, NOTE] = None


FINANCIALS = EntryTable("financials", "financial", "fin", FinancialDraft, SOURCE, is_imported=True)
