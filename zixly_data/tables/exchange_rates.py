"""The table `exchange_rates`: one unit of a currency in another, by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from zixly_data.tables.entry_table import EntryTable
from zixly_data.tables.field import Field

# Month, currency, into_currency.
Key = tuple[date, str, str]

_MONTH = Field(
    "Month", "month", changeable=False, is_key=True,
    headings=("month", "date", "period", "recorddate"),
)  # fmt: skip
_CURRENCY = Field(
    "Currency", "currency", changeable=False, is_key=True,
    headings=("currency", "currencycode", "fromcurrency", "from"),
)  # fmt: skip
_INTO_CURRENCY = Field(
    "Into", "currency", changeable=False, is_key=True,
    headings=("intocurrency", "into", "tocurrency", "to"),
)  # fmt: skip


@dataclass(frozen=True)
class RateDraft:
    """A rate as a person enters it: one `currency` is `rate` of `into_currency` in this month."""

    month: Annotated[date, _MONTH]
    currency: Annotated[str, _CURRENCY]
    into_currency: Annotated[str, _INTO_CURRENCY]
    rate: Annotated[Decimal, Field("Rate", "rate", headings=("rate", "exchangerate"))]
    source_system: Annotated[str, Field("Source", limit=50)] = "manual"

    @property
    def key(self) -> Key:
        """The month and the two currencies."""
        return self.month, self.currency, self.into_currency


EXCHANGE_RATES = EntryTable("exchange_rates", "exchange_rate", "rate", RateDraft)
