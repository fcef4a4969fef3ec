"""Metric definitions: the tenant's metrics with their units.

`kind` is one of `valid_values`, `direction` is UP if a higher value is better, DOWN if a lower one
is.

`adds_up` and `over_clients` are those of `adding_up`, `purpose` that of `metric_purposes` or None.

A metric with a `formula` is computed (`metric_inputs`) and has no recorded values. `symbol` is the
metric in formulas, and stays when it is renamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame
from sqlalchemy.engine import Connection

from zixly_data.database import versioned_rows as records
from zixly_data.database.connection import reading, reporting
from zixly_data.database.schema import custom_metrics, metric_definitions
from zixly_data.errors import AlreadyExists, InvalidInput
from zixly_data.identity import Identity
from zixly_data.records.delivery.adding_up import COMPUTED, validate_adding_up
from zixly_data.records.delivery.metric_inputs import read_formula, refuse_used, write_inputs
from zixly_data.records.delivery.metric_purposes import name_of_metric, validate_purpose
from zixly_data.records.delivery.valid_values import IS_VALID, describe_count, refuse_invalid
from zixly_data.tables.metric_definitions import METRIC_DEFINITIONS, MetricDefinitionDraft
from zixly_data.values.frames import Count, Frame, Measure, Text, fetch, nullable

# The unit of every YES_NO metric. Values keep the unit of their time on the audit trail, and by it
# the trail writes them as yes or no.
YES_OR_NO = "yes or no"
_RECORD = (*METRIC_DEFINITIONS.record, "symbol")


class MetricDefinitions(Frame):
    """One row per metric; `records` counts the values recorded for it."""

    id: Text
    metric_name: Text
    unit: Text
    kind: Text
    adds_up: Text
    over_clients: Text
    direction: Text
    out_of: Measure = nullable
    purpose: Text = nullable
    formula: Text = nullable
    symbol: Text
    records: Count
    version: Count


@dataclass(frozen=True)
class MetricDefinition(MetricDefinitionDraft):
    """A stored definition. `version` counts its changes."""

    id: str = ""
    version: int = 0
    symbol: str = ""


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
            *(metric_definitions.c[name] for name in _RECORD),
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

    Raises AccessDenied, InvalidInput naming the field to change, AlreadyExists naming `metric_name`
    or `purpose` (another metric has it).
    """
    with _explain_taken_purpose(identity, draft.purpose):
        records.add(
            identity, metric_definitions, row_id, _values(draft),
            lambda connection: write_inputs(connection, identity, row_id, draft),
        )  # fmt: skip


def redefine(
    identity: Identity, definition_id: str, version: int, draft: MetricDefinitionDraft
) -> None:
    """Change a metric that is still at `version`. Recorded values keep their numbers and take over
    its name and unit.

    How values add up may change while months are closed: values stay, and figures of all months
    follow it. Raises Conflict with the current definition, InvalidInput naming `kind` or `out_of`
    if recorded values or targets would become invalid, or `adds_up` if a recorded metric would
    become a computed one or the reverse, MonthClosed if the name, unit or purpose of values in a
    closed month would change, and as `define` does.
    """
    values = _values(draft)

    def validate_recorded_values(connection: Connection) -> dict[str, Any]:
        is_recorded = connection.execute(
            sa.select(metric_definitions.c.is_recorded).where(
                metric_definitions.c.tenant_id == identity.tenant_id,
                metric_definitions.c.id == definition_id,
            )
        ).scalar_one_or_none()
        if is_recorded is not None and is_recorded == (draft.adds_up in COMPUTED):
            raise InvalidInput(
                "A metric cannot change between recorded and computed. Define a new metric.",
                field="adds_up",
            )
        refuse_invalid(connection, identity, definition_id, values)
        return values

    consequence = "This metric has values in it, so its name, unit and use cannot change."
    with (
        _explain_taken_purpose(identity, draft.purpose),
        records.explain_closed_month(consequence),
    ):
        records.change(
            identity, metric_definitions, definition_id, version, validate_recorded_values,
            _current(identity, definition_id),
            lambda connection: write_inputs(connection, identity, definition_id, draft),
        )  # fmt: skip


def remove_definition(identity: Identity, definition_id: str, version: int) -> None:
    """Delete a metric that has no recorded values and is still at `version`, with its targets.

    Raises InvalidInput if it has recorded values or a formula uses it, Conflict, NotFound,
    AccessDenied.
    """
    name = get_definition(identity, definition_id).metric_name
    with reading(identity) as connection:
        refuse_used(connection, identity, definition_id)
    query = sa.select(sa.func.count().label("records")).where(
        custom_metrics.c.tenant_id == identity.tenant_id, custom_metrics.c.metric_name == name
    )
    count: int = records.get(identity, query, "metric", lambda row: row.records)
    if count:
        raise InvalidInput(
            f"This metric has {describe_count(count)}, so it cannot be deleted.",
            advice="Delete its values first.",
        )
    records.delete(
        identity, metric_definitions, definition_id, version, _current(identity, definition_id)
    )


def _values(draft: MetricDefinitionDraft) -> dict[str, Any]:
    if draft.kind not in IS_VALID:
        raise InvalidInput("There is no such type of metric.", field="kind")
    if (draft.kind == "RATING") != (draft.out_of is not None):
        raise InvalidInput(
            "A rating needs a scale, such as 5. Other types have no scale.", field="out_of"
        )
    formula = read_formula(draft)
    values = METRIC_DEFINITIONS.values(draft) | {"formula": formula.text if formula else None}
    if draft.out_of is not None and draft.out_of <= 0:
        raise InvalidInput("The top of a scale must be more than 0.", field="out_of")
    if (draft.kind == "YES_NO") != (values["unit"].lower() == YES_OR_NO):
        raise InvalidInput(
            f"“{YES_OR_NO}” must be the unit of yes-or-no metrics, and only of those.",
            field="unit",
        )
    validate_adding_up(draft.kind, draft.adds_up, draft.over_clients)
    validate_purpose(draft.purpose, draft.kind, draft.adds_up, draft.over_clients)
    return values


def _current(identity: Identity, definition_id: str) -> records.Current[MetricDefinition]:
    query = sa.select(*(metric_definitions.c[name] for name in _RECORD)).where(
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
