"""Texts about the change of profit: the headline, and the parts it consists of.

`total` is a row of `bridge.BridgeTotal`, or of `BusinessBridgeTotal`: the profit of the business,
in which costs of no client are one more part. Amounts are exact, with cents where there are any.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zixly_data.figures.business.bridge_lines import BUSINESS_PARTS
from zixly_data.figures.definitions import OF_BUSINESS, OF_CHANGE
from zixly_data.values.names import listed
from zixly_ui.components.formatting import money

Total = Mapping[str, Any]

LABELS = {part: OF_CHANGE[part].label for part in BUSINESS_PARTS}
_MAX_REASONS = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def is_of_business(total: Total) -> bool:
    """Return whether the total is that of the business, not of its clients alone."""
    return "no_client" in total


def parts_of(total: Total) -> list[str]:
    """Return the parts that are not zero, in their order of presentation."""
    return [part for part in BUSINESS_PARTS if total.get(part)]


def label_of(total: Total, part: str) -> str:
    """Return the label of a part; costs of clients are named beside those of no client."""
    if part == "cost" and is_of_business(total):
        return "Costs of clients"
    return LABELS[part]


def profit_name(total: Total) -> str:
    """Return `Profit`, or `Profit of the business`."""
    return OF_BUSINESS["business_profit"].label if is_of_business(total) else "Profit"


def headline_text(total: Total, period: str, against: str) -> str:
    """Return the change of profit and its reasons in one sentence.

    `Profit in Q1 2024 was $46,000, up $3,200 vs Q4 2023: +$5,000 from winning two clients and
    −$1,800 from higher costs.`
    """
    currency, after = total["currency"], total["profit_after"]
    clients = _clients(total["clients"])
    if is_of_business(total):
        return f"{_movement(total, period, against)}{_reasons(total)}."
    if total["clients"] == total["clients_won"]:
        return (
            f"Nothing was recorded in {against}. The entire {_result(after, currency)} in {period} "
            f"came from winning {clients}."
        )
    if total["clients"] == total["clients_lost"]:
        return (
            f"Nothing was recorded in {period}. In {against}, {clients} had made a "
            f"{_result(total['profit_before'], currency)}."
        )
    return f"{_movement(total, period, against)}{_reasons(total)}."


def parts_title(total: Total) -> str:
    """Return the change of profit without its main part, as the title of the chart."""
    change = total["change"]
    leading = [part for part in _by_size(total) if total[part] * change > 0] or _by_size(total)
    if not leading:
        return f"{profit_name(total)} did not change"
    remainder = change - total[leading[0]]
    if not remainder:
        outcome = "not have changed"
    else:
        verb = "risen" if remainder > 0 else "fallen"
        outcome = f"have {verb} by {exact(remainder, total['currency'])}"
    subject = profit_name(total).replace("Profit", "profit")
    return f"{_without_part(total, leading[0])}, {subject} would {outcome}"


def alt_text(total: Total, period: str, against: str) -> str:
    """Return the description of the waterfall for those who cannot see it."""
    currency = total["currency"]
    steps = [f"{label_of(total, part)} {signed(total[part], currency)}" for part in parts_of(total)]
    start = "profit of the business" if is_of_business(total) else "profit"
    return "; ".join(
        (
            f"From a {start} of {money(total['profit_before'], currency)} in {against}",
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


def _signed_exact(amount: Decimal, currency: str) -> str:
    return signed(amount, currency, cents=amount != amount.to_integral_value())


def _movement(total: Total, period: str, against: str) -> str:
    currency = total["currency"]
    before, after, change = (total[field] for field in ("profit_before", "profit_after", "change"))
    amount, result = exact(change, currency), exact(after, currency)
    of_business = " of the business" if is_of_business(total) else ""
    if not change:
        kind = f"{'loss' if after < 0 else 'profit'}{of_business}"
        return f"The {kind} in {period} was {result}, the same as in {against}"
    if before >= 0 and after >= 0:
        direction = "up" if change > 0 else "down"
        return f"Profit{of_business} in {period} was {result}, {direction} {amount} vs {against}"
    if before < 0 and after < 0:
        size = "smaller" if change > 0 else "larger"
        loss = f"The loss{of_business} in {period} was {result}"
        return f"{loss}, {amount} {size} than in {against}"
    return (
        f"A {_result(before, currency)}{of_business} in {against} turned into a "
        f"{_result(after, currency)} in {period}"
    )


def _reasons(total: Total) -> str:
    parts = _by_size(total)
    if not parts:
        return ""
    named = parts if len(parts) <= _MAX_REASONS + 1 else parts[:_MAX_REASONS]
    reasons = [_reason(total, part) for part in named]
    remainder = sum((total[part] for part in parts if part not in named), Decimal(0))
    if remainder:
        reasons.append(f"{_signed_exact(remainder, total['currency'])} from everything else")
    return f": {listed(reasons)}"


def _reason(total: Total, part: str) -> str:
    return f"{_signed_exact(total[part], total['currency'])} from {_noun(total, part)}"


def _noun(total: Total, part: str) -> str:
    match part:
        case "won":
            return f"winning {_clients(total['clients_won'])}"
        case "lost":
            return f"losing {_clients(total['clients_lost'])}"
        case "volume":
            return "hours worked"
        case "price":
            return "revenue per hour"
        case "revenue" if total["volume"] or total["price"]:
            return "revenue without hours"
        case "revenue":
            return "revenue of existing clients"
        case "cost":
            return f"{'lower' if total['cost'] > 0 else 'higher'} {_cost_name(total)}"
        case "no_client":
            return f"{'lower' if total['no_client'] > 0 else 'higher'} costs of no client"
        case _:
            return "exchange rates"


def _without_part(total: Total, part: str) -> str:
    if part in ("won", "lost"):
        return f"Without {_noun(total, part)}"
    names = {"cost": _cost_name(total), "no_client": "costs of no client"}
    return f"Without the change in {names.get(part) or _noun(total, part)}"


def _cost_name(total: Total) -> str:
    return "costs of clients" if is_of_business(total) else "costs"


def _by_size(total: Total) -> list[str]:
    return sorted(parts_of(total), key=lambda part: -abs(total[part]))


def _clients(count: int) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{number} {'client' if count == 1 else 'clients'}"


def _result(profit: Decimal, currency: str) -> str:
    return f"{'loss' if profit < 0 else 'profit'} of {exact(profit, currency)}"
