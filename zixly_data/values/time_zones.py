"""The time zones an organisation can choose, by their names in the tz database."""

from __future__ import annotations

import zoneinfo
from functools import cache

from zixly_data.errors import InvalidInput

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


def parse_time_zone(text: str, field: str = "time_zone") -> str:
    """Return the typed name of a time zone, in any case and with spaces for underscores.

    Raises InvalidInput naming `field` if the tz database does not know it.
    """
    name = _known().get("_".join(text.split()).lower())
    if name is None:
        typed = text.strip()
        excerpt = typed if len(typed) <= 40 else f"{typed[:40]}…"
        raise InvalidInput(
            f"“{excerpt}” is not a time zone. Use a name such as Australia/Brisbane or UTC.",
            field=field,
        )
    return name


@cache
def _known() -> dict[str, str]:
    """Return all names of the tz database, old ones included, by their lower case."""
    return {name.lower(): name for name in zoneinfo.available_timezones()}


def _rank(name: str) -> tuple[int, str]:
    ranks = (rank for rank, prefix in enumerate(_FIRST) if name.startswith(prefix))
    return next(ranks, len(_FIRST)), name
