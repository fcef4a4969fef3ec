"""Valid values of metrics by kind, which the edges of targets keep to as well.

NUMBER    any number
PERCENT   0 to 1000; a value above 100 needs a note with the reason
RATING    0 to `out_of`
YES_NO    1 for yes, 0 for no
COUNT     a whole number, 0 or more
DURATION  0 or more, in the metric's unit
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from zixly_data.database.schema import custom_metrics, metric_definitions, metric_targets
from zixly_data.errors import InvalidInput
from zixly_data.identity import Identity
from zixly_data.tables.field import MEASURE_DECIMALS, MEASURE_DIGITS
from zixly_data.values.amounts import validate_decimal

# Valid values by kind, in Python and in SQL: `value` is a Decimal or a column.
IS_VALID: dict[str, Callable[[Any, Any], Any]] = {
    "NUMBER": lambda value, out_of: value == value,
    "PERCENT": lambda value, out_of: (value >= 0) & (value <= 1000),
    "RATING": lambda value, out_of: (value >= 0) & (value <= out_of),
    "YES_NO": lambda value, out_of: (value == 0) | (value == 1),
    "COUNT": lambda value, out_of: (value >= 0) & (value % 1 == 0),
    "DURATION": lambda value, out_of: value >= 0,
}
_RULES = {
    "NUMBER": "The value must be a number.",
    "PERCENT": "A percentage must be between 0 and 1,000.",
    "RATING": "A rating must be between 0 and the top of its scale.",
    "YES_NO": "The value must be 1 for yes or 0 for no.",
    "COUNT": "A count must be a whole number, 0 or more.",
    "DURATION": "A duration must be 0 or more.",
}


def validate_value(value: Decimal, kind: str, out_of: Decimal | None, field: str) -> Decimal:
    """Return the value if it is valid for this kind of metric.

    Raises InvalidInput naming `field`.
    """
    validate_decimal(value, field, MEASURE_DIGITS, MEASURE_DECIMALS)
    if not IS_VALID[kind](value, out_of):
        scale = f" This one is out of {out_of.normalize():f}." if out_of is not None else ""
        raise InvalidInput(_RULES[kind] + scale, field=field)
    return value


def refuse_invalid(
    connection: Connection, identity: Identity, definition_id: str, values: dict[str, Any]
) -> None:
    """Raise InvalidInput if values or targets of this metric would be invalid with these `values`
    of its definition; it names `kind`, or `out_of` of a rating."""
    for noun, query in (
        ("recorded value", _invalid_values_query(identity, definition_id, values)),
        ("target", _invalid_targets_query(identity, definition_id, values)),
    ):
        count = connection.execute(query).scalar_one()
        if count:
            raise InvalidInput(
                f"{describe_count(count, noun)} of this metric would not be valid. "
                f"{_RULES[values['kind']]}",
                field="out_of" if values["kind"] == "RATING" else "kind",
                advice=f"Change those {noun}s first, or define a new metric.",
            )


def describe_count(count: int, noun: str = "recorded value") -> str:
    """Return `2 recorded values`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _invalid_values_query(
    identity: Identity, definition_id: str, values: dict[str, Any]
) -> sa.Select[Any]:
    is_valid = IS_VALID[values["kind"]](custom_metrics.c.metric_value, values["out_of"])
    return (
        sa.select(sa.func.count())
        .select_from(
            custom_metrics.join(
                metric_definitions,
                sa.and_(
                    metric_definitions.c.tenant_id == custom_metrics.c.tenant_id,
                    metric_definitions.c.metric_name == custom_metrics.c.metric_name,
                ),
            )
        )
        .where(
            metric_definitions.c.tenant_id == identity.tenant_id,
            metric_definitions.c.id == definition_id,
            sa.not_(is_valid),
        )
    )


def _invalid_targets_query(
    identity: Identity, definition_id: str, values: dict[str, Any]
) -> sa.Select[Any]:
    targets, is_valid = metric_targets.c, IS_VALID[values["kind"]]
    edges = (targets.low, targets.high, targets.near_low, targets.near_high)
    faults = [sa.not_(is_valid(edge, values["out_of"])) for edge in edges]
    if values["kind"] == "YES_NO":
        is_near = (targets.near_low < targets.low) | (targets.near_high > targets.high)
        faults += [targets.kind == "BETWEEN", is_near]
    return (
        sa.select(sa.func.count())
        .select_from(metric_targets)
        .where(
            targets.tenant_id == identity.tenant_id,
            targets.metric_id == definition_id,
            sa.or_(*faults),
        )
    )
