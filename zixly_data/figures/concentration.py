"""Revenue concentration: the shares of the largest client and of the three largest.

Computed from a breakdown by client, per currency; see `top_share` in `definitions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any


@dataclass(frozen=True)
class Concentration:
    """Shares are fractions of all revenue in the currency, to four places."""

    currency: str
    clients: int
    top_key: str
    top_name: str
    top_share: Decimal
    top_three_share: Decimal


def concentration(groups: Iterable[Mapping[str, Any]], currency: str) -> Concentration | None:
    """Return the concentration in the rows of `breakdown.Breakdown` by client.

    None if all revenue is zero or less. Clients with the same revenue are ordered by id.
    """
    revenues = [
        (row["revenue"], row["key"], row["name"]) for row in groups if row["currency"] == currency
    ]
    total = sum((revenue for revenue, _, _ in revenues), Decimal(0))
    if total <= 0:
        return None
    ranked = sorted(revenues, key=lambda row: (-row[0], row[1]))
    top_three = sum((revenue for revenue, _, _ in ranked[:3]), Decimal(0))
    revenue, key, name = ranked[0]
    return Concentration(
        currency, len(ranked), key, name, _fraction(revenue, total), _fraction(top_three, total)
    )


def _fraction(part: Decimal, whole: Decimal) -> Decimal:
    return (part / whole).quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)
