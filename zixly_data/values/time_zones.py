"""The time zones an organisation can be in, by the names of the tz database."""

from __future__ import annotations

import zoneinfo
from functools import cache

DEFAULT = "Australia/Brisbane"
_FIRST = ("Australia/", "Pacific/Auckland")
# Abbreviations, offsets and compatibility names are no places.
_PLACES = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/",
           "Europe/", "Indian/", "Pacific/")  # fmt: skip


@cache
def names() -> tuple[str, ...]:
    """Every place, Australia's first, then New Zealand's, the rest by name, and UTC."""
    places = [name for name in zoneinfo.available_timezones() if name.startswith(_PLACES)]
    return (*sorted(places, key=_rank), "UTC")


def _rank(name: str) -> tuple[int, str]:
    near = (place for place, start in enumerate(_FIRST) if name.startswith(start))
    return next(near, len(_FIRST)), name
