"""The cards above a month's grids, with the change since the month before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zixly_data.values.dates import month_name, short_month
from zixly_ui.components.cards import Card
from zixly_ui.components.formatting import money


def financial_cards(
    last_month: date,
    currency: str,
    amounts: Sequence[Decimal],
    last_profit: Decimal | None,
    suffix: str,
) -> list[Card]:
    """Return the cards of a month's totals in a currency; `suffix` names it if there are several.

    `amounts` are revenue and expenses. `last_profit` is that of the month before, None without any
    record.
    """
    revenue, expenses = amounts
    profit = revenue - expenses
    last, short = month_name(last_month), short_month(last_month)
    difference = None if last_profit is None else profit - last_profit
    return [
        Card(f"Revenue{suffix}", money(revenue, currency)),
        Card(f"Expenses{suffix}", money(expenses, currency)),
        Card(f"Profit{suffix}", money(profit, currency)),
        Card(
            f"Change vs {short}{suffix}",
            "–" if difference is None else _signed(difference, currency),
            help=f"Nothing was recorded in {last}."
            if last_profit is None
            else f"Profit in {last}: {money(last_profit, currency)}.",
        ),
    ]


def count_card(label: str, current: int, before: int, last_month: date) -> Card:
    """Return the card of a number of events of the month, with that of the month before."""
    difference, last = current - before, short_month(last_month)
    change = f"{difference:+,}" if difference else "no change"
    return Card(label, f"{current:,}", change, f"vs {last}", help=f"{before:,} in {last}.")


def _signed(amount: Decimal, currency: str) -> str:
    return f"{'+' if amount > 0 else ''}{money(amount, currency)}"
