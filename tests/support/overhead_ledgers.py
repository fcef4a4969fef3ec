"""Random records of no client beside the ledgers of `profit_ledgers`, and their sums by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from tests.conftest import Team
from tests.support.profit_ledgers import (
    CLIENTS,
    FIRST,
    LAST,
    ZERO,
    Ledger,
    amounts,
    cents,
    months_of,
    rate_of,
)
from zixly_data.database import schema
from zixly_data.database.connection import scoped
from zixly_data.values.ids import new_id
from zixly_data.values.period import Period

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


def overhead(
    team: Team,
    day: str,
    expenses: str,
    *,
    kind: str = "OVERHEAD",
    currency: str = "AUD",
    revenue: str = "0",
    **fields: Any,
) -> None:
    """Record one overhead."""
    row = (kind, currency, date.fromisoformat(day), Decimal(revenue), Decimal(expenses))
    write_overheads(team, [row], **fields)


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
