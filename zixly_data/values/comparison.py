"""What a period is compared with: the one before it or the same a year earlier, like for like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zixly_data.errors import InvalidPeriod
from zixly_data.values.period import Period


class Baseline(StrEnum):
    """Which earlier period."""

    PREVIOUS = "previous"
    YEAR_BEFORE = "year-before"


@dataclass(frozen=True)
class Comparison:
    """`period` compared with `against`; `note` says what was cut off so that they are alike."""

    period: Period
    against: Period
    note: str | None = None


def like_for_like(asked: Period, today: date, baseline: Baseline = Baseline.PREVIOUS) -> Comparison:
    """What can be compared honestly: of a period that is not over, the part up to today, with the
    same part of the earlier one.

    Raises InvalidPeriod for all time, before which there is nothing.
    """
    if asked.key == "all":
        raise InvalidPeriod(
            "All time has nothing before it to be compared with.",
            field="period",
            advice="Choose a month, a quarter or a year.",
        )
    if baseline is Baseline.YEAR_BEFORE:
        period = asked.elapsed(today)
        against = period.year_before()
    else:
        period, against = asked.like_for_like(today)
    if not asked.is_partial(today):
        return Comparison(period, against)
    note = f"{asked.name} is not over: {period.name} is compared with {against.name}."
    return Comparison(period, against, note)
