"""Why profit changed, in words: the answer, and the parts it is made of.

`total` is a row of `bridge.BridgeTotal`. Amounts are exact: cents stand where there are any.
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
_TOLD = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def headline_text(total: Total, period: str, against: str) -> str:
    """What became of profit and why, in one sentence.

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
    return f"{_movement(total, period, against)}{_because(total)}."


def parts_title(total: Total) -> str:
    """What would have been without the part that weighed most, as the title of the chart."""
    change = total["change"]
    ours = [part for part in _by_size(total) if total[part] * change > 0] or _by_size(total)
    if not ours:
        return "Nothing moved profit"
    rest = change - total[ours[0]]
    if not rest:
        words = "not have changed"
    else:
        words = f"have {'risen' if rest > 0 else 'fallen'} by {exact(rest, total['currency'])}"
    return f"{_otherwise(total, ours[0])}, profit would {words}"


def alt_text(total: Total, period: str, against: str) -> str:
    """The waterfall for those who do not see it."""
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
    """`+$5,000.00`, `−$1,800.00`."""
    return f"{'+' if amount > 0 else ''}{money(amount, currency, cents=cents)}"


def exact(amount: Decimal, currency: str) -> str:
    """Its size, with cents where there are any."""
    return money(abs(amount), currency, cents=amount != amount.to_integral_value())


def _movement(total: Total, period: str, against: str) -> str:
    currency = total["currency"]
    before, after, change = (total[f] for f in ("profit_before", "profit_after", "change"))
    size = exact(change, currency)
    if not change:
        kind = "loss" if after < 0 else "profit"
        return f"The {kind} in {period} is that of {against}, {exact(after, currency)}"
    if before >= 0 and after >= 0:
        way = "rose" if change > 0 else "fell"
        return f"Profit in {period} {way} by {size} to {exact(after, currency)} against {against}"
    if before < 0 and after < 0:
        way = "shrank" if change > 0 else "grew"
        return f"The loss in {period} {way} by {size} to {exact(after, currency)} against {against}"
    return (
        f"A {_result(before, currency)} in {against} turned into a {_result(after, currency)} in "
        f"{period}"
    )


def _because(total: Total) -> str:
    found = _by_size(total)
    if not found:
        return ""
    told = found if len(found) <= _TOLD + 1 else found[:_TOLD]
    reasons = [_reason(total, part) for part in told]
    rest = sum((total[part] for part in found if part not in told), Decimal(0))
    if rest:
        verb = "brought" if rest > 0 else "took"
        reasons.append(f"the rest {verb} {exact(rest, total['currency'])}")
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


def _otherwise(total: Total, part: str) -> str:
    if part in ("won", "lost"):
        return f"Had no client been {part}"
    return f"Had {'costs' if part == 'cost' else _noun(total, part)} not changed"


def _by_size(total: Total) -> list[str]:
    return sorted((p for p in PARTS if total[p]), key=lambda part: -abs(total[part]))


def _clients(count: int) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{number} {'client' if count == 1 else 'clients'}"


def _result(profit: Decimal, currency: str) -> str:
    return f"{'loss' if profit < 0 else 'profit'} of {exact(profit, currency)}"
