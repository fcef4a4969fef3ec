"""Client moves: clients with a loss, a turn to loss or profit, or shrinking revenue.

They are computed from a breakdown by client.

    LOSES           profit below zero, and below zero or not recorded in the compared period
    TURNED_TO_LOSS  profit below zero, and not below zero in the compared period
    TURNED_TO_PROFIT  profit no longer below zero
    SHRINKS         profit not below zero, but revenue down by a quarter or more

The current period is compared up to today, with as many days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

SHRINKING_RATIO = Decimal("0.75")


class Move(StrEnum):
    """Kinds of moves, the worst first."""

    TURNED_TO_LOSS = "TURNED_TO_LOSS"
    LOSES = "LOSES"
    SHRINKS = "SHRINKS"
    TURNED_TO_PROFIT = "TURNED_TO_PROFIT"


@dataclass(frozen=True)
class ClientMove:
    """A move of one client. `now` and `before` are profits, or revenues for SHRINKS. `before`
    is None if nothing was recorded."""

    move: Move
    key: str
    name: str
    currency: str
    now: Decimal
    before: Decimal | None


def client_moves(groups: Iterable[Mapping[str, Any]]) -> list[ClientMove]:
    """Return the moves in the rows of `breakdown.Breakdown` by client, by kind, then largest first.

    A client without a record up to today has no move.
    """
    moves = [move for row in groups if (move := _client_move(row)) is not None]
    order = list(Move)
    return sorted(
        moves, key=lambda move: (order.index(move.move), -_amount_at_stake(move), move.key)
    )


def _client_move(row: Mapping[str, Any]) -> ClientMove | None:
    profit, before = row["profit_so_far"], row["profit_before"]
    if profit is None:
        return None
    client = (row["key"], row["name"], row["currency"])
    if profit < 0:
        was_profitable = before is not None and before >= 0
        return ClientMove(
            Move.TURNED_TO_LOSS if was_profitable else Move.LOSES, *client, profit, before
        )
    if before is not None and before < 0:
        return ClientMove(Move.TURNED_TO_PROFIT, *client, profit, before)
    revenue, revenue_before = row["revenue_so_far"], row["revenue_before"]
    if (
        revenue_before is not None
        and revenue_before > 0
        and revenue <= revenue_before * SHRINKING_RATIO
    ):
        return ClientMove(Move.SHRINKS, *client, revenue, revenue_before)
    return None


def _amount_at_stake(client_move: ClientMove) -> Decimal:
    """Return the amount that moves of one kind are ordered by."""
    if client_move.move is Move.LOSES:
        return -client_move.now
    return abs(client_move.now - (client_move.before or Decimal(0)))
