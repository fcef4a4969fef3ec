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
from zixly_ui.chart_style import rows
from zixly_ui.tables import Column
from zixly_ui.text import money, plural

Total = Mapping[str, Any]

LABELS = {
    "won": "Clients won",
    "lost": "Clients lost",
    "volume": "Volume",
    "price": "Price",
    "revenue": "Revenue (no hours on record)",
    "cost": "Costs",
    "currency_effect": "Currency",
}
_MEANS = {
    "won": "Profit of clients with records in the later period only",
    "lost": "Minus the profit of clients with records in the earlier period only",
    "volume": "More or fewer billable hours, at the earlier revenue per hour",
    "price": "Another revenue per billable hour",
    "revenue": "Change of revenue of clients without billable hours in both periods",
    "cost": "Change of expenses: more expenses lower profit",
    "currency_effect": "Other exchange rates than in the earlier period, and rounding to the cent",
}
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
    """Which part weighed most, as the title of the chart."""
    found = _by_size(total)
    if not found:
        return "Nothing moved profit"
    up = next((part for part in found if total[part] > 0), None)
    down = next((part for part in found if total[part] < 0), None)
    words = []
    for part, verb in ((up, "brought most"), (down, "took most")):
        if part is not None:
            words.append(f"{_noun(total, part)} {verb}, {_amount(total[part], total['currency'])}")
    sentence = "; ".join(words)
    return sentence[0].upper() + sentence[1:]


def clients_title(clients: pd.DataFrame, part: str | None = None) -> str:
    """Who changed most, or what one part is made of, as the title of the table."""
    found = rows(clients)
    if part is not None:
        return f"{LABELS[part]}: {plural(len(found), 'client')}"
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
    shown = [part for part in PARTS if (clients[part] != 0).any()]
    return (
        Column("client_name", "Client"),
        Column("currency", "Currency"),
        Column("change", "Change", "money", help="Profit of the later period less the earlier's"),
        *(Column(part, LABELS[part], "money", help=_MEANS[part]) for part in shown),
        Column("profit_before", "Profit before", "money"),
        Column("profit_after", "Profit after", "money"),
        Column("client_id", "External ID"),
    )


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


def missing_hours(clients: pd.DataFrame) -> list[str]:
    """What recording billable hours would tell, and where volume and price lack some."""
    found = rows(clients)
    unsplit = [row for row in found if row["revenue"]]
    said = []
    if unsplit:
        amount = sum((abs(row["revenue"]) for row in unsplit), Decimal(0))
        who = _named(unsplit)
        said.append(
            f"{_amount(amount, unsplit[0]['currency'])} of changed revenue cannot be split into "
            f"volume and price: {who} {'has' if len(unsplit) == 1 else 'have'} no billable hours "
            "on record in both periods."
        )
    partly = [row for row in found if row["months_without_hours"]]
    if partly:
        months = plural(sum(row["months_without_hours"] for row in partly), "month")
        said.append(
            f"Do not trust volume and price of {_named(partly)} yet: {months} with revenue "
            f"{'has' if months.startswith('1 ') else 'have'} no billable hours."
        )
    return said


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
