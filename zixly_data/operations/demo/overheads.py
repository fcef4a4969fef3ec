"""The demo's overheads: Zixly's own rent, software and wages, from July 2026 to the day of loading.

As in `books`, amounts vary by a checksum, not at random, and nothing is dated after `today`. They
leave the business a profit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zixly_data.operations.demo.books import Row, amount, months

FIRST_MONTH = date(2026, 7, 1)


@dataclass(frozen=True)
class Cost:
    """Expenses of about `expenses` on the same `day` of each month."""

    account: str
    counterparty: str
    day: int
    expenses: int
    noise_percent: int = 0


COSTS = (
    Cost("Rent", "Fortitude Valley Offices", 1, 1_850),
    Cost("Software", "Xero", 12, 92),
    Cost("Software", "Atlassian", 18, 260, noise_percent=15),
    Cost("Wages", "Office staff", 28, 4_200, noise_percent=5),
)


def overheads(today: date) -> list[Row]:
    """Return rows of `overheads`: one per cost and month. There are none before July 2026."""
    return [row for cost in COSTS for row in _monthly_records(cost, today)]


def _monthly_records(cost: Cost, today: date) -> Iterator[Row]:
    for month in months(FIRST_MONTH, today):
        record_date = month.replace(day=cost.day)
        if record_date > today:
            return
        name = f"{cost.account} {cost.counterparty} {month}"
        yield {
            "record_date": record_date,
            "currency": "AUD",
            "revenue": amount(0, 0, name),
            "expenses": amount(cost.expenses, cost.noise_percent, name),
            "kind": "OVERHEAD",
            "account": cost.account,
            "counterparty": cost.counterparty,
        }
