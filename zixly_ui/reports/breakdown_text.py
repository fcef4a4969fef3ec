"""Texts of a breakdown: labels of its rows, chart titles, client moves, and concentration."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from zixly_data.figures.breakdown import By
from zixly_data.figures.client_moves import ClientMove, Move
from zixly_data.figures.concentration import Concentration
from zixly_data.values import calendar_period
from zixly_data.values.period import Period
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import describe_change, money, percent
from zixly_ui.reports.profit_cards import best_period, profit_or_loss, ranking_title

LABELS = {
    By.CLIENT: "Client",
    By.INDUSTRY: "Industry",
    By.STATUS: "Status",
    By.MONTH: "Month",
    By.QUARTER: "Quarter",
    By.FINANCIAL_YEAR: "Financial year",
}
NO_INDUSTRY = "No industry"


def days_of(by: By, key: str) -> Period:
    """Return the period of a row of time."""
    first = date.fromisoformat(key)
    if by is By.MONTH:
        return calendar_period.month(first)
    return (
        calendar_period.quarter(first)
        if by is By.QUARTER
        else calendar_period.financial_year(first)
    )


def label(by: By, key: str, name: str) -> str:
    """Return the label of a row: a client name, `March 2024`, `Q1 2024`, `FY2024` or `Active`."""
    if by.months:
        return days_of(by, key).name.partition(" (")[0]
    if by is By.STATUS:
        return status_label(key)
    return name or NO_INDUSTRY


def timeline(by: By, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of time in order, including those between them without records.

    Such a row has only `key, label`.
    """
    rows_by_key = {row["key"]: row for row in rows}
    complete: list[dict[str, Any]] = []
    key, last = min(rows_by_key), max(rows_by_key)
    while key <= last:
        complete.append(rows_by_key.get(key) or {"key": key, "label": label(by, key, "")})
        key = f"{days_of(by, key).end + timedelta(days=1):%Y-%m-%d}"
    return complete


def label_finder(by: By, rows: Sequence[Mapping[str, Any]]) -> Callable[[date], str | None]:
    """Return a function that maps a day to the label of the row of time that contains it, or None.

    `rows` have `key, label`.
    """
    labelled_periods = [(days_of(by, row["key"]), str(row["label"])) for row in rows]
    return lambda day: next(
        (label for period, label in labelled_periods if period.contains(day)), None
    )


def chart_title(
    by: By, rows: Sequence[dict[str, Any]], currency: str, *, of_business: bool = False
) -> str:
    """Return the main result of the rows as the title of their chart. `rows` have `label`.

    `of_business`: the result of rows of time is the profit of the business, in `business_profit`.
    """
    if of_business:
        profits = {row["label"]: row["business_profit"] for row in rows}
        return f"{best_period(profits, LABELS[by].lower(), currency)}, overheads included"
    best = max(rows, key=lambda row: row["profit"])
    worst = min(rows, key=lambda row: row["profit"])
    result = profit_or_loss(best["profit"], currency)
    if len(rows) == 1:
        return f"{best['label']} made {result}"
    if by.months:
        profits = {row["label"]: row["profit"] for row in rows}
        return best_period(profits, LABELS[by].lower(), currency)
    if best["profit"] == worst["profit"]:
        return f"Each {LABELS[by].lower()} made {result}"
    return ranking_title(best["label"], best["profit"], worst["label"], worst["profit"], currency)


def year_before_text(total: Mapping[str, Any], baseline: str) -> str:
    """Return how revenue and profit compare with the same days a year before.

    `total` is a row of `BreakdownTotals`.
    """
    revenue, profit = (
        describe_change(total[f"{name}_so_far"], total[f"{name}_year_before"], baseline)
        for name in ("revenue", "profit")
    )
    if total["revenue_year_before"] is None:
        return f"Year on year: nothing was recorded in {baseline}."
    return f"Year on year: revenue {revenue}, profit {profit}."


def describe_move(mover: ClientMove, baseline: str) -> str:
    """Return one sentence about a move; `baseline` is the name of the earlier period."""
    now = money(abs(mover.now), mover.currency)
    before = money(abs(mover.before), mover.currency) if mover.before is not None else ""
    match mover.move:
        case Move.TURNED_TO_LOSS:
            return f"{mover.name} made a loss of {now}, after a profit of {before} in {baseline}."
        case Move.LOSES:
            earlier_loss = f", after a loss of {before} in {baseline}" if before else ""
            return f"{mover.name} made a loss of {now}{earlier_loss}."
        case Move.TURNED_TO_PROFIT:
            return f"{mover.name} made a profit of {now}, after a loss of {before} in {baseline}."
        case Move.SHRINKS:
            return f"Revenue from {mover.name} was {now}, down from {before} in {baseline}."


def describe_concentration(concentration: Concentration) -> str:
    """Return how much revenue comes from few clients, in one sentence."""
    largest = (
        f"{concentration.top_name} accounts for {percent(concentration.top_share, 0)} of revenue"
    )
    if concentration.clients > 3:
        return (
            f"{largest}, the three largest clients for {percent(concentration.top_three_share, 0)}."
        )
    return f"{largest}."
