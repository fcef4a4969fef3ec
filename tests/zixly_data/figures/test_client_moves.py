"""Who moved, and how much depends on few: crafted rows beside what is said of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from zixly_data.figures.breakdown import Breakdown
from zixly_data.figures.client_moves import Move, client_moves
from zixly_data.figures.concentration import concentration
from zixly_data.values.frames import arrow_types, build, rows


def client(
    key: str,
    profit: str | None,
    before: str | None = None,
    revenue: str = "100",
    revenue_before: str | None = None,
    currency: str = "AUD",
) -> dict[str, Any]:
    def exact(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    return {
        "key": key, "name": key.title(), "client_id": key, "currency": currency, "clients": 1,
        "revenue": exact(revenue), "expenses": Decimal(0), "profit": exact(profit or "0"),
        "cumulative_profit": Decimal(0),
        "revenue_so_far": None if profit is None else exact(revenue),
        "profit_so_far": exact(profit), "profit_before": exact(before),
        "revenue_before": exact(revenue_before if before is not None else None),
    }  # fmt: skip


def report(*groups: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a report with these groups."""
    columns = {name: [group.get(name) for group in groups] for name in arrow_types(Breakdown)}
    return rows(build(columns, Breakdown))


@pytest.mark.parametrize(
    ("row", "move"),
    [
        (client("c", "-1"), Move.LOSES),
        (client("c", "-1", "-5", revenue_before="9"), Move.LOSES),
        (client("c", "-1", "0", revenue_before="9"), Move.TURNED_TO_LOSS),
        (client("c", "-1", "5", revenue_before="9"), Move.TURNED_TO_LOSS),
        (client("c", "0", "-5", revenue_before="9"), Move.TURNED_TO_PROFIT),
        (client("c", "5", "9", "75", "100"), Move.SHRINKS),
        (client("c", "5", "9", "75.01", "100"), None),
        (client("c", "5", "9", "75", "0"), None),
        (client("c", "5"), None),
        (client("c", None, "9", "75", "100"), None),
    ],
)
def test_what_counts_as_a_move(row: dict[str, Any], move: Move | None) -> None:
    assert [mover.move for mover in client_moves(report(row))] == ([move] if move else [])


def test_the_worst_comes_first_then_the_largest() -> None:
    found = client_moves(
        report(
            client("up", "3", "-1", revenue_before="1"), client("small", "-1"),
            client("large", "-2"), client("turned", "-1", "1", revenue_before="1"),
            client("less", "1", "1", "10", "100"),
        )
    )  # fmt: skip
    assert [mover.key for mover in found] == ["turned", "large", "small", "less", "up"]
    assert (found[3].now, found[3].before) == (Decimal(10), Decimal(100))


def test_shares_of_the_largest_client_and_of_three() -> None:
    rows = [client(key, "1", revenue=amount) for key, amount in
            (("a", "10"), ("b", "40"), ("c", "30"), ("d", "20"))]  # fmt: skip
    found = concentration(report(*rows, client("kiwi", "1", revenue="999", currency="NZD")), "AUD")
    assert found is not None
    assert (found.top_key, found.top_share) == ("b", Decimal("0.4000"))
    assert (found.top_three_share, found.clients) == (Decimal("0.9000"), 4)


def test_credits_count_in_the_whole_and_nothing_has_no_shares() -> None:
    found = concentration(
        report(client("a", "1", revenue="90"), client("b", "1", revenue="-30")), "AUD"
    )
    assert found is not None
    assert found.top_share == Decimal("1.5000")
    nothing = report(client("a", "1", revenue="30"), client("b", "1", revenue="-30"))
    assert concentration(nothing, "AUD") is None
    assert concentration(report(), "AUD") is None
