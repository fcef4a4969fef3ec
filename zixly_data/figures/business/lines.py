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
from itertools import chain
from typing import Any

import pandas as pd
import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.statement_cache import cached_statement
from zixly_data.figures.business.overhead_sums import overhead_ledger, overhead_months
from zixly_data.figures.ledger import ledger, rate_rows, require_rates
from zixly_data.figures.profitability import CurrencyTotal, margin_of
from zixly_data.identity import Identity
from zixly_data.values.frames import (
    Frame,
    Money,
    Ratio,
    Text,
    arrow_types,
    build,
    nullable,
    rows,
)
from zixly_data.values.period import Period

CLIENTS, UNASSIGNED, OVERHEADS, BUSINESS = "clients", "unassigned", "overheads", "business"
LINES = (CLIENTS, UNASSIGNED, OVERHEADS, BUSINESS)
LINE_OF_KIND = {"UNASSIGNED": UNASSIGNED, "OVERHEAD": OVERHEADS}

_ZERO = Decimal("0.00")
Row = Mapping[str, Any]
# Totals of clients and `overhead_months` of one period.
Side = tuple[Iterable[Row], Iterable[Any]]
Sums = dict[tuple[str, str], tuple[Decimal, Decimal]]


class BusinessLines(Frame):
    """Four rows per currency with a record, in the order of `LINES`, by currency."""

    line: Text
    currency: Text
    revenue: Money
    expenses: Money
    profit: Money


class ComparedLines(BusinessLines):
    """`BusinessLines` of a period, with those of its part up to today and of an earlier period.

    The compared amounts are null if nothing was recorded in the currency in the earlier period, or
    an amount could not be converted.
    """

    revenue_so_far: Money = nullable
    expenses_so_far: Money = nullable
    profit_so_far: Money = nullable
    revenue_before: Money = nullable
    expenses_before: Money = nullable
    profit_before: Money = nullable


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
        months = overhead_months(connection, identity, (period,), target_currency)
    lines = lines_of(clients, months[period])
    return Business(period, lines, margins_of(lines), target_currency)


def period_lines(
    identity: Identity,
    totals: Mapping[Period, DataFrame[CurrencyTotal]],
    compared_periods: Iterable[tuple[Period, Period]],
) -> list[DataFrame[ComparedLines]]:
    """Return the lines of pairs of a period and an earlier one, in their own currencies.

    `totals` has the totals of clients in all of them, read in the same `snapshot`. A pair without a
    record of no client has an empty frame.
    """
    pairs = list(compared_periods)
    with reporting(identity) as connection:
        months = overhead_months(connection, identity, dict.fromkeys(chain.from_iterable(pairs)))
    frames = []
    for pair in pairs:
        if not any(months[period] for period in pair):
            frames.append(build({}, ComparedLines))
            continue
        now, before = ((rows(totals[period]), months[period]) for period in pair)
        frames.append(compared_lines(now, now, before))
    return frames


def lines_of(clients: Iterable[Row], overheads: Iterable[Any]) -> DataFrame[BusinessLines]:
    """Return the lines of the clients' totals and the `overhead_months` of one period.

    `clients` are rows with `currency, revenue, expenses`, one per currency. A currency with an
    amount that could not be converted has no lines.
    """
    listed = [
        (line, currency, revenue, expenses, revenue - expenses)
        for (currency, line), (revenue, expenses) in _sums(clients, overheads).items()
    ]
    columns = zip(arrow_types(BusinessLines), zip(*listed, strict=True), strict=False)
    return build(dict(columns), BusinessLines)


def compared_lines(now: Side, so_far: Side, before: Side) -> DataFrame[ComparedLines]:
    """Return the lines of three periods beside each other, each as the arguments of `lines_of`."""
    sums, *compared = (_sums(*side) for side in (now, so_far, before))
    listed = [
        (line, currency, *_with_profit(amounts), *chain.from_iterable(
            _with_profit(other.get((currency, line))) for other in compared
        ))
        for (currency, line), amounts in sums.items()
    ]  # fmt: skip
    columns = zip(arrow_types(ComparedLines), zip(*listed, strict=True), strict=False)
    return build(dict(columns), ComparedLines)


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


def _sums(clients: Iterable[Row], overheads: Iterable[Any]) -> Sums:
    """Return revenue and expenses by currency and line, in the order of both."""
    amounts: dict[str, dict[str, tuple[Decimal, Decimal]]] = {}
    unknown = set()

    def add(line: str, currency: str, revenue: Decimal | None, expenses: Decimal | None) -> None:
        lines = amounts.setdefault(currency, dict.fromkeys(LINES, (_ZERO, _ZERO)))
        if revenue is None or expenses is None:
            unknown.add(currency)
            return
        for name in (line, BUSINESS):
            earned, spent = lines[name]
            lines[name] = earned + revenue, spent + expenses

    for row in clients:
        add(CLIENTS, row["currency"], row["revenue"], row["expenses"])
    for month in overheads:
        add(LINE_OF_KIND[month.kind], month.currency, month.revenue, month.expenses)
    return {
        (currency, line): sums
        for currency in sorted(amounts.keys() - unknown)
        for line, sums in amounts[currency].items()
    }


def _with_profit(
    amounts: tuple[Decimal, Decimal] | None,
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    if amounts is None:
        return None, None, None
    revenue, expenses = amounts
    return revenue, expenses, revenue - expenses
