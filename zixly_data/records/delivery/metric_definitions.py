"""Metric definitions: the tenant's metrics with their units and their valid values.

    NUMBER    any number
    PERCENT   0 to 1000; a value above 100 needs a note with the reason
    RATING    0 to `out_of`
    YES_NO    1 for yes, 0 for no
    COUNT     a whole number, 0 or more
    DURATION  0 or more, in the metric's unit

`direction` is UP if a higher value is better, DOWN if a lower one is.

`purpose` is that of `metric_purposes`, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows as records
from zixly_data.database.connection import reporting
from zixly_data.database.schema import custom_metrics, metric_definitions, metric_targets
from zixly_data.errors import AlreadyExists, InvalidInput
from zixly_data.identity import Identity
from zixly_data.records.delivery.metric_purposes import name_of_metric, validate_purpose
from zixly_data.tables.field import MEASURE_DECIMALS, MEASURE_DIGITS
from zixly_data.tables.metric_definitions import METRIC_DEFINITIONS, MetricDefinitionDraft
from zixly_data.values.amounts import validate_decimal
from zixly_data.values.frames import Count, Frame, Measure, Text, fetch, nullable

# The unit of every YES_NO metric. Values keep the unit of their time on the audit trail, and by it
# the trail writes them as yes or no.
YES_OR_NO = "yes or no"


class MetricDefinitions(Frame):
    """One row per metric; `records` counts the values recorded for it."""

    id: Text
    metric_name: Text
    unit: Text
    kind: Text
    direction: Text
    out_of: Measure = nullable
    purpose: Text = nullable
    records: Count
    version: Count


@dataclass(frozen=True)
class MetricDefinition(MetricDefinitionDraft):
    """A stored definition. `version` counts its changes."""

    id: str = ""
    version: int = 0


def definitions(identity: Identity) -> DataFrame[MetricDefinitions]:
    """Return the tenant's metrics: one row each, ordered by name."""
    counts = (
        sa.select(custom_metrics.c.metric_name, sa.func.count().label("records"))
        .where(custom_metrics.c.tenant_id == identity.tenant_id)
        .group_by(custom_metrics.c.metric_name)
        .subquery()
    )
    is_of_metric = counts.c.metric_name == metric_definitions.c.metric_name
    query = (
        sa.select(
            *(metric_definitions.c[name] for name in METRIC_DEFINITIONS.record),
            sa.func.coalesce(counts.c.records, 0).label("records"),
        )
        .select_from(metric_definitions.outerjoin(counts, is_of_metric))
        .where(metric_definitions.c.tenant_id == identity.tenant_id)
        .order_by(sa.func.lower(metric_definitions.c.metric_name), metric_definitions.c.id)
    )
    with reporting(identity) as connection:
        return fetch(connection, query, MetricDefinitions)


def get_definition(identity: Identity, definition_id: str) -> MetricDefinition:
    """Return one definition. Raises NotFound, also for one of another tenant."""
    return records.get(identity, *_current(identity, definition_id))


def define(identity: Identity, draft: MetricDefinitionDraft, *, row_id: str) -> None:
    """Add a metric with the id `row_id` (`ids.new_id("mdef")`); a repeated call adds nothing.

    Raises AccessDenied, InvalidInput, AlreadyExists naming `metric_name` or `purpose` (another
    metric has it).
    """
    with _explain_taken_purpose(identity, draft.purpose):
        records.add(identity, metric_definitions, row_id, _values(draft))


def redefine(
    identity: Identity, definition_id: str, version: int, draft: MetricDefinitionDraft
) -> None:
    """Change a metric that is still at `version`. Recorded values keep their numbers and take over
    its name and unit.

    Raises Conflict with the current definition, InvalidInput naming `kind` or `out_of` if recorded
    values or targets would become invalid, MonthClosed if the name, unit or purpose of values in a
    closed month would change, and as `define` does.
    """
    values = _values(draft)

    def validate_recorded_values(connection: Connection) -> dict[str, Any]:
        for noun, query in (
            ("recorded value", _invalid_values_query(identity, definition_id, values)),
            ("target", _invalid_targets_query(identity, definition_id, values)),
        ):
            count = connection.execute(query).scalar_one()
            if count:
                raise InvalidInput(
                    f"{_describe_count(count, noun)} of this metric would not be valid. "
                    f"{_RULES[draft.kind]}",
                    field="out_of" if draft.kind == "RATING" else "kind",
                    advice=f"Change those {noun}s first, or define a new metric.",
                )
        return values

    consequence = "This metric has values in it, so its name, unit and use cannot change."
    with (
        _explain_taken_purpose(identity, draft.purpose),
        records.explain_closed_month(consequence),
    ):
        records.change(
            identity, metric_definitions, definition_id, version, validate_recorded_values,
            _current(identity, definition_id),
        )  # fmt: skip


