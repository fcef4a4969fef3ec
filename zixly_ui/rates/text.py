"""Texts about exchange rates: conversion, missing rates, and rates that look wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from zixly_data.tables.exchange_rates import Key
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import month_name, plural, short_month
from zixly_ui.components.paging import Sort
from zixly_ui.components.tables import Column

COLUMNS = (
    Column("month", "Month", "month", width=110),
    Column("of", "One unit of"),
    Column("worth", "Was worth", "quantity"),
    Column("source_system", "Source"),
)
SORTS = (
    Sort("Latest first"),
    Sort("Earliest first", "month"),
    Sort("By currency", "currency"),
)
# Monthly rates of common currencies seldom move by more than the factor _FAR within a few months. A
# rate that moved by more than _MOVED, and whose inverse moved by less than _UNMOVED, is inverted.
_FAR, _MOVED, _UNMOVED = Decimal("1.25"), Decimal("1.08"), Decimal("1.04")
_MOST_NAMED = 4
_FEWEST_DECIMALS = 4


def headline_text(
    currencies: Sequence[str], missing: pd.DataFrame, rates: pd.DataFrame, target_currency: str
) -> str:
    """Describe in one sentence whether all amounts can be converted.

    `currencies` are those with amounts, `missing` a frame of `conversion.MissingRates`, `rates` one
    of `exchange_rates.ExchangeRates`.
    """
    others = [currency for currency in currencies if currency != target_currency]
    if not others:
        return f"All amounts are in {target_currency}, so no rates are needed."
    if missing.empty:
        count = sum(row["into_currency"] == target_currency for row in rows(rates))
        return (
            f"All amounts can be converted to {target_currency}, with {plural(count, 'rate')} "
            f"recorded for {join_names(others)}."
        )
    by_currency: dict[str, list[date]] = {}
    for row in rows(missing):
        by_currency.setdefault(row["currency"], []).append(row["month"])
    if len(missing) == 1:
        ((currency, (month,)),) = by_currency.items()
        return f"One rate is missing: {currency} in {month_name(month)}."
    parts = [
        f"{currency} in {plural(len(months), 'month')}" for currency, months in by_currency.items()
    ]
    sentence = f"Rates are missing for {join_names(parts)}"
    if len(by_currency) == 1 and len(missing) <= _MOST_NAMED:
        (months,) = by_currency.values()
        sentence += f": {join_names([short_month(month) for month in months])}"
    return f"{sentence}."


def missing_rates_text(
    missing: pd.DataFrame, target_currency: str, today: date, may_edit: bool
) -> str:
    """Describe the effect of missing rates on other pages, and the remedy."""
    text = (
        f"Figures for a period with {'this month' if len(missing) == 1 else 'one of these months'} "
        f"cannot be converted to {target_currency}, so each currency is shown separately."
    )
    if not may_edit:
        them = "it" if len(missing) == 1 else "them"
        return f"{text} An editor of your organisation can enter {them}."
    if today.replace(day=1) in set(missing["month"]):
        text += (
            f" {month_name(today)} is not over yet. Enter a provisional rate now, or the final "
            "rate once the month ends."
        )
    return text


def missing_months_text(missing: pd.DataFrame) -> str:
    """List the months without a rate, by currency: `NZD: Oct 2026 and Nov 2026.`"""
    by_currency: dict[str, list[str]] = {}
    for row in rows(missing):
        by_currency.setdefault(row["currency"], []).append(short_month(row["month"]))
    return " ".join(
        f"{currency}: {join_names(months)}." for currency, months in by_currency.items()
    )


def format_figure(rate: Decimal) -> str:
    """Format a rate with all its decimals, four at least: `0.9130`."""
    return f"{rate:,.{decimals([rate])}f}"


def decimals(rates: Iterable[Decimal]) -> int:
    """Return the number of decimals that shows every rate to its last digit: four at least."""
    counts = (-int(rate.normalize().as_tuple().exponent) for rate in rates)
    return max(_FEWEST_DECIMALS, max(counts, default=0))


def format_rate(rate: Decimal, target_currency: str) -> str:
    """Format a rate with its currency: `0.9132 AUD`."""
    return f"{format_figure(rate)} {target_currency}"


def describe(key: Key, rate: Decimal | None = None) -> str:
    """Return `NZD in March 2024`, or with a rate `1 NZD was 0.9132 AUD in March 2024`."""
    month, currency, target_currency = key
    if rate is None:
        return f"{currency} in {month_name(month)}"
    return f"1 {currency} was {format_rate(rate, target_currency)} in {month_name(month)}"


def table(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the rates as a frame for `records_table`, exact, with the same number of decimals."""
    texts = pd.ArrowDtype(pa.string())
    rate_rows = rows(rates)
    places = decimals(row["rate"] for row in rate_rows)
    return pd.DataFrame({
        "id": rates["id"],
        "month": rates["month"],
        "of": rates["currency"],
        "worth": pd.Series(
            [f"{row['rate']:,.{places}f} {row['into_currency']}" for row in rate_rows],
            dtype=texts,
        ),
        "source_system": rates["source_system"],
    })  # fmt: skip


def rates_by_key(rates: pd.DataFrame) -> dict[Key, Decimal]:
    """Return the rates by month, currency and target currency."""
    return {
        (row["month"], row["currency"], row["into_currency"]): row["rate"] for row in rows(rates)
    }


def describe_doubt(key: Key, rate: Decimal, rates: Mapping[Key, Decimal]) -> str | None:
    """Explain why a rate may be a slip: it is far from the nearest month's rate. None if it is
    plausible."""
    month, currency, target_currency = key
    neighbours = [neighbour for neighbour in rates if neighbour[1:] == key[1:] and neighbour != key]
    if not neighbours:
        return None
    nearest = min(
        neighbours, key=lambda neighbour: (abs((neighbour[0] - month).days), neighbour[0])
    )
    nearest_rate = rates[nearest]
    comparison = (
        f"1 {currency} was {format_rate(nearest_rate, target_currency)} "
        f"in {short_month(nearest[0])}"
    )
    moved = max(rate / nearest_rate, nearest_rate / rate)
    if moved > _MOVED and max(rate * nearest_rate, 1 / (rate * nearest_rate)) < _UNMOVED:
        return (
            f"{comparison}. Is {format_figure(rate)} what 1 {target_currency} was worth "
            f"in {currency}?"
        )
    return f"{comparison}, far from {format_figure(rate)}." if moved > _FAR else None


def join_names(names: Sequence[Any]) -> str:
    """Join names in a sentence: `NZD`, `NZD and USD`, `NZD, USD and EUR`."""
    *first, last = (str(name) for name in names)
    return f"{', '.join(first)} and {last}" if first else last
