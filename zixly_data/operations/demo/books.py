"""The demo's clients, with revenue and expenses from January 2024 to the day of loading.

The first three clients and their first quarter are those of the product specification, to the cent
and the day. The rest is invented, and the same on every machine on the same day: amounts vary by a
checksum, not at random. Nothing is dated after `today`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from zixly_data.values.dates import add_months

Row = dict[str, Any]
# Revenue and expenses of a month in whole currency units, by its number (0 is the first) and by the
# number of months from it to the day of loading.
Amounts = Callable[[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Business:
    """A client with one record a month on the same `day`, varied by up to `noise_percent`."""

    id: str
    client_id: str
    client_name: str
    industry: str
    first_month: date
    day: int
    amounts: Amounts
    currency: str = "AUD"
    months: int | None = None
    noise_percent: int = 4

    @property
    def signed_on(self) -> date:
        """Three weeks before the first month; the first day for clients of the specification."""
        if self.first_month < date(2024, 4, 1):
            return self.first_month
        return self.first_month - timedelta(days=21)

    def is_completed(self, today: date) -> bool:
        if self.months is None:
            return False
        return today >= add_months(self.first_month, self.months)


def _constant_amounts(revenue: int, expenses: int) -> Amounts:
    return lambda number, ago: (revenue, expenses)


def _growing_amounts(number: int, ago: int) -> tuple[int, int]:
    revenue = min(4_200 + 130 * number, 7_400)
    return revenue, 2_300 + revenue * 12 // 100


def _shrinking_amounts(number: int, ago: int) -> tuple[int, int]:
    revenue = 11_500 * 95**number // 100**number
    expenses = 5_600 * 965**number // 1000**number
    return max(revenue, 2_600), max(expenses, 2_200)


def _seasonal_amounts(number: int, ago: int) -> tuple[int, int]:
    # The first month is a January, in the southern summer.
    return (7_800, 3_900) if number % 12 in (0, 1, 2, 9, 10, 11) else (4_600, 3_100)


def _recent_losses(number: int, ago: int) -> tuple[int, int]:
    return (5_200, 6_450 - 120 * ago) if ago < 5 else (6_300, 4_150)


def _sydney_law_amounts(number: int, ago: int) -> tuple[int, int]:
    return ((7_500, 4_000), (12_500, 5_500), (5_000, 2_500))[number]


HARBOR = Business(
    "ckpi_001", "HBC-2024-001", "Harbor Bridge Construction", "Construction",
    date(2024, 1, 1), 1, _constant_amounts(15_000, 8_000), noise_percent=0,
)  # fmt: skip
BONDI = Business(
    "ckpi_002", "BES-2024-002", "Bondi E-commerce Store", "E-commerce",
    date(2024, 1, 1), 15, _constant_amounts(8_000, 4_000), noise_percent=0,
)  # fmt: skip
SYDNEY_LAW = Business(
    "ckpi_003", "SLF-2024-003", "Sydney Law Firm", "Professional Services",
    date(2024, 1, 1), 28, _sydney_law_amounts, months=3, noise_percent=0,
)  # fmt: skip
# ckpi_004 is reserved for the specification's Melbourne Accounting Firm, which people add by hand.
PHYSIO = Business(
    "ckpi_005", "GCP-2024-005", "Gold Coast Physiotherapy", "Healthcare",
    date(2024, 6, 1), 5, _growing_amounts,
)  # fmt: skip
DAIRY = Business(
    "ckpi_006", "TDP-2024-006", "Toowoomba Dairy Produce", "Agriculture",
    date(2024, 9, 1), 20, _shrinking_amounts,
)  # fmt: skip
TOURS = Business(
    "ckpi_007", "KCT-2025-007", "Kauri Coast Tours", "Tourism",
    date(2025, 1, 1), 10, _seasonal_amounts, currency="NZD",
)  # fmt: skip
SOLAR = Business(
    "ckpi_008", "NSF-2025-008", "Newcastle Solar Fitters", "Energy",
    date(2025, 5, 1), 12, _recent_losses,
)  # fmt: skip
BREWERY = Business(
    "ckpi_009", "BHB-2025-009", "Ballarat Heritage Brewing", "Food and Beverage",
    date(2025, 10, 1), 25, _constant_amounts(9_600, 5_300), months=6,
)  # fmt: skip
# An open lead (`pipeline`) and no record. The first quarter is the specification's, without one.
PROSPECT_SINCE = date(2024, 7, 1)
PROSPECT: Row = {
    "id": "ckpi_010", "client_id": "BBS-2026-010", "client_name": "Byron Bay Surf School",
    "industry": "Tourism", "currency": "AUD", "status": "PROSPECT",
}  # fmt: skip
BUSINESSES = (HARBOR, BONDI, SYDNEY_LAW, PHYSIO, DAIRY, TOURS, SOLAR, BREWERY)


def businesses(today: date) -> list[Business]:
    """Return the clients that have signed by `today`."""
    return [business for business in BUSINESSES if business.signed_on <= today]


def clients(today: date) -> list[Row]:
    """Return rows of `client_kpis`: the clients that have signed, and the prospect."""
    signed = [
        {
            "id": business.id,
            "client_id": business.client_id,
            "client_name": business.client_name,
            "industry": business.industry,
            "currency": business.currency,
            "status": "COMPLETED" if business.is_completed(today) else "ACTIVE",
        }
        for business in businesses(today)
    ]
    return [*signed, PROSPECT] if today >= PROSPECT_SINCE else signed


def financials(today: date) -> list[Row]:
    """Return rows of `financials`: one per client and month, on the client's own day."""
    return [row for business in businesses(today) for row in _monthly_records(business, today)]


def months(first: date, today: date, count: int | None = None) -> list[date]:
    """Return the first days of the months from `first` to that of `today`, at most `count`."""
    elapsed = (today.year - first.year) * 12 + today.month - first.month + 1
    return [add_months(first, n) for n in range(elapsed if count is None else min(elapsed, count))]


def noise(name: str) -> int:
    """Return a whole number from -1000 to 1000, always the same for the same name."""
    return zlib.crc32(name.encode()) % 2001 - 1000


def amount(units: int, per_cent: int, name: str) -> Decimal:
    """Return whole currency units varied by up to `per_cent`, always the same for the same name."""
    cents = units * 100
    return Decimal(cents + cents * per_cent * noise(name) // 100_000).scaleb(-2)


def _monthly_records(business: Business, today: date) -> Iterator[Row]:
    for number, month in enumerate(months(business.first_month, today, business.months)):
        record_date = month.replace(day=business.day)
        if record_date > today:
            return
        ago = (today.year - month.year) * 12 + today.month - month.month
        revenue, expenses = business.amounts(number, ago)
        name = f"{business.client_id} {month}"
        yield {
            "client_kpi_id": business.id,
            "record_date": record_date,
            "revenue": amount(revenue, business.noise_percent, f"{name} revenue"),
            "expenses": amount(expenses, business.noise_percent, f"{name} expenses"),
        }
