"""What pages say about clients: all of them in a sentence, and one of them over a period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from zixly_data.records.clients import Client, Deletion
from zixly_data.values.frames import rows
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import is_absent, money, percent, plural

_ALL = "All time"


def list_headline(shown: pd.DataFrame, everyone: int, reporting_currency: str) -> str:
    """The clients shown, and which of them has earned most.

    `8 clients, 6 active; Harbor Bridge Construction has earned most, $245,000.00 to date.`
    `shown` are rows of `clients.Clients`, `everyone` counts the tenant's clients. Amounts of
    several currencies are not compared: the sentence is about the reporting currency, or where no
    client shown has it, about each client's own.
    """
    found = rows(shown)
    active = sum(row["status"] == "ACTIVE" for row in found)
    count = plural(len(found), "client")
    if len(found) < everyone:
        count = f"{len(found):,} of {plural(everyone, 'client')}"
    ranked = sorted(
        (row for row in found if not is_absent(row["last_record"])),
        key=lambda row: (row["currency"] == reporting_currency, row["profit"]),
    )
    if not ranked:
        return f"{count}, {active:,} active; no figures are recorded yet."
    best = ranked[-1]
    profit = money(abs(best["profit"]), best["currency"])
    if best["profit"] <= 0:
        one_currency = len({row["currency"] for row in ranked}) == 1
        none = "none" if one_currency else f"none in {best['currency']}"
        return f"{count}, {active:,} active; {none} has made a profit to date."
    earned = "has earned most," if len(ranked) > 1 else "has earned"
    return f"{count}, {active:,} active; {best['client_name']} {earned} {profit} to date."


def client_headline(client: Client, total: Mapping[str, Any] | None, when: str) -> str:
    """What one client brought in a period.

    `Harbor Bridge Construction brought $21,000.00 profit on $45,000.00 revenue in Q1 2024, a
    margin of 46.67%.` `total` is its row of totals, None where nothing was recorded.
    """
    if total is None:
        if when == _ALL:
            return f"Nothing is recorded for {client.client_name} yet."
        return f"Nothing was recorded for {client.client_name} in {when}."
    revenue = money(total["revenue"], client.currency)
    if total["profit"] < 0:
        loss = money(-total["profit"], client.currency)
        return (
            f"{client.client_name} cost {loss} more than the {revenue} it brought {_during(when)}."
        )
    profit = money(total["profit"], client.currency)
    said = f"{client.client_name} brought {profit} profit on {revenue} revenue {_during(when)}"
    if is_absent(total["margin"]):
        return f"{said}."
    return f"{said}, a margin of {percent(total['margin'], 2)}."


def particulars(client: Client) -> str:
    """External id, status, industry and currency on one line."""
    known = (client.client_id, status_label(client.status), client.industry, client.currency)
    return " · ".join(each for each in known if each)


def field_texts(client: Client | Any) -> dict[str, str]:
    """A draft or a client as texts by field, to be compared with another version."""
    return {
        "client_name": client.client_name,
        "client_id": client.client_id,
        "industry": client.industry or "",
        "currency": client.currency,
        "status": status_label(client.status),
    }


def deletion_text(deletion: Deletion) -> str:
    """What a deletion takes along: `35 financial records, 1 lead event and 12 metric values`."""
    parts = [
        plural(deletion.financials, "financial record"),
        plural(deletion.lead_events, "lead event"),
        plural(deletion.custom_metrics, "custom metric value"),
    ]
    if deletion.date_notes:
        parts.append(plural(deletion.date_notes, "note"))
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def deletion_message(deletion: Deletion) -> str:
    """`Deleted: Harbor Bridge Construction, with 35 financial records, …`"""
    recorded = (deletion.financials, deletion.lead_events, deletion.custom_metrics)
    if any((*recorded, deletion.date_notes)):
        return f"Deleted: {deletion.client_name}, with {deletion_text(deletion)}."
    return f"Deleted: {deletion.client_name}. Nothing was recorded for it."


def _during(when: str) -> str:
    return "to date" if when == _ALL else f"in {when}"