def remove_definition(identity: Identity, definition_id: str, version: int) -> None:
    """Delete a metric that has no recorded values and is still at `version`, with its targets.

    Raises InvalidInput if it has recorded values, Conflict, NotFound, AccessDenied.
    """
    name = get_definition(identity, definition_id).metric_name
    query = sa.select(sa.func.count().label("records")).where(
        custom_metrics.c.tenant_id == identity.tenant_id, custom_metrics.c.metric_name == name
    )
    count: int = records.get(identity, query, "metric", lambda row: row.records)
    if count:
        raise InvalidInput(
            f"This metric has {_describe_count(count)}, so it cannot be deleted.",
            advice="Delete its values first.",
        )
    records.delete(
        identity, metric_definitions, definition_id, version, _current(identity, definition_id)
    )


def validate_value(value: Decimal, kind: str, out_of: Decimal | None, field: str) -> Decimal:
    """Return the value if it is valid for this kind of metric.

    Raises InvalidInput naming `field`.
    """
    validate_decimal(value, field, MEASURE_DIGITS, MEASURE_DECIMALS)
    if not _IS_VALID[kind](value, out_of):
        scale = f" This one is out of {out_of.normalize():f}." if out_of is not None else ""
        raise InvalidInput(_RULES[kind] + scale, field=field)
    return value


# Valid values by kind, in Python and in SQL: `value` is a Decimal or a column.
_IS_VALID: dict[str, Callable[[Any, Any], Any]] = {
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


def _describe_count(count: int, noun: str = "recorded value") -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _invalid_values_query(
    identity: Identity, definition_id: str, values: dict[str, Any]
) -> sa.Select[Any]:
    is_valid = _IS_VALID[values["kind"]](custom_metrics.c.metric_value, values["out_of"])
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
    targets, is_valid = metric_targets.c, _IS_VALID[values["kind"]]
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


def _values(draft: MetricDefinitionDraft) -> dict[str, Any]:
    if draft.kind not in _IS_VALID:
        raise InvalidInput("There is no such type of metric.", field="kind")
    if (draft.kind == "RATING") != (draft.out_of is not None):
        raise InvalidInput(
            "A rating needs a scale, such as 5. Other types have no scale.", field="out_of"
        )
    values = METRIC_DEFINITIONS.values(draft)
    if draft.out_of is not None and draft.out_of <= 0:
        raise InvalidInput("The top of a scale must be more than 0.", field="out_of")
    if (draft.kind == "YES_NO") != (values["unit"].lower() == YES_OR_NO):
        raise InvalidInput(
            f"“{YES_OR_NO}” must be the unit of yes-or-no metrics, and only of those.",
            field="unit",
        )
    validate_purpose(draft.purpose, draft.kind)
    return values


def _current(identity: Identity, definition_id: str) -> records.Current[MetricDefinition]:
    query = sa.select(*(metric_definitions.c[name] for name in METRIC_DEFINITIONS.record)).where(
        metric_definitions.c.tenant_id == identity.tenant_id,
        metric_definitions.c.id == definition_id,
    )
    return query, "metric", lambda row: MetricDefinition(**row._mapping)


@contextmanager
def _explain_taken_purpose(identity: Identity, purpose: str | None) -> Iterator[None]:
    """Name the metric that has the purpose already."""
    try:
        yield
    except AlreadyExists as error:
        if error.field != "purpose" or purpose is None:
            raise
        name = name_of_metric(identity, purpose)
        if name is None:
            raise
        raise AlreadyExists(
            f"“{name}” is already used for this, and only one metric can be. Change the use of "
            f"“{name}” first.",
            field="purpose",
        ) from None
