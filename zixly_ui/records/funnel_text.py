"""Texts of the lead funnel: headline, cards, and the narrowest step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median
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

Lead = Mapping[str, Any]


def headline_text(leads: pd.DataFrame, period: Period) -> str:
    """Return how many leads of the period became contracts, and the median time it took."""
    lead_rows = rows(leads)
    won = [lead for lead in lead_rows if lead["status"] == "WON"]
    total = plural(len(lead_rows), "lead") + period_phrase(period, " that began in ")
    if not won:
        return f"None of {total} has become a contract yet."
    share = percent(Decimal(len(won)) / len(lead_rows), 0)
    verb = "became a contract" if len(won) == 1 else "became contracts"
    return (
        f"{len(won):,} of {total} {verb} ({share}). The median time from first event to contract "
        f"was {_median_days(won)}."
    )


def cards(leads: pd.DataFrame, reporting_currency: str) -> list[Card]:
    """Return the leads won, lost and open, and the value of open ones per currency."""
    lead_rows = rows(leads)
    won, lost, still_open = (
        [lead for lead in lead_rows if lead["status"] == status]
        for status in ("WON", "LOST", "OPEN")
    )
    currencies = {lead["currency"] for lead in still_open}
    return [
        Card("Became contracts", f"{len(won):,}", f"of {plural(len(lead_rows), 'lead')}"),
        Card("Lost", f"{len(lost):,}", f"after {_median_days(lost)} (median)" if lost else None),
        Card(
            "Still open",
            f"{len(still_open):,}",
            f"for {_median_days(still_open)} (median)" if still_open else None,
        ),
        *(
            _value_card([lead for lead in still_open if lead["currency"] == currency], currency)
            for currency in sorted(
                currencies, key=lambda currency: (currency != reporting_currency, currency)
            )
        ),
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


def _value_card(leads: Sequence[Lead], currency: str) -> Card:
    values = [lead["value"] for lead in leads if not is_absent(lead["value"])]
    unknown = len(leads) - len(values)
    return Card(
        f"Value of open leads, {currency}",
        money(sum(values, Decimal(0)), currency, cents=False) if values else ABSENT,
        f"{unknown:,} without a value" if unknown else f"{plural(len(leads), 'lead')}",
    )


def _median_days(leads: Sequence[Lead]) -> str:
    return days(Decimal(str(median(lead["days_open"] for lead in leads))))
