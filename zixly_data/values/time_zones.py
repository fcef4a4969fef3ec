"""The time zones an organisation can choose, by their names in the tz database."""

from __future__ import annotations

import zoneinfo
from functools import cache

DEFAULT = "Australia/Brisbane"
_FIRST = ("Australia/", "Pacific/Auckland")
# Excludes abbreviations, offsets and compatibility names.
_REGIONS = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
           "Europe/", "Indian/", "Pacific/")  # fmt: skip


@cache
def names() -> tuple[str, ...]:
    """Return the names of all zones: Australia, New Zealand, the rest by name, then UTC."""
    zones = [name for name in zoneinfo.available_timezones() if name.startswith(_REGIONS)]
    return (*sorted(zones, key=_rank), "UTC")


def _rank(name: str) -> tuple[int, str]:
    ranks = (rank for rank, prefix in enumerate(_FIRST) if name.startswith(prefix))
    return next(ranks, len(_FIRST)), name
