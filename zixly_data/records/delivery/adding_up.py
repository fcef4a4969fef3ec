"""How values of a metric add up, over time and over clients.

    SUM      the sum of the values: hours, leads
    LAST     the last value on or before a day: levels, such as open tickets
    AVERAGE  the mean of the values: scores
    RATIO, FORMULA  computed from other metrics, without recorded values

Over clients they have a SUM, or NONE: there is no value of all clients.
"""

from __future__ import annotations

from zixly_data.errors import InvalidInput

COMPUTED = ("RATIO", "FORMULA")

_NUMBERS = ("NUMBER", "COUNT", "DURATION")

WAYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_NUMBERS, ("SUM", "LAST", "AVERAGE")),
    "PERCENT": ("LAST", "AVERAGE"),
    "RATING": ("LAST", "AVERAGE"),
    "YES_NO": ("LAST",),
}
"""The ways in which recorded values of a kind may add up; a new metric starts with the first."""


def over_clients(kind: str, adds_up: str) -> tuple[str, ...]:
    """Return the ways over clients that a metric may have; a new metric starts with the first."""
    if kind not in _NUMBERS or adds_up not in ("SUM", "LAST"):
        return ("NONE",)
    return ("SUM", "NONE") if adds_up == "SUM" else ("NONE", "SUM")


def validate_adding_up(kind: str, adds_up: str, of_clients: str) -> None:
    """Raise InvalidInput naming `adds_up` or `over_clients` unless values of this kind add up so.

    `kind` is known; whether a computed metric may have it is decided elsewhere.
    """
    if adds_up in COMPUTED:
        return
    if adds_up not in WAYS[kind]:
        raise InvalidInput("Values of this type do not add up this way.", field="adds_up")
    if of_clients not in over_clients(kind, adds_up):
        raise InvalidInput(
            "Only sums and last values of numbers, counts and durations add up over clients.",
            field="over_clients",
        )
