"""Profitability of a period with the lines of the business below its clients.

Rows of time (months, quarters, years) also have the profit of overheads and of unassigned records,
and the profit and margin of the business: `profit + overheads + unassigned = business_profit`. Rows
of clients, industries and statuses never do: their margin is a contribution margin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pandas as pd
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.figures.breakdown import Breakdown, By, Profitability, breakdown
from zixly_data.figures.business.lines import (
    BUSINESS,
    LINE_OF_KIND,
    OVERHEADS,
    UNASSIGNED,
    BusinessLines,
    lines_of,
)
from zixly_data.figures.business.overhead_sums import overhead_ledger, overheads_in
from zixly_data.figures.profitability import margin_of
from zixly_data.identity import Identity
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import add_months
from zixly_data.values.frames import Money, Ratio, arrow_types, build, nullable, rows
from zixly_data.values.period import Period

_ZERO = Decimal("0.00")


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

    `lines` are those of the period, `so_far` and `before` those that are compared. All are empty if
    neither the period nor the one it is compared with has a record of no client, or if the clients
    are filtered: `left_out`, if there are such records. Rows of time in `report` are `BusinessRows`
    if the period itself has one.
    """

    report: Profitability
    lines: DataFrame[BusinessLines]
    so_far: DataFrame[BusinessLines]
    before: DataFrame[BusinessLines]
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
    with reporting(identity):
        report = breakdown(
            identity,
            period,
            by,
            today,
            client_filter,
            target_currency=target_currency,
            financial_year_start=financial_year_start,
            other_ledgers=()
            if is_filtered or target_currency is None
            else (overhead_ledger(identity, period, target_currency),),
        )
        months = overheads_in(identity, (period, so_far, before), target_currency)
    nothing: DataFrame[BusinessLines] = build({}, BusinessLines)
    has_overheads = any(len(frame) for frame in months.values())
    if is_filtered or not has_overheads:
        return BusinessReport(report, nothing, nothing, nothing, left_out=has_overheads)
    if by.months and len(months[period]):
        groups = _rows_of_time(report, months[period], financial_year_start)
        report = replace(report, groups=cast("DataFrame[Breakdown]", groups))
    suffixes = {period: "", so_far: "_so_far" if so_far != period else "", before: "_before"}
    lines = {days: lines_of(_clients(report, suffixes[days]), months[days]) for days in suffixes}
    return BusinessReport(report, lines[period], lines[so_far], lines[before])


def _clients(report: Profitability, suffix: str) -> list[dict[str, Any]]:
    """Return the totals of clients in one of the compared periods."""
    return [
        {
            "currency": total["currency"],
            "revenue": total[f"revenue{suffix}"],
            "expenses": total[f"expenses{suffix}"],
        }
        for total in rows(report.totals)
        if suffix or total["clients"]
    ]


def _rows_of_time(
    report: Profitability, overheads: pd.DataFrame, financial_year_start: int
) -> DataFrame[BusinessRows]:
    """Return the groups of the report with the lines of each, and groups of overheads alone."""
    groups = {(row["currency"], row["key"]): row for row in rows(report.groups)}
    amounts: dict[tuple[str, str], dict[str, list[Decimal]]] = {}
    for row in rows(overheads):
        key = f"{_first_day(report.by, row['month'], financial_year_start):%Y-%m-%d}"
        sums = amounts.setdefault((row["currency"], key), {})
        sum_of_line = sums.setdefault(LINE_OF_KIND[row["kind"]], [_ZERO, _ZERO])
        sum_of_line[0] += row["revenue"]
        sum_of_line[1] += row["expenses"]
    has_revenue = {row["currency"]: row["revenue"] > 0 for row in rows(report.totals)}
    listed: list[dict[str, Any]] = []
    so_far: dict[str, Decimal] = {}
    for currency, key in sorted(groups.keys() | amounts.keys()):
        group = groups.get((currency, key)) or _without_clients(
            currency, key, so_far.get(currency, _ZERO), has_revenue.get(currency, False)
        )
        so_far[currency] = group["cumulative_profit"]
        listed.append(group | _business_of(group, amounts.get((currency, key), {})))
    names = arrow_types(BusinessRows)
    return build({name: [row[name] for row in listed] for name in names}, BusinessRows)


def _business_of(
    group: dict[str, Any], sums: dict[str, list[Decimal]]
) -> dict[str, Decimal | None]:
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
