"""Profit of the business: its four lines, which add up in each currency.

clients     revenue and expenses of all clients
unassigned  records that nobody has assigned yet, to a client or to the overheads
overheads   revenue and expenses that belong to no client
business    the sum of the three

Profit is revenue - expenses in each line, so costs are a negative profit. The margin of the
clients' line is a contribution margin, and that of the business is called the business margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.business.overhead_sums import overhead_ledger, overheads_in
from zixly_data.figures.ledger import ledger, rate_rows, require_rates
from zixly_data.figures.profitability import margin_of
from zixly_data.identity import Identity
from zixly_data.values.frames import Frame, Money, Ratio, Text, build, nullable, rows
from zixly_data.values.period import Period

CLIENTS, UNASSIGNED, OVERHEADS, BUSINESS = "clients", "unassigned", "overheads", "business"
LINES = (CLIENTS, UNASSIGNED, OVERHEADS, BUSINESS)
LINE_OF_KIND = {"UNASSIGNED": UNASSIGNED, "OVERHEAD": OVERHEADS}

_ZERO = Decimal("0.00")


class BusinessLines(Frame):
    """Four rows per currency with a record, in the order of `LINES`, by currency."""

    line: Text
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money


class BusinessMargins(Frame):
    """One row per currency with a record: the margins of the lines `clients` and `business`."""

    currency: Text
    contribution_margin: Ratio = nullable
    business_margin: Ratio = nullable


@dataclass(frozen=True)
class Business:
    """The lines of a period and their margins, read at the same moment."""

    period: Period
    lines: DataFrame[BusinessLines]
    margins: DataFrame[BusinessMargins]
    target_currency: str | None = None


def business(identity: Identity, period: Period, target_currency: str | None = None) -> Business:
    """Return the lines of all clients and overheads, optionally in `target_currency`.

    Lines without records are zero in a currency in which anything was recorded. Raises RatesMissing
    with all rates that are missing, those of clients and of overheads.
    """
    query = _clients_query(identity, period, target_currency)
    with reporting(identity) as connection:
        require_rates(
            connection,
            rate_rows(
                ledger(identity, period, target_currency=target_currency),
                overhead_ledger(identity, period, target_currency),
            ),
            target_currency,
        )
        clients = [dict(row) for row in connection.execute(query).mappings()]
        overheads = overheads_in(identity, (period,), target_currency)[period]
    lines = lines_of(clients, overheads)
    return Business(period, lines, margins_of(lines), target_currency)


def lines_of(
    clients: Iterable[Mapping[str, Any]], overheads: pd.DataFrame
) -> DataFrame[BusinessLines]:
    """Return the `BusinessLines` of the clients' totals and the `OverheadMonths` of one period.

    `clients` are rows with `currency, revenue, expenses`, one per currency. A currency with an
    amount that could not be converted has no lines.
    """
    amounts: dict[str, dict[str, list[Decimal]]] = {}
    unknown = set()
    parts = [
        *((CLIENTS, row) for row in clients),
        *((LINE_OF_KIND[row["kind"]], row) for row in rows(overheads)),
    ]
    for line, row in parts:
        lines = amounts.setdefault(row["currency"], {name: [_ZERO, _ZERO] for name in LINES})
        if row["revenue"] is None or row["expenses"] is None:
            unknown.add(row["currency"])
            continue
        for name in (line, BUSINESS):
            lines[name][0] += row["revenue"]
            lines[name][1] += row["expenses"]
    listed = [
        (line, currency, revenue, expenses, revenue - expenses)
        for currency in sorted(amounts.keys() - unknown)
        for line, (revenue, expenses) in amounts[currency].items()
    ]
    return build(
        dict(zip(BusinessLines.to_schema().columns, zip(*listed, strict=True), strict=False)),
        BusinessLines,
    )


def margins_of(lines: pd.DataFrame) -> DataFrame[BusinessMargins]:
    """Return the margins of a frame of `BusinessLines`: those of the totals, never averages."""
    margins = {
        (row["currency"], row["line"]): margin_of(row["profit"], row["revenue"])
        for row in rows(lines)
    }
    currencies = list(dict.fromkeys(currency for currency, _ in margins))
    return build(
        {
            "currency": currencies,
            "contribution_margin": [margins[currency, CLIENTS] for currency in currencies],
            "business_margin": [margins[currency, BUSINESS] for currency in currencies],
        },
        BusinessMargins,
    )


@cached_statement
def _clients_query(
    identity: Identity, period: Period, target_currency: str | None
) -> sa.Select[Any]:
    months = ledger(identity, period, target_currency=target_currency).c
    return sa.select(
        months.currency,
        sa.func.sum(months.revenue).label("revenue"),
        sa.func.sum(months.expenses).label("expenses"),
    ).group_by(months.currency)
