"""What is typed into the grid of missing rates belongs to its month, whatever happens around it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zixly_ui.rates.grid import RateGrid

JAN, FEB, MAR = ((date(2024, month, 1), "NZD", "AUD") for month in (1, 2, 3))


def grid(*keys: tuple[date, str, str]) -> RateGrid:
    made = RateGrid()
    made.set_lines(list(keys), {})
    return made


def test_what_was_typed_is_a_rate_or_a_slip_and_blank_is_neither() -> None:
    made = grid(JAN, FEB, MAR)
    made.apply_edits({0: {"rate": "0.9"}, 1: {"rate": "x"}, 2: {"rate": "  "}})
    assert [(each.key, each.rate) for each in made.read_drafts()] == [(JAN, Decimal("0.9"))]
    assert made.slips == [(FEB, "x", "“x” is not a number. Write it like 0.9132.")]
    made.apply_edits({0: {"rate": "0.9"}, 1: {"rate": None}})
    assert len(made.read_drafts()) == 1
    assert made.slips == []


def test_it_stays_when_the_browser_forgot_the_grid_and_when_lines_move() -> None:
    made = grid(JAN, FEB)
    made.apply_edits({1: {"rate": "0.9"}})
    first = made.generation
    made.apply_edits(None)
    assert made.generation != first
    assert (made.base, made.typed) == ({FEB: "0.9"}, {FEB: "0.9"})
    made.apply_edits({})
    made.set_lines([JAN, FEB, MAR], {})
    made.apply_edits({2: {"rate": "0.8"}})
    assert made.typed == {FEB: "0.9", MAR: "0.8"}
    assert made.conflicts == []


def test_a_rate_entered_by_someone_else_is_shown_and_not_overwritten() -> None:
    made = grid(JAN, FEB)
    made.apply_edits({0: {"rate": "0.9"}, 1: {"rate": "0.8"}})
    made.pressed = 1.0
    made.set_lines([FEB], {JAN: Decimal("0.95")})
    assert made.typed == {FEB: "0.8"}
    assert made.pressed is None, "the person who pressed Save reads it first"
    (conflict,) = made.conflicts
    assert conflict.startswith(
        "Someone else entered NZD in January 2024 in the meantime: 0.9500 is recorded, and you "
        "entered 0.9."
    )
    made.set_lines([FEB], {JAN: Decimal("0.95")})
    assert len(made.conflicts) == 1, "once"


def test_the_same_rate_from_somebody_else_is_not_worth_a_word() -> None:
    made = grid(JAN, FEB)
    made.apply_edits({0: {"rate": "0.90"}, 1: {"rate": "0.8"}})
    made.pressed = 1.0
    made.set_lines([FEB], {JAN: Decimal("0.9")})
    assert (made.conflicts, made.pressed, made.typed) == ([], 1.0, {FEB: "0.8"})
