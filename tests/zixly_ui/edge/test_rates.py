"""Rates: a few at once, then as many a second; refusals do not count."""

from __future__ import annotations

from zixly_ui.edge import rates
from zixly_ui.edge.rates import Rate


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_some_at_once_then_one_after_the_other_and_then_no_more() -> None:
    rate = Rate(at_once=3, per_second=2, longest_wait=1, now=Clock())
    assert [rate.delay("a") for _ in range(7)] == [0, 0, 0, 0.5, 1.0, None, None]


def test_addresses_do_not_wait_for_each_other() -> None:
    rate = Rate(at_once=1, per_second=1, longest_wait=0, now=Clock())
    assert rate.delay("a") == 0
    assert rate.delay("a") is None
    assert rate.delay("b") == 0


def test_the_bucket_fills_again() -> None:
    clock = Clock()
    rate = Rate(at_once=2, per_second=2, longest_wait=0, now=clock)
    assert [rate.delay("a") for _ in range(3)] == [0, 0, None]
    clock.now += 0.5
    assert [rate.delay("a") for _ in range(2)] == [0, None]
    clock.now += 3600
    assert [rate.delay("a") for _ in range(3)] == [0, 0, None]


def test_addresses_with_a_full_bucket_are_forgotten() -> None:
    clock = Clock()
    rate = Rate(at_once=1, per_second=1, longest_wait=0, now=clock)
    for address in range(rates.MOST_ADDRESSES):
        rate.delay(address)
    clock.now += 60
    rate.delay("newest")
    assert list(rate._full_at) == ["newest"]
