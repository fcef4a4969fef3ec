"""Profitability of a period with the lines of the business below its clients.

Rows of time (months, quarters, years) also have the profit of overheads and of unassigned records,
and the profit and margin of the business: `profit + overheads + unassigned = business_profit`. Rows
of clients, industries and statuses never do: their margin is a contribution margin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.figures.breakdown import (
    Breakdown,
    BreakdownTotals,
    By,
    Profitability,
    breakdown_query,
    build_rows,
    groups_and_totals,
)
from zixly_data.figures.business.lines import (
    BUSINESS,
    LINE_OF_KIND,
    OVERHEADS,
    UNASSIGNED,
    ComparedLines,
    compared_lines,
)
from zixly_data.figures.business.overhead_sums import overhead_ledger, overhead_months
from zixly_data.figures.ledger import ledger, rate_rows, require_rates
from zixly_data.figures.profitability import margin_of
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.frames import Money, Ratio, arrow_types, build, nullable
from zixly_data.values.period import Period

_ZERO = Decimal("0.00")
Row = Mapping[str, Any]


class BusinessRows(Breakdown):
    """One row per month, quarter or year and currency with a record of a client or of none.

    A row with records of no client alone has no clients, zero revenue, and no comparison.
    """

    overheads: Money
    unassigned: Money
    business_profit: Money
    business_margin: Ratio = nullable


@dataclass(frozen=True)
class BusinessReport:
    """Profitability with the lines of the business, read at the same moment.

    `lines` is empty if neither the period nor the one it is compared with has a record of no
    client, or if the clients are filtered: `left_out`, if there are such records. Rows of time in
    `report` are `BusinessRows` if the period itself has one.
    """

    report: Profitability
    lines: DataFrame[ComparedLines]
    left_out: bool = False


def business_report(
    identity: Identity,
    period: Period,
    by: By,
    today: date,
    client_filter: ClientFilter | None = None,
    *,
    target_currency: str | None = None,
    financial_year_start: int = 7,
) -> BusinessReport:
    """Return `breakdown` with the lines of the business, optionally in `target_currency`.

    Raises RatesMissing if an amount of the period cannot be converted; all missing rates, those of
    clients and those of overheads, are named together.
    """
    is_filtered = client_filter is not None and client_filter.selects_clients
    so_far, before = period.like_for_like(today)
    query = breakdown_query(
        identity, period, by, today, client_filter, target_currency, financial_year_start
    )
    with reporting(identity) as connection:
        if target_currency is not None:
            ledgers = [ledger(identity, period, client_filter, target_currency)]
            if not is_filtered:
                ledgers.append(overhead_ledger(identity, period, target_currency))
            require_rates(connection, rate_rows(*ledgers), target_currency)
        groups, totals = groups_and_totals(connection, query)
        months = overhead_months(connection, identity, (period, so_far, before), target_currency)
    has_overheads = any(months.values())
    if is_filtered or not has_overheads:
        lines = build({}, ComparedLines)
        rows_of_groups = build_rows(groups, Breakdown)
    else:
        suffixes = {period: "", so_far: "_so_far" if so_far != period else "", before: "_before"}
        sides = {
            days: (_clients(totals, suffix), months[days]) for days, suffix in suffixes.items()
        }
        lines = compared_lines(sides[period], sides[so_far], sides[before])
        if by.months and months[period]:
            in_time = _rows_of_time(by, groups, totals, months[period], financial_year_start)
            rows_of_groups = cast("DataFrame[Breakdown]", build_rows(in_time, BusinessRows))
        else:
            rows_of_groups = build_rows(groups, Breakdown)
    report = Profitability(
        by, period, so_far, before, so_far.year_before(),
        rows_of_groups, build_rows(totals, BreakdownTotals),
    )  # fmt: skip
    return BusinessReport(report, lines, left_out=is_filtered and has_overheads)


def _clients(totals: Sequence[Row], suffix: str) -> list[dict[str, Any]]:
    """Return the totals of clients in one of the compared periods."""
    return [
        {
            "currency": total["currency"],
            "revenue": total[f"revenue{suffix}"],
            "expenses": total[f"expenses{suffix}"],
        }
        for total in totals
        if suffix or total["clients"]
    ]


def _rows_of_time(
    by: By,
    rows_of_clients: Sequence[Row],
    totals: Sequence[Row],
    overheads: Sequence[Any],
    financial_year_start: int,
) -> list[Row]:
    """Return the groups with the lines of each, and groups of overheads alone, by date."""
    groups = {(row["currency"], row["key"]): row for row in rows_of_clients}
    amounts: dict[tuple[str, str], dict[str, list[Decimal]]] = {}
    for row in overheads:
        key = f"{_first_day(by, row.month, financial_year_start):%Y-%m-%d}"
        sums = amounts.setdefault((row.currency, key), {})
        sum_of_line = sums.setdefault(LINE_OF_KIND[row.kind], [_ZERO, _ZERO])
        sum_of_line[0] += row.revenue
        sum_of_line[1] += row.expenses
    has_revenue = {row["currency"]: row["revenue"] > 0 for row in totals}
    listed: list[Row] = []
    so_far: dict[str, Decimal] = {}
    for currency, key in sorted(groups.keys() | amounts.keys()):
        group = groups.get((currency, key)) or _without_clients(
            currency, key, so_far.get(currency, _ZERO), has_revenue.get(currency, False)
        )
        so_far[currency] = group["cumulative_profit"]
        listed.append({**group, **_business_of(group, amounts.get((currency, key), {}))})
    return listed


def _business_of(group: Row, sums: dict[str, list[Decimal]]) -> dict[str, Decimal | None]:
    revenue = group["revenue"] + sum((earned for earned, _ in sums.values()), _ZERO)
    profits = {line: earned - spent for line, (earned, spent) in sums.items()}
    business_profit = group["profit"] + sum(profits.values(), _ZERO)
    return {
        OVERHEADS: profits.get(OVERHEADS, _ZERO),
        UNASSIGNED: profits.get(UNASSIGNED, _ZERO),
        f"{BUSINESS}_profit": business_profit,
        f"{BUSINESS}_margin": margin_of(business_profit, revenue),
    }


def _without_clients(
    currency: str, key: str, profit_so_far: Decimal, has_revenue: bool
) -> dict[str, Any]:
    """Return a row of `Breakdown` in which no client has a record."""
    return dict.fromkeys(arrow_types(Breakdown)) | {
        "key": key,
        "name": key,
        "currency": currency,
        "clients": 0,
        "revenue": _ZERO,
        "expenses": _ZERO,
        "profit": _ZERO,
        "share": Decimal("0.0000") if has_revenue else None,
        "cumulative_profit": profit_so_far,
    }


def _first_day(by: By, month: date, financial_year_start: int) -> date:
    """Return the first day of the month, quarter or financial year of a month."""
    if by is By.QUARTER:
        return month.replace(month=(month.month - 1) // 3 * 3 + 1)
    if by is By.FINANCIAL_YEAR:
        return add_months(month, -((month.month - financial_year_start) % 12))
    return month
