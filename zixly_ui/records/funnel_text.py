"""The lead funnel in words: the answer, the cards, and where leads stay behind."""

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
    """How many of the leads that began in the period became contracts, and how long that took."""
    found = rows(leads)
    won = [lead for lead in found if lead["status"] == "WON"]
    total = plural(len(found), "lead") + period_phrase(period, " that began in ")
    if not won:
        return f"None of {total} has become a contract yet."
    share = percent(Decimal(len(won)) / len(found), 0)
    verb = "became a contract" if len(won) == 1 else "became contracts"
    return (
        f"{len(won):,} of {total} {verb}, {share}; it took {_time(won)} from the first event to "
        "the contract (median)."
    )


def cards(leads: pd.DataFrame, reporting_currency: str) -> list[Card]:
    """Leads won, lost and open, and what the open ones are worth, currency by currency."""
    found = rows(leads)
    won, lost, still_open = (
        [lead for lead in found if lead["status"] == status] for status in ("WON", "LOST", "OPEN")
    )
    currencies = {lead["currency"] for lead in still_open}
    return [
        Card("Became contracts", f"{len(won):,}", f"of {plural(len(found), 'lead')}"),
        Card("Lost", f"{len(lost):,}", f"after {_time(lost)} (median)" if lost else None),
        Card(
            "Still open",
            f"{len(still_open):,}",
            f"for {_time(still_open)} (median)" if still_open else None,
        ),
        *(
            _worth([lead for lead in still_open if lead["currency"] == currency], currency)
            for currency in sorted(currencies, key=lambda one: (one != reporting_currency, one))
        ),
    ]


def narrowest_step(funnel: pd.DataFrame) -> str:
    """Between which stages most leads stay behind, as the title of the chart."""
    steps = rows(funnel)
    pairs = [
        (before["stage"], step)
        for before, step in pairwise(steps)
        if not is_absent(step["conversion"])
    ]
    if not pairs or all(step["conversion"] == 1 for _, step in pairs):
        return "Every lead went all the way"
    before, least = min(pairs, key=lambda pair: pair[1]["conversion"])
    return (
        f"The narrowest step: {percent(least['conversion'], 0)} get from {before} "
        f"to {least['stage']}"
    )


def alt_text(funnel: pd.DataFrame) -> str:
    """The chart for those who cannot see it."""
    return "Leads that reached each stage. " + "; ".join(
        f"{step['stage']}: {step['leads']:,}"
        + ("" if is_absent(step["conversion"]) else f", {percent(step['conversion'], 0)}")
        for step in rows(funnel)
    )


def _worth(leads: Sequence[Lead], currency: str) -> Card:
    values = [lead["value"] for lead in leads if not is_absent(lead["value"])]
    unknown = len(leads) - len(values)
    return Card(
        f"Value of open leads, {currency}",
        money(sum(values, Decimal(0)), currency, cents=False) if values else ABSENT,
        f"{unknown:,} without a value" if unknown else f"{plural(len(leads), 'lead')}",
    )


def _time(leads: Sequence[Lead]) -> str:
    return days(Decimal(str(median(lead["days_open"] for lead in leads))))
