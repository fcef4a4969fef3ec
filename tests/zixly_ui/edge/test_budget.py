"""Shares: whoever takes most gives way, and nobody is shut out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zixly_ui.edge.budget import Budget


def test_the_oldest_of_an_owner_leaves_for_its_newest() -> None:
    budget: Budget[int] = Budget(per_owner=2, altogether=10)
    assert [budget.enter("a", item) for item in range(4)] == [None, None, 0, 1]
    assert (len(budget), budget.count("a")) == (2, 2)


def test_a_newcomer_takes_the_place_of_whoever_has_most() -> None:
    budget: Budget[str] = Budget(per_owner=10, altogether=4)
    for item in ("b1", "a1", "a2", "a3"):
        assert budget.enter(item[0], item) is None
    assert budget.enter("c", "c1") == "a1"
    assert [item in budget for item in ("a1", "b1", "c1")] == [False, True, True]


def test_who_leaves_makes_room() -> None:
    budget: Budget[int] = Budget(per_owner=1, altogether=1)
    budget.enter("a", 1)
    budget.leave(1)
    budget.leave(1)
    assert budget.enter("b", 2) is None


def test_entering_again_counts_once_and_as_the_newest() -> None:
    budget: Budget[int] = Budget(per_owner=2, altogether=9)
    for item in (1, 2, 1):
        budget.enter("a", item)
    assert budget.count("a") == 2
    assert budget.enter("a", 3) == 2


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30), st.booleans())))
def test_no_limit_is_ever_exceeded(steps: list[tuple[str, int, bool]]) -> None:
    budget: Budget[int] = Budget(per_owner=3, altogether=7)
    for owner, item, enters in steps:
        left = budget.enter(owner, item) if enters else budget.leave(item)
        assert len(budget) <= 7
        assert max(budget.count(each) for each in "abc") <= 3
        assert left is None or left not in budget
        assert (item in budget) == enters or left == item
