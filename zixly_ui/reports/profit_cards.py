"""Revenue, expenses, profit and margin of one currency, as cards and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.profitability import margin_of
from zixly_data.values.dates import month_name
from zixly_data.values.frames import rows
from zixly_data.values.names import listed
from zixly_data.values.period import ALL, Period
from zixly_ui.charts.progress import sparkline
from zixly_ui.components.cards import Card, comparison_card, margin_card
from zixly_ui.components.formatting import is_absent, money, percent, plural
from zixly_ui.components.tables import Column

Amounts = Mapping[str, Any]
Totals = pd.DataFrame | Sequence[Amounts]
"""One row per currency: a frame of totals, or its rows."""

CLIENT_COLUMNS = (
    Column("client_name", "Client"),
    Column("currency", "Currency"),
    Column("revenue", "Revenue", "money"),
    Column("expenses", "Expenses", "money"),
    Column("profit", "Profit", "money"),
    Column("margin", "Margin", "percent", help="Profit as a share of revenue"),
    Column("client_id", "External ID"),
)
OF_CLIENTS = {
    "revenue": "Revenue from clients",
    "expenses": "Expenses of clients",
    "profit": "Profit from clients",
    "margin": "Contribution margin",
}
"""Names of figures beside those of the business."""
_SAME_AS_NOW: Amounts = {}
TOTAL_COLUMNS = (
    Column("currency", "Currency"),
    Column("clients", "Clients", "count"),
    *CLIENT_COLUMNS[2:-1],
)


def in_currency(totals: Totals, currency: str) -> Amounts | None:
    """Return the row of a currency, or None if nothing was recorded in it."""
    return next((row for row in _rows(totals) if row["currency"] == currency), None)


def baseline_name(period: Period, earlier_period: Period) -> str | None:
    """Return the label of the comparison period; None for all time, which has none."""
    return None if period.key == ALL.key else earlier_period.name


def cards(
    now: Amounts | None,
    before: Amounts | None,
    baseline: str | None,
    currency: str,
    months: pd.DataFrame | None = None,
    *,
    so_far: Amounts | None = _SAME_AS_NOW,
    beside_business: bool = False,
) -> list[Card]:
    """Return four cards: revenue, expenses, profit, margin.

    With `beside_business`, for a page that shows the profit of the business, labels name clients.

    `now` and `before` are rows of totals, None if nothing was recorded; `baseline` is the label of
    the period of `before`, None without a comparison; `so_far` is the row to compare, if it is not
    `now`. `months` has the values of the sparklines: `month, currency, revenue, expenses, profit`.
    """
    trends = [] if months is None else _by_month(months, currency)
    current = now if so_far is _SAME_AS_NOW else so_far
    result = [
        comparison_card(
            OF_CLIENTS[name] if beside_business else name.capitalize(),
            money(_amount(now, name), currency),
            _amount(current, name),
            _amount(before, name),
            baseline or "",
            good="down" if name == "expenses" else "up",
            trend=sparkline(month[name] for month in trends),
        )
        for name in ("revenue", "expenses", "profit")
    ]
    margin = margin_card(
        OF_CLIENTS["margin"] if beside_business else "Margin",
        _amount(current, "margin"),
        _amount(before, "margin"),
        baseline or "",
        trend=sparkline(margin_of(month["profit"], month["revenue"]) for month in trends),
    )
    result.append(replace(margin, value=percent(_amount(now, "margin"))))
    if baseline is None:
        return [replace(card, change=None, against=None, help=None) for card in result]
    return result


def headline_text(totals: Totals, period_name: str, reporting_currency: str) -> str:
    """Return profit, revenue and margin of a period in one sentence, the reporting currency first.

    `Profit from 9 clients was $46,000.00 on $94,000.00 revenue in Q1 2024, a margin of 48.94%; in
    another currency, a loss of NZ$300.00.`
    """
    ordered = sorted(_rows(totals), key=lambda row: row["currency"] != reporting_currency)
    first, *others = ordered
    clients = plural(first["clients"], "client")
    period_phrase = "to date" if period_name == ALL.name else f"in {period_name}"
    revenue = money(first["revenue"], first["currency"])
    if first["profit"] < 0:
        loss = money(-first["profit"], first["currency"])
        sentence = f"The loss from {clients} was {loss} on {revenue} revenue {period_phrase}"
    else:
        profit = money(first["profit"], first["currency"])
        sentence = f"Profit from {clients} was {profit} on {revenue} revenue {period_phrase}"
        if not is_absent(first["margin"]):
            sentence += f", a margin of {percent(first['margin'], 2)}"
    if others:
        other_results = listed([profit_or_loss(row["profit"], row["currency"]) for row in others])
        other_currencies = "another currency" if len(others) == 1 else "other currencies"
        sentence += f"; in {other_currencies}, {other_results}"
    return f"{sentence}."


def best_and_worst(clients: pd.DataFrame, currency: str) -> str:
    """Return the clients that earned most and least, as the title of a ranking."""
    ranked = [row for row in rows(clients) if row["currency"] == currency]
    best, worst = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return f"{best['client_name']} made {profit_or_loss(best['profit'], currency)}"
    if best["profit"] == worst["profit"]:
        return f"Each client made {profit_or_loss(best['profit'], currency)}"
    return ranking_title(
        best["client_name"], best["profit"], worst["client_name"], worst["profit"], currency
    )


def profit_or_loss(profit: Decimal, currency: str) -> str:
    """Return `a profit of $46,000.00` or `a loss of $300.00`."""
    return f"a {'loss' if profit < 0 else 'profit'} of {money(abs(profit), currency)}"


def ranking_title(
    best: str, best_profit: Decimal, worst: str, worst_profit: Decimal, currency: str
) -> str:
    """Return the first and the last of a ranking by profit in one sentence."""
    first = f"{best} had the {'smallest loss' if best_profit < 0 else 'highest profit'}"
    last = f"{worst} had the largest loss" if worst_profit < 0 else f"{worst} had the lowest"
    return (
        f"{first}, {money(abs(best_profit), currency)}; {last}, "
        f"{money(abs(worst_profit), currency)}"
    )


def best_month(months: pd.DataFrame, currency: str) -> str:
    """Return the month with the highest profit, as the title of a chart over months."""
    profits: dict[Any, Decimal] = {}
    for row in rows(months):
        if row["currency"] == currency:
            profits[row["month"]] = profits.get(row["month"], Decimal(0)) + row["profit"]
    return best_period({month_name(month): profits[month] for month in profits}, "month", currency)


def best_period(profits: Mapping[str, Decimal], kind: str, currency: str) -> str:
    """Return a sentence with the best of several months, quarters or years (`kind`)."""
    best = max(profits, key=lambda name: profits[name])
    amount = money(abs(profits[best]), currency)
    if len(set(profits.values())) == 1:
        subject = best if len(profits) == 1 else f"Every {kind}"
        return f"{subject} had {profit_or_loss(profits[best], currency)}"
    if profits[best] < 0:
        return f"Every {kind} had a loss; {best} had the smallest, {amount}"
    others = sum(profit == profits[best] for profit in profits.values()) - 1
    if others:
        return f"{best} and {plural(others, f'other {kind}')} had the highest profit, {amount} each"
    return f"The best {kind} was {best}, with a profit of {amount}"


def currencies(totals: Totals, reporting_currency: str) -> Sequence[str]:
    """Return the currencies with records, the reporting currency first."""
    codes = [row["currency"] for row in _rows(totals)]
    return sorted(codes, key=lambda code: (code != reporting_currency, code))


def _rows(totals: Totals) -> Sequence[Amounts]:
    return rows(totals) if isinstance(totals, pd.DataFrame) else totals


def _amount(amounts: Amounts | None, name: str) -> Decimal | None:
    return None if amounts is None else amounts[name]


def _by_month(months: pd.DataFrame, currency: str) -> list[dict[str, Decimal]]:
    totals: dict[Any, dict[str, Decimal]] = {}
    for row in rows(months):
        if row["currency"] == currency:
            total = totals.setdefault(
                row["month"], dict.fromkeys(("revenue", "expenses", "profit"), Decimal(0))
            )
            for name in total:
                total[name] += row[name]
    return [totals[month] for month in sorted(totals)]
