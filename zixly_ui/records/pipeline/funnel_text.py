"""Texts of the lead funnel: headline, cards, the two views, and the narrowest step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from zixly_data.figures.pipeline.steps import View
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

Rates = Mapping[str, Any]

# A step with fewer decided leads is not called the narrowest.
LEAST_DECIDED = 5
VIEW_LABELS = {View.COHORT: "Leads that began", View.ACTIVITY: "Leads that moved"}
_VERBS = {View.COHORT: "began", View.ACTIVITY: "moved"}


def which_leads(period: Period, view: View) -> str:
    """Return ` that began in Q1 2024`, ` that moved in Q1 2024`; nothing for all time."""
    return period_phrase(period, f" that {_VERBS[view]} in ")


def none_title(period: Period, view: View) -> str:
    """Return `No leads began in Q1 2024`."""
    return f"No leads {_VERBS[view]}{period_phrase(period, ' in ')}"


def headline_text(total: Rates, period: Period, view: View) -> str:
    """Return how many of the decided leads were won, and how many leads are open.

    `total` is the first row of `win_rate.win_rates`.
    """
    leads_text = f"{plural(total['leads'], 'lead')}{which_leads(period, view)}"
    if not total["decided"]:
        verb = "is" if total["leads"] == 1 else "are"
        return f"None of {leads_text} {verb} decided yet."
    undecided = " All are decided." if total["leads"] > 1 else ""
    if total["open"]:
        verb = "is" if total["open"] == 1 else "are"
        undecided = f" {total['open']:,} of {leads_text} {verb} still open."
        leads_text = plural(total["decided"], "decided lead")
    if not total["won"]:
        return f"None of {leads_text} became a contract.{undecided}"
    verb = "became a contract" if total["won"] == 1 else "became contracts"
    share = percent(total["win_rate"], 0)
    return f"{total['won']:,} of {leads_text} {verb} ({share}).{undecided}"


def cards(win_rates: pd.DataFrame, reporting_currency: str) -> list[Card]:
    """Return win rate, leads lost and open, and per currency the values of decided and open ones.

    `win_rates` is a frame of `win_rate.win_rates` with at least one lead.
    """
    total, *of_currencies = rows(win_rates)
    of_currencies.sort(key=lambda row: (row["currency"] != reporting_currency, row["currency"]))
    return [
        Card("Win rate", percent(total["win_rate"], 0), _decided_text(total)),
        Card("Won", f"{total['won']:,}", _median_text(total, "won", "after")),
        Card("Lost", f"{total['lost']:,}", _median_text(total, "lost", "after")),
        Card("Still open", f"{total['open']:,}", _median_text(total, "open", "for")),
        *(_rate_card(row) for row in of_currencies if row["decided"]),
        *(_value_card(row) for row in of_currencies if row["open"]),
    ]


def later_text(total: Rates) -> str:
    """Return how many leads begin after today; empty if none does."""
    later = total["dated_later"]
    if not later:
        return ""
    verb = "has" if later == 1 else "have"
    return (
        f"{plural(later, 'lead')} {verb} the first event dated after today. It counts as recorded, "
        "with an age of 0 days until then."
    )


def narrowest_step(funnel: pd.DataFrame) -> str:
    """Return the step with the lowest decided conversion, as the title of the chart."""
    steps = [step for step in rows(funnel) if step["decided"] >= LEAST_DECIDED]
    if not steps:
        return (
            "Not enough decided leads yet to name the narrowest stage: "
            f"at least {LEAST_DECIDED} at one stage are needed"
        )
    narrowest = min(steps, key=lambda step: step["conversion"])
    if narrowest["conversion"] == 1:
        return "No lead was lost at a stage with enough decided leads"
    return (
        f"Narrowest stage: {narrowest['stage']}, {percent(narrowest['conversion'], 0)} of "
        f"{narrowest['decided']:,} decided leads went on or were won"
    )


def view_text(period: Period, view: View) -> str:
    """Return which leads the page shows, and why the other view has other numbers."""
    if period.key == "all":
        return "All leads, in their state of today. For all time, both views are the same."
    name = period.name
    if view is View.COHORT:
        return (
            f"Leads whose first event is in {name}, with all their later events, in their state of "
            f"today. “{VIEW_LABELS[View.ACTIVITY]}” has other numbers: it counts at each stage the "
            f"leads that entered it in {name}, whenever they began."
        )
    return (
        f"Leads with an event in {name}, at each stage that they entered in {name}, whenever they "
        f"began, in their state of today. “{VIEW_LABELS[View.COHORT]}” has other numbers: it "
        f"counts only leads whose first event is in {name}, at every stage they have reached since."
    )


EXPLANATION = (
    "A lead is decided at a stage once it went on, was won or was lost. Until then it is still "
    "open there and changes no conversion, which is the share of the decided leads that went on "
    "or were won. Days are those spent in the stage itself, from visits that have ended."
)


def alt_text(funnel: pd.DataFrame) -> str:
    """Return the description of the chart for those who cannot see it."""
    return "Leads at each stage, and the share of the decided ones that went on or were won. " + (
        "; ".join(_step_text(step) for step in rows(funnel))
    )


def _step_text(step: Mapping[str, Any]) -> str:
    texts = [f"{step['stage']}: {step['leads']:,}"]
    if not is_absent(step["conversion"]):
        texts.append(f"{percent(step['conversion'], 0)} of {step['decided']:,} decided")
    if step["undecided"]:
        texts.append(f"{step['undecided']:,} still open here")
    return ", ".join(texts)


def _decided_text(row: Rates) -> str:
    return f"of {row['decided']:,} decided" if row["decided"] else "nothing decided yet"


def _rate_card(row: Rates) -> Card:
    label = f"Win rate by value, {row['currency']}"
    valued = row["won_with_value"] + row["lost_with_value"]
    value = (row["won_value"], row["lost_value"])
    if is_absent(row["value_rate"]):
        return Card(label, ABSENT, "no decided lead has a value")
    texts = [f"of {_decided_value(value, row['currency'])} decided"]
    if unknown := row["decided"] - valued:
        texts.append(f"{unknown:,} without a value")
    return Card(label, percent(row["value_rate"], 0), ", ".join(texts))


def _decided_value(values: Sequence[Decimal], currency: str) -> str:
    return money(sum(values, Decimal(0)), currency, compact=True)


def _value_card(row: Rates) -> Card:
    unknown = row["open"] - row["open_with_value"]
    return Card(
        f"Value of open leads, {row['currency']}",
        money(row["open_value"], row["currency"], cents=False)
        if row["open_with_value"]
        else ABSENT,
        f"{unknown:,} without a value" if unknown else f"{plural(row['open'], 'lead')}",
    )


def _median_text(row: Rates, status: str, preposition: str) -> str | None:
    if not row[status]:
        return None
    return f"{preposition} {days(row[f'median_days_{status}'])} (median)"
