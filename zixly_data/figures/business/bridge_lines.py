"""How the lines of the business changed between two periods, and the totals of its bridge."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pandas as pd
from pandera.typing import DataFrame

from zixly_data.figures.bridge_parts import PARTS
from zixly_data.figures.business.lines import BUSINESS, LINES, lines_of
from zixly_data.values.frames import Count, Frame, Money, Text, arrow_types, build, rows

BUSINESS_PARTS = (*PARTS[:-1], "no_client", PARTS[-1])
"""The parts of a change of profit of the business, in their order of presentation."""

_ZERO = Decimal("0.00")
_AMOUNTS = ("profit_before", "profit_after", *PARTS, "change")


class BusinessBridgeTotal(Frame):
    """One row per currency: `BridgeTotal` with the profit of the business and one more part."""

    currency: Text
    clients: Count
    clients_won: Count
    clients_lost: Count
    profit_before: Money
    profit_after: Money
    won: Money
    lost: Money
    volume: Money
    price: Money
    revenue: Money
    cost: Money
    no_client: Money
    currency_effect: Money
    change: Money


class LineChanges(Frame):
    """One row per currency and line of the business, in the order of `business.LINES`."""

    line: Text
    currency: Text
    profit_before: Money
    profit_after: Money
    change: Money


def line_changes(
    totals: pd.DataFrame, before: Iterable[Any], after: Iterable[Any]
) -> DataFrame[LineChanges]:
    """Return the lines of both periods, and their changes.

    `totals` is a frame of `bridge.BridgeTotal`; `before` and `after` are rows of
    `overhead_months`.
    """
    profits: list[dict[tuple[str, str], Decimal]] = []
    for side, overheads in (("before", before), ("after", after)):
        clients = [
            {**row, "revenue": row[f"profit_{side}"], "expenses": _ZERO} for row in rows(totals)
        ]
        lines = rows(lines_of(clients, overheads))
        profits.append({(row["currency"], row["line"]): row["profit"] for row in lines})
    earlier, later = profits
    listed = [
        (line, currency, was := earlier.get(key, _ZERO), now := later.get(key, _ZERO), now - was)
        for currency in sorted({currency for currency, _ in (*earlier, *later)})
        for line in LINES
        for key in [(currency, line)]
    ]
    columns = zip(arrow_types(LineChanges), zip(*listed, strict=True), strict=True)
    return build(dict(columns), LineChanges)


def business_totals(totals: pd.DataFrame, lines: pd.DataFrame) -> DataFrame[BusinessBridgeTotal]:
    """Return the totals of clients with those of the business: `no_client` closes the gap."""
    by_currency = {row["currency"]: row for row in rows(totals)}
    counts = dict.fromkeys(("clients", "clients_won", "clients_lost"), 0)
    merged = []
    for row in rows(lines):
        if row["line"] == BUSINESS:
            of_clients = by_currency.get(row["currency"], counts | dict.fromkeys(_AMOUNTS, _ZERO))
            no_client = row["change"] - of_clients["change"]
            merged.append({**of_clients, **row, "no_client": no_client})
    names = arrow_types(BusinessBridgeTotal)
    return build({name: [row[name] for row in merged] for name in names}, BusinessBridgeTotal)
