"""The demo's custom metrics: delivery, client by client.

The values of the product specification apply to its first quarter and to the latest month. They
vary in between, so that charts show a trend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from zixly_data.operations.demo.books import (
    BONDI,
    BREWERY,
    DAIRY,
    HARBOR,
    PHYSIO,
    SOLAR,
    SYDNEY_LAW,
    TOURS,
    Business,
    Row,
    businesses,
    months,
    noise,
)
from zixly_data.records.delivery.metric_definitions import YES_OR_NO
from zixly_data.records.delivery.metric_purposes import BILLABLE_HOURS
from zixly_data.values import ids
from zixly_data.values.dates import month_end

HOURS, VELOCITY, SATISFACTION = "Billable Hours", "Project Velocity", "Client Satisfaction"
WORKFLOWS, ACCURACY, RETENTION = "Automation Workflows", "Data Sync Accuracy", "Client Retention"
COMPLETION, ON_TIME = "Project Completion Rate", "Delivered On-Time"
RESPONSE = "Response Time"

# Name, unit, kind, direction, scale of a rating.
_DEFINITIONS = (
    (HOURS, "hours", "NUMBER", "UP", None),
    (VELOCITY, "%", "PERCENT", "UP", None),
    (SATISFACTION, "out of 5", "RATING", "UP", "5"),
    (WORKFLOWS, "workflows", "COUNT", "UP", None),
    (ACCURACY, "%", "PERCENT", "UP", None),
    (RETENTION, "months", "DURATION", "UP", None),
    (COMPLETION, "%", "PERCENT", "UP", None),
    (ON_TIME, YES_OR_NO, "YES_NO", "UP", None),
    (RESPONSE, "hours", "DURATION", "DOWN", None),
)
_UNITS = {name: unit for name, unit, *_ in _DEFINITIONS}

# The value of a month, by its number and by the number of months from it to the latest.
Course = Callable[[int, int], Decimal]


def metric_definitions() -> list[Row]:
    """Return rows of `metric_definitions`, with new ids."""
    return [
        {
            "id": ids.new_id("mdef"),
            "metric_name": name,
            "unit": unit,
            "kind": kind,
            "direction": direction,
            "out_of": Decimal(out_of) if out_of else None,
            "purpose": BILLABLE_HOURS if name == HOURS else None,
            "adds_up": "SUM" if name == HOURS else "LAST",
            "over_clients": "SUM" if name in (HOURS, WORKFLOWS) else "NONE",
        }
        for name, unit, kind, direction, out_of in _DEFINITIONS
    ]


def custom_metrics(today: date) -> list[Row]:
    """Return rows of `custom_metrics`, each dated at the end of a month that is over."""
    signed = businesses(today)
    return [
        row
        for business, metric, course in _COURSES
        if business in signed
        for row in _monthly(business, metric, course, today)
    ]


def _monthly(business: Business, metric: str, course: Course, today: date) -> Iterator[Row]:
    dates = [
        end
        for month in months(business.first_month, today, business.months)
        if (end := month_end(month)) <= today
    ]
    for number, record_date in enumerate(dates):
        yield {
            "client_kpi_id": business.id,
            "metric_name": metric,
            "metric_value": course(number, len(dates) - 1 - number),
            "unit": _UNITS[metric],
            "record_date": record_date,
        }


def _stable(value: str, swing: str, name: str) -> Course:
    """Vary the value by up to `swing` between the first three months and the latest."""

    def value_of(number: int, ago: int) -> Decimal:
        middle = Decimal(value)
        if number < 3 or ago == 0:
            return middle
        return (middle + Decimal(swing) * noise(f"{name} {number}") / 1000).quantize(middle)

    return value_of


def _trend(first: str, last: str, steps: int) -> Course:
    """Move linearly from `first` to `last` over `steps` months, then stay at `last`."""

    def value_of(number: int, ago: int) -> Decimal:
        low, high = Decimal(first), Decimal(last)
        return (low + (high - low) * min(number, steps) / steps).quantize(low)

    return value_of


def _fixed_values(*values: str) -> Course:
    return lambda number, ago: Decimal(values[number])


def _recent_decline(value: str, step: str) -> Course:
    """Lower the value by one more step in each of the last five months."""
    return lambda number, ago: Decimal(value) - Decimal(step) * max(5 - ago, 0)


_COURSES: tuple[tuple[Business, str, Course], ...] = (
    (HARBOR, HOURS, _stable("120", "9", "hours")),
    (HARBOR, VELOCITY, _stable("85", "6", "velocity")),
    (HARBOR, SATISFACTION, _stable("4.8", "0.2", "satisfaction")),
    (BONDI, WORKFLOWS, _stable("12", "2", "workflows")),
    (BONDI, ACCURACY, _stable("99.2", "0.6", "accuracy")),
    (BONDI, RETENTION, _stable("12", "0", "retention")),
    (SYDNEY_LAW, COMPLETION, _fixed_values("35", "80", "100")),
    (SYDNEY_LAW, ON_TIME, _fixed_values("1", "1", "1")),
    (SYDNEY_LAW, SATISFACTION, _fixed_values("4.7", "4.9", "5.0")),
    (PHYSIO, HOURS, _trend("38", "64", 20)),
    (PHYSIO, SATISFACTION, _trend("4.3", "4.8", 12)),
    (DAIRY, HOURS, _trend("96", "31", 24)),
    (DAIRY, SATISFACTION, _trend("4.6", "3.9", 18)),
    (TOURS, RESPONSE, _trend("7.5", "3.0", 15)),
    (TOURS, SATISFACTION, _stable("4.6", "0.3", "tours")),
    (SOLAR, VELOCITY, _recent_decline("91", "5")),
    (SOLAR, RESPONSE, _recent_decline("3.5", "-0.8")),
    (BREWERY, COMPLETION, _fixed_values("15", "30", "50", "70", "90", "100")),
    (BREWERY, ON_TIME, _fixed_values("1", "1", "0", "1", "1", "1")),
)
