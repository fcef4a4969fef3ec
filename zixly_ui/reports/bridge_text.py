"""Texts about the change of profit: the headline, and the parts it consists of.

`total` is a row of `bridge.BridgeTotal`. Amounts are exact, with cents where there are any.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zixly_data.figures.bridge import PARTS
from zixly_data.figures.definitions import OF_CHANGE
from zixly_ui.components.formatting import money

Total = Mapping[str, Any]

LABELS = {part: OF_CHANGE[part].label for part in PARTS}
_MAX_REASONS = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def headline_text(total: Total, period: str, against: str) -> str:
    """Return the change of profit and its reasons in one sentence.

    `Profit in Q1 2024 rose by $3,200 to $46,000 against Q4 2023: two clients won brought $5,000,
    higher costs took $1,800.`
    """
    currency, after = total["currency"], total["profit_after"]
    clients = _clients(total["clients"])
    if total["clients"] == total["clients_won"]:
        return (
            f"Nothing was recorded in {against}, so all of the {_result(after, currency)} in "
            f"{period} came with {clients} won."
        )
    if total["clients"] == total["clients_lost"]:
        return (
            f"Nothing was recorded in {period}; {clients} had brought a "
            f"{_result(total['profit_before'], currency)} in {against}."
        )
    return f"{_movement(total, period, against)}{_reasons(total)}."


def parts_title(total: Total) -> str:
    """Return the change of profit without its main part, as the title of the chart."""
    change = total["change"]
    leading = [part for part in _by_size(total) if total[part] * change > 0] or _by_size(total)
    if not leading:
        return "Nothing moved profit"
    remainder = change - total[leading[0]]
    if not remainder:
        outcome = "not have changed"
    else:
        verb = "risen" if remainder > 0 else "fallen"
        outcome = f"have {verb} by {exact(remainder, total['currency'])}"
    return f"{_without_part(total, leading[0])}, profit would {outcome}"


def alt_text(total: Total, period: str, against: str) -> str:
    """Return the description of the waterfall for those who cannot see it."""
    currency = total["currency"]
    steps = [f"{LABELS[part]} {signed(total[part], currency)}" for part in PARTS if total[part]]
    return "; ".join(
        (
            f"From a profit of {money(total['profit_before'], currency)} in {against}",
            *steps,
            f"to {money(total['profit_after'], currency)} in {period}",
        )
    )


def signed(amount: Decimal, currency: str, *, cents: bool = True) -> str:
    """Return the amount with its sign: `+$5,000.00`, `−$1,800.00`."""
    return f"{'+' if amount > 0 else ''}{money(amount, currency, cents=cents)}"


def exact(amount: Decimal, currency: str) -> str:
    """Return the size of the amount, with cents if there are any."""
    return money(abs(amount), currency, cents=amount != amount.to_integral_value())


def _movement(total: Total, period: str, against: str) -> str:
    currency = total["currency"]
    before, after, change = (total[field] for field in ("profit_before", "profit_after", "change"))
    amount = exact(change, currency)
    if not change:
        kind = "loss" if after < 0 else "profit"
        return f"The {kind} in {period} is that of {against}, {exact(after, currency)}"
    if before >= 0 and after >= 0:
        verb = "rose" if change > 0 else "fell"
        return (
            f"Profit in {period} {verb} by {amount} to {exact(after, currency)} against {against}"
        )
    if before < 0 and after < 0:
        verb = "shrank" if change > 0 else "grew"
        return (
            f"The loss in {period} {verb} by {amount} to {exact(after, currency)} against {against}"
        )
    return (
        f"A {_result(before, currency)} in {against} turned into a {_result(after, currency)} in "
        f"{period}"
    )


def _reasons(total: Total) -> str:
    parts = _by_size(total)
    if not parts:
        return ""
    named = parts if len(parts) <= _MAX_REASONS + 1 else parts[:_MAX_REASONS]
    reasons = [_reason(total, part) for part in named]
    remainder = sum((total[part] for part in parts if part not in named), Decimal(0))
    if remainder:
        verb = "brought" if remainder > 0 else "took"
        reasons.append(f"the rest {verb} {exact(remainder, total['currency'])}")
    return f": {', '.join(reasons)}"


def _reason(total: Total, part: str) -> str:
    amount = exact(total[part], total["currency"])
    if part == "lost" and total[part] > 0:
        return f"losing {_clients(total['clients_lost'])} saved {amount}"
    if part == "won" and total[part] < 0:
        return f"{_noun(total, part)} cost {amount}"
    return f"{_noun(total, part)} {'brought' if total[part] > 0 else 'took'} {amount}"


def _noun(total: Total, part: str) -> str:
    match part:
        case "won" | "lost":
            return f"{_clients(total[f'clients_{part}'])} {part}"
        case "volume":
            return "hours worked"
        case "price":
            return "revenue per hour"
        case "revenue" if total["volume"] or total["price"]:
            return "revenue without hours on record"
        case "revenue":
            return "revenue of clients who stayed"
        case "cost":
            return "lower costs" if total["cost"] > 0 else "higher costs"
        case _:
            return "exchange rates"


def _without_part(total: Total, part: str) -> str:
    if part in ("won", "lost"):
        return f"Had no client been {part}"
    return f"Had {'costs' if part == 'cost' else _noun(total, part)} not changed"


def _by_size(total: Total) -> list[str]:
    return sorted((part for part in PARTS if total[part]), key=lambda part: -abs(total[part]))


def _clients(count: int) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{number} {'client' if count == 1 else 'clients'}"


def _result(profit: Decimal, currency: str) -> str:
    return f"{'loss' if profit < 0 else 'profit'} of {exact(profit, currency)}"
