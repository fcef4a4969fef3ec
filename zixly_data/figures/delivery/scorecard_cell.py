"""What is behind a cell of the scorecard: the inputs of a computed value, and the last months."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from pandera.typing import DataFrame

from zixly_data.database.connection import reporting
from zixly_data.database.schema import client_kpis, custom_metrics, metric_definitions
from zixly_data.figures.delivery.all_values import client_values, total_values
from zixly_data.figures.delivery.computed_inputs import Inputs, computations
from zixly_data.figures.delivery.judged_values import is_one_of
from zixly_data.identity import Identity
from zixly_data.records.client_conditions import client_conditions
from zixly_data.values import calendar_period
from zixly_data.values.client_filter import ClientFilter
from zixly_data.values.dates import EARLIEST, add_months
from zixly_data.values.frames import Date, Frame, Measure, Text, build, fetch, nullable
from zixly_data.values.period import Period

MONTHS = 12


class CellInputs(Frame):
    """One row per name in a formula, in its order.

    A metric has its name, unit, kind and scale. An amount of financials has only its `name`; it is
    in the currency of the client.
    """

    name: Text
    metric_name: Text = nullable
    unit: Text = nullable
    kind: Text = nullable
    out_of: Measure = nullable
    value: Measure = nullable


class MonthValues(Frame):
    """One row per month with a value, on its first day."""

    record_date: Date
    metric_value: Measure


def inputs_of(
    identity: Identity, metric_id: str, client_kpi_id: str, period: Period
) -> DataFrame[CellInputs]:
    """Return the inputs of a client's computed metric in the period; none of a recorded one."""
    with reporting(identity) as connection:
        metrics = computations(connection, identity, (metric_id,))
        if not metrics:
            return build({}, CellInputs)
        (metric,) = metrics
        clients = ClientFilter((client_kpi_id,))
        inputs = Inputs(identity, metrics, {"cell": period}, clients, "cell")
        values = inputs.values(metric)
        row = connection.execute(sa.select(*values.values())).one_or_none()
        definition = metric_definitions.c
        described = {
            used.id: used
            for used in connection.execute(
                sa.select(
                    *(definition[n] for n in ("id", "metric_name", "unit", "kind", "out_of"))
                ).where(
                    definition.tenant_id == identity.tenant_id,
                    is_one_of(definition.id, [used.id for used in metric.inputs.values()]),
                )
            )
        }
    of_name = [described.get(metric.inputs[n].id) if n in metric.inputs else None for n in values]
    columns: dict[str, Any] = {"name": list(values), "value": list(row or [None] * len(values))}
    for column in ("metric_name", "unit", "kind", "out_of"):
        columns[column] = [getattr(used, column, None) for used in of_name]
    return build(columns, CellInputs)


def month_values(
    identity: Identity,
    metric_id: str,
    client_kpi_id: str | None,
    month: date,
    client_filter: ClientFilter | None = None,
) -> DataFrame[MonthValues]:
    """Return the values of twelve months up to this one, of a client or of all clients (None).

    A month for which a client's recorded metric has only a value from before it is left out.
    """
    firsts = [
        first for n in range(1 - MONTHS, 1) if (first := add_months(month, n)) >= EARLIEST
    ]  # fmt: skip
    spans = {str(first): calendar_period.month(first) for first in firsts}
    with reporting(identity) as connection:
        if client_kpi_id is None:
            values = total_values(identity, spans, client_filter, (metric_id,))
        else:
            values = client_values(identity, spans, ClientFilter((client_kpi_id,)), (metric_id,))
        start, definition = sa.cast(values.c.span, sa.Date), metric_definitions.c
        query = (
            sa.select(start.label("record_date"), values.c.value.label("metric_value"))
            .select_from(
                values.join(metric_definitions, definition.id == values.c.metric_id)
            )
            .where(definition.tenant_id == identity.tenant_id)
            .order_by(start)
        )  # fmt: skip
        if client_kpi_id is not None:
            is_computed = definition.formula.is_not(None)
            query = query.where(sa.or_(is_computed, values.c.last_date >= start))
        return fetch(connection, query, MonthValues)


def last_month_with_values(
    identity: Identity, client_filter: ClientFilter | None = None
) -> date | None:
    """Return the first day of the last month in which a value of these clients is dated."""
    value = custom_metrics.c
    query = (
        sa.select(sa.func.max(value.record_date))
        .select_from(custom_metrics.join(client_kpis, client_kpis.c.id == value.client_kpi_id))
        .where(
            value.tenant_id == identity.tenant_id,
            *client_conditions(identity, client_filter, value.client_kpi_id),
        )
    )
    with reporting(identity) as connection:
        day: date | None = connection.execute(query).scalar_one()
    return day.replace(day=1) if day else None
