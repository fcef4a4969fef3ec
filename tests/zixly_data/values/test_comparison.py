"""Periods are compared like for like, with a note."""

from __future__ import annotations

from datetime import date

import pytest

from zixly_data.errors import InvalidPeriod
from zixly_data.values.comparison import Baseline, like_for_like
from zixly_data.values.period import parse

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("key", "baseline", "period", "against", "cut"),
    [
        ("2024-Q2", Baseline.PREVIOUS, "Q2 2024 (Apr–Jun)", "Q1 2024 (Jan–Mar)", False),
        ("2024-Q2", Baseline.YEAR_BEFORE, "Q2 2024 (Apr–Jun)", "Q2 2023 (Apr–Jun)", False),
        ("this-month", Baseline.PREVIOUS, "1–22 Nov 2026", "1–22 Oct 2026", True),
        ("this-month", Baseline.YEAR_BEFORE, "1–22 Nov 2026", "1–22 Nov 2025", True),
        ("FY2026", Baseline.PREVIOUS, "FY2026 (Jul 2025 – Jun 2026)",
         "FY2025 (Jul 2024 – Jun 2025)", False),
    ],
)  # fmt: skip
def test_like_is_compared_with_like_and_the_note_says_so(
    key: str, baseline: Baseline, period: str, against: str, cut: bool
) -> None:
    comparison = like_for_like(parse(key, TODAY), TODAY, baseline)
    assert (comparison.period.name, comparison.against.name) == (period, against)
    assert (comparison.note is not None) == cut
    if comparison.note:
        assert (
            comparison.note
            == f"November 2026 has not ended yet, so {period} is compared with {against}."
        )


def test_all_time_has_nothing_before_it() -> None:
    with pytest.raises(InvalidPeriod):
        like_for_like(parse("all", TODAY), TODAY)
