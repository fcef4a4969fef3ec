"""The clients behind a change of profit: the table, its title, and advice on missing hours.

`clients` is a frame of `bridge.ClientBridge` in one currency.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.bridge import PARTS
from zixly_data.figures.definitions import OF_CHANGE
from zixly_data.values.frames import rows
from zixly_data.values.names import listed
from zixly_ui.components.formatting import plural
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column
from zixly_ui.reports.bridge_text import LABELS, exact, signed

SORTS = (
    Sort("Largest first"),
    Sort("Highest profit first", "profit_after", descending=True),
    Sort("Lowest profit first", "profit_after"),
    Sort("Greatest rise first", "change", descending=True),
    Sort("Greatest fall first", "change"),
)
_SHORT = {"revenue": "Revenue (no hours)"}


def clients_title(clients: pd.DataFrame, part: str | None = None) -> str:
    """Return the title of the table: the client that changed most, or the size of one part."""
    client_rows = rows(clients)
    if part is not None:
        amount = sum((row[part] for row in client_rows), Decimal(0))
        cents = amount != amount.to_integral_value()
        share = signed(amount, client_rows[0]["currency"], cents=cents)
        return f"{LABELS[part]}: {share} from {plural(len(client_rows), 'client')}"
    largest = max(client_rows, key=lambda row: abs(row["change"]))
    if not largest["change"]:
        return "No change for any client"
    direction = "up" if largest["change"] > 0 else "down"
    amount_text = exact(largest["change"], largest["currency"])
    return f"Largest change: {largest['client_name']}, {direction} {amount_text}"


def clients_of_part(clients: pd.DataFrame, part: str) -> pd.DataFrame:
    """Return the clients with a share in one part, the largest first."""
    shares = clients[clients[part] != 0]
    order = shares[part].abs().sort_values(ascending=False, kind="stable").index
    return shares.loc[order]


def columns(clients: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of the table, with the parts in which any client has a share."""
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
    """Return the frame with blanks for zeros in parts and hours, so that the rest stands out."""
    names = [*PARTS, "hours_before", "hours_after"]
    return clients.assign(**{name: clients[name].where(clients[name] != 0) for name in names})


def missing_hours_text(clients: pd.DataFrame) -> str | None:
    """Return the revenue that billable hours would explain, or None if none are missing."""
    client_rows = [row for row in rows(clients) if row["revenue"]]
    if not client_rows:
        return None
    amount = exact(
        sum((abs(row["revenue"]) for row in client_rows), Decimal(0)), client_rows[0]["currency"]
    )
    verb = "does" if len(client_rows) == 1 else "do"
    return (
        f"{amount} of the change in revenue cannot be split into volume and price: "
        f"{_name_list(client_rows)} {verb} not have billable hours in both periods."
    )


def hours_advice(missing_hours: str, metric_name: str | None) -> str:
    """Return the text on missing hours, with advice if no metric is used for billable hours."""
    if metric_name is not None:
        return missing_hours
    return (
        f"{missing_hours} No metric is used for billable hours yet. An editor can add one "
        "under Custom metrics, or change “Used for” of an existing metric."
    )


def hours_link_label(metric_name: str | None) -> str:
    """Return the label of the link to the metric used for billable hours, or to all metrics."""
    if metric_name is None:
        return "Choose a metric for billable hours in Custom metrics"
    return f"Record “{metric_name}” in Custom metrics"


def doubtful_hours_text(clients: pd.DataFrame) -> str | None:
    """Return a warning if volume and price rest on too few hours, or None."""
    client_rows = [row for row in rows(clients) if row["months_without_hours"]]
    if not client_rows:
        return None
    count = sum(row["months_without_hours"] for row in client_rows)
    subject = "month with revenue has" if count == 1 else "months with revenue have"
    return (
        f"Volume and price may be inaccurate for {_name_list(client_rows)}: {count:,} {subject} no "
        "billable hours."
    )


def _name_list(client_rows: list[dict[str, Any]]) -> str:
    names = [row["client_name"] for row in client_rows[:3]]
    if len(client_rows) > len(names) + 1:
        return listed([*names, f"{len(client_rows) - len(names)} more"])
    return listed([row["client_name"] for row in client_rows])
