"""Why profit changed, in words: the answer, titles, and what would tell more.

`total` is a row of `bridge.BridgeTotal`, `clients` a frame of `bridge.ClientBridge` in one
currency. Amounts are exact: cents stand where there are any.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.bridge import PARTS
from zixly_data.figures import OF_CHANGE
from zixly_ui.chart_style import rows
from zixly_ui.tables import Column
from zixly_ui.text import money, plural

Total = Mapping[str, Any]

LABELS = {part: OF_CHANGE[part].label for part in PARTS}
_SHORT = {"revenue": "Revenue (no hours)"}
_TOLD = 3
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def answer(total: Total, period: str, against: str) -> str:
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
        words = f"have {'risen' if rest > 0 else 'fallen'} by {_amount(rest, total['currency'])}"
    return f"{_otherwise(total, ours[0])}, profit would {words}"


def clients_title(clients: pd.DataFrame, part: str | None = None) -> str:
    """Who changed most, or what one part is made of, as the title of the table."""
    found = rows(clients)
    if part is not None:
        amount = sum((row[part] for row in found), Decimal(0))
        cents = amount != amount.to_integral_value()
        share = signed(amount, found[0]["currency"], cents=cents)
        return f"{LABELS[part]}: {share} from {plural(len(found), 'client')}"
    most = max(found, key=lambda row: abs(row["change"]))
    if not most["change"]:
        return "No client changed"
    way = "up" if most["change"] > 0 else "down"
    return f"{most['client_name']} changed most: {way} {_amount(most['change'], most['currency'])}"


def of_part(clients: pd.DataFrame, part: str) -> pd.DataFrame:
    """The clients that have a share in one part, the greatest first."""
    shares = clients[clients[part] != 0]
    order = shares[part].abs().sort_values(ascending=False, kind="stable").index
    return shares.loc[order]


def columns(clients: pd.DataFrame) -> tuple[Column, ...]:
    """What the table shows: the parts that anybody has a share in."""
    parts = [
        Column(part, _SHORT.get(part, LABELS[part]), "money", help=OF_CHANGE[part].formula)
        for part in PARTS
    ]
    hours = [Column(f"hours_{side}", f"Hours {side}", "figure") for side in ("before", "after")]
    return (
        Column("client_name", "Client"),
        Column("currency", "Currency"),
        Column("change", "Change", "money", help=OF_CHANGE["change"].formula),
        *(column for column in parts if (clients[column.name] != 0).any()),
        Column("profit_before", "Profit before", "money"),
        Column("profit_after", "Profit after", "money"),
        *(column for column in hours if (clients[column.name] != 0).any()),
        Column("client_id", "External ID"),
    )


def quiet(clients: pd.DataFrame) -> pd.DataFrame:
    """The same with nothing instead of zero in parts and hours, so that the rest stands out."""
    names = [*PARTS, "hours_before", "hours_after"]
    return clients.assign(**{name: clients[name].where(clients[name] != 0) for name in names})


def aloud(total: Total, period: str, against: str) -> str:
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


def hours_wanted(clients: pd.DataFrame) -> str | None:
    """What recording billable hours would tell, or None where they tell all."""
    found = [row for row in rows(clients) if row["revenue"]]
    if not found:
        return None
    amount = _amount(sum((abs(row["revenue"]) for row in found), Decimal(0)), found[0]["currency"])
    have = "has" if len(found) == 1 else "have"
    return (
        f"{amount} of changed revenue cannot be split into volume and price: {_named(found)} "
        f"{have} no billable hours on record in both periods."
    )


def hours_in_doubt(clients: pd.DataFrame) -> str | None:
    """Where volume and price rest on too few hours, or None."""
    found = [row for row in rows(clients) if row["months_without_hours"]]
    if not found:
        return None
    count = sum(row["months_without_hours"] for row in found)
    has = "month with revenue has" if count == 1 else "months with revenue have"
    return (
        f"Take volume and price of {_named(found)} with care: {count:,} {has} no billable hours "
        "on record."
    )


def signed(amount: Decimal, currency: str, *, cents: bool = True) -> str:
    """`+$5,000.00`, `−$1,800.00`."""
    return f"{'+' if amount > 0 else ''}{money(amount, currency, cents=cents)}"


def _movement(total: Total, period: str, against: str) -> str:
    currency = total["currency"]
    before, after, change = (total[f] for f in ("profit_before", "profit_after", "change"))
    size = _amount(change, currency)
    if not change:
        kind = "loss" if after < 0 else "profit"
        return f"The {kind} in {period} is that of {against}, {_amount(after, currency)}"
    if before >= 0 and after >= 0:
        way = "rose" if change > 0 else "fell"
        return f"Profit in {period} {way} by {size} to {_amount(after, currency)} against {against}"
    if before < 0 and after < 0:
        way = "shrank" if change > 0 else "grew"
        return (
            f"The loss in {period} {way} by {size} to {_amount(after, currency)} against {against}"
        )
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
        reasons.append(f"the rest {verb} {_amount(rest, total['currency'])}")
    return f": {', '.join(reasons)}"


def _reason(total: Total, part: str) -> str:
    amount = _amount(total[part], total["currency"])
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


def _named(found: list[dict[str, Any]]) -> str:
    names = [row["client_name"] for row in found[:3]]
    if len(found) > len(names) + 1:
        return f"{', '.join(names)} and {len(found) - len(names)} more"
    names = [row["client_name"] for row in found]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _result(profit: Decimal, currency: str) -> str:
    return f"{'loss' if profit < 0 else 'profit'} of {_amount(profit, currency)}"


def _amount(amount: Decimal, currency: str) -> str:
    """Its size, with cents where there are any."""
    return money(abs(amount), currency, cents=amount != amount.to_integral_value())
