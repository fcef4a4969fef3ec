"""Random ledgers for the figures of profitability, and the same figures in plain Python.

Nothing here uses the queries under test: raw rows are added up with Decimals, month by month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support import records as books
from zixly_data.database import schema
from zixly_data.database.connection import scoped
from zixly_data.records import exchange_rates
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.tables.exchange_rates import RateDraft
from zixly_data.values.ids import new_id
from zixly_data.values.period import Period

ZERO = Decimal("0.00")
CLIENTS = (
    ("Harbour", "AUD", "Construction", "ACTIVE"), ("Bondi", "AUD", None, "ACTIVE"),
    ("Kauri", "NZD", "Tourism", "ACTIVE"), ("Law", "AUD", "Tourism", "COMPLETED"),
)  # fmt: skip
FIRST, LAST = date(2022, 12, 20), date(2024, 4, 10)

amounts = st.integers(-300_000, 900_000).map(lambda n: Decimal(n).scaleb(-2)) | st.just(ZERO)
records = st.tuples(st.integers(0, 3), st.dates(FIRST, LAST), amounts, amounts)
hours = st.tuples(st.integers(0, 3), st.dates(FIRST, LAST), st.integers(0, 400))
ledgers = st.tuples(st.lists(records, max_size=25), st.lists(hours, max_size=8))
periods = st.tuples(st.dates(FIRST, LAST), st.dates(FIRST, LAST)).map(
    lambda ends: Period("custom", min(ends), max(ends), "Some days")
) | st.sampled_from(
    [
        Period("2024-Q1", date(2024, 1, 1), date(2024, 3, 31), "Q1 2024"),
        Period("2024-03", date(2024, 3, 1), date(2024, 3, 31), "March 2024"),
        Period("FY2024", date(2023, 7, 1), date(2024, 6, 30), "FY2024"),
    ]
)


@dataclass(frozen=True)
class Month:
    """A client's month: its amounts, in its own currency and converted, and its hours."""

    client: int
    month: date
    revenue: Decimal
    expenses: Decimal
    hours: Decimal | None


Ledger = tuple[list[tuple[int, date, Decimal, Decimal]], list[tuple[int, date, int]]]


def write(team: Team, ledger: Ledger) -> list[str]:
    """Records the ledger, with a rate for every month; returns our ids of the clients."""
    ours = [
        books.client(team, name, currency=currency, industry=industry, status=status)
        for name, currency, industry, status in CLIENTS
    ]
    financial, worked = ledger
    with scoped(team.editor) as connection:
        for client, day, revenue, expenses in financial:
            connection.execute(
                sa.insert(schema.financials).values(
                    client_kpi_id=ours[client],
                    record_date=day,
                    revenue=revenue,
                    expenses=expenses,
                )
            )
    if worked:
        books.metric(team, "Hours at work", unit="hours", purpose=BILLABLE_HOURS)
    for client, day, value in worked:
        books.measure(team, ours[client], "Hours at work", day, str(value))
    exchange_rates.put_all(
        team.editor,
        [RateDraft(month, "NZD", "AUD", rate_of(month)) for month in _months()],
    )
    return ours


def rate_of(month: date) -> Decimal:
    """A rate that differs from those of all other months, with more decimals than cents."""
    wobble = Decimal((month.year * 12 + month.month) * 317 % 1009) / Decimal(10007)
    return (Decimal("0.9") + wobble).quantize(Decimal("0.00000001"))


def months_of(ledger: Ledger, period: Period, target_currency: str | None = None) -> list[Month]:
    """Client and month with a record in the period, from the raw rows."""
    financial, worked = ledger
    sums: dict[tuple[int, date], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for client, day, revenue, expenses in financial:
        if period.contains(day):
            sums[client, day.replace(day=1)][0] += revenue
            sums[client, day.replace(day=1)][1] += expenses
    by_day: dict[tuple[int, date], int] = {}
    for client, day, value in worked:
        if period.contains(day):
            by_day[client, day] = value
    months = []
    for (client, month), (revenue, expenses) in sorted(sums.items()):
        days = [v for (c, d), v in by_day.items() if c == client and d.replace(day=1) == month]
        if target_currency and CLIENTS[client][1] != target_currency:
            rate = rate_of(month)
            revenue, expenses = cents(revenue * rate), cents(expenses * rate)
        months.append(Month(client, month, revenue, expenses, Decimal(sum(days)) if days else None))
    return months


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def fraction(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP) if whole > 0 else None


def total(months: Iterable[Month], of: Callable[[Month], Decimal]) -> Decimal:
    return sum(map(of, months), ZERO)


# ── of no client ────────────────────────────────────────────────────────────────────────────
# Kind, currency, day, revenue, expenses.
Overhead = tuple[str, str, date, Decimal, Decimal]
overheads = st.lists(
    st.tuples(
        st.sampled_from(("OVERHEAD", "UNASSIGNED")),
        st.sampled_from(("AUD", "NZD")),
        st.dates(FIRST, LAST),
        amounts,
        amounts,
    ),
    max_size=14,
)


def write_overheads(team: Team, rows: Sequence[Overhead], **fields: Any) -> None:
    """Record overheads as the editor; `fields` are columns of all of them."""
    columns = ("kind", "currency", "record_date", "revenue", "expenses")
    with scoped(team.editor) as connection:
        for row in rows:
            values = dict(zip(columns, row, strict=True)) | {"id": new_id("ovh")} | fields
            connection.execute(sa.insert(schema.overheads).values(values))


def overheads_by_hand(
    rows: Sequence[Overhead], period: Period, target_currency: str | None = None
) -> dict[tuple[date, str, str], tuple[Decimal, Decimal]]:
    """Revenue and expenses by month, kind and currency, converted month by month."""
    sums: dict[tuple[date, str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for kind, currency, day, revenue, expenses in rows:
        if period.contains(day):
            sums[day.replace(day=1), kind, currency][0] += revenue
            sums[day.replace(day=1), kind, currency][1] += expenses
    converted: dict[tuple[date, str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for (month, kind, currency), amounts_of_month in sums.items():
        is_own = target_currency in (None, currency)
        for place, amount in enumerate(amounts_of_month):
            converted[month, kind, target_currency or currency][place] += (
                amount if is_own else cents(amount * rate_of(month))
            )
    return {key: (revenue, expenses) for key, (revenue, expenses) in converted.items()}


def lines_by_hand(
    ledger: Ledger,
    rows: Sequence[Overhead],
    period: Period,
    target_currency: str | None = None,
) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    """Revenue and expenses by currency and line."""
    lines: dict[tuple[str, str], list[Decimal]] = {}

    def add(currency: str, line: str, revenue: Decimal, expenses: Decimal) -> None:
        for name in ("clients", "unassigned", "overheads", "business"):
            lines.setdefault((currency, name), [ZERO, ZERO])
        for name in (line, "business"):
            lines[currency, name][0] += revenue
            lines[currency, name][1] += expenses

    for month in months_of(ledger, period, target_currency):
        own = target_currency or CLIENTS[month.client][1]
        add(own, "clients", month.revenue, month.expenses)
    names = {"OVERHEAD": "overheads", "UNASSIGNED": "unassigned"}
    for (_, kind, currency), sums in overheads_by_hand(rows, period, target_currency).items():
        add(currency, names[kind], *sums)
    return {key: (revenue, expenses) for key, (revenue, expenses) in lines.items()}


def _months() -> list[date]:
    return [date(year, month, 1) for year in range(2020, 2026) for month in range(1, 13)]
