"""The margin bridge by another method: raw rows of four tables, and plain Python numbers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from zixly_data.database.connection import scoped
from zixly_data.identity import Identity
from zixly_data.values.period import Period

ZERO = Decimal("0.00")
Parts = dict[str, Decimal]


@dataclass
class Side:
    """One client's period: own amounts and rate by month, and hours."""

    months: dict[date, list[Decimal]] = field(default_factory=dict)
    rates: dict[date, Decimal] = field(default_factory=dict)
    hours: Decimal = Decimal(0)

    def own(self, place: int) -> Decimal:
        return sum((month[place] for month in self.months.values()), ZERO)

    def converted(self, place: int) -> Decimal:
        return sum(
            (cents(Fraction(m[place]) * Fraction(self.rates[k])) for k, m in self.months.items()),
            ZERO,
        )

    def rate(self) -> Fraction | None:
        """The mean of the months' rates, weighted by revenue, or else by expenses."""
        for place in (0, 1):
            weight = sum((Fraction(abs(m[place])) for m in self.months.values()), Fraction(0))
            if weight:
                return (
                    sum(
                        Fraction(abs(m[place])) * Fraction(self.rates[k])
                        for k, m in self.months.items()
                    )
                    / weight
                )
        return None


def cents(exact: Fraction) -> Decimal:
    """Round half away from zero."""
    size = abs(exact) * 100
    whole = size.numerator // size.denominator
    whole += size - whole >= Fraction(1, 2)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-2).quantize(Decimal("0.01"))


def expected(
    identity: Identity, against: Period, period: Period, target_currency: str | None = None
) -> dict[str, Parts]:
    """The parts of each client with a record in either period, by our id of it."""
    rows = _raw(identity)
    currencies = {row["id"]: row["currency"] for row in rows["client_kpis"]}
    rates = {
        (row["currency"], row["month"]): row["rate"]
        for row in rows["exchange_rates"]
        if row["into_currency"] == target_currency
    }
    sides = [_sides(rows, span, currencies, rates, target_currency) for span in (against, period)]
    return {
        client: _parts(sides[0].get(client, Side()), sides[1].get(client, Side()))
        for client in sides[0].keys() | sides[1].keys()
        if any(client in side and side[client].months for side in sides)
    }


def _parts(before: Side, after: Side) -> Parts:
    profits = [side.converted(0) - side.converted(1) for side in (before, after)]
    parts = dict.fromkeys(
        ("won", "lost", "volume", "price", "revenue", "cost", "currency_effect"), ZERO
    )
    if not before.months:
        parts["won"] = profits[1]
    elif not after.months:
        parts["lost"] = -profits[0]
    else:
        rate = before.rate()
        earned = after.own(0) - before.own(0)
        spent = after.own(1) - before.own(1)
        if rate is None:
            split = {"price": after.converted(0), "cost": -after.converted(1)}
        else:
            volume = ZERO
            if before.hours > 0:
                more = Fraction(after.hours) - Fraction(before.hours)
                volume = cents(more * Fraction(before.own(0)) / Fraction(before.hours))
            split = {
                "volume": cents(Fraction(volume) * rate),
                "price": cents(Fraction(earned - volume) * rate),
                "revenue": cents(Fraction(earned) * rate),
                "cost": cents(Fraction(-spent) * rate),
            }
        if before.hours > 0 and after.hours > 0:
            parts |= {name: split.get(name, ZERO) for name in ("volume", "price", "cost")}
        else:
            parts |= {"revenue": split.get("revenue", split["price"]), "cost": split["cost"]}
        parts["currency_effect"] = profits[1] - profits[0] - sum(parts.values(), ZERO)
    return {
        "profit_before": profits[0],
        "profit_after": profits[1],
        **parts,
        "change": profits[1] - profits[0],
    }


def _sides(
    rows: dict[str, list[dict[str, Any]]],
    period: Period,
    currencies: dict[str, str],
    rates: dict[tuple[str, date], Decimal],
    target_currency: str | None,
) -> dict[str, Side]:
    sides: dict[str, Side] = defaultdict(Side)
    for row in rows["financials"]:
        if period.contains(row["record_date"]):
            month, side = row["record_date"].replace(day=1), sides[row["client_kpi_id"]]
            amounts = side.months.setdefault(month, [ZERO, ZERO])
            amounts[0] += row["revenue"]
            amounts[1] += row["expenses"]
            own = currencies[row["client_kpi_id"]]
            side.rates[month] = Decimal(1) if target_currency in (None, own) else rates[own, month]
    names = {
        row["metric_name"]
        for row in rows["metric_definitions"]
        if row["purpose"] == "BILLABLE_HOURS"
    }
    for row in rows["custom_metrics"]:
        if row["metric_name"] in names and period.contains(row["record_date"]):
            sides[row["client_kpi_id"]].hours += row["metric_value"]
    return sides


def _raw(identity: Identity) -> dict[str, list[dict[str, Any]]]:
    tables = (
        "client_kpis", "financials", "metric_definitions", "custom_metrics", "exchange_rates"
    )  # fmt: skip
    with scoped(identity) as connection:
        return {
            table: [
                dict(row)
                for row in connection.execute(sa.text(f"select * from {table}")).mappings()
            ]
            for table in tables
        }
