"""Who moved: clients that lose money, that turned, that shrink. Made of a breakdown by client.

    LOSES           profit below zero, as it was before or without a before
    TURNED_TO_LOSS  profit below zero, and not in the period it is compared with
    TURNED_TO_PROFIT  profit not below zero any more
    SHRINKS         profit not below zero, but revenue down by a quarter or more

A running period is judged by its part up to today, against as many days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

SHRUNK_TO = Decimal("0.75")


class Move(StrEnum):
    """What happened, the worst first."""

    TURNED_TO_LOSS = "TURNED_TO_LOSS"
    LOSES = "LOSES"
    SHRINKS = "SHRINKS"
    TURNED_TO_PROFIT = "TURNED_TO_PROFIT"


@dataclass(frozen=True)
class Mover:
    """A client that moved. `now` and `before` are profits, of SHRINKS revenues; `before` is None
    where nothing was recorded."""

    move: Move
    key: str
    name: str
    currency: str
    now: Decimal
    before: Decimal | None


def movers(groups: Iterable[Mapping[str, Any]]) -> list[Mover]:
    """Of the rows of `breakdown.Breakdown` by client: what happened first, then the largest first.

    A client without a record up to today has not moved.
    """
    found = [mover for row in groups if (mover := _mover(row)) is not None]
    order = list(Move)
    return sorted(found, key=lambda each: (order.index(each.move), -_size(each), each.key))


def _mover(row: Mapping[str, Any]) -> Mover | None:
    profit, before = row["profit_so_far"], row["profit_before"]
    if profit is None:
        return None
    of = (row["key"], row["name"], row["currency"])
    if profit < 0:
        turned = before is not None and before >= 0
        return Mover(Move.TURNED_TO_LOSS if turned else Move.LOSES, *of, profit, before)
    if before is not None and before < 0:
        return Mover(Move.TURNED_TO_PROFIT, *of, profit, before)
    revenue, earlier = row["revenue_so_far"], row["revenue_before"]
    if earlier is not None and earlier > 0 and revenue <= earlier * SHRUNK_TO:
        return Mover(Move.SHRINKS, *of, revenue, earlier)
    return None


def _size(mover: Mover) -> Decimal:
    """The money at stake."""
    if mover.move is Move.LOSES:
        return -mover.now
    return abs(mover.now - (mover.before or Decimal(0)))
