"""Texts of the pipeline: headline, cards and what the expected value rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from zixly_data.figures.pipeline.open_leads import LEAST_DECIDED
from zixly_ui.components.cards import Card
from zixly_ui.components.formatting import ABSENT, is_absent, money, percent, plural

Row = Mapping[str, Any]


def headline_text(stages: Sequence[Row]) -> str:
    """Return how many leads are open, and how many of them are stalled.

    `stages` are the rows of `open_leads.by_stage` for all currencies, with at least one lead.
    """
    count, stalled = (sum(row[name] for row in stages) for name in ("leads", "stalled"))
    if not stalled:
        verb = "it is not" if count == 1 else "none is"
        return f"{plural(count, 'lead')} open, {verb} stalled."
    return f"{plural(count, 'lead')} open, {stalled:,} of them stalled."


def cards(of_currencies: Sequence[Row], reporting_currency: str) -> list[Card]:
    """Return the value and the expected value of the open leads, in each currency.

    `of_currencies` are the rows of `open_leads.by_stage` with a currency.
    """
    currencies = sorted(
        {row["currency"] for row in of_currencies},
        key=lambda currency: (currency != reporting_currency, currency),
    )
    shown = []
    for currency in currencies:
        stages = [row for row in of_currencies if row["currency"] == currency]
        shown += [_value_card(currency, stages), _expected_card(currency, stages)]
    return shown


def history_text(stages: Sequence[Row]) -> str:
    """Return what the expected value rests on, and the stages without enough history."""
    text = (
        "Expected value is the value of each lead times the share of your own decided leads that "
        "were won after they reached its stage, of all time and all clients. Currencies are never "
        "added together."
    )
    short = [
        f"{row['stage']} ({row['decided']:,})" for row in stages if is_absent(row["win_share"])
    ]
    if not short:
        return text
    return (
        f"{text} Not enough history, with fewer than {LEAST_DECIDED} decided leads: "
        f"{', '.join(short)}."
    )


def later_text(stages: Sequence[Row]) -> str:
    """Return how many leads begin after today; empty if none does."""
    later = sum(row["dated_later"] for row in stages)
    if not later:
        return ""
    verb = "begins" if later == 1 else "begin"
    return f"{plural(later, 'lead')} {verb} after today, with an age of 0 days until then."


def alt_text(stages: Sequence[Row]) -> str:
    """Return the description of the chart for those who cannot see it."""
    return "Open leads at each stage. " + "; ".join(
        f"{row['stage']}: {row['leads']:,}"
        + (f", {row['stalled']:,} stalled" if row["stalled"] else "")
        for row in stages
    )


def win_share_text(row: Row) -> str:
    """Return `40% of 25 decided`, or that there is not enough history."""
    if is_absent(row["win_share"]):
        return f"Not enough history ({row['decided']:,} decided)"
    return f"{percent(row['win_share'], 0)} of {row['decided']:,} decided"


def _value_card(currency: str, stages: Sequence[Row]) -> Card:
    leads, with_value = (sum(row[name] for row in stages) for name in ("leads", "with_value"))
    value = sum((row["value"] for row in stages), Decimal(0))
    unknown = leads - with_value
    return Card(
        f"Value, {currency}",
        money(value, currency, cents=False) if with_value else ABSENT,
        f"{unknown:,} of {plural(leads, 'lead')} without a value" if unknown
        else plural(leads, "lead"),
    )  # fmt: skip


def _expected_card(currency: str, stages: Sequence[Row]) -> Card:
    label = f"Expected value, {currency}"
    valued = [row for row in stages if row["with_value"]]
    rated = [row for row in valued if not is_absent(row["expected_value"])]
    if not rated:
        return Card(label, ABSENT, "not enough history" if valued else "no lead has a value")
    expected = sum((row["expected_value"] for row in rated), Decimal(0))
    covered, leads = (sum(row["with_value"] for row in of) for of in (rated, valued))
    note = f"of {plural(covered, 'lead')}"
    if covered < leads:
        note += f"; {leads - covered:,} without enough history"
    return Card(label, money(expected, currency, cents=False), note)
