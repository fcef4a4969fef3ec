"""Like-for-like comparison of a period with the previous one or the same one a year earlier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zixly_data.errors import InvalidPeriod
from zixly_data.values.period import Period


class Baseline(StrEnum):
    """The earlier period that a period is compared with."""

    PREVIOUS = "previous"
    YEAR_BEFORE = "year-before"


@dataclass(frozen=True)
class Comparison:
    """`period` compared with `against`. `note` explains a period cut off at today."""

    period: Period
    against: Period
    note: str | None = None


def like_for_like(
    period: Period, today: date, baseline: Baseline = Baseline.PREVIOUS
) -> Comparison:
    """Return the period with its baseline; one that is not over is cut at today, and its baseline
    at the same day.

    Raises InvalidPeriod for all time, as no record precedes it.
    """
    if period.key == "all":
        raise InvalidPeriod(
            "All time cannot be compared: there is no earlier period.",
            field="period",
            advice="Choose a month, a quarter or a year.",
        )
    if baseline is Baseline.YEAR_BEFORE:
        current = period.elapsed(today)
        against = current.year_before()
    else:
        current, against = period.like_for_like(today)
    if not period.is_partial(today):
        return Comparison(current, against)
    note = f"{period.name} has not ended yet, so {current.name} is compared with {against.name}."
    return Comparison(current, against, note)
