"""The demo's targets: for everyone, and of clients with other volumes of work.

Two clients have agreed on hours of their own, and one of them on more after a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zixly_data.operations.demo.books import DAIRY, PHYSIO, Row, businesses
from zixly_data.operations.demo.delivery import (
    ACCURACY,
    COMPLETION,
    HOURS,
    ON_TIME,
    RESPONSE,
    RETENTION,
    SATISFACTION,
    VELOCITY,
    WORKFLOWS,
)
from zixly_data.records.delivery.metric_targets import FROM_THE_BEGINNING
from zixly_data.values.dates import add_months

# Metric, kind, edge of on target, edge of near.
_EVERYONE = (
    (HOURS, "AT_LEAST", "120", "108"),
    (VELOCITY, "AT_LEAST", "85", "76.5"),
    (SATISFACTION, "AT_LEAST", "4.5", "4.05"),
    (WORKFLOWS, "AT_LEAST", "10", "9"),
    (ACCURACY, "AT_LEAST", "99", "98"),
    (RETENTION, "AT_LEAST", "12", "10.8"),
    (COMPLETION, "AT_LEAST", "100", "90"),
    (ON_TIME, "AT_LEAST", "1", "1"),
    (RESPONSE, "AT_MOST", "4", "4.4"),
)
# Client, months after its first, hours, edge of near.
_HOURS = ((PHYSIO, 0, "40", "36"), (PHYSIO, 12, "60", "54"), (DAIRY, 0, "90", "81"))


def metric_targets(definitions: Sequence[Row], today: date) -> list[Row]:
    """Return rows of `metric_targets` for rows of `metric_definitions`."""
    metric_ids = {row["metric_name"]: row["id"] for row in definitions}
    signed = businesses(today)
    everyone = [
        _row(metric_ids[metric], None, FROM_THE_BEGINNING, kind, edge, near)
        for metric, kind, edge, near in _EVERYONE
    ]
    own = [
        _row(metric_ids[HOURS], business.id, from_month, "AT_LEAST", edge, near)
        for business, after, edge, near in _HOURS
        if business in signed and (from_month := add_months(business.first_month, after)) <= today
    ]
    return [*everyone, *own]


def _row(
    metric_id: object, client_kpi_id: str | None, from_month: date, kind: str, edge: str, near: str
) -> Row:
    is_least = kind == "AT_LEAST"
    return {
        "metric_id": metric_id,
        "client_kpi_id": client_kpi_id,
        "from_month": from_month,
        "kind": kind,
        "low": Decimal(edge) if is_least else None,
        "near_low": Decimal(near) if is_least else None,
        "high": None if is_least else Decimal(edge),
        "near_high": None if is_least else Decimal(near),
    }
