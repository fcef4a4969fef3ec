"""The clients behind a changed profit: the table, its title, and what their hours would tell.

`clients` is a frame of `bridge.ClientBridge` in one currency.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.bridge import PARTS
from zixly_data.figures.definitions import OF_CHANGE
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import plural
from zixly_ui.components.tables import Column
from zixly_ui.reports.bridge_text import LABELS, exact, signed

_SHORT = {"revenue": "Revenue (no hours)"}


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
    return f"{most['client_name']} changed most: {way} {exact(most['change'], most['currency'])}"


def clients_of_part(clients: pd.DataFrame, part: str) -> pd.DataFrame:
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


def blank_zeros(clients: pd.DataFrame) -> pd.DataFrame:
    """The same with nothing instead of zero in parts and hours, so that the rest stands out."""
    names = [*PARTS, "hours_before", "hours_after"]
    return clients.assign(**{name: clients[name].where(clients[name] != 0) for name in names})


def missing_hours_text(clients: pd.DataFrame) -> str | None:
    """What recording billable hours would tell, or None where they tell all."""
    found = [row for row in rows(clients) if row["revenue"]]
    if not found:
        return None
    amount = exact(sum((abs(row["revenue"]) for row in found), Decimal(0)), found[0]["currency"])
    have = "has" if len(found) == 1 else "have"
    return (
        f"{amount} of changed revenue cannot be split into volume and price: {_named(found)} "
        f"{have} no billable hours on record in both periods."
    )


def doubtful_hours_text(clients: pd.DataFrame) -> str | None:
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


def _named(found: list[dict[str, Any]]) -> str:
    names = [row["client_name"] for row in found[:3]]
    if len(found) > len(names) + 1:
        return f"{', '.join(names)} and {len(found) - len(names)} more"
    names = [row["client_name"] for row in found]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
