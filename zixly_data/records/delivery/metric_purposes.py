"""Purposes of metrics: the figures that take their input from a metric, whatever its name is.

    BILLABLE_HOURS  a NUMBER, COUNT or DURATION in hours with a SUM over time and over clients: for
                    hourly rates, and for volume and price of a margin bridge

A tenant has at most one metric of each purpose; most metrics have none.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zixly_data.database.connection import reading
from zixly_data.database.schema import metric_definitions
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity

BILLABLE_HOURS = "BILLABLE_HOURS"

# The kinds that a metric of the purpose may have.
_KINDS = {BILLABLE_HOURS: ("NUMBER", "COUNT", "DURATION")}


def name_of_metric(identity: Identity, purpose: str = BILLABLE_HOURS) -> str | None:
    """Return the name of the metric that has the purpose, or None if no metric has it."""
    with reading(identity) as connection:
        name: str | None = connection.execute(name_query(identity, purpose)).scalar_one_or_none()
        return name


def name_query(identity: Identity, purpose: str) -> sa.Select[Any]:
    """Return the statement of `name_of_metric`: one row, or none."""
    return sa.select(metric_definitions.c.metric_name).where(
        metric_definitions.c.tenant_id == identity.tenant_id,
        metric_definitions.c.purpose == purpose,
    )


def validate_purpose(purpose: str | None, kind: str, adds_up: str, over_clients: str) -> None:
    """Raise InvalidInput unless a metric of this kind, adding up so, may have the purpose.

    The error names `purpose`, `adds_up` or `over_clients`.
    """
    if purpose is None:
        return
    if purpose not in _KINDS:
        raise InvalidInput("There is no such use of a metric.", field="purpose")
    if kind not in _KINDS[purpose]:
        raise InvalidInput(
            "Billable hours must be a number, a count or a duration.", field="purpose"
        )
    if adds_up != "SUM":
        raise InvalidInput(
            "Billable hours of a period are the sum of its values. Choose “Sum of the values”.",
            field="adds_up",
        )
    if over_clients != "SUM":
        raise InvalidInput(
            "Billable hours of all clients are the sum of theirs. Choose “Sum of the clients”.",
            field="over_clients",
        )
