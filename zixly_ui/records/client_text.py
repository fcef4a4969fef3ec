"""Texts about clients: the headline of the list, and of one client over a period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from zixly_data.figures.client_totals import Summary
from zixly_data.records.clients import Client, Deletion
from zixly_data.tables.clients import CLIENTS, PROSPECT
from zixly_data.values.names import listed
from zixly_data.values.sources import source_name
from zixly_ui.components.filters import status_label
from zixly_ui.components.formatting import is_absent, money, percent, plural

# Names of the rows that are deleted with a client, by table: singular, and an irregular plural.
DELETED_ROWS = {
    "financials": ("financial record",),
    "lead_events": ("lead event",),
    "custom_metrics": ("metric value",),
    "date_notes": ("note",),
    "metric_targets": ("target",),
    "finding_dismissals": ("dismissed finding",),
}

WHAT_IS_A_PROSPECT = (
    "A prospect is a company with an open deal and no bill yet. It is in the lead funnel, and not "
    "in reports or counts of clients. It becomes an active client automatically with its first won "
    "lead or financial record."
)
_ALL = "All time"
_NAMED_IF_ANY = ("date_notes", "metric_targets", "finding_dismissals")


def counts(clients: pd.DataFrame) -> tuple[int, int]:
    """Return the numbers of clients and of prospects in a frame of `clients.names`."""
    prospects = int((clients["status"] == PROSPECT).sum())
    return len(clients) - prospects, prospects


def list_headline(shown: Summary, total: int, reporting_currency: str) -> str:
    """Return the number of clients and the one with the highest profit.

    `8 clients, 6 active. Harbor Bridge Construction has the highest profit to date, $245,000.00.`
    `total` counts the clients of the tenant. Prospects are named apart where they are shown:
    `8 clients and 2 prospects, 6 active.` Amounts in several currencies are not compared: the
    sentence is about the reporting currency or, if no shown client uses it, about another one.
    """
    prospects = plural(shown.prospects, "prospect")
    if shown.prospects and not shown.clients:
        return f"{prospects}, with an open deal and no bill yet."
    count = plural(shown.clients, "client")
    if shown.clients < total:
        count = f"{shown.clients:,} of {plural(total, 'client')}"
    if shown.prospects:
        count = f"{count} and {prospects}"
    start = f"{count}, {shown.active:,} active."
    if shown.best_profit is None or shown.best_currency is None:
        return f"{start} No figures are recorded yet."
    profit = money(abs(shown.best_profit), shown.best_currency)
    if shown.best_profit <= 0:
        no_client = (
            "No client" if shown.currencies == 1 else f"No client paid in {shown.best_currency}"
        )
        return f"{start} {no_client} has made a profit to date."
    result = (
        f"has the highest profit to date, {profit}"
        if shown.recorded > 1
        else f"has made a profit of {profit} to date"
    )
    return f"{start} {shown.best_name} {result}."


def client_headline(client: Client, total: Mapping[str, Any] | None, period_name: str) -> str:
    """Return the profit, revenue and margin of one client in a period.

    `Profit from Harbor Bridge Construction was $21,000.00 on $45,000.00 revenue in Q1 2024, a
    margin of 46.67%.` `total` is its row of totals, None if nothing was recorded.
    """
    if total is None:
        if period_name == _ALL:
            return f"Nothing is recorded for {client.client_name} yet."
        return f"Nothing was recorded for {client.client_name} in {period_name}."
    revenue = money(total["revenue"], client.currency)
    if total["profit"] < 0:
        loss = money(-total["profit"], client.currency)
        return (
            f"The loss from {client.client_name} was {loss} on {revenue} revenue "
            f"{_during(period_name)}."
        )
    profit = money(total["profit"], client.currency)
    sentence = (
        f"Profit from {client.client_name} was {profit} on {revenue} revenue {_during(period_name)}"
    )
    if is_absent(total["margin"]):
        return f"{sentence}."
    return f"{sentence}, a margin of {percent(total['margin'], 2)}."


def particulars(client: Client) -> str:
    """Return external id, status, industry and currency on one line."""
    parts = (client.client_id, status_label(client.status), client.industry, client.currency)
    return " · ".join(part for part in parts if part)


def field_texts(client: Client | Any) -> dict[str, str]:
    """Return a draft or a client as texts by field, for comparison with another version."""
    texts = {name: str(getattr(client, name) or "") for name in CLIENTS.entered}
    return {**texts, "status": status_label(client.status)}


def deletion_text(deletion: Deletion) -> str:
    """Return the rows that a deletion removes.

    `35 financial records, 1 lead event and 12 metric values (30 of them from Xero)`
    """
    counts = deletion.counts()
    parts = [
        plural(counts[table], *nouns)
        for table, nouns in DELETED_ROWS.items()
        if counts[table] or table not in _NAMED_IF_ANY
    ]
    sources = [
        f"{rows:,} of them from {source_name(name)}" for name, rows in deletion.synced.items()
    ]
    return listed(parts) + (f" ({listed(sources)})" if sources else "")


def deletion_message(deletion: Deletion) -> str:
    """Return `Deleted: Harbor Bridge Construction, with 35 financial records, …`"""
    if any(deletion.counts().values()):
        return f"Deleted: {deletion.client_name}, with {deletion_text(deletion)}."
    return f"Deleted: {deletion.client_name}. Nothing was recorded for it."


def _during(period_name: str) -> str:
    return "to date" if period_name == _ALL else f"in {period_name}"
