"""Texts of the lead funnel: headline, cards, and the narrowest step."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd

from zixly_data.values.frames import rows
from zixly_data.values.period import Period
from zixly_ui.components.cards import Card
from zixly_ui.components.formatting import (
    ABSENT,
    days,
    is_absent,
    money,
    percent,
    period_phrase,
    plural,
)

Sums = Mapping[str, Any]
_NONE: Sums = {"leads": 0, "median_days": None}


def headline_text(sums: pd.DataFrame, period: Period) -> str:
    """Return how many leads of the period became contracts, and the median time it took.

    `sums` is a frame of `lead_states.sums` with at least one lead.
    """
    by_status = _by_status(sums)
    count = _count(by_status)
    won = by_status.get("WON", _NONE)
    total = plural(count, "lead") + period_phrase(period, " that began in ")
    if not won["leads"]:
        return f"None of {total} has become a contract yet."
    share = percent(Decimal(won["leads"]) / count, 0)
    verb = "became a contract" if won["leads"] == 1 else "became contracts"
    return (
        f"{won['leads']:,} of {total} {verb} ({share}). The median time from first event to "
        f"contract was {days(won['median_days'])}."
    )


def cards(sums: pd.DataFrame, reporting_currency: str) -> list[Card]:
    """Return the leads won, lost and open, and the value of open ones per currency."""
    by_status = _by_status(sums)
    won, lost, still_open = (by_status.get(status, _NONE) for status in ("WON", "LOST", "OPEN"))
    of_currencies = [
        row for row in rows(sums) if row["status"] == "OPEN" and row["currency"] is not None
    ]
    of_currencies.sort(key=lambda row: (row["currency"] != reporting_currency, row["currency"]))
    return [
        Card("Became contracts", f"{won['leads']:,}", f"of {plural(_count(by_status), 'lead')}"),
        Card("Lost", f"{lost['leads']:,}", _median_text(lost, "after")),
        Card("Still open", f"{still_open['leads']:,}", _median_text(still_open, "for")),
        *(_value_card(row) for row in of_currencies),
    ]


def narrowest_step(funnel: pd.DataFrame) -> str:
    """Return the pair of stages between which most leads are lost, as the title of the chart."""
    steps = rows(funnel)
    pairs = [
        (previous["stage"], step)
        for previous, step in pairwise(steps)
        if not is_absent(step["conversion"])
    ]
    if not pairs or all(step["conversion"] == 1 for _, step in pairs):
        return "Every lead reached the last stage"
    previous, narrowest = min(pairs, key=lambda pair: pair[1]["conversion"])
    return (
        f"Lowest conversion: {percent(narrowest['conversion'], 0)} from {previous} "
        f"to {narrowest['stage']}"
    )


def alt_text(funnel: pd.DataFrame) -> str:
    """Return the description of the chart for those who cannot see it."""
    return "Leads that reached each stage. " + "; ".join(
        f"{step['stage']}: {step['leads']:,}"
        + ("" if is_absent(step["conversion"]) else f", {percent(step['conversion'], 0)}")
        for step in rows(funnel)
    )


def _by_status(sums: pd.DataFrame) -> dict[str, Sums]:
    return {row["status"]: row for row in rows(sums) if row["currency"] is None}


def _count(by_status: Mapping[str, Sums]) -> int:
    return sum(row["leads"] for row in by_status.values())


def _value_card(row: Sums) -> Card:
    unknown = row["leads"] - row["with_value"]
    return Card(
        f"Value of open leads, {row['currency']}",
        money(row["value"], row["currency"], cents=False) if row["with_value"] else ABSENT,
        f"{unknown:,} without a value" if unknown else f"{plural(row['leads'], 'lead')}",
    )


def _median_text(row: Sums, preposition: str) -> str | None:
    return f"{preposition} {days(row['median_days'])} (median)" if row["leads"] else None
