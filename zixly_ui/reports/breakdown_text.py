"""A breakdown in words: what its rows are called, what it found, who moved, what depends on few."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from zixly_data.figures.breakdown import By
from zixly_data.figures.client_moves import Move, Mover
from zixly_data.figures.concentration import Concentration
from zixly_data.values import calendar_period
from zixly_data.values.period import Period
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import describe_change, money, percent
from zixly_ui.reports.profit_cards import best_period

LABELS = {
    By.CLIENT: "Client",
    By.INDUSTRY: "Industry",
    By.STATUS: "Status",
    By.MONTH: "Month",
    By.QUARTER: "Quarter",
    By.FINANCIAL_YEAR: "Financial year",
}
NO_INDUSTRY = "No industry given"


def days_of(by: By, key: str) -> Period:
    """The days of a row of time."""
    first = date.fromisoformat(key)
    if by is By.MONTH:
        return calendar_period.month(first)
    return (
        calendar_period.quarter(first)
        if by is By.QUARTER
        else calendar_period.financial_year(first)
    )


def label(by: By, key: str, name: str) -> str:
    """What a person calls a row: a client's name, `March 2024`, `Q1 2024`, `FY2024`, `Active`."""
    if by.months:
        return days_of(by, key).name.partition(" (")[0]
    if by is By.STATUS:
        return status_label(key)
    return name or NO_INDUSTRY


def timeline(by: By, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of time in their order, with those between them in which nothing was recorded: of these
    there are only `key, label`."""
    known = {row["key"]: row for row in rows}
    found: list[dict[str, Any]] = []
    key, last = min(known), max(known)
    while key <= last:
        found.append(known.get(key) or {"key": key, "label": label(by, key, "")})
        key = f"{days_of(by, key).end + timedelta(days=1):%Y-%m-%d}"
    return found


def label_finder(by: By, rows: Sequence[Mapping[str, Any]]) -> Callable[[date], str | None]:
    """What answers with the label of the row of time that holds a day, None where no row does.

    `rows` have `key, label`.
    """
    days = [(days_of(by, row["key"]), str(row["label"])) for row in rows]
    return lambda day: next((label for each, label in days if each.contains(day)), None)


def chart_title(by: By, rows: Sequence[dict[str, Any]], currency: str) -> str:
    """What the rows show, as the title of their chart. `rows` carry `label`."""
    best = max(rows, key=lambda row: row["profit"])
    worst = min(rows, key=lambda row: row["profit"])
    amount = money(abs(best["profit"]), currency)
    if len(rows) == 1:
        verb = "lost" if best["profit"] < 0 else "earned"
        return f"{best['label']} {verb} {amount}"
    least = money(abs(worst["profit"]), currency)
    if by.months:
        profits = {row["label"]: row["profit"] for row in rows}
        return best_period(profits, LABELS[by].lower(), currency)
    if best["profit"] == worst["profit"]:
        return f"Each {LABELS[by].lower()} {'lost' if best['profit'] < 0 else 'earned'} {amount}"
    top = "lost least," if best["profit"] < 0 else "earned most,"
    end = "lost" if worst["profit"] < 0 else "earned least,"
    return f"{best['label']} {top} {amount}; {worst['label']} {end} {least}"


def year_before_text(total: Mapping[str, Any], baseline: str) -> str:
    """How revenue and profit compare with the same days a year before; `total` is a row of
    `BreakdownTotals`."""
    revenue, profit = (
        describe_change(total[f"{name}_so_far"], total[f"{name}_year_before"], baseline)
        for name in ("revenue", "profit")
    )
    if total["revenue_year_before"] is None:
        return f"A year before: nothing was recorded in {baseline}."
    return f"A year before: revenue {revenue}, profit {profit}."


def describe_move(mover: Mover, baseline: str) -> str:
    """One sentence; `than` names what it is compared with."""
    now = money(abs(mover.now), mover.currency)
    before = money(abs(mover.before), mover.currency) if mover.before is not None else ""
    match mover.move:
        case Move.TURNED_TO_LOSS:
            return f"{mover.name} lost {now}, after a profit of {before} in {baseline}."
        case Move.LOSES:
            again = f", and {before} in {baseline}" if before else ""
            return f"{mover.name} lost {now}{again}."
        case Move.TURNED_TO_PROFIT:
            return f"{mover.name} earned {now}, after a loss of {before} in {baseline}."
        case Move.SHRINKS:
            return f"{mover.name} brought {now} of revenue, down from {before} in {baseline}."


def describe_concentration(found: Concentration) -> str:
    """How much depends on few clients, in one sentence."""
    top = f"{found.top_name} brings {percent(found.top_share, 0)} of the revenue"
    if found.clients > 3:
        return f"{top}, the three largest clients {percent(found.top_three_share, 0)}."
    return f"{top}."
