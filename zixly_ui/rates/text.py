"""Exchange rates in words: what can be converted, what is missing, and which rate looks wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from zixly_data.records.exchange_rates import Key
from zixly_data.values.frames import rows
from zixly_ui.components.formatting import month_name, plural, short_month
from zixly_ui.components.tables import Column

COLUMNS = (
    Column("month", "Month", "month", width=110),
    Column("of", "One unit of"),
    Column("worth", "Was worth", "quantity"),
    Column("source_system", "Source"),
)
# Monthly rates of currencies people trade in seldom move by more than _FAR within a few months. One
# that moved more than _MOVED and would hardly have moved the other way round was turned round.
_FAR, _MOVED, _HARDLY = Decimal("1.25"), Decimal("1.08"), Decimal("1.04")
_NAMED = 4
_FEWEST_DECIMALS = 4


def headline_text(
    currencies: Sequence[str], missing: pd.DataFrame, known: pd.DataFrame, target_currency: str
) -> str:
    """Whether everything can be converted, in one sentence.

    `currencies` are those with amounts, `missing` a frame of `conversion.MissingRates`, `known`
    one of `rates.ExchangeRates`.
    """
    others = [each for each in currencies if each != target_currency]
    if not others:
        return f"All amounts are in {target_currency}: no rates are needed."
    if missing.empty:
        count = sum(row["into_currency"] == target_currency for row in rows(known))
        return (
            f"Every amount can be converted into {target_currency}: {plural(count, 'rate')} of "
            f"{listed(others)} {'is' if count == 1 else 'are'} on file."
        )
    by_currency: dict[str, list[date]] = {}
    for row in rows(missing):
        by_currency.setdefault(row["currency"], []).append(row["month"])
    if len(missing) == 1:
        ((currency, (month,)),) = by_currency.items()
        return f"One rate is missing: {currency} in {month_name(month)}."
    told = [f"{plural(len(months), 'month')} of {each}" for each, months in by_currency.items()]
    sentence = f"Rates are missing for {listed(told)}"
    if len(by_currency) == 1 and len(missing) <= _NAMED:
        (months,) = by_currency.values()
        sentence += f": {listed([short_month(each) for each in months])}"
    return f"{sentence}."


def what_follows(missing: pd.DataFrame, target_currency: str, today: date, may_edit: bool) -> str:
    """What missing rates mean for the other pages, and what to do about them."""
    said = (
        f"Figures of a period with {'this month' if len(missing) == 1 else 'one of these months'} "
        f"cannot be shown in {target_currency} alone; they stand in each currency by itself."
    )
    if not may_edit:
        them = "it" if len(missing) == 1 else "them"
        return f"{said} An editor of your organisation can enter {them}."
    if today.replace(day=1) in set(missing["month"]):
        said += (
            f" {month_name(today)} is not over: enter its rate once it is, or a provisional one "
            "for now."
        )
    return said


def months_missing(missing: pd.DataFrame) -> str:
    """Each month without a rate, by currency: `NZD: Oct 2026 and Nov 2026.`"""
    by_currency: dict[str, list[str]] = {}
    for row in rows(missing):
        by_currency.setdefault(row["currency"], []).append(short_month(row["month"]))
    return " ".join(f"{each}: {listed(months)}." for each, months in by_currency.items())


def figure(rate: Decimal) -> str:
    """A rate with all its decimals, four at least: `0.9130`."""
    return f"{rate:,.{decimals([rate])}f}"


def decimals(rates: Iterable[Decimal]) -> int:
    """How many decimals show each of the rates to its last digit: four at least."""
    each = (-int(rate.normalize().as_tuple().exponent) for rate in rates)
    return max(_FEWEST_DECIMALS, max(each, default=0))


def format_rate(rate: Decimal, target_currency: str) -> str:
    """`0.9132 AUD`."""
    return f"{figure(rate)} {target_currency}"


def describe(key: Key, rate: Decimal | None = None) -> str:
    """`NZD in March 2024`, and with a rate `1 NZD was 0.9132 AUD in March 2024`."""
    month, currency, target_currency = key
    if rate is None:
        return f"{currency} in {month_name(month)}"
    return f"1 {currency} was {format_rate(rate, target_currency)} in {month_name(month)}"


def table(known: pd.DataFrame) -> pd.DataFrame:
    """The rates as a frame for `records_table`, exact to the last digit, point below point."""
    texts = pd.ArrowDtype(pa.string())
    found = rows(known)
    places = decimals(row["rate"] for row in found)
    return pd.DataFrame({
        "id": known["id"],
        "month": known["month"],
        "of": known["currency"],
        "worth": pd.Series(
            [f"{row['rate']:,.{places}f} {row['into_currency']}" for row in found], dtype=texts),
        "source_system": known["source_system"],
    })  # fmt: skip


def on_file(known: pd.DataFrame) -> dict[Key, Decimal]:
    """The rates by what they are of."""
    return {
        (row["month"], row["currency"], row["into_currency"]): row["rate"] for row in rows(known)
    }


def doubt(key: Key, rate: Decimal, known: Mapping[Key, Decimal]) -> str | None:
    """Why a rate may be a slip: it is far from the nearest month's. None where nothing speaks
    against it."""
    month, currency, target_currency = key
    near = [each for each in known if each[1:] == key[1:] and each != key]
    if not near:
        return None
    nearest = min(near, key=lambda each: (abs((each[0] - month).days), each[0]))
    other = known[nearest]
    way = f"1 {currency} was {format_rate(other, target_currency)} in {short_month(nearest[0])}"
    moved = max(rate / other, other / rate)
    if moved > _MOVED and max(rate * other, 1 / (rate * other)) < _HARDLY:
        return f"{way}. Is {figure(rate)} what 1 {target_currency} was worth in {currency}?"
    return f"{way}, and {figure(rate)} is far from it." if moved > _FAR else None


def listed(words: Sequence[Any]) -> str:
    """`NZD`, `NZD and USD`, `NZD, USD and EUR`."""
    *first, last = (str(each) for each in words)
    return f"{', '.join(first)} and {last}" if first else last
